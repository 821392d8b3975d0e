from __future__ import annotations

import json
import random
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storefront_trace.domain.calendar import Calendar, after_working, read_calendar
from storefront_trace.domain.estimate import SLOW, Days, estimate
from storefront_trace.domain.moments import from_micros, from_naive_local, to_micros
from storefront_trace.domain.pace import LEAST, Finished, Passed, driving_weekdays, pace_of, way_of

ZONE = "Europe/Stockholm"
CALENDAR = read_calendar({"public": {"days": ["2026-12-24", "2026-12-25", "2026-12-26"]}}, ZONE)


def at(text: str) -> int:
    return to_micros(from_naive_local(datetime.fromisoformat(text), ZONE).instant)


def later(day: date, driving_days: int, weekdays: Sequence[int] = (1, 2, 3, 4, 5)) -> date:
    while driving_days:
        day += timedelta(days=1)
        driving_days -= day.isoweekday() in weekdays
    return day


def order(day: date, to_pack: int, driving_days: int, carrier: str = "PostNord") -> Finished:
    """Received at ten that day, packed after so many minutes of working time, sent an hour later."""
    received = from_naive_local(datetime(day.year, day.month, day.day, 10), ZONE).instant
    packed = after_working(CALENDAR, received, to_pack)
    sent = after_working(CALENDAR, packed, 60)
    home = later(sent.date(), driving_days)
    steps = (
        Passed("received", 10, to_micros(received), "minute"),
        Passed("packed", 30, to_micros(packed), "minute"),
        Passed("shipped", 40, to_micros(sent), "minute"),
        Passed("delivered", 70, at(f"{home}T14:00"), "minute"),
    )
    return Finished(steps, carrier)


def workdays(first: date) -> list[date]:
    return [first + timedelta(days=n) for n in range(200) if CALENDAR.works_on(first + timedelta(days=n))]


def pace(orders: Sequence[Finished]) -> dict[str, Any]:
    """As it comes out of the database."""
    ways = [way for way in (way_of(one, CALENDAR) for one in orders) if way is not None]
    found: dict[str, Any] = json.loads(json.dumps(pace_of(ways, CALENDAR)))
    return found


STEADY = pace([order(day, 240, 2) for day in workdays(date(2026, 3, 2))[:40]])


def received(when: str) -> list[Passed]:
    return [Passed("received", 10, at(when), "minute")]


def test_a_steady_shop_is_told_to_the_day() -> None:
    monday = received("2026-11-16T10:00")
    assert estimate(monday, None, STEADY, CALENDAR, at("2026-11-16T10:05")) == Days("2026-11-18", "2026-11-18")


def test_one_parcel_of_several_tells_how_its_carrier_drives_and_nothing_of_the_shop() -> None:
    days = workdays(date(2026, 3, 2))
    whole = [order(day, 240, 2) for day in days[:30]]
    parts = [
        Finished(one.steps[2:], one.carrier, part=True) for one in (order(day, 900, 4, "DHL") for day in days[:30])
    ]
    alone, taught = pace(whole), pace([*whole, *parts])
    assert (taught["orders"], taught["left"]) == (30, alone["left"])
    assert taught["carried"]["dhl"] == {"shipped": [0, 0, 0, 0, 30]}
    assert pace([*whole[1:], *parts]) == {"orders": 29}


def test_nights_weekends_and_holidays_are_left_out() -> None:
    friday = received("2026-11-20T16:00")
    assert estimate(friday, None, STEADY, CALENDAR, at("2026-11-20T16:05")) == Days("2026-11-25", "2026-11-25")
    christmas = received("2026-12-23T15:00")
    assert estimate(christmas, None, STEADY, CALENDAR, at("2026-12-23T15:05")) == Days("2026-12-30", "2026-12-30")


def test_what_was_not_sent_by_closing_time_is_not_sent_today() -> None:
    mixed = pace([order(day, n % 2 * 480, 2) for n, day in enumerate(workdays(date(2026, 3, 2))[:60])])
    place = received("2026-11-16T10:00")
    before, after = (estimate(place, None, mixed, CALENDAR, at(f"2026-11-16T{clock}")) for clock in ("16:59", "17:00"))
    assert (before, after) == (Days("2026-11-18", "2026-11-19"), Days("2026-11-19", "2026-11-19"))


def test_an_order_slower_than_all_before_it_has_no_day() -> None:
    place = received("2026-11-16T10:00")
    assert estimate(place, None, STEADY, CALENDAR, at("2026-11-18T09:00")) is SLOW
    sent = [*place, Passed("shipped", 40, at("2026-11-16T16:00"), "minute")]
    assert estimate(sent, "PostNord", STEADY, CALENDAR, at("2026-11-18T23:00")) == Days("2026-11-18", "2026-11-18")
    assert estimate(sent, "PostNord", STEADY, CALENDAR, at("2026-11-19T00:00")) is SLOW


