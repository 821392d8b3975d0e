"""What waits for somebody who has left waits for their team: nobody else's queue shows it. What was said of them is
their team's too, in its figures, in its files and to whoever reads."""

from __future__ import annotations

import asyncio
from functools import partial

import structlog

from storefront_trace import background
from storefront_trace.actions import trail
from storefront_trace.actions.desk import Desk
from storefront_trace.domain.clock import now_micros
from storefront_trace.domain.errors import DomainError
from storefront_trace.domain.ids import new_id
from storefront_trace.domain.orders import Event
from storefront_trace.storage import events, feedback, people, queue

POLL = 60.0
BATCH, ANSWERS = 100, 500
log = structlog.get_logger()


async def run(desk: Desk, stop: asyncio.Event) -> None:
    """Until `stop`: for what a busy database put off, and for what is given back to somebody who has left meanwhile."""
    await background.again(partial(pass_on_all, desk), stop, POLL, trouble="orders of who has left wait")


async def pass_on_all(desk: Desk) -> int:
    """In every shop; how many. Looks first: an idle shop never takes the write lock."""
    async with desk.db.read() as conn:
        left = await people.list_left(conn)
    return sum([await pass_on(desk, *one) + await give_answers(desk, *one) for one in left])


async def give_answers(desk: Desk, shop_id: str, person_id: str) -> int:
    """How many answers about this person, who has left, became their team's: a batch at a time, each in a transaction
    of its own, so that a large shop goes on working; what is not done when it ends the next round does. Twice is once.

    It cannot be undone: nobody who has left comes back as the same person. Not to be called inside a transaction that
    holds the shop: whoever erases orders holds answers first and the shop then.
    """
    given = 0
    while True:
        async with desk.db.read() as conn:
            person = await people.get_person_by_id(conn, shop_id, person_id)
            if person.left_at is None or not await feedback.has_said_of(conn, shop_id, person_id):
                return given
        async with desk.db.write() as conn:
            done = await feedback.update_said_the_teams(conn, shop_id, person_id, person.team, limit=ANSWERS)
        given += done
        if done < ANSWERS:
            return given


async def pass_on(desk: Desk, shop_id: str, person_id: str) -> int:
    """What waits for this person, who has left, goes to the team whose step is next, else to their own. An order at a
    time, each in a transaction of its own. Twice is once."""
    moved, after = 0, ""
    while True:
        async with desk.db.read() as conn:
            found = await queue.list_waiting_for(conn, shop_id, person_id, after=after, limit=BATCH)
        for order_id, number in found:
            try:
                moved += await _pass_on(desk, shop_id, person_id, number)
            except DomainError as error:  # erased since, or its trail is full: the next one has its turn
                log.info("order not passed on", order=order_id, kind=type(error).__name__)
        if len(found) < BATCH:
            return moved
        after = found[-1][0]


async def _pass_on(desk: Desk, shop_id: str, person_id: str, number: str) -> bool:
    async with desk.db.write() as conn:
        cast, row = await trail.lock_order(desk, conn, shop_id, number)
        person, step = cast.people[person_id], cast.steps.get(row.next_step or "")
        team = (step.team if step else None) or person.team or row.waiting_team
        if person.left_at is None or row.waiting_person_id != person_id or team is None:
            return False
        now = now_micros()
        new = Event(
            id=new_id(),
            seq=0,
            kind="hand",
            at=now,
            recorded_at=now,
            zone=cast.shop.zone,
            precision="second",
            team=person.team,
            hand_team=team,
            source="system",
        )
        past = await events.list_events(conn, shop_id, row.id)
        await trail.append(conn, cast, row.id, past, new)
        return True
