"""/owner/friday: the week in customers' words, to read together and to print; the owners' mail on Fridays says the
same."""

from __future__ import annotations

from datetime import date, datetime

from starlette.requests import Request
from starlette.responses import Response

from storefront_trace.actions import shops
from storefront_trace.actions.readings import note_said
from storefront_trace.domain.clock import now_micros
from storefront_trace.domain.mailing import FRIDAY, WEEK, friday_before
from storefront_trace.domain.moments import FIRST_YEAR, from_micros
from storefront_trace.domain.shop import Cast
from storefront_trace.web.forms import text_of, whole_form
from storefront_trace.web.owner.base import frame, language_of, mails_out, saved, show, texts
from storefront_trace.web.owner.week import read_week, shown_of, until, week_said

PATH = "/owner/friday"


async def show_friday(request: Request) -> Response:
    """`?week=2026-11-20` shows the week that ended on that Friday, else the last one."""
    cast: Cast = request.state.cast
    language, last = language_of(request), friday_before(from_micros(now_micros()), cast.shop.zone)
    friday = _friday(request.query_params.get("week", ""), last)
    async with request.app.state.desk.db.read() as conn:
        week = await read_week(conn, cast, friday)
    await note_said(request.app.state.desk, cast.shop, request.state.person.id, shown_of(week))
    said = week_said(cast, week, language)
    context = {
        "until": until(friday, language),
        "parts": said.parts if said else (),
        "older": f"{PATH}?week={friday - WEEK}" if friday.year > FIRST_YEAR else None,
        "newer": f"{PATH}?week={friday + WEEK}" if friday < last else None,
        "mailed": cast.shop.friday,
        "server": mails_out(request),
    }
    title = texts(request).gettext("The week in customers' words")
    return show(request, "friday", frame(request, title, "reports") | context)


async def post_mail(request: Request) -> Response:
    """Whether the shop sends mails on Fridays at all; everybody switches off their own on the page about themselves."""
    wanted = text_of(await whole_form(request), "friday") == "1"
    await shops.set_face(request.app.state.desk, request.state.cast.shop.id, friday=wanted)
    return saved(PATH, "saved-unsent" if wanted and not mails_out(request) else "saved", anchor="#mail")


def _friday(text: str, last: date) -> date:
    try:
        asked = datetime.strptime(text, "%Y-%m-%d").date() if len(text) == len("2026-11-20") else last
    except ValueError:
        return last
    return asked if asked.weekday() == FRIDAY and FIRST_YEAR <= asked.year and asked < last else last
