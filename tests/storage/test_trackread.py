from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from storefront_trace.actions import feedback, orders
from storefront_trace.actions.corrections import correct_event
from storefront_trace.actions.feedback import Answer
from storefront_trace.actions.steps import StepToLog, log_step
from storefront_trace.domain.links import token_hash
from storefront_trace.domain.moments import Moment
from storefront_trace.domain.orders import Parcel
from storefront_trace.storage.trackread import TrackReader
from tests.people import Shop


@pytest.fixture
async def reader(shop: Shop) -> AsyncIterator[TrackReader]:
    found = TrackReader(shop.desk.db)
    await found.open()
    yield found
    await found.close()


async def test_one_row_tells_the_whole_order(shop: Shop, reader: TrackReader) -> None:
    await shop.order()
    at = Moment(datetime(2026, 11, 20, 8, 14, tzinfo=UTC), "+01:00", "minute")
    parcel = Parcel("p1", "PostNord", "RR1", "https://example.com/RR1")
    told = StepToLog(
        "packed", "anders", at, "Dubbelt bubbelplast", "lisa", (("1", None),), parcel, "a" * 32, (640, 440)
    )
    packed = await log_step(shop.desk, shop.id, "1001", told)
    await correct_event(shop.desk, shop.id, "1001", packed.event.id, by="olga", reason="Fel order", source="staff")
    again = await log_step(shop.desk, shop.id, "1001", told)
    said = await feedback.save_feedback(
        shop.desk, shop.id, packed.order.id, again.event.id, Answer("thanks", ("well_packed",), "Fint!")
    )
    anders = await shop.person_id("anders")
    await feedback.reply(shop.desk, shop.id, said.id, by_person=anders, as_owner=False, words="Tack!")

    found = await reader.order(token_hash(await shop.token()))
    assert found is not None
    assert (found.shop_id, found.number, found.first_name, found.promise_to) == (shop.id, "1001", "Karin", "2026-11-26")
    events = sorted(found.events, key=lambda e: e.seq)
    assert [(e.kind, e.step) for e in events] == [
        ("step", "received"),
        ("step", "packed"),
        ("correction", None),
        ("step", "packed"),
    ]
    assert (events[1].lines, events[1].photo_size, events[1].parcel_key) == ([["1", None]], [640, 440], "p1")
    assert (events[2].corrects, events[2].reason, events[1].note) == (events[1].id, "Fel order", "Dubbelt bubbelplast")
    assert [(line.key, line.quantity, line.expected) for line in sorted(found.lines, key=lambda x: x.position)] == [
        ("1", 2, None),
        ("2", 1, "2026-12-02"),
    ]
    assert [(p.carrier, p.lines) for p in found.parcels] == [("PostNord", [["1", 2]])]
    assert [(f.choice, f.chips, f.words) for f in found.feedback] == [("thanks", ["well_packed"], "Fint!")]
    assert [(r.words, r.person_id) for r in found.replies] == [("Tack!", anders)]


async def test_the_version_moves_with_the_order_the_cast_and_the_link(shop: Shop, reader: TrackReader) -> None:
    await shop.order()
    hashed = token_hash(await shop.token())
    first = await reader.version(hashed)
    assert first is not None and first.revoked_at is None
    await log_step(shop.desk, shop.id, "1001", StepToLog("picked", "anders"))
    second = await reader.version(hashed)
    assert second is not None and second.version == first.version + 1
    await orders.revoke_links(shop.desk, shop.id, "1001")
    third = await reader.version(hashed)
    assert third is not None and third.revoked_at is not None


async def test_an_unknown_token_is_nothing(shop: Shop, reader: TrackReader) -> None:
    assert await reader.order("0" * 64) is None
    assert await reader.version("0" * 64) is None


async def test_sqlite_tells_that_somebody_has_written(shop: Shop, reader: TrackReader) -> None:
    before = reader.data_version()
    assert reader.data_version() == before
    await shop.order()
    assert (reader.data_version() != before) is shop.desk.db.sqlite
