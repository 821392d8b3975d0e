from __future__ import annotations

from typing import Any

from starlette.routing import Route

from storefront_trace.routes import OWNER
from tests.people import Shop
from tests.web.owner.answers import put_answer

FILLED = {"question": "0" * 32, "handle": "anders", "key": "packed", "feedback": "0" * 32, "connection": "0" * 32}
FILLED |= {"kiosk": "0" * 32, "screen": "0" * 32, "paper": "notice", "session": "0" * 32, "passkey": "0" * 32}


def _urls() -> list[tuple[str, str]]:
    found = [("GET", "/owner")]
    for route in OWNER:
        assert isinstance(route, Route)
        path = "/owner" + route.path.format(**FILLED)
        found += [(method, path) for method in sorted(route.methods or ()) if method != "HEAD"]
    return found


async def test_a_member_of_staff_is_refused_everywhere(signed_in: Any) -> None:
    anders = await signed_in("anders")
    statuses = {(method, path): (await anders.request(method, path)).status_code for method, path in _urls()}
    assert set(statuses.values()) == {403}, statuses


async def test_nobody_is_let_in_without_a_session(shop: Shop, client: Any) -> None:
    for method, path in _urls():
        answer = await client.request(method, path)
        assert answer.status_code == (303 if method == "GET" else 403), (method, path)


async def test_the_owner_of_another_shop_sees_nothing_of_this_one(shop: Shop, signed_in: Any) -> None:
    await put_answer(shop, "anders", words="Så fint packat!")
    await put_answer(shop, "anders", "concern", words="Lådan var stor")
    nora = await signed_in("nora")
    for path in ("", "/people", "/concerns", "/steps", "/shop", "/connections"):
        html = (await nora.get(f"/owner{path}")).text
        for ours in ("Roliga Ting", "Anders", "packat!", "Lådan"):
            assert ours not in html, path
    assert (await nora.get("/owner/people/anders")).status_code == 404


async def test_the_owner_of_another_shop_can_change_nothing_of_this_one(shop: Shop, signed_in: Any) -> None:
    concern = await put_answer(shop, "anders", "concern", words="Lådan var stor")
    nora = await signed_in("nora")
    for what in ("reply", "share", "done", "outside"):
        answer = await nora.post(f"/owner/concerns/{concern}/{what}", data={"words": "Hej"})
        assert answer.status_code == 404
    for path in ("/owner/people/anders", "/owner/people/anders/link", "/owner/people/anders/end"):
        assert (await nora.post(path, data={"name": "Nu heter jag så"})).status_code == 404


async def test_an_unknown_message_code_says_nothing(signed_in: Any) -> None:
    owner = await signed_in("olga")
    html = (await owner.get("/owner/people?said=<b>hej")).text
    assert "hej" not in html
    assert "Saved." in (await owner.get("/owner/people?said=saved&lang=en")).text
