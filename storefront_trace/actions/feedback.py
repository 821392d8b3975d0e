"""Thanks and concerns: saved by the customer, answered by the person, taken care of by the owner."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from storefront_trace.actions import trail
from storefront_trace.actions.audit import note
from storefront_trace.actions.desk import Desk
from storefront_trace.actions.samples import refuse_of_sample
from storefront_trace.domain.clock import DAY, MINUTE, now_micros
from storefront_trace.domain.concerns import WARNED_DAYS
from storefront_trace.domain.errors import Conflict, Invalid, NotFound
from storefront_trace.domain.feedback import check_answer, parse_choice, shared_with_person, shares_at
from storefront_trace.domain.ids import new_id
from storefront_trace.domain.lifetimes import edit_ends_at
from storefront_trace.domain.moments import from_micros, to_micros
from storefront_trace.domain.orders import Event, taken_back
from storefront_trace.domain.shop import Cast, ShopStep
from storefront_trace.domain.wall import NOT_ASKED
from storefront_trace.storage import accounts, events, feedback, orders, outbox, people, talks
from storefront_trace.storage.database import Connection
from storefront_trace.storage.feedback import Feedback

# The wording, the order of the choices, and the channel: page, mail, or all (one tap for everybody).
ASKED = "2026-11 thanks,concern"
REPLY_LENGTH = 1000
SAME_ANSWER = 10 * MINUTE
MOST_EDITS = 50
# What an answer loses when its choice changes: it was done about the other one.
CARED = ("looking_at", "talked_at", "done_at", "shared_at", "outside_at", "side", "side_at")


@dataclass(frozen=True)
class Answer:
    """What came with the form. None means the form did not have the field: what was said before then stands."""

    choice: str
    chips: tuple[str, ...] | None = None
    words: str | None = None
    contact: bool | None = None
    locale: str = "en"
    channel: str = "page"


async def save_feedback(desk: Desk, shop_id: str, order_id: str, event_id: str, told: Answer) -> Feedback:
    """One answer per step and order: a second call edits the first, for 14 days. The same again changes nothing."""
    async with desk.db.write() as conn:
        cast = await desk.casts.get(conn, shop_id)
        row = await orders.find_order_by_id(conn, shop_id, order_id, lock=True)
        past = await events.list_events(conn, shop_id, order_id)
        event = _asked_about(cast, past, event_id)
        if row is None or event is None:
            raise NotFound("There is no such step to say something about.")
        refuse_of_sample(row)
        old = await feedback.find_feedback(conn, shop_id, order_id, _ids(event))
        values = _values(cast, cast.steps[event.step or ""], told, old)
        if old is not None and all(getattr(old, key) == value for key, value in values.items()):
            return old
        _check_room(past, old)
        now = now_micros()
        if old is None:
            saved_id = await _insert(conn, shop_id, row, _counted(cast, event), values, told, now)
        else:
            saved_id = await _edit(conn, shop_id, old, values, now)
        await trail.mark(conn, cast, order_id, past, now)
        if values["choice"] == "concern" and (old is None or old.choice != "concern"):
            await _tell_owner(conn, cast, saved_id, row.number, now)
        return await feedback.get_feedback(conn, shop_id, saved_id)


async def thank_steps(desk: Desk, shop_id: str, order_id: str, event_ids: Sequence[str], told: Answer) -> int:
    """Thanks for each of these steps that nothing has been said of, as one change of the page; how many those were.

    `told.channel` "all" says that one tap thanked everybody: it counts like any other thanks, and can be told apart.
    """
    async with desk.db.write() as conn:
        cast = await desk.casts.get(conn, shop_id)
        row = await orders.find_order_by_id(conn, shop_id, order_id, lock=True)
        past = await events.list_events(conn, shop_id, order_id)
        asked = [_asked_about(cast, past, event_id) for event_id in dict.fromkeys(event_ids)]
        if row is None or None in asked:
            raise NotFound("There is no such step to say something about.")
        refuse_of_sample(row)
        steps = {event.id: event for event in asked if event is not None}
        new = [
            event
            for event in steps.values()
            if await feedback.find_feedback(conn, shop_id, order_id, _ids(event)) is None
        ]
        if not new:
            return 0
        _check_room(past, None)
        now = now_micros()
        for event in new:
            values = _values(cast, cast.steps[event.step or ""], told, None)
            await _insert(conn, shop_id, row, _counted(cast, event), values, told, now)
        await trail.mark(conn, cast, order_id, past, now)
        return len(new)


async def reply(desk: Desk, shop_id: str, feedback_id: str, *, by_person: str, as_owner: bool, words: str) -> None:
    """Stands on the customer's page. Thanks are answered by whom they went to, concerns by the owner or, once
    shared, by the person. The same words again, from the same person, are one reply."""
    async with desk.db.write() as conn:
        cast = await desk.casts.get(conn, shop_id)
        said = await feedback.get_feedback(conn, shop_id, feedback_id)
        # The order first, here as in save_feedback: locking in two orders, each would wait for the other.
        await orders.find_order_by_id(conn, shop_id, said.order_id, lock=True)
        said = await feedback.get_feedback(conn, shop_id, feedback_id, lock=True)
        person = cast.people.get(by_person)
        if person is None or not (as_owner or may_see(cast, said, person.id, person.team)):
            raise NotFound("There is no such feedback.")
        words = _reply_words(words)  # not before: a refusal would say that there is such feedback
        earlier = (await feedback.list_replies(conn, shop_id, [feedback_id])).get(feedback_id, [])
        if any(r.words == words and r.person_id == by_person for r in earlier):
            return
        if len(earlier) >= 20:
            raise Conflict("There are twenty replies already. Talk to the customer instead.")
        now = now_micros()
        values = {"id": new_id(), "order_id": said.order_id, "feedback_id": said.id, "person_id": by_person}
        await feedback.insert_reply(conn, shop_id, **values, words=words, created_at=now)
        await note(conn, shop_id, "feedback.answered", "order", said.order_number, feedback=said.id)
        await trail.mark_or_renew(conn, cast, said.order_id, now, source="staff")


def may_see(cast: Cast, said: Feedback, person_id: str, team: str | None) -> bool:
    """Whether a person of staff may read it now: it is theirs or their team's, and a concern has been shared."""
    theirs = said.person_id == person_id or (said.person_id is None and said.team is not None and said.team == team)
    shared_at = from_micros(said.shared_at) if said.shared_at is not None else None
    since, now, days = from_micros(_concern_at(said)), from_micros(now_micros()), cast.shop.share_days
    outside = said.outside_at is not None
    return theirs and shared_with_person(parse_choice(said.choice), shared_at, since, now, outside, days)


