"""The wall of thanks: the customer lets words be shown, the person says yes to it, the owner hangs them up."""

from __future__ import annotations

from storefront_trace.actions import trail
from storefront_trace.actions.audit import note
from storefront_trace.actions.desk import Desk
from storefront_trace.actions.feedback import may_see
from storefront_trace.actions.journal import remember
from storefront_trace.domain.clock import now_micros
from storefront_trace.domain.errors import Conflict, Invalid, NotFound
from storefront_trace.domain.ids import new_id
from storefront_trace.domain.links import PREFIXES, random_token, token_hash
from storefront_trace.domain.shop import Cast
from storefront_trace.domain.texts import label_within
from storefront_trace.domain.wall import (
    CUSTOMER_SAYS,
    CUSTOMERS_WORDING,
    MOST,
    MOST_CHANGES,
    PERSON_SAYS,
    PERSONS_WORDING,
)
from storefront_trace.storage import events, feedback, orders, wall
from storefront_trace.storage.database import Connection
from storefront_trace.storage.feedback import Feedback
from storefront_trace.storage.wall import Screen

MOST_SCREENS = 20


async def let_show(desk: Desk, shop_id: str, order_id: str, feedback_id: str, says: str, locale: str) -> None:
    """The customer's: "name", "nameless", or "no", which takes it back and is never refused. The same again changes
    nothing."""
    if says not in CUSTOMER_SAYS:
        raise Invalid("Choose one of the answers.", errors=[("wall", "Choose one of the answers.")])
    async with desk.db.write() as conn:
        cast = await desk.casts.get(conn, shop_id)
        await orders.find_order_by_id(conn, shop_id, order_id, lock=True)
        said = await feedback.get_feedback(conn, shop_id, feedback_id, lock=True)
        if said.order_id != order_id:
            raise NotFound("There is no such feedback.")
        shown = None if says == "no" else says
        if said.wall == shown:
            return
        now = now_micros()
        if shown is None:
            await feedback.update_feedback(conn, shop_id, said.id, wall=None, wall_put_at=None)
            await trail.mark_or_renew(conn, cast, order_id, now, source="customer")
            await _record(conn, shop_id, said, None, says, locale)
            await remember(desk, conn, shop_id, "wall", feedback=said.id, by_person=False)
        else:
            await _check_shows(conn, shop_id, said)
            await feedback.update_feedback(conn, shop_id, said.id, wall=shown)
            await trail.mark(conn, cast, order_id, await events.list_events(conn, shop_id, order_id), now)
            await _record(conn, shop_id, said, None, says, locale)


async def say(desk: Desk, shop_id: str, feedback_id: str, *, by_person: str, says: str, locale: str) -> None:
    """The person's own, or of one of the team that was thanked: "yes" or "no", changed at any time. Whatever was said
    before, after a no it no longer hangs there."""
    if says not in PERSON_SAYS:
        raise Invalid("Choose one of the answers.", errors=[("says", "Choose one of the answers.")])
    async with desk.db.write() as conn:
        cast = await desk.casts.get(conn, shop_id)
        said = await feedback.get_feedback(conn, shop_id, feedback_id, lock=True)
        if not is_asked(cast, said, by_person):
            raise NotFound("There is no such feedback.")
        if said.wall_person == says:
            return
        if says == "yes":
            await _check_shows(conn, shop_id, said)
        down = {"wall_put_at": None} if says == "no" else {}
        await feedback.update_feedback(conn, shop_id, said.id, wall_person=says, **down)
        await _record(conn, shop_id, said, by_person, says, locale)
        if says == "no":
            await remember(desk, conn, shop_id, "wall", feedback=said.id, by_person=True)


def is_asked(cast: Cast, said: Feedback, person_id: str) -> bool:
    """Whether it is this person's to say: the customer lets these words be shown, and they went to them or their
    team."""
    person = cast.people.get(person_id)
    theirs = person is not None and person.left_at is None and may_see(cast, said, person.id, person.team)
    return theirs and said.wall is not None and said.choice == "thanks" and bool(said.words)


