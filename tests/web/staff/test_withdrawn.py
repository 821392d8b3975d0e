"""What a phone has taken back while it was on its way never comes, however late it arrives."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest

from storefront_trace.actions import steps
from storefront_trace.domain.orders import WITHDRAWN
from storefront_trace.storage import events
from tests.people import Shop

SignIn = Any
PACKED = {"order": "1001", "step": "packed", "once": "phone-1"}
DEEDS: dict[str, dict[str, str]] = {
    "log": PACKED,
    "pause": {"does": "pause", "order": "1001", "once": "phone-2", "step": "delayed", "note": "Snökaos."},
    "take": {"does": "take", "order": "1001", "once": "phone-3", "from": ""},
    "hand": {"does": "hand", "order": "1001", "once": "phone-4", "hand_to": "lisa"},
    "scan": {"does": "scan", "order": "1001", "once": "phone-5", "step": "packed"},
}


async def sync(client: httpx2.AsyncClient, told: dict[str, str], **more: str) -> httpx2.Response:
    return await client.post("/staff/sync", data={**told, **more})


async def kinds(shop: Shop) -> list[str]:
    return [event.kind for event in await shop.events()]


@pytest.mark.parametrize("does", DEEDS)
async def test_what_comes_after_it_was_taken_back_is_not_done(shop: Shop, signed_in: SignIn, does: str) -> None:
    await shop.order()
    anders, told, before = await signed_in("anders"), DEEDS[does], await shop.row()
    assert (await sync(anders, told, cancel="1")).json()["event"] is None
    for _ in range(2):
        late = await sync(anders, told)
        assert (late.status_code, late.json()["event"]) == (201, None)
    assert (await sync(anders, told, cancel="1")).json()["event"] is None
    assert await kinds(shop) == ["step", WITHDRAWN]
    after = await shop.row()
    assert (after.state, after.waiting_person_id) == (before.state, before.waiting_person_id)
    assert (await sync(anders, told, once="phone-9")).json()["event"] is not None


async def test_nor_is_what_was_under_way_all_the_while(
    shop: Shop, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was looked for already, and waits for its turn to write."""
    await shop.order()
    anders, log = await signed_in("anders"), steps.log_on_things

    async def late(*args: Any, **more: Any) -> Any:
        assert (await sync(anders, PACKED, cancel="1")).json() == {"event": None, "again": False}
        return await log(*args, **more)

    monkeypatch.setattr(steps, "log_on_things", late)
    assert (await sync(anders, PACKED)).json() == {"event": None, "again": True}
    assert await kinds(shop) == ["step", WITHDRAWN]


async def test_what_was_undone_while_the_same_was_under_way_again_is_not_logged_anew(
    shop: Shop, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    await shop.order()
    anders, log = await signed_in("anders"), steps.log_on_things

    async def late(*args: Any, **more: Any) -> Any:
        monkeypatch.setattr(steps, "log_on_things", log)
        event = (await sync(anders, PACKED)).json()["event"]
        await anders.post("/staff/orders/1001/undo", data={"event": event})
        return await log(*args, **more)

    monkeypatch.setattr(steps, "log_on_things", late)
    told = (await sync(anders, PACKED)).json()
    assert told == {"event": (await shop.events())[1].id, "again": True}
    assert await kinds(shop) == ["step", "step", "correction"]
    assert (await shop.row()).state == "received"


async def test_nobody_reads_of_it(shop: Shop, signed_in: SignIn) -> None:
    await shop.order()
    anders = await signed_in("anders")
    page = f"/t/{await shop.token()}.json"
    before, story = (await anders.get(page)).json(), (await anders.get("/staff/orders/1001")).text
    await sync(anders, PACKED, cancel="1")
    after = (await anders.get(page)).json()
    assert after["order"].pop("version") == before["order"].pop("version") + 1
    assert after == before
    assert (await anders.get("/staff/orders/1001")).text.count("<li") == story.count("<li")


async def test_a_full_trail_or_no_order_has_nothing_to_take_back(
    shop: Shop, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    await shop.order()
    anders = await signed_in("anders")
    assert (await sync(anders, PACKED, order="9999", cancel="1")).json() == {"event": None, "again": False}
    monkeypatch.setattr(events, "MAX_EVENTS", 1)
    assert (await sync(anders, PACKED, cancel="1")).json() == {"event": None, "again": False}
    assert (await sync(anders, PACKED)).status_code == 409
