"""/owner/reports: how the shop does, week by week. Of the shop as a whole, never of a person."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from babel.numbers import format_decimal
from starlette.requests import Request
from starlette.responses import Response

from storefront_trace.domain.clock import now_micros
from storefront_trace.domain.errors import N_
from storefront_trace.domain.moments import from_micros
from storefront_trace.domain.shop import Cast
from storefront_trace.domain.weeks import DRIVING, Week, monday_of, placed_per_day
from storefront_trace.storage import weeks
from storefront_trace.web.languages import catalogue
from storefront_trace.web.owner.base import frame, language_of, show, texts
from storefront_trace.web.owner.cares import step_name
from storefront_trace.web.wording import date_text, recent_text, span_text, tied, wait_text

PATH = "/owner/reports"
PAGE = 13
MOST_WEEKS = 520
COLUMNS = (
    "week", "placed", "home", "promised", "kept", "reacted", "answered", "answer_minutes_median",
    "visits", "step", "orders", "median", "ninth_decile", "unit",
    "placed_per_day",  # here, so that who read the file before finds everything where it was
)  # fmt: skip


async def show_reports(request: Request) -> Response:
    """`?before=2026-08-31` shows the weeks before that one."""
    cast: Cast = request.state.cast
    language, before = language_of(request), _day(request.query_params.get("before", ""))
    async with request.app.state.desk.db.read() as conn:
        found = await weeks.list_weeks(conn, cast.shop.id, limit=PAGE + 1, before=before)
    this = monday_of(from_micros(now_micros()), cast.shop.zone).isoformat()
    shown = found[:PAGE]
    newest = next((one for one in shown if one.day < this and one.spans), None)
    context = {
        "weeks": [_week(cast, one, this, language) for one in shown],
        "bars": _bars(shown),
        "steps": _steps(cast, newest, language) if newest else [],
        "steps_of": _name(newest.day, language) if newest else "",
        "older": f"{PATH}?before={shown[-1].day}" if len(found) > PAGE else None,
        "newest": PATH if before else None,
        "csv": f"{PATH}.csv",
    }
    return show(request, "reports", frame(request, texts(request).gettext("How we do"), "reports") | context)


async def show_csv(request: Request) -> Response:
    """A row for each week, and one for each step of a week. Numbers and days alone: nothing that anybody has typed."""
    shop = request.state.cast.shop
    async with request.app.state.desk.db.read() as conn:
        found = await weeks.list_weeks(conn, shop.id, limit=MOST_WEEKS)
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    writer.writerows(_rows(reversed(found), shop.zone))
    headers = {"Cache-Control": "no-store", "Content-Disposition": 'attachment; filename="weeks.csv"'}
    return Response(out.getvalue(), headers=headers, media_type="text/csv; charset=utf-8")


def _rows(found: Iterable[Week], zone: str) -> Iterator[tuple[Any, ...]]:
    for one in found:
        counts = (one.placed, one.home, one.promised, one.kept, one.reacted, one.answered)
        more = (one.answer_minutes, one.visits, "", "", "", "", "")
        yield (one.day, *counts, *more, round(placed_per_day(one, zone), 2))
        for key, span in (one.spans or {}).items():
            unit = "days" if key == DRIVING else "working minutes"
            yield (one.day, "", "", "", "", "", "", "", "", key, span.n, span.median, span.most, unit, "")


def _week(cast: Cast, one: Week, this: str, language: str) -> dict[str, Any]:
    """Shares as "18 of 20", never as percents: a quiet week has few orders."""
    return {
        "name": _name(one.day, language),
        "underway": one.day == this,
        "counted": _counted(cast, one, language),
        "placed": one.placed,
        "daily": format_decimal(round(placed_per_day(one, cast.shop.zone), 1), locale=language),
        "home": one.home,
        "kept": (one.kept, one.promised) if one.promised else None,
        "reacted": (one.reacted, one.home) if one.home else None,
        "visits": _visits(one, language),
        "answered": one.answered,
        "answer": None if one.answer_minutes is None else tied(wait_text(max(1, one.answer_minutes), language)),
    }


def _visits(one: Week, language: str) -> str | None:
    """ "52, or 3.7 for each order": visits of the week by orders placed in it, which even out over some weeks."""
    if one.visits is None:
        return None
    number = format_decimal(one.visits, locale=language)
    if not one.placed:
        return number
    each = format_decimal(round(one.visits / one.placed, 1), locale=language)
    return catalogue(language).say(N_("%(visits)s, or %(each)s for each order"), visits=number, each=each)


def _counted(cast: Cast, one: Week, language: str) -> str:
    """ "räknat i dag kl. 9.12": of the week underway."""
    if not one.counted_at:
        return ""
    when = tied(recent_text(one.counted_at, cast.shop.zone, "minute", language, now=now_micros()))
    return catalogue(language).say(N_("counted %(when)s"), when=when)


def _bars(shown: list[Week]) -> list[dict[str, Any]]:
    """Oldest first; heights from 0 to 1 of the week with the most orders. The table has the numbers."""
    most = max((one.placed for one in shown), default=0)
    return [
        {"place": place, "share": one.placed / most if most else 0, "placed": one.placed}
        for place, one in enumerate(reversed(shown))
    ]


def _steps(cast: Cast, one: Week, language: str) -> list[dict[str, str]]:
    """In the order of the way to the customer."""
    spans = one.spans or {}
    door = catalogue(language).gettext(N_("From us to the door"))
    keys = [key for key in cast.steps if key in spans] + ([DRIVING] if DRIVING in spans else [])
    return [
        {
            "name": door if key == DRIVING else step_name(cast, key, language),
            "median": _span(key, spans[key].median, language),
            "most": _span(key, spans[key].most, language),
            "orders": str(spans[key].n),
        }
        for key in keys
    ]


def _span(key: str, amount: int, language: str) -> str:
    return span_text(amount, "day", language) if key == DRIVING else tied(wait_text(max(1, amount), language))


def _name(day: str, language: str) -> str:
    """ "16–22 november" would need each language's way with spans: the Monday names the week."""
    return tied(date_text(day, language))


def _day(text: str) -> str | None:
    try:
        return date.fromisoformat(text).isoformat() if len(text) == len("2026-08-31") else None
    except ValueError:
        return None
