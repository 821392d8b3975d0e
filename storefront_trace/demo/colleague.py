"""A simulated colleague: every half minute an order goes one step further, so that the page is seen to move.

Each step is logged as the one whose turn it is, with source "demo", and tells what a visitor did before it: the next
step is always read from the order as it stands.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from starlette.applications import Starlette

from storefront_trace import background
from storefront_trace.actions import orders, steps
from storefront_trace.actions.desk import Desk
from storefront_trace.actions.steps import StepToLog
from storefront_trace.demo.build import find_shop
from storefront_trace.demo.cast import LOCALE, ZONE
from storefront_trace.demo.stories import SOURCE, postnord
from storefront_trace.domain.clock import now_micros
from storefront_trace.domain.errors import DomainError
from storefront_trace.domain.incoming import IncomingLine, IncomingOrder
from storefront_trace.domain.moments import from_micros, tz
from storefront_trace.domain.orders import FINAL_STATES, SHIPPED, Parcel
from storefront_trace.domain.shop import Cast
from storefront_trace.storage import orders as order_rows
from storefront_trace.storage.orders import OrderRow

log = logging.getLogger(__name__)

# Until stop is set, or for so many seconds.
Pause = Callable[[asyncio.Event, float], Awaitable[None]]

FIRST_PAUSE = 6.0
SHORTEST, LONGEST = 20.0, 40.0
MOST_ORDERS = 60
KARIN = "1001"
# What the stories tell of these would no longer be true: they wait for a day, for Jocke, or for the visitor.
RESTING = frozenset((KARIN, "1007", "1010", "1011", "1012"))
CARRIERS = {"shipped": "in_transit", "in_transit": "out_for_delivery", "out_for_delivery": "delivered"}
EVENING = 16

NOTES = {
    "received": (
        "Tack för din beställning! Den går till lagret nu.",
        "Bra val. Den här brukar få folk att le i trappuppgången.",
        "Jag har läst din hälsning och skickat den vidare.",
    ),
    "packed": (
        "Packad med dubbelt papper och ett leende.",
        "Allt är med. Jag räknade två gånger.",
        "Lådan är precis lagom stor den här gången.",
    ),
}
CUSTOMERS = ("Birgit", "Mehmet", "Ebba", "Sofia", "Lukas", "Signe", "Arvid", "Zahra", "Henrik", "Mona", "Elsa", "Tomas")
GOODS = ("Badanka", "Kaktus med hatt", "Skrattande mugg", "Kort", "Oststrumpor", "Soltavla", "Två ljus")


async def simulate(app: Starlette, stop: asyncio.Event, *, pause: Pause | None = None) -> None:
    """Runs until `stop` is set. Whatever goes wrong with one step, the server goes on and so does the colleague."""
    pause = pause or background.pause
    dice = random.Random()
    desk: Desk = app.state.desk
    shop_id = await find_shop(desk)
    if shop_id is None:
        return
    await pause(stop, FIRST_PAUSE)
    while not stop.is_set():
        try:
            await take_turn(desk, shop_id, dice)
        except Exception:
            log.exception("the simulated colleague stumbled")
        await pause(stop, dice.uniform(SHORTEST, LONGEST))


async def take_turn(desk: Desk, shop_id: str, dice: random.Random) -> str | None:
    """The number of the order that moved or came in; None when there is nothing left to do."""
    async with desk.db.read() as conn:
        cast = await desk.casts.get(conn, shop_id)
        found = [row for row in await order_rows.list_orders(conn, shop_id, limit=1000) if row.source == SOURCE]
    if await _scan_karins_parcel(desk, shop_id):
        return KARIN
    for row in found:
        if _moves(row) and await _move(_Turn(desk, cast, row, dice)):
            return row.number
    return await _put_new_order(desk, shop_id, found, dice)


@dataclass(frozen=True)
class _Turn:
    desk: Desk
    cast: Cast
    row: OrderRow
    dice: random.Random


async def _scan_karins_parcel(desk: Desk, shop_id: str) -> bool:
    """The first thing to move is the first page one opens: her parcel passes a terminal, once."""
    told = StepToLog("in_transit", parcel=Parcel("1"), source=SOURCE, source_key=f"{KARIN}:terminal", carrier_scan=True)
    try:
        return not (await steps.log_step(desk, shop_id, KARIN, told)).again
    except DomainError:
        return False


def _moves(row: OrderRow) -> bool:
    return (
        row.number.isdigit()
        and row.number not in RESTING
        and row.state not in FINAL_STATES
        and _next_step(row) is not None
    )


def _next_step(row: OrderRow) -> str | None:
    if row.version == 1:
        return "received"  # until now it has only come in
    return CARRIERS.get(row.state) if row.position >= SHIPPED else row.next_step


async def _move(turn: _Turn) -> bool:
    """False when the rules refuse it: a visitor may have let somebody go, or changed the steps."""
    told = await _carried(turn) if turn.row.position >= SHIPPED else _handled(turn)
    try:
        await steps.log_step(turn.desk, turn.cast.shop.id, turn.row.number, told)
    except DomainError as refused:
        log.info("the simulated colleague leaves order %s: %s", turn.row.number, refused)
        return False
    return True


async def _carried(turn: _Turn) -> StepToLog:
    async with turn.desk.db.read() as conn:
        parcels = await order_rows.list_parcels(conn, turn.cast.shop.id, turn.row.id)
    parcel = Parcel(parcels[0].key) if parcels else None
    return StepToLog(_next_step(turn.row) or "", parcel=parcel, source=SOURCE, carrier_scan=True)


def _handled(turn: _Turn) -> StepToLog:
    key, number = _next_step(turn.row) or "", turn.row.number
    notes = NOTES.get(key, ()) if turn.row.locale == LOCALE else ()
    note = turn.dice.choice(notes) if notes and turn.dice.random() < 0.6 else None
    parcel = postnord(number) if key == "shipped" else None
    by = "jocke" if key == "received" else _whose_turn(turn.cast, turn.row)
    return StepToLog(
        key, by, note=note, hand_to="warehouse" if key == "received" else None, parcel=parcel, source=SOURCE
    )


def _whose_turn(cast: Cast, row: OrderRow) -> str | None:
    """The person it waits for; when it waits for the warehouse, Anders by day and Elias in the evening."""
    person = cast.people.get(row.waiting_person_id or "")
    if person is not None:
        return person.handle
    if row.waiting_team != "warehouse":
        return None
    return "anders" if _now().hour < EVENING else "elias"


async def _put_new_order(desk: Desk, shop_id: str, found: Sequence[OrderRow], dice: random.Random) -> str | None:
    if len(found) >= MOST_ORDERS:
        return None
    number = str(max(int(row.number) for row in found if row.number.isdigit()) + 1)
    name = CUSTOMERS[int(number) % len(CUSTOMERS)]
    goods = dice.sample(GOODS, dice.randint(1, 3))
    seen = await _pictures(desk, shop_id, found)
    told = IncomingOrder(
        number,
        None,
        _now(),
        ZONE,
        "minute",
        customer_first_name=name,
        customer_email=f"{name.lower()}@example.com",
        locale=LOCALE,
        lines=tuple(
            IncomingLine(str(place), title, 1, image_url=seen.get(title)) for place, title in enumerate(goods, 1)
        ),
    )
    await orders.put_order(desk, shop_id, told, source=SOURCE)
    return number


async def _pictures(desk: Desk, shop_id: str, found: Sequence[OrderRow]) -> dict[str, str | None]:
    """By title, as they stand on the orders there are."""
    async with desk.db.read() as conn:
        lines = [line for row in found for line in await order_rows.list_lines(conn, shop_id, row.id)]
    return {line.title: line.image_url for line in lines}


def _now() -> datetime:
    return from_micros(now_micros()).astimezone(tz(ZONE))