def shares_by_itself_at(cast: Cast, said: Feedback) -> int:
    """When a concern that the owner leaves alone reaches the person (microseconds, UTC)."""
    return to_micros(shares_at(from_micros(_concern_at(said)), cast.shop.share_days))


def _concern_at(said: Feedback) -> int:
    return said.concern_at if said.concern_at is not None else said.created_at


def _reply_words(text: str) -> str:
    words = text.strip()
    if not 0 < len(words) <= REPLY_LENGTH:
        raise Invalid(
            "Write a line, at most 1000 characters.", errors=[("words", "Write between 1 and 1000 characters.")]
        )
    return words


def _check_room(past: list[Event], old: Feedback | None) -> None:
    edited = old is not None and len(old.history) >= MOST_EDITS
    if edited or trail.is_worn(past):
        raise Conflict(
            "Your answer has been changed so often that it stays as it is. Please write to the shop instead."
        )


def _asked_about(cast: Cast, past: list[Event], event_id: str) -> Event | None:
    """The event that stands for the step, by its own id or that of an earlier telling."""
    fallen = taken_back(past)
    steps = (e for e in past if e.kind == "step" and e.id not in fallen)
    event = next((e for e in steps if event_id in _ids(e)), None)
    if event is None or event.by_carrier:
        return None
    step = cast.steps.get(event.step or "")
    return event if step is not None and step.visible and step.asks_feedback else None


def _ids(event: Event) -> tuple[str, ...]:
    return (event.id, *event.earlier)


