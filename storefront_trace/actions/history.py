"""Taking over what is over: finished orders with the steps and answers that another system, or a notebook, kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from storefront_trace.actions import orders, steps, trail
from storefront_trace.actions.desk import Desk
from storefront_trace.actions.steps import StepToLog
from storefront_trace.domain.clock import now_micros
from storefront_trace.domain.errors import Invalid
from storefront_trace.domain.feedback import check_answer
from storefront_trace.domain.ids import new_id
from storefront_trace.domain.incoming import IncomingOrder
from storefront_trace.domain.moments import to_micros
from storefront_trace.domain.orders import Event
from storefront_trace.domain.shop import Cast
from storefront_trace.storage import events, feedback
from storefront_trace.storage import orders as rows
from storefront_trace.storage.database import Connection

ASKED = "import"


@dataclass(frozen=True)
class PastAnswer:
    """What the customer said of a step then. A concern that is not `done` is the owner's to take care of now."""

    choice: str
    at: datetime
    chips: tuple[str, ...] = ()
    words: str = ""
    done: bool = True


@dataclass(frozen=True)
class PastStep:
    told: StepToLog
    answer: PastAnswer | None = None


@dataclass(frozen=True)
class PastOrder:
    """`steps` in the order of logging."""

    told: IncomingOrder
    steps: tuple[PastStep, ...]


async def record_history(desk: Desk, shop_id: str, past: Sequence[PastOrder], *, source: str) -> int:
    """How many orders were new; one whose number is known is left alone. All of them or, after a refusal, none.

    One transaction, in which nobody else writes: bring some hundreds at a time. Nobody is told of anything.
    """
    async with desk.db.write() as conn:
        cast = await desk.casts.get(conn, shop_id)
        new = [one for one in past if await rows.find_order(conn, shop_id, one.told.number, lock=True) is None]
        for one in new:
            await _record(conn, desk, cast, one, source)
    return len(new)


async def _record(conn: Connection, desk: Desk, cast: Cast, past: PastOrder, source: str) -> None:
    order_id = (await orders.put_order_in(conn, desk, cast, past.told, source=source)).order_id
    trodden = await events.list_events(conn, cast.shop.id, order_id)
    for one in past.steps:
        event = steps.new_event(cast, trodden, replace(one.told, source=source))
        trodden.append(event)
        await events.insert_event(conn, cast.shop.id, order_id, event)
        if one.answer is not None:
            await _record_answer(conn, cast, past.told, order_id, event, one.answer)
    await trail.rebuild(conn, cast, order_id)


async def _record_answer(
    conn: Connection, cast: Cast, told: IncomingOrder, order_id: str, event: Event, answer: PastAnswer
) -> None:
    step = cast.steps[event.step or ""]
    checked = check_answer(answer.choice, answer.chips, answer.words, allowed=step.chips)
    created_at = to_micros(answer.at)
    if created_at > now_micros():
        raise Invalid("An answer cannot come from the future.", errors=[("at", "Send a time that has been.")])
    over = created_at if answer.done and checked.choice == "concern" else None
    await feedback.insert_feedback(
        conn,
        cast.shop.id,
        id=new_id(),
        order_id=order_id,
        event_id=event.id,
        order_number=told.number,
        step=step.key,
        person_id=event.person_id,
        team=event.team,
        choice=checked.choice,
        chips=list(checked.chips),
        words=checked.words,
        first_name=told.customer_first_name,
        locale=told.locale or cast.shop.locale,
        asked=ASKED,
        created_at=created_at,
        concern_at=created_at if checked.choice == "concern" else None,
        history=[],
        done_at=over,
        shared_at=over,
    )
