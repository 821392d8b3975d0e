"""What needs the owner today: orders that nobody moves, days about to break, and what went silent around them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from storefront_trace.domain.calendar import Calendar, after_working, workdays_before, working_minutes

Kind = Literal["late", "due", "asked", "goods", "still", "off", "silent", "unheard", "mail", "letter"]

KINDS: tuple[Kind, ...] = ("late", "due", "asked", "goods", "still", "off", "silent", "unheard", "mail", "letter")
# A step that the shop has given no time of its own may take so many working days.
STILL_DAYS = 2
# A connection is silent after so many working days, if it spoke at least so often in the two weeks before.
SILENT_DAYS, SPOKE = 2, 10
# A new one should have been heard after a working day.
UNHEARD_DAYS = 1
DAY_MINUTES = 24 * 60


@dataclass(frozen=True, slots=True)
class Need:
    """One thing for the owner, with who has it. `since` in microseconds (UTC); `day` is an ISO day."""

    kind: Kind
    order: str = ""
    person_id: str | None = None
    team: str | None = None
    since: int = 0
    day: str | None = None
    thing: str = ""
    """What is waited for, what the connection is called, who has asked, or to whom a letter went."""
    key: str = ""
    """Of a question: its id. Of a letter: whose address it went to, by handle."""


def patience(calendar: Calendar, expected: int | None) -> int:
    """For how many minutes of working time an order may wait for a step before it stands still.

    `expected` are the minutes on the wall that the shop gave the step: a day of them is a working day here, and fewer
    count as they are. At least one working day, for the owner looks once a day.
    """
    if expected is None:
        return STILL_DAYS * calendar.length
    minutes = expected if expected < DAY_MINUTES else expected * calendar.length // DAY_MINUTES
    return max(minutes, calendar.length)


def stands_still(calendar: Calendar, expected: int | None, since: datetime, now: datetime) -> bool:
    return working_minutes(calendar, since, now) > patience(calendar, expected)


def next_workday(calendar: Calendar, now: datetime) -> datetime:
    """An instant on the next day on which the shop works: a promise that ends by then can still be kept today."""
    return after_working(calendar, now, calendar.length)


def is_silent(calendar: Calendar, spoke: int, seen: datetime, now: datetime) -> bool:
    """Whether a connection that spoke `spoke` times in the two weeks before has said nothing for too long."""
    return spoke >= SPOKE and seen < workdays_before(calendar, now, SILENT_DAYS)


def is_unheard(calendar: Calendar, created: datetime, now: datetime) -> bool:
    """Whether a connection that has never spoken is old enough for that to be a fault."""
    return created < workdays_before(calendar, now, UNHEARD_DAYS)


def once_each(needs: Iterable[Need]) -> list[Need]:
    """The most pressing first, and an order only with what is most pressing about it; whoever has asked something
    about it waits for words, whatever else it needs."""
    found: list[Need] = []
    seen: set[str] = set()
    for need in sorted(needs, key=lambda one: (KINDS.index(one.kind), one.day or "", one.since)):
        if need.kind != "asked":
            if need.order and need.order in seen:
                continue
            seen.add(need.order)
        found.append(need)
    return found