def _values(cast: Cast, step: ShopStep, told: Answer, old: Feedback | None) -> dict[str, Any]:
    if old is not None and now_micros() >= edit_ends_at(old.created_at):
        raise Conflict("Two weeks have passed since your answer, so it can no longer be changed.")
    same = old is not None and old.choice == told.choice
    chips = told.chips if told.chips is not None else (old.chips if old and same else ())
    words = told.words if told.words is not None else (old.words if old and same else "")
    contact = told.contact if told.contact is not None else bool(old and old.contact)
    offered = {key for key in step.chips if not (key in cast.chips and cast.chips[key].gone)}
    allowed = (*offered, *(old.chips if old else ()))  # the shop may have taken away what was said
    checked = check_answer(told.choice, chips, words, allowed=allowed, known=cast.chips)
    return {"choice": checked.choice, "chips": checked.chips, "words": checked.words, "contact": contact}


def _counted(cast: Cast, event: Event) -> Event:
    """As the answer counts: what is said of somebody who has left is their team's, else the shop's, see
    actions/left_behind.py."""
    person = cast.people.get(event.person_id or "")
    if person is None or person.left_at is None:
        return event
    return replace(event, person_id=None, team=event.team or person.team or "")


async def _insert(
    conn: Connection, shop_id: str, row: orders.OrderRow, event: Event, values: dict[str, Any], told: Answer, now: int
) -> str:
    saved_id = new_id()
    await feedback.insert_feedback(
        conn,
        shop_id,
        id=saved_id,
        order_id=row.id,
        event_id=event.id,
        order_number=row.number,
        step=event.step,
        person_id=event.person_id,
        team=event.team,
        **{**values, "chips": list(values["chips"])},
        first_name=row.first_name,
        locale=told.locale,
        asked=f"{ASKED} {told.channel}",
        created_at=now,
        concern_at=now if values["choice"] == "concern" else None,
        history=[],
    )
    return saved_id


async def _edit(conn: Connection, shop_id: str, old: Feedback, values: dict[str, Any], now: int) -> str:
    before = {"choice": old.choice, "chips": list(old.chips), "words": old.words, "until": now}
    history = list(old.history) if _goes_on(old, values, now) else [*old.history, before]
    changes = {**values, "chips": list(values["chips"]), "edited_at": now, "history": history}
    if (values["choice"], values["words"]) != (old.choice, old.words):
        changes |= NOT_ASKED
    if values["choice"] != old.choice:
        changes |= dict.fromkeys(CARED)
        changes["concern_at"] = now if values["choice"] == "concern" else None
        await talks.delete_talk(conn, shop_id, old.id)
    await feedback.update_feedback(conn, shop_id, old.id, **changes)
    return old.id


def _goes_on(old: Feedback, values: dict[str, Any], now: int) -> bool:
    """Chips tapped one after the other, or words added to a bare choice, are the same answer still being given."""
    fresh = now - (old.edited_at or old.created_at) < SAME_ANSWER
    return fresh and values["choice"] == old.choice and old.words in ("", values["words"])


async def _tell_owner(conn: Connection, cast: Cast, feedback_id: str, number: str, concern_at: int) -> None:
    """At once, and again shortly before the person sees it: see notify/concern.py."""
    owner = await accounts.get_owner(conn, cast.shop.id)
    person = await people.get_person_by_id(conn, cast.shop.id, owner.person_id) if owner else None
    if person is None or not person.email:
        return
    shared = to_micros(shares_at(from_micros(concern_at), cast.shop.share_days))
    told = [("concern", concern_at), ("concern_soon", shared - WARNED_DAYS * DAY)]
    for kind, due_at in told:
        if due_at < concern_at:
            continue
        await outbox.insert_notice(
            conn,
            cast.shop.id,
            kind=kind,
            recipient=person.email,
            locale=cast.shop.locale,
            detail={"order_number": number, "feedback_id": feedback_id, "person_id": person.id},
            once=f"{kind}:{feedback_id}:{concern_at}",  # thanks can become one again, which is news again
            created_at=concern_at,
            due_at=due_at,
        )
