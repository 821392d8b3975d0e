"""Every state that a customer's page can be in, as real orders of the demo shop: what /demo/states shows.

They are written in one transaction, so that the first start stays fast, and wait for nobody whom one signs in as.
"""

from __future__ import annotations

import asyncio
from datetime import timedelta

from starlette.applications import Starlette

from storefront_trace.actions import corrections, feedback, history, steps
from storefront_trace.actions.desk import Desk
from storefront_trace.actions.feedback import Answer
from storefront_trace.actions.history import PastAnswer, PastOrder, PastStep
from storefront_trace.actions.steps import StepToLog
from storefront_trace.demo.cast import LOCALE
from storefront_trace.demo.states import TITLES, State, states
from storefront_trace.demo.stories import Teller
from storefront_trace.domain.moments import Moment
from storefront_trace.domain.orders import Event
from storefront_trace.storage import events
from storefront_trace.storage import orders as order_rows
from storefront_trace.storage import people as person_rows
from storefront_trace.web.customer.states import Example

# Not the demo's own source: the simulated colleague leaves these as they are.
GALLERY = "gallery"
A_DAY_LATE = "Den kom en dag senare än det stod."


async def make_gallery(desk: Desk, shop_id: str, tell: Teller) -> None:
    """Again it changes nothing."""
    found = states(tell)
    new = await history.record_history(desk, shop_id, [_past(one) for one in found], source=GALLERY)
    if new == len(found):
        await _talk(desk, shop_id, next(one.order.number for one in found if one.talks))
        await _take_back(desk, shop_id, next(one.order.number for one in found if one.takes_back), tell.days.ago(35))


async def show_gallery(app: Starlette, stop: asyncio.Event) -> None:
    """Opens /demo/states in this process; without it the page is not there."""
    app.state.gallery = tuple(Example(number, group, title) for number, (group, title) in TITLES.items())


def _past(state: State) -> PastOrder:
    """A concern that the owner has taken care of: the demo's own two are the ones that wait."""
    return PastOrder(
        state.order, tuple(PastStep(told, _concern(told) if state.talks else None) for told in state.steps)
    )


def _concern(told: StepToLog) -> PastAnswer | None:
    if told.step != "shipped" or told.at is None:
        return None
    return PastAnswer("concern", told.at.instant + timedelta(days=2), ("late",), A_DAY_LATE)


async def _talk(desk: Desk, shop_id: str, number: str) -> None:
    """Thanks, with an answer, for who packed."""
    order_id, logged = await _logged(desk, shop_id, number)
    packed = next(one.id for one in logged if one.step == "packed")
    thanks = Answer("thanks", ("well_packed",), "Så fint packat, och så roligt kort!", locale=LOCALE)
    saved = await feedback.save_feedback(desk, shop_id, order_id, packed, thanks)
    async with desk.db.read() as conn:
        lisa = await person_rows.get_person(conn, shop_id, "lisa")
    await feedback.reply(desk, shop_id, saved.id, by_person=lisa.id, as_owner=False, words="Det gläder mig!")


async def _take_back(desk: Desk, shop_id: str, number: str, at: Moment) -> None:
    _, logged = await _logged(desk, shop_id, number)
    wrong = next(one.id for one in logged if one.step == "packed")
    why = "Fel storlek låg i lådan."
    await corrections.correct_event(desk, shop_id, number, wrong, by="elias", reason=why, source=GALLERY)
    again = StepToLog("packed", "elias", at, "Nu är det rätt storlek.", source=GALLERY, hand_to="elias")
    await steps.log_step(desk, shop_id, number, again)


async def _logged(desk: Desk, shop_id: str, number: str) -> tuple[str, list[Event]]:
    async with desk.db.read() as conn:
        row = await order_rows.get_order(conn, shop_id, number)
        return row.id, await events.list_events(conn, shop_id, row.id)
