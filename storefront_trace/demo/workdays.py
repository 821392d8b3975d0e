"""Instants of the last days at which people really are at work: Monday to Friday, never later than now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from storefront_trace.domain.moments import Moment, from_naive_local, tz

OPENS, CLOSES = 8, 16
FRIDAY = 4


@dataclass(frozen=True)
class Workdays:
    """`now` is aware. All days and clock times are the ones in `zone`."""

    now: datetime
    zone: str

    def day(self, back: int, clock: str) -> Moment:
        """At that time ("14.32") of the `back`-th working day before today; `back` is 1 or more."""
        hour, minute = clock.split(".")
        at = datetime.combine(self.behind(back), datetime.min.time())
        return from_naive_local(at.replace(hour=int(hour), minute=int(minute)), self.zone)

    def behind(self, days: int) -> date:
        """The `days`-th working day before today."""
        return _days_away(self._wall.date(), days, -1)

    def ahead(self, days: int) -> date:
        """The `days`-th working day after today."""
        return _days_away(self._wall.date(), days, 1)

    def ago(self, minutes: int) -> Moment:
        """So many minutes of working time ago: at night and on Sundays that is on the last working day."""
        at = self._last_at_work()
        while True:
            since_opening = (at - at.replace(hour=OPENS, minute=0)) // timedelta(minutes=1)
            if minutes <= since_opening:
                return from_naive_local(at - timedelta(minutes=minutes), self.zone)
            minutes -= since_opening
            at = _closing(_days_away(at.date(), 1, -1))

    @property
    def _wall(self) -> datetime:
        return self.now.astimezone(tz(self.zone)).replace(tzinfo=None, second=0, microsecond=0)

    def _last_at_work(self) -> datetime:
        wall = self._wall
        if wall.weekday() > FRIDAY or wall.hour < OPENS:
            return _closing(_days_away(wall.date(), 1, -1))
        return min(wall, _closing(wall.date()))


def _closing(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, CLOSES)


def _days_away(day: date, count: int, way: int) -> date:
    while count > 0:
        day += timedelta(days=way)
        count -= day.weekday() <= FRIDAY
    return day
