"""The one place where what shop systems, carriers and files say is applied to our orders.

Deliveries come twice, late and in any order; the orders end the same. Nobody is named whom the sender did not name.

How a fact is known again, without a table of its own: its event carries the sender's key for it, and behind "@" the
sender's clock. The clock tells old news from new; a step told anew after it was taken back is a new event.
A step taken back for good before it arrived is a correction of nothing, whose reason is the beginning of the keys that
it stands against. Pieces cancelled by a refund stand in a `facts` event of their own, so that two refunds add up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

from storefront_trace.actions import told, trail
from storefront_trace.actions.corrections import correct_event_in
from storefront_trace.actions.desk import Desk
from storefront_trace.actions.orders import put_order_in
from storefront_trace.actions.steps import AHEAD, log_step_in
from storefront_trace.domain.clock import now_micros
from storefront_trace.domain.forgotten import is_forgotten, plain_step
from storefront_trace.domain.ids import new_id
from storefront_trace.domain.incoming import (
    Incoming,
    IncomingLine,
    IncomingLinesCancelled,
    IncomingOrder,
    IncomingRemoval,
    IncomingStep,
    IncomingStepTakenBack,
)
from storefront_trace.domain.moments import from_micros, to_micros
from storefront_trace.domain.orders import START, Event
from storefront_trace.domain.shop import Cast
from storefront_trace.integrations.files import OWN
from storefront_trace.storage import events, orders
from storefront_trace.storage.database import Connection
from storefront_trace.storage.orders import OrderRow


class NotYet(Exception):
    """It cannot be applied before something else has come; nothing of it was. The message says what: it is one word
    for one thing, and is compared when that thing comes."""


@dataclass(frozen=True)
class Outcome:
    """`order_key` is the sender's name for the order, when one is known now: what waited for it can go on."""

    result: Literal["applied", "nothing"]
    order_key: str | None = None


@dataclass
class _Work:
    desk: Desk
    conn: Connection
    cast: Cast
    source: str
    row: OrderRow | None = None
    told_lines: tuple[IncomingLine, ...] = field(default=())
    """The order's lines as the body says them, when it is an order's body."""

    async def past(self) -> list[Event]:
        assert self.row is not None
        return await events.list_events(self.conn, self.cast.shop.id, self.row.id)


async def apply_incoming(desk: Desk, shop_id: str, facts: Sequence[Incoming], *, source: str) -> Outcome:
    """All of the facts of one delivery in one transaction, or none. Again, or older than what is known: "nothing".

    `source` is whose keys these are (`Connection.source`, `Entry.source`). Raises NotYet for what came too early, and
    a DomainError for what the rules refuse.
    """
    async with desk.db.write() as conn:
        work = _Work(desk, conn, await desk.casts.get(conn, shop_id), source)
        changed = False
        for fact in facts:
            done = await _apply(work, fact)
            if done is None:  # older than what is known, and so is everything behind it
                break
            changed = done or changed
        else:
            changed = await _recount(work) or changed
        known = waits_for(work.row.external_id or work.row.number) if work.row else None
        return Outcome("applied" if changed else "nothing", known)


def waits_for(order_key: str) -> str:
    return f"Waits for the order {order_key}."


async def _apply(work: _Work, fact: Incoming) -> bool | None:
    if isinstance(fact, IncomingOrder):
        return await _apply_order(work, fact)
    if isinstance(fact, IncomingRemoval):
        return await _apply_removal(work, fact)
    await _find(work, fact.external_order_id, fact.number)
    if isinstance(fact, IncomingStep):
        return await _apply_step(work, fact)
    if isinstance(fact, IncomingStepTakenBack):
        return await _take_back(work, fact)
    return await _cancel_lines(work, fact)


async def _apply_order(work: _Work, fact: IncomingOrder) -> bool | None:
    work.row = await _known_row(work, fact.external_id, fact.number)
    work.told_lines = fact.lines
    if work.row is not None:
        # How many pieces are cancelled is settled at the end, with everything that is known: see _recount.
        known = {line.key: line.cancelled for line in told.latest_facts(await work.past()).lines}
        lines = tuple(replace(line, cancelled=known.get(line.key, line.cancelled)) for line in fact.lines)
        fact = replace(fact, lines=lines)
    put = await put_order_in(work.conn, work.desk, work.cast, told.fitted(fact), source=work.source)
    work.row = await orders.find_order_by_id(work.conn, work.cast.shop.id, put.order_id)
    return None if put.stale else put.changed


async def _apply_removal(work: _Work, fact: IncomingRemoval) -> bool:
    """A deleted order is a cancelled one, unless it had arrived: then the shop only tidies up."""
    row = await _find(work, fact.external_id, None)
    known = row.source_updated_at
    if row.delivered_at is not None or (fact.at and known is not None and to_micros(fact.at) < known):
        return False
    at = fact.at or from_micros(now_micros())
    zone = work.cast.shop.zone
    step = IncomingStep(fact.external_id, None, "cancelled", at, zone, "second", fact.source_key, updated_at=fact.at)
    return await _apply_step(work, step)


async def _apply_step(work: _Work, fact: IncomingStep) -> bool:
    past = await work.past()
    fact = plain_step(fact, past) if is_forgotten(past) else fact
    known = work.cast.steps.get(fact.step)
    if (known is None or known.gone) and work.source != OWN:
        return False  # this shop has no such step; in a file of ours it is a mistake that somebody can mend
    if _is_first_again(past, fact) or told.is_overtaken(past, work.source, fact.source_key):
        return False
    _check_clock(fact.at, fact.precision)
    lines = _known_lines(work, past, fact)
    if lines is None:
        return False
    step = told.step_to_log(replace(fact, lines=lines), work.source)
    new = told.compare(work.cast, past, fact, step)
    if new is None:
        return False
    for event in new.replaced:
        await _correct(work, event)
    assert work.row is not None
    await log_step_in(work.conn, work.cast, work.row, replace(step, source_key=new.source_key, earlier=new.earlier))
    return True


