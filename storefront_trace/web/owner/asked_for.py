"""Which answers are asked for: what stands in the URL, so that a figure can lead to them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from storefront_trace.domain.clock import DAY, now_micros
from storefront_trace.domain.moments import start_of_day, to_micros
from storefront_trace.domain.shop import Cast
from storefront_trace.web.owner.figures import PERIODS

CHOICES = ("thanks", "concern")


@dataclass(frozen=True)
class Wanted:
    """What is not known is as if nothing stood there. `days` is 0 for everything; `week` is its first day."""

    step: str = ""
    choice: str = ""
    days: int = 0
    week: str = ""

    @classmethod
    def of(cls, params: Mapping[str, str], cast: Cast) -> Wanted:
        step, choice, days = params.get("step", ""), params.get("choice", ""), params.get("days", "")
        week = _day(params.get("week", ""))
        return cls(
            step if step in cast.steps else "",
            choice if choice in CHOICES else "",
            0 if week or days not in {str(known) for known in PERIODS} else int(days),
            week,
        )

    @property
    def query(self) -> str:
        """As it stands in a URL, "?" included; "" when everything is asked for."""
        named = {"step": self.step, "choice": self.choice, "days": self.days, "week": self.week}
        found = urlencode({name: value for name, value in named.items() if value})
        return f"?{found}" if found else ""

    def filters(self, cast: Cast) -> dict[str, Any]:
        """For `figures.list_answers`."""
        since, until = 0, None
        if self.days:
            since = now_micros() - self.days * DAY
        if self.week:
            first = date.fromisoformat(self.week)
            since, until = (to_micros(start_of_day(first + timedelta(days=n), cast.shop.zone)) for n in (0, 7))
        return {"since": since, "until": until, "step": self.step or None, "choice": self.choice or None}


def _day(text: str) -> str:
    """Within the years that a shop can have."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return ""
    return day.isoformat() if 2000 <= day.year <= 2100 else ""
