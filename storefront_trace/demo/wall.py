"""The demo's wall of thanks: most customers and colleagues have said yes, Maria has hung most of it up."""

from __future__ import annotations

from storefront_trace.actions import wall
from storefront_trace.actions.desk import Desk
from storefront_trace.demo.cast import LOCALE, STAFF
from storefront_trace.domain.clock import DAY, now_micros
from storefront_trace.storage import feedback, people
from storefront_trace.storage.feedback import Feedback

SCREEN = "Vid kassan"
# Of the last weeks: what is older comes down when its customer's page ends.
BACK = 40 * DAY
MOST = 18
NAMELESS, UNHUNG = 5, 6
# Whoever tries the demo as this order's customer finds the question on her page.
OPEN = "1001"


async def hang(desk: Desk, shop_id: str) -> None:
    async with desk.db.read() as conn:
        found = await feedback.list_feedback(
            conn, shop_id, choice="thanks", since=now_micros() - BACK, newest_first=True, limit=200
        )
        colleagues = await people.list_people(conn, shop_id)
    by_team = {one.team: one.id for one in colleagues if one.left_at is None}
    anders = next(one.id for one in colleagues if one.handle == STAFF)
    said = [one for one in found if one.words and one.order_number != OPEN][:MOST]
    asked = next((one for one in said if one.person_id == anders), None)
    for place, one in enumerate(said):
        says = "nameless" if place % NAMELESS == NAMELESS - 1 else "name"
        await wall.let_show(desk, shop_id, one.order_id, one.id, says, LOCALE)
        if one is asked:  # waits for whoever tries the demo as Anders
            continue
        await wall.say(desk, shop_id, one.id, by_person=_who(one, by_team), says="yes", locale=LOCALE)
        if place % UNHUNG != UNHUNG - 1:
            await wall.put_up(desk, shop_id, one.id)


def _who(said: Feedback, by_team: dict[str | None, str]) -> str:
    return said.person_id or by_team[said.team]


async def screen_token(desk: Desk, shop_id: str) -> str:
    """The token of its link."""
    return (await wall.make_screen(desk, shop_id, SCREEN))[1]
