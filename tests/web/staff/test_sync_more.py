"""What else may wait on the phone: who has an order, what is put off, and scans in a row."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pytest

from storefront_trace.actions import people, shops, steps
from storefront_trace.actions.steps import StepToLog
from storefront_trace.domain.moments import Moment, from_micros
from tests.people import Shop

SignIn = Any
HOUR_AGO = timedelta(hours=1)
TAKE = {"does": "take", "order": "1001", "once": "phone-1", "from": ""}
HAND = {"does": "hand", "order": "1001", "once": "phone-2", "hand_to": "lisa", "note": "Kan du slå in den?"}
BACK = {"does": "back", "order": "1001", "once": "phone-3"}
LATE = {"does": "pause", "order": "1001", "once": "phone-4", "step": "delayed", "note": "Snökaos."}
SCAN = {"does": "scan", "order": "1001", "once": "phone-5", "step": "packed"}


async def sync(client: httpx2.AsyncClient, told: dict[str, Any], **more: object) -> httpx2.Response:
    return await client.post("/staff/sync?lang=sv", data={**told, **more})


def ago(length: timedelta = HOUR_AGO) -> str:
    return (datetime.now(UTC) - length).isoformat(timespec="milliseconds")


@pytest.fixture
async def waiting(shop: Shop) -> Shop:
    """An order that has waited for the warehouse for two hours."""
    await shop.order()
    at = Moment(datetime.now(UTC) - 2 * HOUR_AGO, "UTC", "second")
    await steps.log_step(shop.desk, shop.id, "1001", StepToLog("received", by="jocke", at=at))
    return shop


async def hands(shop: Shop) -> list[tuple[str, str | None]]:
    names = {await shop.person_id(handle): handle for handle in ("anders", "lisa", "jocke")}
    return [
        (names[e.person_id or ""], names.get(e.hand_person_id or "")) for e in await shop.events() if e.kind == "hand"
    ]


async def test_taken_without_network_it_is_ones_own_since_then_and_only_once(waiting: Shop, signed_in: SignIn) -> None:
    anders, at = await signed_in("anders"), ago()
    first, again = await sync(anders, TAKE, at=at), await sync(anders, TAKE, at=at)
    last = (await waiting.events())[-1]
    assert (first.status_code, first.json()) == (201, {"event": last.id, "again": False})
    assert again.json() == {"event": last.id, "again": True}
    assert abs(from_micros(last.at) - (datetime.now(UTC) - HOUR_AGO)) < timedelta(seconds=30)
    assert (await waiting.row()).waiting_person_id == await waiting.person_id("anders")


async def test_a_colleague_who_took_it_meanwhile_has_it_and_the_refusal_says_who(
    waiting: Shop, signed_in: SignIn
) -> None:
    anders, lisa = await signed_in("anders"), await signed_in("lisa")
    await lisa.post("/staff/orders/1001/take", data={"from": ""})
    refused = await sync(anders, TAKE, at=ago())
    assert refused.status_code == 409 and "Lisa" in refused.json()["detail"]
    assert await hands(waiting) == [("lisa", "lisa")]
    assert (await sync(anders, TAKE, **{"once": "phone-9", "from": "lisa"})).status_code == 201
    assert await hands(waiting) == [("lisa", "lisa"), ("anders", "anders")]


async def test_what_was_taken_and_lost_again_before_the_answer_came_is_not_taken_anew(
    waiting: Shop, signed_in: SignIn
) -> None:
    anders, lisa = await signed_in("anders"), await signed_in("lisa")
    await sync(anders, TAKE, at=ago())
    await lisa.post("/staff/orders/1001/take", data={"from": "anders"})
    assert (await sync(anders, TAKE, at=ago())).json()["again"]
    assert (await waiting.row()).waiting_person_id == await waiting.person_id("lisa")


async def test_what_somebody_has_worked_on_since_is_not_taken_over_their_head(waiting: Shop, signed_in: SignIn) -> None:
    lisa = await signed_in("lisa")
    await lisa.post("/staff/orders/1001/log", data={"step": "picked"})
    before = await waiting.row()
    for told in (TAKE, HAND):
        refused = await sync(await signed_in("anders"), told, at=ago())
        assert refused.status_code == 409 and "sedan dess" in refused.json()["detail"]
    assert await waiting.row() == before


async def test_taken_packed_and_handed_on_in_order_is_as_if_there_had_been_network(
    waiting: Shop, signed_in: SignIn
) -> None:
    anders = await signed_in("anders")
    packed = {"order": "1001", "once": "phone-6", "step": "packed"}
    for minutes, told in ((30, TAKE), (20, packed), (10, HAND)):
        assert (await sync(anders, told, at=ago(timedelta(minutes=minutes)))).status_code == 201
    row = await waiting.row()
    assert (row.state, row.waiting_person_id) == ("packed", await waiting.person_id("lisa"))
    assert await hands(waiting) == [("anders", "anders"), ("anders", "lisa")]
    assert (await waiting.events())[-1].note == "Kan du slå in den?"


async def test_given_back_twice_it_is_given_back_once(waiting: Shop, signed_in: SignIn) -> None:
    anders = await signed_in("anders")
    await sync(anders, TAKE, at=ago())
    first, again = await sync(anders, BACK), await sync(anders, BACK)
    assert (first.status_code, again.json()["event"]) == (201, first.json()["event"])
    row = await waiting.row()
    assert (row.waiting_person_id, row.waiting_team) == (None, "warehouse")
    refused = await sync(anders, BACK, once="phone-9")
    assert refused.status_code == 409 and (await waiting.row()).version == row.version


@pytest.mark.parametrize("told", [TAKE, HAND, BACK], ids=["take", "hand", "back"])
async def test_what_the_phone_takes_back_is_as_it_was(waiting: Shop, signed_in: SignIn, told: dict[str, str]) -> None:
    anders = await signed_in("anders")
    if told is not TAKE:
        await sync(anders, TAKE, once="phone-0")
    before = (await waiting.row()).waiting_person_id
    assert (await sync(anders, told, once="phone-9", cancel="1")).json() == {"event": None, "again": False}
    event = (await sync(anders, told)).json()["event"]
    assert (await waiting.row()).waiting_person_id != before
    assert (await sync(await signed_in("lisa"), told, cancel="1")).status_code == 403
    for _ in range(2):
        assert (await sync(anders, told, cancel="1")).json() == {"event": event, "again": True}
        assert (await waiting.row()).waiting_person_id == before


async def test_to_whom_it_was_handed_may_have_left_meanwhile(waiting: Shop, signed_in: SignIn) -> None:
    await people.end_employment(waiting.desk, waiting.id, "lisa")
    refused = await sync(await signed_in("anders"), HAND)
    assert refused.status_code == 422 and refused.json()["errors"][0]["field"] == "hand_to"


async def test_a_delay_has_its_time_its_reason_and_its_day(waiting: Shop, signed_in: SignIn) -> None:
    anders = await signed_in("anders")
    day = (datetime.now(UTC) + timedelta(days=9)).date().isoformat()
    told = {**LATE, "promise": day, "phrase": ["Förlåt!"]}
    first, again = await sync(anders, told, at=ago()), await sync(anders, told, at=ago())
    last = (await waiting.events())[-1]
    assert (first.json()["event"], again.json()) == (last.id, {"event": last.id, "again": True})
    assert (last.step, last.note, last.promise) == ("delayed", "Snökaos. Förlåt!", (day, day))
    assert last.recorded_at - last.at > 3_500_000_000
    await sync(anders, told, cancel="1")
    assert (await waiting.row()).state == "received"


@pytest.mark.parametrize(("wrong", "status"), [({"promise": "2026-01-02"}, 422), ({"step": "packed"}, 404)])
async def test_a_day_that_passed_on_the_way_is_promised_to_nobody(
    waiting: Shop, signed_in: SignIn, wrong: dict[str, str], status: int
) -> None:
    before = len(await waiting.events())
    refused = await sync(await signed_in("anders"), {**LATE, **wrong}, at=ago())
    assert refused.status_code == status and len(await waiting.events()) == before


async def test_a_scan_that_waited_has_its_time_and_comes_with_its_line(waiting: Shop, signed_in: SignIn) -> None:
    anders = await signed_in("anders")
    answer = await sync(anders, SCAN, at=ago())
    last = (await waiting.events())[-1]
    assert (answer.status_code, answer.json()["event"]) == (201, last.id)
    assert answer.json()["row"]["kind"] == "logged" and f'id="e-{last.id}"' in answer.json()["row"]["html"]
    assert last.recorded_at - last.at > 3_500_000_000
    assert (await sync(anders, SCAN)).json()["event"] == last.id
    assert [e.step for e in await waiting.events()].count("packed") == 1


async def test_a_scan_of_what_is_done_is_nothing_to_mend_and_one_of_nothing_is(
    waiting: Shop, signed_in: SignIn
) -> None:
    anders = await signed_in("anders")
    await sync(anders, SCAN)
    done = await sync(anders, SCAN, once="phone-7")
    assert (done.status_code, done.json()["event"], done.json()["row"]["kind"]) == (201, None, "done")
    wrong = await sync(anders, SCAN, once="phone-8", order="7777")
    assert (wrong.status_code, wrong.json()["row"]["kind"]) == (404, "refused")
    assert wrong.json()["detail"] in wrong.json()["row"]["said"]


async def test_a_scan_is_taken_back_if_it_has_arrived(waiting: Shop, signed_in: SignIn) -> None:
    anders = await signed_in("anders")
    assert (await sync(anders, SCAN, once="phone-9", cancel="1")).json()["event"] is None
    event = (await sync(anders, SCAN)).json()["event"]
    assert (await sync(await signed_in("lisa"), SCAN, cancel="1")).json()["event"] is None
    for _ in range(2):
        assert (await sync(anders, SCAN, cancel="1")).json()["event"] == event
    assert (await waiting.row()).state == "received"


async def test_where_steps_go_in_order_the_refusal_names_what_comes_first(waiting: Shop, signed_in: SignIn) -> None:
    """And once that is logged, the very same goes through."""
    await shops.set_face(waiting.desk, waiting.id, any_order=False)
    anders = await signed_in("anders")
    packed = {"order": "1001", "once": "phone-6", "step": "packed"}
    for told in (packed, SCAN):
        refused = await sync(anders, told, at=ago())
        assert refused.status_code == 409 and "Plockad" in refused.json()["detail"]
    assert (await waiting.row()).state == "received"
    assert (await sync(anders, packed, step="picked", at=ago())).status_code == 201
    assert (await sync(anders, packed, at=ago())).status_code == 201
    assert (await waiting.row()).state == "packed"


@pytest.mark.parametrize("wrong", [{"does": "bake"}, {"once": ""}, {"order": ""}], ids=str)
async def test_what_is_not_understood_changes_nothing(waiting: Shop, signed_in: SignIn, wrong: dict[str, str]) -> None:
    before = len(await waiting.events())
    assert (await sync(await signed_in("anders"), {**TAKE, **wrong})).status_code == 422
    assert len(await waiting.events()) == before
