"""Questions: asked by the customer, passed on when nobody answers in time, answered once."""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from functools import partial

import structlog

from storefront_trace import background
from storefront_trace.actions import trail
from storefront_trace.actions.audit import note
from storefront_trace.actions.desk import Desk
from storefront_trace.actions.samples import refuse_of_sample
from storefront_trace.domain.clock import now_micros
from storefront_trace.domain.errors import N_, Conflict, DomainError, Invalid, NotFound
from storefront_trace.domain.ids import new_id
from storefront_trace.domain.orders import Event
from storefront_trace.domain.questions import (
    MOST_OF_ONE_ORDER,
    MOST_OPEN,
    Way,
    check_words,
    first_way,
    limit_of,
    may_answer,
    next_way,
    speakers,
    waits_for,
    way_to,
    whom_to_ask,
    works_somebody,
)
from storefront_trace.domain.shop import Cast, Person
from storefront_trace.storage import accounts, events, orders, outbox, questions, shops
from storefront_trace.storage.database import Connection
from storefront_trace.storage.orders import OrderRow
from storefront_trace.storage.questions import Due, Question

POLL = 15.0
BATCH = 100
# A team has no address, and a mail to many is read by none.
MOST_TOLD = 5

log = structlog.get_logger()


async def ask(desk: Desk, shop_id: str, order_id: str, text: str, *, locale: str) -> str:
    """The question's id. It goes to who has the order. The same words again, while they wait, are one question."""
    words = check_words(text, field="text")
    async with desk.db.write() as conn:
        row = await orders.find_order_by_id(conn, shop_id, order_id, lock=True)
        if row is None or row.erased_at is not None:
            raise NotFound("We have no order with that number.")
        refuse_of_sample(row)
        cast = await shops.get_cast(conn, shop_id)
        asked = await questions.list_of_order(conn, shop_id, order_id)
        again = next((one for one in asked if one.words == words and one.answered_at is None), None)
        if again is not None:
            return again.id
        past = await events.list_events(conn, shop_id, order_id)
        _check_room(asked, past)
        person, team = whom_to_ask(row, past, cast)
        now = now_micros()
        way = first_way(person, team, now, limit_of(cast.shop))
        question_id = new_id()
        said = {"id": question_id, "order_id": order_id, "words": words, "locale": locale, "created_at": now}
        await questions.insert_question(conn, shop_id, **said, **asdict(way))
        await trail.mark(conn, cast, order_id, past, now)
        await _tell(conn, cast, row, question_id, locale, way, now)
        return question_id


async def answer(desk: Desk, shop_id: str, question_id: str, *, by_person: str, as_owner: bool, words: str) -> Question:
    """Stands on the customer's page and goes out by mail. There is one answer: the same again changes nothing."""
    async with desk.db.write() as conn:
        cast, row, asked = await _locked(conn, shop_id, question_id)
        person = _answerer(cast, asked, by_person, as_owner)
        words = check_words(words, field="words")
        if asked.answered_at is not None:
            if (asked.answered_by, asked.answer) == (person.id, words):
                return asked
            raise Conflict("Somebody has answered this question already. Read the answer before you write another way.")
        now = now_micros()
        given = {"answer": words, "answered_by": person.id, "answered_at": now, "due_at": None}
        await questions.update_question(conn, shop_id, question_id, **given)
        await note(conn, shop_id, "feedback.question_answered", "order", row.number)
        await trail.mark_or_renew(conn, cast, row.id, now, source="staff")
        await _tell_customer(conn, cast, row, asked, now)
        return await questions.get_question(conn, shop_id, question_id)


async def hand_over(desk: Desk, shop_id: str, question_id: str, *, by_person: str, as_owner: bool, to: str) -> Question:
    """Passes it on to a colleague (by handle) or a team (by key), whose limit begins now. To whom has it: no change."""
    async with desk.db.write() as conn:
        cast, row, asked = await _locked(conn, shop_id, question_id)
        _answerer(cast, asked, by_person, as_owner)
        if asked.answered_at is not None:
            raise Conflict("Somebody has answered this question already, so it stays where it is.")
        if waits_for(asked) == "owner" and not as_owner:
            raise Conflict("The owner has this question now. You can still answer it.")
        person, team = _receiver(cast, to)
        if _has_it(asked, person, team):
            return asked
        now = now_micros()
        way = way_to(person, team, asked.created_at, now, limit_of(cast.shop), by_owner=as_owner)
        await questions.update_question(conn, shop_id, question_id, **asdict(way))
        await note(conn, shop_id, "feedback.question_passed", "order", row.number)
        await trail.mark_or_renew(conn, cast, row.id, now, source="staff")
        await _tell(conn, cast, row, question_id, asked.locale, way, now)
        return await questions.get_question(conn, shop_id, question_id)


async def pass_on(desk: Desk) -> int:
    """Moves what has waited too long, or for somebody who has left, in every shop; returns how many.

    Goes on until nothing that was due when it began is left, a batch at a time. It looks first: an idle shop then
    never takes the write lock. What cannot be moved is tried again in the next round, and never twice in one."""
    now, moved = now_micros(), 0
    last: Due | None = None
    while due := await _due(desk, now, last):
        for one in due:
            try:
                moved += await _pass_on(desk, one.shop_id, one.id)
            except Exception as error:  # the next one has its turn
                log.error("question not passed on", question=one.id, kind=type(error).__name__)
        last = due[-1]
    return moved


