"""What the owner does about a concern: looks into it, talks it over, shares it, closes it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from storefront_trace.actions import trail
from storefront_trace.actions.audit import note
from storefront_trace.actions.desk import Desk
from storefront_trace.actions.feedback import may_see
from storefront_trace.domain.clock import now_micros
from storefront_trace.domain.concerns import LONGEST_NOTE, check_notes
from storefront_trace.domain.errors import N_, Conflict, Invalid, NotAllowed, NotFound
from storefront_trace.domain.shop import Cast
from storefront_trace.domain.texts import words_within
from storefront_trace.storage import feedback, orders, talks
from storefront_trace.storage.database import Connection
from storefront_trace.storage.feedback import Feedback

OWN_STEP = N_("It is about your own step: another owner decides whether that was outside your control.")
NOBODY = N_("It is about a team's step, or about somebody who has left. Close it when you have taken care of it.")
NOTHING = N_("Write something first, in any of the fields.")
Changes = dict[str, Any]


async def mark_looking(desk: Desk, shop_id: str, feedback_id: str) -> None:
    """The owner is looking into it."""
    await _change(desk, shop_id, feedback_id, "feedback.looking", _once("looking_at"))


async def share_now(desk: Desk, shop_id: str, feedback_id: str) -> None:
    """The person sees the concern from now on; left alone it is shared by itself after the shop's days (14)."""
    await _change(desk, shop_id, feedback_id, "feedback.shared", _once("shared_at"))


async def mark_done(desk: Desk, shop_id: str, feedback_id: str) -> None:
    """The owner has taken care of it. It stays where it is counted."""
    await _change(desk, shop_id, feedback_id, "feedback.done", _once("done_at"))


async def reopen(desk: Desk, shop_id: str, feedback_id: str) -> None:
    """Back to where it was before it was closed."""
    await _change(
        desk, shop_id, feedback_id, "feedback.reopened", lambda said, now: {"done_at": None} if said.done_at else {}
    )


async def mark_outside(desk: Desk, shop_id: str, feedback_id: str, *, by_person: str | None = None) -> None:
    """Outside this person's control: it leaves the person's view and numbers, and stays in the shop's. Nobody says
    that of their own step (NotAllowed)."""

    def outside(said: Feedback, now: int) -> Changes:
        if by_person is not None and said.person_id == by_person:
            raise NotAllowed(OWN_STEP)
        return _once("outside_at")(said, now)

    await _change(desk, shop_id, feedback_id, "feedback.outside", outside)


async def note_talk(desk: Desk, shop_id: str, feedback_id: str, *, by_person: str, notes: Mapping[str, str]) -> None:
    """They have talked, so the person sees the concern and these notes from now on. Saved again, the notes change.

    `notes` as in domain/concerns.py PROMPTS. Invalid when all of them are empty the first time: nothing is shared by a
    slip of the hand; later they may be taken away. Conflict when there is nobody to talk with, or when it was outside
    the person's control; NotAllowed about one's own step.
    """
    kept = check_notes(notes)

    async def save(conn: Connection, cast: Cast, said: Feedback, now: int) -> Changes:
        person = cast.people.get(said.person_id or "")
        if person is None or person.left_at is not None or said.outside_at is not None:
            raise Conflict(NOBODY)
        if person.id == by_person:
            raise NotAllowed(N_("It is about your own step: there is nobody else to talk with."))
        earlier = await talks.find_talk(conn, shop_id, said.id)
        if earlier is None:
            if not kept:
                raise Invalid(NOTHING, errors=[("intent", NOTHING)])
            whose = {"feedback_id": said.id, "order_id": said.order_id, "person_id": person.id}
            await talks.insert_talk(conn, shop_id, **whose, by_person=by_person, notes=kept, created_at=now)
        elif earlier.notes != kept:
            await talks.update_talk(conn, shop_id, said.id, notes=kept, by_person=by_person, edited_at=now)
            await note(conn, shop_id, "feedback.talk_changed", "order", said.order_number, feedback=said.id)
        stamps = ("looking_at", "shared_at", "talked_at")
        return {name: now for name in stamps if getattr(said, name) is None}

    await _save(desk, shop_id, feedback_id, "feedback.talked", save)


async def take_along(desk: Desk, shop_id: str, feedback_id: str, *, by_person: str, words: str) -> None:
    """What the person takes with them from the talk, in their own words; "" takes it away. The owner reads it."""
    async with desk.db.write() as conn:
        cast = await desk.casts.get(conn, shop_id)
        said = await feedback.get_feedback(conn, shop_id, feedback_id, lock=True)
        talk = await talks.find_talk(conn, shop_id, feedback_id)
        person = cast.people.get(by_person)
        if person is None or talk is None or talk.person_id != person.id:
            raise NotFound("There is no such talk.")
        if not may_see(cast, said, person.id, person.team):
            raise NotFound("There is no such talk.")
        words = words_within(words, LONGEST_NOTE, field="takeaways")
        if words != (talk.takeaways or ""):
            at = now_micros() if words else None
            await talks.update_talk(conn, shop_id, feedback_id, takeaways=words or None, takeaways_at=at)


def _once(column: str) -> Callable[[Feedback, int], Changes]:
    """Twice is once: the first instant stands."""
    return lambda said, now: {column: now} if getattr(said, column) is None else {}


async def _change(
    desk: Desk, shop_id: str, feedback_id: str, deed: str, change: Callable[[Feedback, int], Changes]
) -> None:
    async def save(conn: Connection, cast: Cast, said: Feedback, now: int) -> Changes:
        return change(said, now)

    await _save(desk, shop_id, feedback_id, deed, save)


async def _save(desk: Desk, shop_id: str, feedback_id: str, deed: str, save: Callable[..., Any]) -> None:
    """The customer's page says who sees it, so it moves with every change."""
    async with desk.db.write() as conn:
        cast = await desk.casts.get(conn, shop_id)
        said = await feedback.get_feedback(conn, shop_id, feedback_id)
        # The order first, as in reply.
        await orders.find_order_by_id(conn, shop_id, said.order_id, lock=True)
        said = await feedback.get_feedback(conn, shop_id, feedback_id, lock=True)
        if said.choice != "concern":
            raise NotAllowed("Thanks have reached the person already.")
        now = now_micros()
        changes = await save(conn, cast, said, now)
        if changes:
            await feedback.update_feedback(conn, shop_id, feedback_id, **changes)
            await note(conn, shop_id, deed, "order", said.order_number, feedback=said.id)
            await trail.mark_or_renew(conn, cast, said.order_id, now, source="staff")
