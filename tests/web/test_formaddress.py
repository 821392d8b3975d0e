"""The addresses that forms are sent to, opened: from a bookmark, or by loading a refused form's page anew."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator

import httpx2
import pytest
from starlette.routing import BaseRoute, Route

from storefront_trace.actions.feedback import Answer, save_feedback
from storefront_trace.actions.steps import StepToLog, log_step
from storefront_trace.routes import OWNER, STAFF
from tests.people import Shop

SignIn = Callable[[str], Awaitable[httpx2.AsyncClient]]
PAGE = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


def only_sent(routes: list[BaseRoute], prefix: str) -> Iterator[str]:
    """Every address that takes a form and opens no page."""
    found = [route for route in routes if isinstance(route, Route)]
    opened = {route.path for route in found if "GET" in (route.methods or ())}
    yield from (prefix + route.path for route in found if route.path not in opened)


ADDRESSES = sorted({*only_sent(OWNER, "/owner"), *only_sent(STAFF, "/staff")})
NAMES = {"handle": "anders", "key": "packed", "number:path": "1001", "session": "1" * 32, "passkey": "1" * 32}


def test_there_are_such_addresses_on_both_sides() -> None:
    assert "/owner/start/sample/end" in ADDRESSES and "/staff/orders/{number:path}/log" in ADDRESSES
    assert len(ADDRESSES) > 60


async def test_each_leads_to_a_page_above_it(shop: Shop, signed_in: SignIn) -> None:
    await shop.order()
    olga, lost = await signed_in("olga"), {}
    for address in ADDRESSES:
        path = address
        for name in address.split("{")[1:]:
            name = name.partition("}")[0]
            path = path.replace(f"{{{name}}}", NAMES.get(name, "1" * 32))
        asked = await olga.get(path, headers=PAGE)
        above = asked.headers.get("location", "")
        if asked.status_code != 303 or not path.startswith(f"{above}/") or asked.headers["cache-control"] != "no-store":
            lost[address] = (asked.status_code, above)
    assert lost == {}


@pytest.mark.parametrize(
    ("path", "page"),
    [
        ("/owner/start/sample/end", "/owner/start"),
        ("/owner/people/anders/portrait", "/owner/people/anders"),
        ("/owner/safety/devices/end", "/owner/safety"),
        ("/owner/chips", "/owner"),
        ("/owner/steps/packed/move", "/owner/steps/packed"),
        ("/staff/me/visibility", "/staff/me"),
        ("/staff/bulk/undo", "/staff"),
        ("/staff/orders/1001/log", "/staff/orders/1001"),
        ("/staff/orders/2026%2F7%20A/hand", "/staff/orders/2026%2F7%20A"),
    ],
)
async def test_it_is_the_nearest_one_and_it_opens(shop: Shop, signed_in: SignIn, path: str, page: str) -> None:
    for number in ("1001", "2026/7 A"):
        await shop.order(number)
    olga = await signed_in("olga")
    assert (await olga.get(path, headers=PAGE)).headers["location"] == page
    assert (await olga.get(page, headers=PAGE)).status_code == 200
    assert (await olga.head(path, headers=PAGE)).status_code == 303


async def test_programs_are_told_that_nothing_opens_there(shop: Shop, signed_in: SignIn) -> None:
    olga = await signed_in("olga")
    assert (await olga.get("/owner/start/look", headers={"Accept": "application/json"})).status_code == 405
    assert (await olga.put("/owner/start/look", headers=PAGE)).status_code == 405
    assert (await olga.get("/staff/orders/7007/log", headers=PAGE)).status_code == 404


async def test_a_manager_is_led_back_from_where_she_may_send_a_form_and_nowhere_else(
    shop: Shop, signed_in: SignIn
) -> None:
    await shop.order()
    logged = await log_step(shop.desk, shop.id, "1001", StepToLog("packed", "anders"))
    said = await save_feedback(shop.desk, shop.id, (await shop.row()).id, logged.event.id, Answer("concern"))
    await shop.give("lisa", "manager", "warehouse")
    lisa = await signed_in("lisa")
    concern = f"/owner/concerns/{said.id}"
    assert (await lisa.get(f"{concern}/reply", headers=PAGE)).headers["location"] == concern
    assert (await lisa.get("/owner/start/look", headers=PAGE)).status_code == 403