async def _take_back(work: _Work, fact: IncomingStepTakenBack) -> bool:
    past = await work.past()
    fallen = [e for e in told.live(past, work.source) if told.base_key(e).startswith(fact.takes_back)]
    for event in fallen:
        await _correct(work, event)
    if fact.final and not told.is_overtaken(past, work.source, fact.takes_back):
        now = now_micros()
        mark = Event(
            id=new_id(), seq=0, kind="correction", at=now, recorded_at=now, zone=work.cast.shop.zone,
            reason=fact.takes_back, source=work.source, source_key=fact.source_key,
        )  # fmt: skip
        await _append(work, mark)
        return True
    return bool(fallen)


async def _cancel_lines(work: _Work, fact: IncomingLinesCancelled) -> bool:
    past = await work.past()
    if any(e.source == work.source and e.source_key == fact.source_key for e in past):
        return False
    now = now_micros()
    at = to_micros(fact.at) if fact.at else now
    mark = Event(
        id=new_id(), seq=0, kind="facts", at=at, recorded_at=now, zone=work.cast.shop.zone, lines=fact.lines,
        facts=told.latest_facts(past), source=work.source, source_key=fact.source_key,
    )  # fmt: skip
    await _append(work, mark)
    return True


async def _recount(work: _Work) -> bool:
    """Cancelled pieces of each line: as many as the order's latest body says, or as the refunds say of what had not
    left. What the body says is kept beside it, since a parcel that comes late changes what the refunds may say."""
    if work.row is None:
        return False
    past = await work.past()
    facts, known = told.latest_facts(past), told.counted(past)
    bodies = {line.key: line.cancelled for line in work.told_lines if line.cancelled} if work.told_lines else known
    lines = tuple(
        replace(line, cancelled=max(bodies.get(line.key, 0), told.refunded(past, line))) for line in facts.lines
    )
    if lines == facts.lines and bodies == known:
        return False
    now = now_micros()
    mark = Event(
        id=new_id(), seq=0, kind="facts", at=now, recorded_at=now, zone=work.cast.shop.zone, source=work.source,
        facts=replace(facts, lines=lines), lines=tuple(bodies.items()), reason=told.COUNTED,
    )  # fmt: skip
    await _append(work, mark)
    return True


async def _append(work: _Work, event: Event) -> None:
    assert work.row is not None
    await trail.append(work.conn, work.cast, work.row.id, await work.past(), event)


async def _correct(work: _Work, event: Event) -> None:
    assert work.row is not None
    await correct_event_in(work.conn, work.cast, work.row, event.id, by=None, reason=None, source=work.source)


async def _find(work: _Work, external_id: str | None, number: str | None) -> OrderRow:
    if work.row is None:
        work.row = await _known_row(work, external_id, number)
    if work.row is None:
        raise NotYet(waits_for(external_id or number or ""))
    return work.row


async def _known_row(work: _Work, external_id: str | None, number: str | None) -> OrderRow | None:
    """By the sender's own id; by the number only when that order is nobody else's."""
    shop_id = work.cast.shop.id
    if external_id:
        external_id = await _unrounded(work, external_id)
        row = await orders.find_order_by_external_id(work.conn, shop_id, work.source, external_id, lock=True)
        if row is not None:
            return row
    row = await orders.find_order(work.conn, shop_id, number, lock=True) if number else None
    return row if row is not None and (not external_id or row.external_id in (None, external_id)) else None


async def _unrounded(work: _Work, external_id: str) -> str:
    """Beyond 2^53 a tool that counts in floats rounds ids on their way; order bodies bring the exact digits along, the
    bodies about an order do not. When exactly one order is meant by the rounded one, it is that."""
    if not (external_id.isascii() and external_id.isdigit() and 2**53 < int(external_id) < 2**63):
        return external_id
    number = int(external_id)
    first, last = str(number - 1024), str(number + 1024)
    if len(first) != len(last):
        return external_id
    near = await orders.list_external_ids(work.conn, work.cast.shop.id, work.source, first, last)
    same = [one for one in near if one.isdigit() and float(int(one)) == float(number)]
    return same[0] if external_id not in same and len(same) == 1 else external_id


def _is_first_again(past: Sequence[Event], fact: IncomingStep) -> bool:
    """Putting the order in has logged "received" already; said with a name, it is said of somebody."""
    return fact.step == START and fact.by is None and any(e.step == START and not e.lines for e in past)


def _check_clock(at: datetime, precision: str) -> None:
    """A sender whose clock is fast: when ours gets there, it has happened."""
    if precision != "day" and to_micros(at) > now_micros() + AHEAD:
        raise NotYet("Waits for its time to come: the sender's clock is ahead of ours.")


def _known_lines(work: _Work, past: Sequence[Event], fact: IncomingStep) -> tuple[tuple[str, int | None], ...] | None:
    """Without the lines that an order's body left out. A fulfilment alone may know more than we do: it waits."""
    known = {line.key for line in told.latest_facts(past).lines}
    lines = tuple(pair for pair in fact.lines if pair[0] in known)
    if len(lines) == len(fact.lines) or fact.by is not None:
        return fact.lines
    if not work.told_lines:
        raise NotYet(waits_for(fact.external_order_id or fact.number or ""))
    return lines or None
