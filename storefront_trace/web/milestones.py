"""Small milestones of the whole shop's: never of one person, and of no team beside another."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from storefront_trace.domain.clock import DAY, now_micros
from storefront_trace.domain.errors import N_
from storefront_trace.domain.moments import from_micros, local_day
from storefront_trace.domain.shop import Cast
from storefront_trace.domain.wall import MILESTONES, NEWS_DAYS, Milestone, reached, years_since
from storefront_trace.storage import wall
from storefront_trace.storage.database import Connection
from storefront_trace.web.languages import catalogue
from storefront_trace.web.wording import moment_text, number_text, recent_text


@dataclass(frozen=True)
class News:
    """`at` (microseconds): when that thanks came, of years when the first did."""

    milestone: Milestone
    at: int


async def read_milestone(conn: Connection, cast: Cast) -> News | None:
    """Of the last days; three reads at most, none of which looks at more rows than the largest milestone has."""
    now = now_micros()
    first = await wall.nth_thanks_at(conn, cast.shop.id, 1)
    if first is None:
        return None
    number = reached(await wall.count_thanks(conn, cast.shop.id, MILESTONES[-1]))
    at = await wall.nth_thanks_at(conn, cast.shop.id, number) if number else None
    if number and at is not None and now - at < NEWS_DAYS * DAY:
        return News(Milestone("thanks", number), at)
    years = years_since(_day(cast, first), _day(cast, now))
    return News(Milestone("years", years), first) if years else None


def milestone_text(cast: Cast, news: News | None, language: str) -> str:
    """ "" for none."""
    if news is None:
        return ""
    texts, number = catalogue(language), news.milestone.number
    if news.milestone.kind == "years":
        text = N_("A year of thanks: the first came %(when)s.")
        if number > 1:
            text = N_("%(years)s years of thanks: the first came %(when)s.")
        year = _day(cast, now_micros()).year
        first = moment_text(news.at, cast.shop.zone, "day", language, year)
        return texts.say(text, years=number_text(number, language), when=first)
    when = recent_text(news.at, cast.shop.zone, "day", language, now=now_micros())
    figures = f"{number:,}".replace(",", "\N{NO-BREAK SPACE}") if number >= 10_000 else str(number)
    return texts.say(N_("Thanks number %(number)s came %(when)s."), number=figures, when=when)


def _day(cast: Cast, micros: int) -> date:
    return local_day(from_micros(micros), cast.shop.zone)
