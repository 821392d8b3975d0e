from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping, Sequence

import pytest

from storefront_trace.integrations import shopify, woocommerce
from storefront_trace.integrations.kinds import KINDS, Kind

RAW = b'{"id":731,"number":"RT-731"}'
HEADER = {"shopify": "X-Shopify-Hmac-Sha256", "woocommerce": "X-WC-Webhook-Signature"}
TOPIC = {"shopify": "X-Shopify-Topic", "woocommerce": "X-WC-Webhook-Topic"}


def sign(secret: str, raw: bytes = RAW) -> str:
    return base64.b64encode(hmac.new(secret.encode(), raw, hashlib.sha256).digest()).decode()


def headers(name: str, signature: str) -> dict[str, str]:
    return {HEADER[name]: signature}


@pytest.fixture(params=sorted(KINDS))
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def kind(name: str) -> Kind:
    return KINDS[name]


def test_a_signature_made_elsewhere_is_accepted(name: str, kind: Kind) -> None:
    # printf '{"id":731,"number":"RT-731"}' | openssl dgst -sha256 -hmac a-secret -binary | base64
    made_by_openssl = "aEqs2Y7QzXSMeam4o+zNi21kEHPed/p48itnLLtC0FQ="
    assert kind.verify("a-secret", headers(name, made_by_openssl), RAW)


def test_the_right_secret_is_accepted_whatever_the_case_of_the_header(name: str, kind: Kind) -> None:
    assert kind.verify("a-secret", {HEADER[name].lower(): sign("a-secret")}, RAW)
    assert kind.verify("a-secret", {HEADER[name].upper(): sign("a-secret")}, RAW)


@pytest.mark.parametrize(
    "signature",
    [
        "",
        "AAAA",
        "not base64 at all \u20ac",
        sign("another-secret"),
        sign("a-secret").rstrip("="),
        sign("a-secret") + "=",
    ],
)
def test_any_other_signature_is_refused(name: str, kind: Kind, signature: str) -> None:
    assert not kind.verify("a-secret", headers(name, signature), RAW)


def test_a_missing_signature_is_refused(name: str, kind: Kind) -> None:
    assert not kind.verify("a-secret", {}, RAW)


@pytest.mark.parametrize("secret", ["", [], [""], ()])
def test_without_a_secret_nothing_is_accepted(name: str, kind: Kind, secret: str | Sequence[str]) -> None:
    assert not kind.verify(secret, headers(name, sign("")), RAW)


def test_two_secrets_are_accepted_while_one_is_retired(name: str, kind: Kind) -> None:
    assert kind.verify(["new-secret", "old-secret"], headers(name, sign("old-secret")), RAW)
    assert kind.verify(["new-secret", "old-secret"], headers(name, sign("new-secret")), RAW)
    assert not kind.verify(["new-secret"], headers(name, sign("old-secret")), RAW)


def test_a_body_changed_by_one_byte_anywhere_is_refused(name: str, kind: Kind) -> None:
    given = headers(name, sign("a-secret"))
    for place in range(len(RAW)):
        changed = RAW[:place] + bytes([RAW[place] ^ 1]) + RAW[place + 1 :]
        assert not kind.verify("a-secret", given, changed)
    assert not kind.verify("a-secret", given, RAW + b"\n")


@pytest.mark.parametrize(
    ("stored", "signs_as"),
    [
        ("a&amp;b", "a&b"),
        ("&lt;&gt;&quot;&#039;&#39;&#x27;&#38;", "<>\"'''&"),
        ("a&amp;lt;b", "a&lt;b"),
        ("a&copyb&times;", "a&copyb&times;"),
        ("plain", "plain"),
    ],
)
def test_woocommerce_signs_with_the_secret_as_wordpress_decodes_it(stored: str, signs_as: str) -> None:
    assert woocommerce.verify(stored, headers("woocommerce", sign(signs_as)), RAW)
    assert stored == signs_as or not woocommerce.verify(stored, headers("woocommerce", sign(stored)), RAW)


def test_shopify_retries_have_one_key() -> None:
    first = {"X-Shopify-Webhook-Id": "b54557e4-bdd9-4b37-8a5f-bf7d70bcd043", "X-Shopify-Topic": "orders/create"}
    again = {**first, "X-Shopify-Triggered-At": "2026-11-19T13:32:08Z"}
    assert shopify.delivery_key(first, RAW) == shopify.delivery_key(again, RAW)
    other = {**first, "X-Shopify-Webhook-Id": "b54557e4-bdd9-4b37-8a5f-bf7d70bcd044"}
    assert shopify.delivery_key(first, RAW) != shopify.delivery_key(other, RAW)


@pytest.mark.parametrize("given", ["", "x" * 500, "a b", "\u20ac" * 20, "' OR 1=1 --"])
def test_a_shopify_delivery_without_a_usable_id_is_known_by_its_body(given: str) -> None:
    key = shopify.delivery_key({"X-Shopify-Webhook-Id": given}, RAW)
    assert key == shopify.delivery_key({}, RAW)
    assert key != shopify.delivery_key({}, RAW + b" ")
    assert len(key) <= 160


def test_woocommerces_delivery_id_is_never_the_key() -> None:
    shared = {"X-WC-Webhook-Delivery-ID": "36e520ebabc2fa725092ff4a47acedf2", "X-WC-Webhook-Topic": "order.updated"}
    assert woocommerce.delivery_key(shared, RAW) != woocommerce.delivery_key(shared, RAW + b" ")
    assert woocommerce.delivery_key(shared, RAW) == woocommerce.delivery_key(
        {**shared, "X-WC-Webhook-Delivery-ID": "another"}, RAW
    )


def test_the_same_body_under_another_topic_is_another_delivery(name: str, kind: Kind) -> None:
    assert kind.delivery_key({TOPIC[name]: "one"}, RAW) != kind.delivery_key({TOPIC[name]: "two"}, RAW)


def test_a_topic_is_lower_case_and_short(name: str, kind: Kind) -> None:
    assert kind.topic({TOPIC[name].lower(): " Orders/Create "}) == "orders/create"
    assert len(kind.topic({TOPIC[name]: "x" * 9_000})) == 80
    assert kind.topic({}) == ""


@pytest.mark.parametrize(
    ("given", "raw", "ping"),
    [
        ({}, b"webhook_id=12", True),
        ({"Content-Type": "application/x-www-form-urlencoded"}, b"webhook_id=12\n", True),
        ({"X-WC-Webhook-Topic": "order.created"}, b"webhook_id=12", False),
        ({"X-WC-Webhook-Signature": "AAAA"}, b"webhook_id=12", False),
        ({}, b"webhook_id=12&order=1", False),
        ({}, b"webhook_id=" + b"1" * 90, False),
        ({}, b'{"id": 1}', False),
        ({}, b"", False),
    ],
)
def test_only_woocommerces_first_unsigned_form_is_a_ping(given: Mapping[str, str], raw: bytes, ping: bool) -> None:
    assert woocommerce.is_ping(given, raw) is ping
    assert not shopify.is_ping(given, raw)
