"""/owner/start/people: everybody at once, from a list that stands somewhere else already."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from storefront_trace.actions import people as actions
from storefront_trace.actions.people import PersonTold
from storefront_trace.domain.errors import N_, Invalid
from storefront_trace.domain.roster import LONGEST_LIST, MOST_PEOPLE, Row, count_of, left_over, read_list
from storefront_trace.domain.shop import Cast
from storefront_trace.domain.step_texts import ROLE_EXAMPLES
from storefront_trace.web.forms import whole_form
from storefront_trace.web.owner.base import frame, language_of, saved, show, teams_to_choose, texts
from storefront_trace.web.owner.forms import handle_from, text_of

PATH = "/owner/start/people"
EMPTY = N_("Paste or write at least one line.")
TOO_LONG = N_(
    "That is more than one list can hold: at most %(people)s people and %(letters)s characters. Take it in parts."
)


async def show_roster(request: Request) -> Response:
    return _page(request, "", _first_team(request))


async def post_roster(request: Request) -> Response:
    """First it shows what it understood. With `save` those are added, and the lines to mend stay where they were."""
    form = await whole_form(request)
    cast: Cast = request.state.cast
    text, team = text_of(form, "list"), text_of(form, "team")
    team = team if team in cast.teams else _first_team(request)
    if len(text) > LONGEST_LIST or count_of(text) > MOST_PEOPLE:
        error = texts(request).say(TOO_LONG, people=MOST_PEOPLE, letters=LONGEST_LIST)
        return _page(request, text, team, error=error)
    rows = read_list(text, _known(cast))
    if not rows:
        return _page(request, text, team, error=texts(request).gettext(EMPTY))
    if not text_of(form, "save"):
        return _page(request, text, team, rows)
    found = [row for row in rows if row.error is None]
    await _add(request, found, team)
    left = left_over(text, {row.line for row in rows if row.error is not None})
    if not left:
        return saved("/owner/sheet", "added")
    known = _known(cast) | {key.casefold(): row.name for row in found for key in (row.email, row.name) if key}
    return _page(request, left, team, read_list(left, known), added=len(found))


async def _add(request: Request, rows: list[Row], team: str) -> None:
    cast: Cast = request.state.cast
    taken = [person.handle for person in cast.people.values()]
    for row in rows:
        handle = handle_from(row.name, taken)
        taken.append(handle)
        roles = {cast.shop.locale: row.role} if row.role else {}
        told = PersonTold(row.name, roles, team or None, row.email or None)
        await actions.put_person(request.app.state.desk, cast.shop.id, handle, told)


def _page(
    request: Request,
    text: str,
    team: str,
    rows: list[Row] | None = None,
    *,
    error: str | None = None,
    added: int | None = None,
) -> Response:
    cast: Cast = request.state.cast
    say, language = texts(request), language_of(request)
    found = [row for row in rows or [] if row.error is None]
    joining = say.ngettext("%(num)s person to the team", "%(num)s people to the team", len(found))
    context: dict[str, Any] = {
        "action": PATH,
        "text": text,
        "team": team,
        "teams": teams_to_choose(cast, language),
        "most": MOST_PEOPLE,
        "longest": LONGEST_LIST,
        "example": _example(cast),
        "found": found,
        "joining": joining % {"num": len(found)},
        "wrong": [_wrong(request, row) for row in rows or [] if row.error is not None],
        "understood": rows is not None,
        "added": None if not added else say.ngettext(
            "%(num)s person is added. Mend the lines that are left.",
            "%(num)s people are added. Mend the lines that are left.",
            added,
        )
        % {"num": added},
    }  # fmt: skip
    title = say.gettext("Paste a list of people")
    return show(request, "roster", frame(request, title, "people", {"list": error} if error else None) | context)


def _wrong(request: Request, row: Row) -> dict[str, Any]:
    assert row.error is not None
    error = Invalid(row.error, params=row.params)
    return {"line": row.line, "text": row.text, "error": error.render(texts(request).gettext(row.error))}


def _example(cast: Cast) -> str:
    role = ROLE_EXAMPLES.get(cast.shop.locale, "")
    return f"Kim; kim@example.com; {role}\nAlex <alex@example.com>\nRobin"


def _known(cast: Cast) -> dict[str, str]:
    here = [person for person in cast.people.values() if person.left_at is None]
    return {key.casefold(): one.display_name for one in here for key in (one.email, one.display_name) if key}


def _first_team(request: Request) -> str:
    """Most who are on such a list pack: where there is a warehouse, that is it."""
    cast: Cast = request.state.cast
    return "warehouse" if "warehouse" in cast.teams else next(iter(cast.teams), "")
