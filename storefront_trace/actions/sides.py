"""What a person says of a concern that was shared with them: for the owner, never for the customer."""

from __future__ import annotations

from storefront_trace.actions.desk import Desk
from storefront_trace.actions.feedback import may_see
from storefront_trace.domain.clock import now_micros
from storefront_trace.domain.errors import Conflict, NotFound
from storefront_trace.domain.lifetimes import edit_ends_at
from storefront_trace.domain.texts import words_within
from storefront_trace.storage import feedback
from storefront_trace.storage.feedback import Feedback

LONGEST_SIDE = 1000


async def say_side(desk: Desk, shop_id: str, feedback_id: str, *, by_person: str, words: str) -> None:
    """Changed, or taken away with "", for 14 days from when it was first said; then it stands. A team has no side:
    nobody speaks for the others."""
    async with desk.db.write() as conn:
        cast = await desk.casts.get(conn, shop_id)
        said = await feedback.get_feedback(conn, shop_id, feedback_id, lock=True)
        person = cast.people.get(by_person)
        if person is None or not may_say_side(said, person.id) or not may_see(cast, said, person.id, person.team):
            raise NotFound("There is no such feedback.")
        words = words_within(words, LONGEST_SIDE, field="side")
        if (said.side or "") == words:
            return
        if not is_open(said, now := now_micros()):
            raise Conflict("Two weeks have passed since you wrote your side, so it stands as it is.")
        await feedback.update_feedback(conn, shop_id, said.id, side=words or None, side_at=said.side_at or now)


def may_say_side(said: Feedback, person_id: str) -> bool:
    return said.choice == "concern" and said.person_id == person_id


def is_open(said: Feedback, now: int) -> bool:
    return said.side_at is None or now < edit_ends_at(said.side_at)
