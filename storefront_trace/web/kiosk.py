"""A shared tablet at the packing table: everybody's portrait, a PIN, and then the staff's pages for a while."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from storefront_trace.actions import kiosks, signin
from storefront_trace.domain.clock import now_micros
from storefront_trace.domain.errors import DomainError, Gone, NotAllowed, NotFound, TooMany
from storefront_trace.domain.pins import LONGEST, SHORTEST
from storefront_trace.domain.shop import Cast, Person
from storefront_trace.domain.texts import folded
from storefront_trace.storage.kiosks import Kiosk
from storefront_trace.web.alphabet import alphabetical
from storefront_trace.web.cookies import cookie_name, tablet_cookie
from storefront_trace.web.errors import status_of
from storefront_trace.web.faces import person_face, team_name
from storefront_trace.web.forms import read_form
from storefront_trace.web.front import front, shop_frame
from storefront_trace.web.gates import find_session
from storefront_trace.web.languages import Catalogue, catalogue, choose
from storefront_trace.web.limits import visitor
from storefront_trace.web.page import page
from storefront_trace.web.signin import keep_session

NO_STORE = {"Cache-Control": "no-store"}
PAGE = 60
# From so many on one looks for a name faster than for a face.
MANY = 13
YEAR = 400 * 86_400  # browsers keep nothing for longer


async def show_open(request: Request) -> Response:
    """The link that makes this device a shared tablet: a button, since mail scanners open links."""
    found = await kiosks.find_link(request.app.state.desk, request.path_params["token"])
    return await _open_page(request, found)


async def post_open(request: Request) -> Response:
    """Whoever was signed in on this device is out: a shared tablet is nobody's own. Its pages go with the page that
    follows (static/forget.js); what waits to be sent is theirs, and stays until they sign in here again."""
    state = request.app.state
    try:
        _, token = await kiosks.open_kiosk(state.desk, request.path_params["token"])
    except NotFound:
        state.limits.hit("signin", visitor(request))
        return await _open_page(request, None)
    session = await find_session(request)
    if session is not None:
        await signin.sign_out(state.desk, session)
    response = RedirectResponse("/kiosk", 303, {**NO_STORE, "Clear-Site-Data": '"cache"'})
    https = state.settings.https
    how: dict[str, Any] = {"path": "/", "secure": https, "httponly": True, "samesite": "lax"}
    response.set_cookie(tablet_cookie(https), token, max_age=YEAR, **how)
    response.delete_cookie(cookie_name(https), **how)
    return response


async def show_people(request: Request) -> Response:
    """`?q=` looks for a name, `?page=` leafs."""
    cast: Cast = request.state.cast
    query = request.query_params.get("q", "").strip()[:80]
    here = _here(cast, _language(request))
    found = [one for one in here if folded(query) in folded(one.display_name)]
    place = _place(request, len(found))
    rows = found[(place - 1) * PAGE : place * PAGE]
    again = f"&{urlencode({'q': query})}" if query else ""
    return _show(
        request,
        "people",
        _texts(request).gettext("Who are you?"),
        groups=_groups(cast, rows, _language(request)),
        query=query,
        search=len(here) >= MANY,
        newer=f"/kiosk?page={place - 1}{again}" if place > 1 else None,
        older=f"/kiosk?page={place + 1}{again}" if place * PAGE < len(found) else None,
        signed_in=await _signed_in(request),
    )


async def show_pin(request: Request) -> Response:
    person = _person(request)
    return _pin_page(request, person) if person else RedirectResponse("/kiosk", 303, NO_STORE)


async def post_pin(request: Request) -> Response:
    """The field `pin`. Right: the staff's pages, for as long as somebody is there."""
    person, state, kiosk = _person(request), request.app.state, request.state.kiosk
    if person is None:
        return RedirectResponse("/kiosk", 303, NO_STORE)
    async with read_form(request, max_fields=5) as form:
        pin = str(form.get("pin", "")).strip()
    before = await find_session(request)
    try:
        token, session = await _let_in(request, kiosk, person, pin)
    except Gone:
        return RedirectResponse("/kiosk", 303, NO_STORE)
    except (NotAllowed, TooMany) as error:
        return _pin_page(request, person, error)
    if before is not None:
        await signin.sign_out(state.desk, before)
    response = RedirectResponse("/staff", 303, NO_STORE)
    keep_session(response, state.settings, token, session)
    return response


