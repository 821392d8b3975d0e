"""Web push, judged by the RFCs' own examples and by a browser's side written here."""

from __future__ import annotations

import base64
import json

import httpx2
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from storefront_trace.domain.errors import Invalid
from storefront_trace.integrations import pushcrypto
from storefront_trace.integrations.pushcrypto import authorization, encrypt, public_text, server_key
from storefront_trace.integrations.webpush import MOST, PushRefused, PushService, check_subscription

# RFC 8291, section 5 and appendix A.
PLAIN = b"When I grow up, I want to be a watermelon"
SENDER = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"
BROWSER = "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"
KEYS = {
    "p256dh": "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
    "auth": "BTBZMqHH6r4Tts7J_aSIgg",
}
SALT = "DGv6ra1nlYgDCS1FRnbzlw"
MESSAGE = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_y"
    "l95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
)
ENDPOINT = "https://updates.push.services.mozilla.com/wpush/v2/gAAAA"
SECRET = b"a-secret-for-tests-that-is-long-enough-0123456789"


def bytes_of(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def private(text: str) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(bytes_of(text)), ec.SECP256R1())


def decrypted(body: bytes, browser: ec.EllipticCurvePrivateKey, auth: str) -> bytes:
    """What a browser does with a push (RFC 8291)."""
    salt, length = body[:16], body[20]
    point, sealed = body[21 : 21 + length], body[21 + length :]
    sender = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    own = browser.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    secret = browser.exchange(ec.ECDH(), sender)
    key = HKDF(SHA256(), 32, salt=bytes_of(auth), info=b"WebPush: info\0" + own + point).derive(secret)
    content = HKDF(SHA256(), 16, salt=salt, info=b"Content-Encoding: aes128gcm\0").derive(key)
    nonce = HKDF(SHA256(), 12, salt=salt, info=b"Content-Encoding: nonce\0").derive(key)
    return AESGCM(content).decrypt(nonce, sealed, None).rstrip(b"\0")[:-1]


def test_the_example_of_rfc_8291_is_ours_to_the_byte() -> None:
    assert encrypt(PLAIN, KEYS, salt=bytes_of(SALT), sender=private(SENDER)) == bytes_of(MESSAGE)


@pytest.mark.parametrize("payload", [b"", b"x" * MOST, "å".encode() * 100])
def test_only_the_browser_reads_it_and_no_two_messages_are_alike(payload: bytes) -> None:
    one, other = (encrypt(payload, KEYS) for _ in range(2))
    assert one != other
    assert decrypted(one, private(BROWSER), KEYS["auth"]) == payload
    assert len(one) <= 4096


def test_what_does_not_fit_is_not_sent() -> None:
    with pytest.raises(ValueError, match="too long"):
        encrypt(b"x" * (MOST + 1), KEYS)


def test_the_servers_key_follows_from_its_secret_alone() -> None:
    assert public_text(server_key(SECRET)) == public_text(server_key(SECRET))
    assert public_text(server_key(SECRET)) != public_text(server_key(SECRET + b"!"))
    assert len(bytes_of(public_text(server_key(SECRET)))) == 65


def test_the_push_service_can_check_whose_it_is() -> None:
    header = authorization(server_key(SECRET), ENDPOINT, "https://orders.example.com", 1_800_000_000)
    token, key = (part.split("=", 1)[1] for part in header.removeprefix("vapid ").split(", "))
    head, claims, signature = token.split(".")
    raw = bytes_of(signature)
    der = encode_dss_signature(int.from_bytes(raw[:32]), int.from_bytes(raw[32:]))
    public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), bytes_of(key))
    public.verify(der, f"{head}.{claims}".encode(), ec.ECDSA(SHA256()))
    assert json.loads(bytes_of(head)) == {"typ": "JWT", "alg": "ES256"}
    assert json.loads(bytes_of(claims)) == {
        "aud": "https://updates.push.services.mozilla.com",
        "exp": 1_800_043_200,
        "sub": "https://orders.example.com",
    }