def test_with_too_few_finished_orders_we_keep_quiet() -> None:
    days = workdays(date(2026, 3, 2))
    few, enough = (pace([order(day, 240, 2) for day in days[:amount]]) for amount in (LEAST - 1, LEAST))
    assert few == {"orders": LEAST - 1}
    place, now = received("2026-11-16T10:00"), at("2026-11-16T10:05")
    assert estimate(place, None, few, CALENDAR, now) is None
    assert estimate(place, None, None, CALENDAR, now) is None
    assert estimate(place, None, enough, CALENDAR, now) is not None


def test_a_step_that_few_orders_passed_leaves_the_estimate_to_the_one_before() -> None:
    place = [*received("2026-11-16T10:00"), Passed("engraved", 25, at("2026-11-16T11:00"), "minute")]
    assert estimate(place, None, STEADY, CALENDAR, at("2026-11-16T11:05")) == Days("2026-11-18", "2026-11-18")


def test_a_slow_carriers_parcels_are_its_own() -> None:
    days = workdays(date(2026, 1, 12))[:90]
    both = pace([order(day, 240, *((7, "Sjöfrakt") if n % 3 == 0 else (1, "DHL"))) for n, day in enumerate(days)])
    sent = [Passed("shipped", 40, at("2026-11-16T16:00"), "minute")]
    now = at("2026-11-16T16:05")
    assert estimate(sent, "DHL", both, CALENDAR, now) == Days("2026-11-17", "2026-11-17")
    assert estimate(sent, "SJÖFRAKT", both, CALENDAR, now) == Days("2026-11-25", "2026-11-25")
    assert estimate(sent, "Nobody knows", both, CALENDAR, now) == Days("2026-11-17", "2026-11-25")


def test_a_carrier_drives_on_the_weekdays_on_which_it_has_come() -> None:
    saturday = date(2026, 11, 21).toordinal()
    weekdays = [date(2026, 11, 16).toordinal() + n for n in range(5)]
    assert driving_weekdays([*weekdays * 4, saturday]) == [1, 2, 3, 4, 5]
    assert driving_weekdays([*weekdays * 4, saturday, saturday]) == [1, 2, 3, 4, 5, 6]


def test_a_step_known_to_the_day_alone_counts_from_the_middle_of_it() -> None:
    place = [Passed("received", 10, at("2026-11-16T00:00"), "day")]
    assert estimate(place, None, STEADY, CALENDAR, at("2026-11-16T08:00")) == Days("2026-11-19", "2026-11-19")


@pytest.mark.parametrize("steps", [("received", "delivered"), ("received", "shipped"), ("received",)])
def test_an_order_that_does_not_tell_when_it_left_and_came_teaches_nothing(steps: tuple[str, ...]) -> None:
    whole = order(date(2026, 11, 16), 100, 2)
    assert way_of(Finished(tuple(one for one in whole.steps if one.step in steps), None), CALENDAR) is None


def test_the_steps_have_their_median_and_ninth_decile_of_working_time() -> None:
    orders = [order(day, 10 * (n + 1), 2) for n, day in enumerate(workdays(date(2026, 3, 2))[:40])]
    assert pace(orders)["steps"]["packed"] == [40, 200, 360]


def test_nine_in_ten_hold_for_orders_like_those_before() -> None:
    days = workdays(date(2026, 1, 12))
    held = asked = 0
    for seed in range(20):
        chance = random.Random(seed)
        waits = ((int(200 * chance.lognormvariate(0, 0.8)), chance.choice((1, 1, 2, 2, 3, 5))) for _ in range(160))
        some = [order(days[place // 2], *both) for place, both in enumerate(waits)]
        known = pace(some[: 40 + 4 * seed])
        for one in some[40 + 4 * seed :]:
            found = estimate(one.steps[:1], None, known, CALENDAR, one.steps[0].at)
            assert found is not None
            home = from_micros(one.steps[-1].at).date().isoformat()
            held += found.day_from <= home <= found.day_to
            asked += 1
    assert 0.9 <= held / asked < 0.98


@settings(max_examples=100)
@given(st.integers(0, 60 * 24 * 30), st.sampled_from(["Europe/Stockholm", "America/St_Johns", "Pacific/Kiritimati"]))
def test_an_estimate_is_never_a_day_that_has_passed(minutes: int, zone: str) -> None:
    calendar = Calendar(zone=zone)
    now = at("2026-10-20T09:00") + minutes * 60_000_000
    found = estimate(received("2026-10-20T09:00"), None, STEADY, calendar, now)
    assert found is SLOW or found is None or found.day_to >= found.day_from >= "2026-10-20"


def test_a_shop_that_splits_most_of_its_orders_still_learns_from_the_whole_ones() -> None:
    days = workdays(date(2026, 3, 2))[:40]
    whole = [order(day, 240, 2) for day in days]
    parts = [Finished(one.steps[2:], one.carrier, part=True) for one in whole for _ in range(20)]
    assert pace([*whole, *parts])["left"] == pace(whole)["left"] != {}