async def put_up(desk: Desk, shop_id: str, feedback_id: str) -> None:
    """The owner's, and never without both yeses. Twice is once."""
    async with desk.db.write() as conn:
        now = now_micros()
        await feedback.get_feedback(conn, shop_id, feedback_id, lock=True)
        said = await wall.find_shown(conn, shop_id, now, feedback_id)
        if said is None:
            raise NotFound("One of the two has not said yes to it, or has taken it back.")
        if said.wall_put_at is not None:
            return
        if len(await wall.list_hung(conn, shop_id, now, limit=MOST)) >= MOST:
            raise Conflict("The wall is full. Take something down first.")
        await feedback.update_feedback(conn, shop_id, said.id, wall_put_at=now)
        await note(conn, shop_id, "feedback.hung", "order", said.order_number, feedback=said.id)


async def take_down(desk: Desk, shop_id: str, feedback_id: str) -> None:
    """Twice is once."""
    async with desk.db.write() as conn:
        said = await feedback.get_feedback(conn, shop_id, feedback_id, lock=True)
        if said.wall_put_at is not None:
            await feedback.update_feedback(conn, shop_id, said.id, wall_put_at=None)
            await note(conn, shop_id, "feedback.unhung", "order", said.order_number, feedback=said.id)


async def make_screen(desk: Desk, shop_id: str, name: str) -> tuple[Screen, str]:
    """(the screen, the token of its link). Only its hash is stored: the link is told now and never again."""
    name, now, token = label_within(name, 80, field="name"), now_micros(), random_token("wall")
    async with desk.db.write() as conn:
        if len(await wall.list_screens(conn, shop_id)) >= MOST_SCREENS:
            raise Conflict("There are many screens already. End those that are not used any more first.")
        made = Screen(shop_id, new_id(), name, now, None)
        await wall.insert_screen(conn, shop_id, id=made.id, name=name, token_hash=token_hash(token), created_at=now)
        await note(conn, shop_id, "shop.screen_made", "screen", made.id, name=name)
    return made, token


async def end_screen(desk: Desk, shop_id: str, screen_id: str) -> None:
    """Its link shows nothing any more. Twice is once."""
    async with desk.db.write() as conn:
        present = {one.id: one.name for one in await wall.list_screens(conn, shop_id)}
        if not await wall.update_screen_ended(conn, shop_id, screen_id, now_micros()):
            raise NotFound("There is no such screen.")
        if screen_id in present:
            await note(conn, shop_id, "shop.screen_ended", "screen", screen_id, name=present[screen_id])
            await remember(desk, conn, shop_id, "screen", screen=screen_id)


async def find_screen(desk: Desk, token: str) -> Screen | None:
    """The screen that has this link, if it has not ended."""
    if not token.startswith(PREFIXES["wall"]) or len(token) > 100:
        return None
    async with desk.db.read() as conn:
        found = await wall.find_screen(conn, token_hash(token))
    return found if found is not None and found.ended_at is None else None


async def _check_shows(conn: Connection, shop_id: str, said: Feedback) -> None:
    if said.choice != "thanks" or not said.words:
        raise Conflict("Only thanks in words can stand on the wall.")
    if await wall.count_consents(conn, shop_id, said.id) >= MOST_CHANGES:
        raise Conflict("This has been changed so often that it stays off the wall.")


async def _record(
    conn: Connection, shop_id: str, said: Feedback, person_id: str | None, says: str, locale: str
) -> None:
    await wall.insert_consent(
        conn,
        shop_id,
        id=new_id(),
        order_id=said.order_id,
        feedback_id=said.id,
        person_id=person_id,
        says=says,
        wording=PERSONS_WORDING if person_id else CUSTOMERS_WORDING,
        locale=locale,
        said_at=now_micros(),
    )