@pytest.mark.parametrize(
    "endpoint",
    [
        ENDPOINT,
        "https://fcm.googleapis.com/fcm/send/abc",
        "https://wns2-am3p.notify.windows.com/w/?token=x",
        "https://web.push.apple.com/QAbc",
        "https://fcm.googleapis.com:443/wp/x",
    ],
)
def test_the_browsers_own_services_are_known(endpoint: str) -> None:
    assert check_subscription({"endpoint": endpoint, "keys": KEYS, "more": 1}) == {"endpoint": endpoint, "keys": KEYS}


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://fcm.googleapis.com/x",
        "https://127.0.0.1/x",
        "https://[::1]/x",
        "https://169.254.169.254/latest/meta-data",
        "https://10.0.0.5/x",
        "https://localhost/x",
        "https://fcm.googleapis.com.evil.example/x",
        "https://evilfcm.googleapis.com.example",
        "https://notfcm.googleapis.com@127.0.0.1/x",
        "https://user@fcm.googleapis.com/x",
        "https://fcm.googleapis.com:8443/x",
        "https://xfcm.googleapis.com/x",
        "https://fcm.googleapis.com:x/",
        "file:///etc/passwd",
        "https://a_b.fcm.googleapis.com/x",
        "https://evil.example\\.fcm.googleapis.com/x",
        "https://a%2f.fcm.googleapis.com/x",
        "https://fcm.googleapis.com/x\x00y",
        "https://fcm.googleapis.com/x y",
        "https://fcm.google\tapis.com/x",
        "https://fcm.googleapis.com/x\r\nTopic: y",
        "https://fcm.googleapis.com/" + "x" * 1000,
        "",
        None,
        7,
    ],
)
def test_no_other_machine_is_ever_called(endpoint: object) -> None:
    with pytest.raises(Invalid):
        check_subscription({"endpoint": endpoint, "keys": KEYS})


@pytest.mark.parametrize(
    "told",
    [None, [], "x", {}, {"endpoint": ENDPOINT}, {"endpoint": ENDPOINT, "keys": {}},
     {"endpoint": ENDPOINT, "keys": {**KEYS, "auth": "AA"}}, {"endpoint": ENDPOINT, "keys": {**KEYS, "p256dh": "AA"}},
     {"endpoint": ENDPOINT, "keys": {**KEYS, "p256dh": 5}}],
)  # fmt: skip
def test_half_a_subscription_is_none(told: object) -> None:
    with pytest.raises(Invalid):
        check_subscription(told)


@pytest.mark.parametrize(
    ("status", "gone", "final"),
    [
        (404, True, True),
        (410, True, True),
        (400, False, True),
        (429, False, False),
        (500, False, False),
        (302, False, False),
    ],
)
async def test_what_the_service_answers_says_whether_to_go_on(status: int, gone: bool, final: bool) -> None:
    calls: list[httpx2.Request] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        calls.append(request)
        return httpx2.Response(status, headers={"Location": "https://127.0.0.1/"})

    service = PushService("https://orders.example.com", httpx2.MockTransport(answer))
    with pytest.raises(PushRefused) as refused:
        await service.send(SECRET, {"endpoint": ENDPOINT, "keys": KEYS}, b"{}", now=1, topic="t")
    await service.close()
    assert (refused.value.gone, refused.value.final) == (gone, final)
    assert len(calls) == 1  # a redirect is not followed


async def test_a_subscription_that_was_kept_before_the_rule_is_not_called_either() -> None:
    service = PushService("https://orders.example.com", httpx2.MockTransport(lambda _: httpx2.Response(201)))
    with pytest.raises(Invalid):
        await service.send(SECRET, {"endpoint": "https://10.0.0.5/x", "keys": KEYS}, b"{}", now=1, topic="t")
    await service.close()


def test_the_bound_of_a_message_is_the_records() -> None:
    assert pushcrypto.MOST == MOST
