"""Incoming calls: kept first, answered, and worked off afterwards."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import structlog

from storefront_trace.actions.desk import Desk
from storefront_trace.actions.incoming import NotYet, apply_incoming
from storefront_trace.domain.clock import DAY, HOUR, MINUTE, SECOND, now_micros
from storefront_trace.domain.errors import DomainError, Invalid
from storefront_trace.domain.ids import new_id
from storefront_trace.integrations.kinds import kind
from storefront_trace.storage import connections, deliveries, shops
from storefront_trace.storage.connections import Connection
from storefront_trace.storage.deliveries import Delivery

POLL = 2.0
LEASE = 2 * MINUTE
# After each try that failed; when they are used up the delivery is done with. A day and a half in all: an order that
# has not come by then will not come.
RETRIES = (5 * SECOND, 30 * SECOND, 2 * MINUTE, 10 * MINUTE, HOUR, 4 * HOUR, 8 * HOUR, DAY)

log = structlog.get_logger()


async def receive(desk: Desk, connection: Connection, headers: Mapping[str, str], raw: bytes) -> bool:
    """Whether it is new. It is on disk when this returns; the same again is left out.

    What cannot be read is kept too, without its body, as refused: sending it again would not make it readable.
    """
    sender = kind(connection.kind)
    now = now_micros()
    body, refusal = _scrubbed(connection, raw)
    async with desk.db.write() as conn:
        new = await deliveries.insert_delivery(
            conn,
            connection.shop_id,
            id=new_id(),
            connection_id=connection.id,
            key=sender.delivery_key(headers, raw),
            topic=sender.topic(headers),
            body=body,
            received_at=now,
            due_at=now,
            processed_at=now if refusal else None,
            outcome="refused" if refusal else None,
            error=refusal,
        )
        await connections.update_connection(conn, connection.shop_id, connection.id, seen_at=now)
    desk.arrived.set()
    return new


async def process_due(desk: Desk) -> int:
    """Works off everything that is due, oldest first, and returns how many; tests call it without a loop."""
    done = 0
    while batch := await _claim(desk):
        for one in batch:
            await _process(desk, one)
            done += 1
    return done


async def run(desk: Desk, stop: asyncio.Event) -> None:
    """Until `stop`: at once when something arrives in this process, every two seconds for what others took in."""
    while not stop.is_set():
        desk.arrived.clear()
        try:
            await process_due(desk)
        except Exception as error:  # the database is away, say: the deliveries are still there afterwards
            log.error("deliveries wait", kind=type(error).__name__)
        await _rest(desk, stop)


def _scrubbed(connection: Connection, raw: bytes) -> tuple[bytes, str | None]:
    try:
        return kind(connection.kind).scrub(raw), None
    except Invalid as refusal:
        return b"", str(refusal)[:300]


async def _claim(desk: Desk) -> list[Delivery]:
    """Looks first: an idle shop then never takes the write lock."""
    now = now_micros()
    async with desk.db.read() as conn:
        if not await deliveries.is_any_due(conn, now):
            return []
    async with desk.db.write() as conn:
        return await deliveries.claim_deliveries(conn, now, now + LEASE)


async def _process(desk: Desk, one: Delivery) -> None:
    """A poisonous one is set aside, and the next has its turn."""
    try:
        outcome = await _apply(desk, one)
    except NotYet as waiting:
        await _later(desk, one, str(waiting), "nothing")
    except DomainError as refusal:
        await _finish(desk, one, "refused", str(refusal))
    except Exception as error:
        log.error("delivery failed", delivery=one.id, kind=type(error).__name__)
        await _later(desk, one, f"It could not be applied ({type(error).__name__}).", "refused")
    else:
        await _finish(desk, one, outcome, None)


async def _apply(desk: Desk, one: Delivery) -> str:
    async with desk.db.read() as conn:
        connection = await connections.find_connection(conn, one.connection_id)
        shop = await shops.get_shop(conn, one.shop_id)
    assert connection is not None
    facts = kind(connection.kind).parse(one.topic, one.body, zone=shop.zone)
    outcome = await apply_incoming(desk, one.shop_id, facts, source=connection.source)
    if outcome.order_key is not None:
        async with desk.db.write() as conn:
            await deliveries.update_waiting_due(conn, one, outcome.order_key, now_micros())
    return outcome.result


async def _later(desk: Desk, one: Delivery, why: str, at_last: str) -> None:
    if one.attempts >= len(RETRIES):
        await _finish(desk, one, at_last, why)
        return
    async with desk.db.write() as conn:
        due = now_micros() + RETRIES[one.attempts]
        await deliveries.update_delivery(conn, one, due_at=due, error=why[:300])


async def _finish(desk: Desk, one: Delivery, outcome: str, why: str | None) -> None:
    async with desk.db.write() as conn:
        error = why[:300] if why else None
        await deliveries.update_delivery(conn, one, processed_at=now_micros(), outcome=outcome, error=error)


async def _rest(desk: Desk, stop: asyncio.Event) -> None:
    waits = [asyncio.create_task(event.wait()) for event in (stop, desk.arrived)]
    try:
        await asyncio.wait(waits, timeout=POLL, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()