async def show_here(request: Request) -> Response:
    """Asked by static/kiosk.js while somebody types and loads no page: then they are not signed out in the middle."""
    session = await find_session(request)
    return Response(status_code=204 if session is not None else 401, headers=NO_STORE)


async def _let_in(request: Request, kiosk: Kiosk, person: Person, pin: str) -> Any:
    limits = request.app.state.limits
    limits.hit("kiosk", kiosk.id)
    limits.check("pin", person.id)
    try:
        return await kiosks.sign_in(request.app.state.desk, kiosk, person.id, pin)
    except NotAllowed:
        limits.hit("pin", person.id)
        raise


def _pin_page(request: Request, person: Person, error: DomainError | None = None) -> Response:
    say = _texts(request)
    response = _show(
        request,
        "pin",
        say.say("Hello %(name)s!", name=person.display_name),
        status=status_of(error) if error else 200,
        who=person_face(request.state.cast, person, _language(request)),
        action=f"/kiosk/people/{person.id}",
        least=SHORTEST,
        most=LONGEST,
        error=error.render(say.gettext(error.message)) if error else None,
    )
    if isinstance(error, TooMany):
        response.headers["Retry-After"] = str(error.retry_after)
    return response


async def _open_page(request: Request, found: Kiosk | None) -> Response:
    state = request.app.state
    cast = None
    if found is not None:
        async with state.desk.db.read() as conn:
            cast = await state.desk.casts.get(conn, found.shop_id)
    language = choose(
        request.query_params.get("lang"), request.headers.get("accept-language", ""), cast.shop.locale if cast else None
    )
    context = {
        "lang": language,
        "title": catalogue(language).gettext("A shared tablet"),
        "shop": shop_frame(cast.shop) if cast else front(request),
        "name": found.name if found else None,
        "action": request.url.path,
    }
    return page(request, "kiosk/open.html", status=200 if found else 404, language=language, page=context)


def _show(request: Request, template: str, title: str, *, status: int = 200, **context: Any) -> Response:
    kiosk: Kiosk = request.state.kiosk
    frame = {
        "lang": _language(request),
        "title": title,
        "shop": shop_frame(request.state.cast.shop),
        "tablet": kiosk.name,
    }
    return page(request, f"kiosk/{template}.html", status=status, page=frame | context)


async def _signed_in(request: Request) -> str | None:
    """Whose pages are still open on this tablet."""
    session = await find_session(request)
    cast: Cast = request.state.cast
    if session is None or session.shop_id != cast.shop.id:
        return None
    return cast.people[session.person_id].display_name


def _person(request: Request) -> Person | None:
    found = request.state.cast.people.get(request.path_params["person"])
    return found if found is not None and _works(request.state.cast, found) else None


def _here(cast: Cast, language: str) -> list[Person]:
    """Who works here: by team, then by name."""

    def place(person: Person) -> tuple[bool, tuple[str, str], tuple[str, str]]:
        known = person.team in cast.teams
        team = team_name(cast, person.team, language) if known else ""
        return not known, alphabetical(team, language), alphabetical(person.display_name, language)

    return sorted((one for one in cast.people.values() if _works(cast, one)), key=place)


def _works(cast: Cast, person: Person) -> bool:
    """With orders: who only reads has nothing to do at a tablet."""
    return person.id not in cast.readers and (person.left_at is None or person.left_at > now_micros())


def _groups(cast: Cast, people: list[Person], language: str) -> list[dict[str, Any]]:
    """The team without a name is of who is in none."""
    found: dict[str, list[dict[str, Any]]] = {}
    for person in people:
        team = team_name(cast, person.team, language) if person.team in cast.teams else ""
        face = {**person_face(cast, person, language), "url": f"/kiosk/people/{person.id}"}
        found.setdefault(team, []).append(face)
    return [{"team": team, "people": faces} for team, faces in found.items()]


def _place(request: Request, n: int) -> int:
    text = request.query_params.get("page", "")
    wanted = int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 1
    return max(1, min(wanted, -(-n // PAGE)))


def _language(request: Request) -> str:
    return str(request.scope["language"])


def _texts(request: Request) -> Catalogue:
    return catalogue(_language(request))