async def _due(desk: Desk, now: int, after: Due | None) -> list[Due]:
    async with desk.db.read() as conn:
        return await questions.list_due(conn, now, after=after, limit=BATCH)


async def run(desk: Desk, stop: asyncio.Event) -> None:
    """Until `stop`. Every process does it; who comes second finds nothing due any more."""
    await background.again(partial(pass_on, desk), stop, POLL, trouble="questions wait")


async def _pass_on(desk: Desk, shop_id: str, question_id: str) -> bool:
    try:
        async with desk.db.write() as conn:
            cast, row, asked = await _locked(conn, shop_id, question_id)
            now = now_micros()
            person = cast.people.get(asked.person_id or "")
            left = waits_for(asked) == "person" and person is not None and person.left_at is not None
            if asked.due_at is None or not (asked.due_at <= now or left):
                return False
            way = next_way(asked, asked.created_at, now, limit_of(cast.shop), cast)
            await questions.update_question(conn, shop_id, question_id, **asdict(way))
            await trail.mark_or_renew(conn, cast, row.id, now, source="system")
            await _tell(conn, cast, row, question_id, asked.locale, way, now)
            return True
    except DomainError:
        return False  # erased since it was looked for


async def _locked(conn: Connection, shop_id: str, question_id: str) -> tuple[Cast, OrderRow, Question]:
    """The order first, here as everywhere: locking in two orders, each would wait for the other."""
    order_id = (await questions.get_question(conn, shop_id, question_id)).order_id
    row = await orders.find_order_by_id(conn, shop_id, order_id, lock=True)
    asked = await questions.get_question(conn, shop_id, question_id, lock=True)
    assert row is not None
    return await shops.get_cast(conn, shop_id), row, asked


def _answerer(cast: Cast, asked: Question, person_id: str, as_owner: bool) -> Person:
    person = cast.people.get(person_id)
    if person is None or person.left_at is not None or not may_answer(asked, person, as_owner=as_owner):
        raise NotFound("There is no such question.")
    return person


def _receiver(cast: Cast, to: str) -> tuple[Person | None, str | None]:
    person = cast.person_by_handle(to)
    if person is not None and person.left_at is None:
        return person, person.team if person.team in cast.teams else None
    if to in cast.teams and works_somebody(cast, to):
        return None, to
    message = N_("Choose a colleague or a team who can answer.")
    raise Invalid(message, errors=[("to", message)])


def _has_it(asked: Question, person: Person | None, team: str | None) -> bool:
    if person is not None:
        return waits_for(asked) == "person" and asked.person_id == person.id
    return waits_for(asked) == "team" and asked.team == team


def _check_room(asked: list[Question], past: list[Event]) -> None:
    if sum(one.answered_at is None for one in asked) >= MOST_OPEN:
        raise Conflict("So many of your questions wait for an answer already. You can ask more when they have one.")
    if len(asked) >= MOST_OF_ONE_ORDER or trail.is_worn(past):
        raise Conflict("There are so many questions about this order that it takes no more. Please write to the shop.")


async def _tell(
    conn: Connection, cast: Cast, row: OrderRow, question_id: str, language: str, way: Way, now: int
) -> None:
    """To whom it waits for, to the owner once it is the owner's, else to those of the team who can answer it."""
    kind, readers = "question", [cast.people.get(way.person_id or "")]
    if way.to_owner_at == now:
        owner = await accounts.get_owner(conn, cast.shop.id)
        kind, readers = "question_owner", [cast.people.get(owner.person_id) if owner else None]
    elif way.to_team_at is not None:
        kind, readers = "question_team", [*speakers(way, language, cast)[:MOST_TOLD]]
    for reader in readers:
        if reader is not None and reader.email:
            once = f"question:{question_id}:{'owner' if kind == 'question_owner' else reader.id}:{now}"
            await _notice(
                conn, cast, row, kind, reader.email, cast.shop.locale, question_id, once, now, reader=reader.id
            )


async def _tell_customer(conn: Connection, cast: Cast, row: OrderRow, asked: Question, now: int) -> None:
    if row.email:
        once = f"answer:{asked.id}"
        await _notice(conn, cast, row, "answer", row.email, asked.locale, asked.id, once, now)


async def _notice(
    conn: Connection,
    cast: Cast,
    row: OrderRow,
    kind: str,
    to: str,
    locale: str,
    question_id: str,
    once: str,
    now: int,
    *,
    reader: str | None = None,
) -> None:
    """Without the words: they are read when the mail is made, so that what is erased meanwhile is not sent."""
    whose = {"person_id": reader} if reader else {}
    await outbox.insert_notice(
        conn,
        cast.shop.id,
        kind=kind,
        recipient=to,
        locale=locale,
        detail={"order_id": row.id, "order_number": row.number, "question_id": question_id, **whose},
        once=once,
        created_at=now,
    )
