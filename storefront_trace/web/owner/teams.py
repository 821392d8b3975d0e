"""/owner/teams/{key}: a team is a full member. What customers say to it, and what it is called."""

from __future__ import annotations

from dataclasses import replace

from starlette.requests import Request
from starlette.responses import Response

from storefront_trace.actions import shops
from storefront_trace.domain.errors import N_, Invalid, NotFound
from storefront_trace.domain.shop import Cast, Team
from storefront_trace.domain.texts import label_within
from storefront_trace.storage.reports import Doer
from storefront_trace.web.forms import whole_form
from storefront_trace.web.languages import NAMES
from storefront_trace.web.owner.base import doer_face, doer_url, frame, language_of, refusals, saved, show
from storefront_trace.web.owner.forms import role_languages, text_of
from storefront_trace.web.owner.told import show_told

LONGEST = 60


async def show_team(request: Request) -> Response:
    return await show_told(request, Doer(None, team_of(request).key))


async def show_about(request: Request) -> Response:
    """`/about`: what it is called."""
    return await _page(request, team_of(request))


async def post_team(request: Request) -> Response:
    """Its name in each language; an empty one leaves that language to the shop's own."""
    cast: Cast = request.state.cast
    team, form = team_of(request), await whole_form(request)
    fields = {one: f"name.{one}" for one in role_languages(cast)}
    typed = {one: text_of(form, field) for one, field in fields.items() if field in form or one == cast.shop.locale}
    try:
        names = {one: _checked(one, text, needed=one == cast.shop.locale) for one, text in typed.items()}
    except Invalid as error:
        return await _page(request, team, refusals(request, error, {}, f"name.{cast.shop.locale}"), typed)
    kept = {key: text for key, text in {**team.names, **names}.items() if text}
    await shops.put_team(request.app.state.desk, cast.shop.id, replace(team, names=kept))
    return saved(f"{doer_url(cast, Doer(None, team.key))}/about")


def team_of(request: Request) -> Team:
    cast: Cast = request.state.cast
    found = cast.teams.get(request.path_params["key"])
    if found is None:
        raise NotFound("There is no such team.")
    return found


async def _page(
    request: Request, team: Team, errors: dict[str, str] | None = None, typed: dict[str, str] | None = None
) -> Response:
    cast: Cast = request.state.cast
    doer, language = Doer(None, team.key), language_of(request)
    path = doer_url(cast, doer)
    face = doer_face(cast, doer, language)
    names = typed or team.names
    context = {
        "who": face,
        "url": path,
        "action": path,
        "names": [
            {"lang": one, "language": NAMES.get(one, one), "value": names.get(one, ""), "own": one == cast.shop.locale}
            for one in role_languages(cast)
        ],
    }
    return show(request, "about_team", frame(request, face["name"], "people", errors) | context)


def _checked(language: str, text: str, *, needed: bool) -> str:
    if not text and not needed:
        return ""
    if not text:
        message = N_("The team needs a name.")
        raise Invalid(message, errors=[(f"name.{language}", message)])
    return label_within(text, LONGEST, field=f"name.{language}")
