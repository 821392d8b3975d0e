"""What every owner's page has around it, and what happens after a form was sent."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from storefront_trace.config import Settings
from storefront_trace.domain.clock import now_micros
from storefront_trace.domain.errors import N_, DomainError
from storefront_trace.domain.moments import from_micros, tz
from storefront_trace.domain.shop import Cast, Team
from storefront_trace.storage.reports import Doer
from storefront_trace.web.alphabet import alphabetical as alphabetical
from storefront_trace.web.faces import Face, face_of, inside, person_face, team_name
from storefront_trace.web.languages import Catalogue, catalogue
from storefront_trace.web.page import look, page
from storefront_trace.web.rights import may

Page = dict[str, Any]

# Only a code stands in the URL: a link from elsewhere cannot make our page say something.
SAID = {
    "saved": N_("Saved."),
    "saved-unsent": N_("Saved. No mail goes out until a mail server is set up."),
    "answered": N_("Your answer stands on the customer's page."),
    "shared": N_("Shared. It stands on the person's own page now."),
    "outside": N_("Marked. It has left the person's page and numbers, and stays in the shop's."),
    "done": N_("Taken care of."),
    "looking": N_("Good. It stands here until you have closed it."),
    "talked": N_("Saved. It stands on the person's own page now."),
    "reopened": N_("It is open again."),
    "purged": N_("What was past its time is gone."),
    "purged-none": N_("Nothing had passed its time."),
    "erased": N_("Forgotten. Older backups still hold it: keep them for 30 days at most."),
    "papers": N_("Saved. It stands in the papers now."),
    "view": N_("Switched. It holds from now on, and the papers say so."),
    "settled": N_("Ticked, with your name and today's date."),
    "unsettled": N_("The tick is gone."),
    "link-dead": N_("The link opens nothing any more."),
    "link-renewed": N_("The old link opens nothing any more. The customer gets the new one by asking for it."),
    "ended": N_("Done. Customers see the team from now on."),
    "picture": N_("The picture is saved."),
    "no-picture": N_("The picture is gone."),
    "added": N_("Added."),
    "moved": N_("Moved. Orders under way go on from where they are."),
    "step-gone": N_("Taken away. What has been logged with it stays on every page; it can be brought back below."),
    "step-back": N_("It is back in its place."),
    "sample": N_("The sample order is here. Its page opens below."),
    "sample-gone": N_("The sample order is gone, and everything of it."),
    "path-away": N_("Put away. The first steps stand under Shop."),
    "path-back": N_("The first steps are on the first page again."),
    "chip-gone": N_("Taken away. What customers have said with it stays."),
    "signed-out": N_("Signed out everywhere. A new sign-in link is needed now."),
    "shown": N_("Saved. Customers' pages go by it from now on."),
    "role": N_("Changed. A new sign-in link is needed now."),
    "pin-gone": N_("The PIN is gone. A new one is chosen on the person's own phone."),
    "device": N_("That device is signed out."),
    "passkey": N_("The passkey is added. Next time it lets you in."),
    "passkey-gone": N_("The passkey is removed. Take it out of your device's list as well."),
    "factor-off": N_("Codes are switched off."),
    "hung": N_("It hangs on the wall."),
    "unhung": N_("It is off the wall."),
    "screen-ended": N_("That screen shows the wall no more."),
    "tablet-ended": N_("That tablet is not shared any more. Whoever was signed in on it is out."),
}

ONLY_HERE = N_("Only this computer can open %(address)s: set PUBLIC_URL to the address that others use.")


def mails_out(request: Request) -> bool:
    return request.app.state.settings.smtp is not None


def language_of(request: Request) -> str:
    return str(request.scope.get("language") or "en")


def texts(request: Request) -> Catalogue:
    return catalogue(language_of(request))


def frame(request: Request, title: str, active: str, /, errors: Mapping[str, str] | None = None) -> Page:
    """`title` is translated already."""
    cast: Cast = request.state.cast
    language = language_of(request)
    me = person_face(cast, request.state.person, language)
    said = SAID.get(request.query_params.get("said", ""))
    return {
        "lang": language,
        "title": title,
        "shop": {"name": cast.shop.name, "logo_url": logo_url(cast), "look_css": look(cast.shop.brand)},
        "me": {"name": me["name"], "portrait": me["portrait"]},
        "person": request.state.person.id,
        "active": active,
        "may": partial(may, request.state.session.role),
        "at": request.url.path,
        "path": cast.shop.starting
        and request.state.sight is None
        and request.url.path not in ("/owner", "/owner/start"),
        "only_here": only_here(request),
        "said": texts(request).gettext(said) if said and not errors else None,
        "errors": dict(errors or {}),
    }


def only_here(request: Request) -> str | None:
    """To be said beside every link that is for a phone or a screen elsewhere, while none but this computer opens it."""
    settings: Settings = request.app.state.settings
    return texts(request).say(ONLY_HERE, address=settings.public_url) if settings.is_local else None


def show(request: Request, template: str, context: Page) -> Response:
    """422 when the page says what to mend."""
    return page(request, f"owner/{template}.html", status=422 if context["errors"] else 200, page=context)


def saved(path: str, said: str = "saved", *, anchor: str = "") -> Response:
    return RedirectResponse(f"{path}?said={said}{anchor}", 303, {"Cache-Control": "no-store"})


def refusals(request: Request, error: DomainError, fields: Mapping[str, str], otherwise: str) -> dict[str, str]:
    """What to mend, by the id of the input that it stands at; `fields` gives the ids that differ from the names."""
    say = texts(request).gettext
    told = error.field_errors or ((otherwise, error.message),)
    return {fields.get(field, field): error.render(say(message)) for field, message in told}


def logo_url(cast: Cast) -> str | None:
    return f"/media/{cast.shop.logo}-320.webp" if cast.shop.logo else None


def doer_face(cast: Cast, doer: Doer, language: str) -> Face:
    """The role stands alone on these pages, so it begins like a heading: "Lagret"."""
    face = face_of(cast, doer.person_id, doer.team, language)
    face["role"] = face["role"][:1].upper() + face["role"][1:]
    return face


def doer_in_sentence(cast: Cast, doer: Doer, language: str) -> str:
    """ "to the warehouse team", where the name alone is "The warehouse team"."""
    face = face_of(cast, doer.person_id, doer.team, language)
    return face["name"] if face["kind"] == "person" else inside(cast, face["name"], language)


def doer_url(cast: Cast, doer: Doer) -> str:
    person = cast.people.get(doer.person_id or "")
    return f"/owner/people/{person.handle}" if person else f"/owner/teams/{quote(doer.team or '', safe='')}"


def teams_to_choose(cast: Cast, language: str) -> list[dict[str, str]]:
    teams: list[Team] = sorted(
        cast.teams.values(), key=lambda team: alphabetical(team_name(cast, team.key, language), language)
    )
    return [{"key": team.key, "name": team_name(cast, team.key, language)} for team in teams]


def this_year(cast: Cast) -> int:
    return from_micros(now_micros()).astimezone(tz(cast.shop.zone)).year
