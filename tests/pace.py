"""A shop's history, made up: forty orders that were packed four working hours after they came in."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from storefront_trace.domain.calendar import after_working, read_calendar
from storefront_trace.domain.moments import from_naive_local, to_micros
from storefront_trace.domain.pace import Finished, Passed, pace_of, way_of
from storefront_trace.storage import shops
from tests.people import Shop

ZONE = "Europe/Stockholm"
CALENDAR = read_calendar(None, ZONE)


def history(driving_days: tuple[int, ...] = (2,), amount: int = 40) -> list[Finished]:
    """One order a working day from March on, received at ten; the driving days are taken in turn."""
    days = (date(2026, 3, 2) + timedelta(days=n) for n in range(400))
    working = [day for day in days if CALENDAR.works_on(day)][:amount]
    return [_order(day, driving_days[place % len(driving_days)]) for place, day in enumerate(working)]


async def has_history(shop: Shop, driving_days: tuple[int, ...] = (2,), amount: int = 40) -> None:
    """Gives the shop the pace of that history."""
    ways = [way for way in (way_of(one, CALENDAR) for one in history(driving_days, amount)) if way is not None]
    async with shop.desk.db.write() as conn:
        await shops.update_shop(conn, shop.id, pace=pace_of(ways, CALENDAR))
        await shops.update_generation(conn, shop.id)


def _order(day: date, driving_days: int) -> Finished:
    received = from_naive_local(datetime(day.year, day.month, day.day, 10), ZONE).instant
    packed = after_working(CALENDAR, received, 240)
    sent = after_working(CALENDAR, packed, 60)
    home = sent
    while driving_days:
        home += timedelta(days=1)
        driving_days -= home.isoweekday() <= 5
    moments = (("received", 10, received), ("packed", 30, packed), ("shipped", 40, sent), ("delivered", 70, home))
    return Finished(tuple(Passed(step, place, to_micros(at), "minute") for step, place, at in moments), "PostNord")
