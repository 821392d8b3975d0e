"""What was counted over the last 90 days."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from storefront_trace.domain.clock import DAY, now_micros
from storefront_trace.domain.ladder import REPORT_DAYS, TREND_WEEKS
from storefront_trace.domain.shop import Cast
from storefront_trace.storage import reports
from storefront_trace.storage.database import Connection
from storefront_trace.storage.reports import Doer
from storefront_trace.web.languages import Catalogue
from storefront_trace.web.owner.figures import asking_steps
from storefront_trace.web.owner.ladders import ladder_view


@dataclass(frozen=True)
class Numbers:
    """What was counted of everybody; one person's or team's part of it is read by `view`."""

    answers: dict[Doer, tuple[int, int]]
    steps: dict[Doer, int]
    weeks: dict[Doer, list[tuple[int, int]]]

    def view(self, doer: Doer, language: Catalogue) -> dict[str, Any]:
        return ladder_view(self.answers.get(doer, (0, 0)), self.steps.get(doer, 0), self.weeks.get(doer, []), language)


async def read_numbers(conn: Connection, cast: Cast, people: list[str]) -> Numbers:
    now = now_micros()
    since = now - REPORT_DAYS * DAY
    return Numbers(
        await reports.count_answers(conn, cast.shop.id, people, since),
        await reports.count_steps(conn, cast.shop.id, people, since, asking_steps(cast)),
        await reports.count_weeks(conn, cast.shop.id, people, now + 1, TREND_WEEKS),
    )
