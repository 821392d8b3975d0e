"""Thanks on their way to the wall, as far as a test wants them there."""

from __future__ import annotations

from storefront_trace.actions import feedback, wall
from storefront_trace.actions.feedback import Answer
from storefront_trace.actions.steps import StepToLog, log_step
from storefront_trace.domain.clock import now_micros
from storefront_trace.storage import feedback as rows
from storefront_trace.storage import wall as wall_rows
from storefront_trace.storage.feedback import Feedback
from tests.people import Shop


async def thanked(shop: Shop, words: str, *, number: str = "1001", by: str | None = "anders") -> Feedback:
    """Karin has thanked for the packing; without `by` the warehouse team."""
    order_id = await shop.order(number)
    event = (await log_step(shop.desk, shop.id, number, StepToLog("packed", by))).event.id
    return await feedback.save_feedback(shop.desk, shop.id, order_id, event, Answer("thanks", words=words, locale="sv"))


async def customer_says(shop: Shop, said: Feedback, says: str = "name") -> None:
    await wall.let_show(shop.desk, shop.id, said.order_id, said.id, says, "sv")


async def person_says(shop: Shop, said: Feedback, says: str = "yes", *, who: str = "anders") -> None:
    person = await shop.person_id(who)
    await wall.say(shop.desk, shop.id, said.id, by_person=person, says=says, locale="sv")


async def on_the_wall(
    shop: Shop,
    words: str,
    *,
    number: str = "1001",
    by: str | None = "anders",
    says: str = "name",
    put: bool = True,
) -> Feedback:
    """With both yeses and, unless the owner has not `put` it there, on the wall."""
    said = await thanked(shop, words, number=number, by=by)
    await customer_says(shop, said, says)
    await person_says(shop, said, who=by or "anders")
    if put:
        await wall.put_up(shop.desk, shop.id, said.id)
    return said


async def hanging(shop: Shop) -> list[str]:
    """The words on the wall, newest first."""
    async with shop.desk.db.read() as conn:
        return [one.words for one in await wall_rows.list_hung(conn, shop.id, now_micros(), limit=100)]


async def reread(shop: Shop, said: Feedback) -> Feedback:
    async with shop.desk.db.read() as conn:
        return await rows.get_feedback(conn, shop.id, said.id)
