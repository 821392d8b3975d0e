"""What no database takes is refused where it comes in, and never breaks anything further in. On both databases."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import httpx2
import pytest

from storefront_trace.web.page import PACKAGE
from tests.people import Shop

SignIn = Any
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
LOG = "/staff/orders/1001/log"
STAFF = [
    (LOG, "note"),
    (LOG, "once"),
    ("/staff/orders/1001/hand", "hand_to"),
    ("/staff/orders/1001/correct", "reason"),
    ("/staff/orders/1001/undo", "event"),
    ("/staff/orders/1001/pause/delayed", "note"),
    ("/staff/row", "code"),
    ("/staff/bulk", "orders"),
    ("/staff/sync", "order"),
    ("/staff/me/words", "greeting-sv"),
    ("/staff/me/pin", "pin"),
    ("/staff/me/devices/end", "keep"),
    (f"/staff/questions/{'0' * 32}/answer", "words"),
    (f"/staff/thanks/{'0' * 32}/side", "side"),
]
OWNER = [("/owner/people", "name"), ("/owner/steps", "sentence"), ("/owner/shop", "name"), ("/owner/kiosks", "name")]
URLS = [
    "/staff?q={}",
    "/staff/orders?q={}",
    "/staff/orders/{}",
    "/staff/orders/{}/slip",
    "/staff/scan?code={}",
    "/staff/slips/print?number={}",
    "/staff/slips.pdf?number={}",
    "/staff?done={}",
    "/owner/people/{}",
    "/owner/people/anders?days={}",
    "/owner/people/anders/answers?before={}",
    "/owner/people/anders/answers?step={}",
    "/owner/people/anders/answers?week={}",
    "/owner/answers.csv?week={}",
    "/owner/teams/{}",
    "/signin/{}",
    "/kiosk/open/{}",
    "/t/{}",
    "/t/{}.json",
    "/media/{}",
]


@pytest.mark.parametrize(("path", "field"), STAFF + OWNER, ids=[f"{path} {field}" for path, field in STAFF + OWNER])
async def test_a_form_with_a_nul_is_refused(shop: Shop, signed_in: SignIn, path: str, field: str) -> None:
    await shop.order()
    before = await shop.events()
    olga = await signed_in("olga")
    told = {"step": "packed", "order": "1001", "code": "1001", "once": "a", field: "a\0b"}
    for body in ("&".join(f"{name}={quote(value)}" for name, value in told.items()), "step=packed&a%00b=1"):
        answer = await olga.post(path, content=body, headers=FORM)
        assert (answer.status_code, await shop.events() == before) == (422, True)


@pytest.mark.parametrize(
    ("charset", "note"), [("unicode_escape", rb"\ud800"), ("utf-7", b"+2AA-"), ("utf-8", b"a\0b")], ids=str
)
async def test_half_a_character_is_refused_in_whatever_charset_it_comes(
    shop: Shop, signed_in: SignIn, charset: str, note: bytes
) -> None:
    await shop.order()
    parts = {b"step": b"packed", b"note": note}
    body = b"".join(b'--x\r\nContent-Disposition: form-data; name="%b"\r\n\r\n%b\r\n' % one for one in parts.items())
    headers = {"Content-Type": f"multipart/form-data; boundary=x; charset={charset}"}
    answer = await (await signed_in("anders")).post(LOG, content=body + b"--x--\r\n", headers=headers)
    assert (answer.status_code, (await shop.row()).state) == (422, "received")


@pytest.mark.parametrize(
    "told",
    [
        rb'{"order": "1001", "step": "packed", "once": "a", "note": "\ud800"}',
        rb'{"order": "1001", "step": "packed", "once": "a", "note": "\u0000"}',
        rb'{"order": "1001", "step": "packed", "once": "a", "lines": ["\udfff"]}',
        rb'{"order": "1001", "step": "packed", "once": "a", "\ud800": "1"}',
    ],
)
async def test_so_is_what_the_phone_sends_as_json(shop: Shop, signed_in: SignIn, told: bytes) -> None:
    await shop.order()
    headers = {"Content-Type": "application/json", "Accept-Language": "sv"}
    answer = await (await signed_in("anders")).post("/staff/sync", content=told, headers=headers)
    assert (answer.status_code, answer.json()["detail"]) == (422, "Det gick inte att förstå.")
    assert (await shop.row()).state == "received"


async def test_so_are_a_customers_words_and_subscription(shop: Shop, client: httpx2.AsyncClient) -> None:
    await shop.order()
    page = f"/t/{await shop.token()}"
    for path, body in (
        (f"{page}/questions", "text=a%00b"),
        (f"{page}/follow", "email=a%00@b.se"),
        ("/track", "number=%00"),
    ):
        assert (await client.post(path, content=body, headers=FORM)).status_code == 422
    told = rb'{"subscription": {"endpoint": "https://push.example/\ud800", "keys": {}}}'
    json = {"Content-Type": "application/json"}
    assert (await client.post(f"{page}/push", content=told, headers=json)).status_code == 422


@pytest.mark.parametrize("url", URLS)
async def test_an_address_with_a_nul_leads_nowhere(shop: Shop, signed_in: SignIn, url: str) -> None:
    await shop.order()
    answer = await (await signed_in("olga")).get(url.format("a%00b"))
    assert (answer.status_code, "<title>" in answer.text) == (404, True)


def test_no_form_is_read_in_another_way() -> None:
    paths = [path for path in (PACKAGE / "web").rglob("*.py") if path.name != "forms.py"]
    assert [path.name for path in paths if ".form(" in path.read_text("utf-8").replace("_form(", "")] == []
    assert [path.name for path in paths if "request.json(" in path.read_text("utf-8")] == []
