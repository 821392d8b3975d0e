"""Who has read what customers say of whom, as the owner and the person themselves are told."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request

from storefront_trace.domain.errors import N_
from storefront_trace.domain.ids import is_id
from storefront_trace.domain.people import FORGOTTEN, NAMELESS
from storefront_trace.domain.shop import Cast
from storefront_trace.storage import readings
from storefront_trace.storage.database import Connection
from storefront_trace.storage.tokens import token_names
from storefront_trace.web.languages import catalogue
from storefront_trace.web.wording import date_text, tied

PAGE = 20
TOKEN = N_("The API token %(name)s")
WAYS = {
    "page": N_("the person's page"),
    "answers": N_("the answers"),
    "concerns": N_("what could be better"),
    "file": N_("the answers, as a file"),
    "all": N_("everybody's answers, as a file"),
}


async def readings_view(
    conn: Connection, request: Request, language: str, *, person_id: str | None = None
) -> dict[str, Any]:
    """See templates/_readings.html. `?read=` turns the page."""
    cast: Cast = request.state.cast
    before = request.query_params.get("read", "")
    before = before if is_id(before) else ""
    found = await readings.list_readings(conn, cast.shop.id, person_id=person_id, before=before, limit=PAGE + 1)
    machines = await token_names(conn, cast.shop.id, [one.reader_id for one in found])
    say = catalogue(language).gettext

    def name(of: str) -> str:
        person = cast.people.get(of)
        if of in machines:
            return catalogue(language).say(TOKEN, name=machines[of])
        return say(FORGOTTEN) if person is None or person.display_name == NAMELESS else person.display_name

    return {
        "rows": [
            {
                "day": tied(date_text(one.day, language)),
                "who": name(one.reader_id),
                "whose": name(one.person_id) if one.person_id and person_id is None else None,
                "what": say(WAYS.get(one.what, one.what)),
            }
            for one in found[:PAGE]
        ],
        "older": f"{request.url.path}?read={found[PAGE - 1].id}#readings" if len(found) > PAGE else None,
        "newest": f"{request.url.path}#readings" if before else None,
    }
