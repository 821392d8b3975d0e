"""/owner/shop: how customers recognise the shop, how long its pages tell names, and when somebody works there."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from zoneinfo import available_timezones

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from storefront_trace.actions import shops
from storefront_trace.actions.photos import forget_portrait
from storefront_trace.domain.clock import now_micros
from storefront_trace.domain.colours import SCHEMES, TEXT, contrast, parse_colour
from storefront_trace.domain.errors import N_, Invalid, TooLarge, TooMany
from storefront_trace.domain.feedback import SHARE_DAYS
from storefront_trace.domain.lifetimes import KEPT_DAYS
from storefront_trace.domain.moments import from_micros, tz
from storefront_trace.domain.shop import LONGEST_PICKUP, Cast, in_language
from storefront_trace.domain.texts import label_within, words_within
from storefront_trace.web.faces import person_face
from storefront_trace.web.forms import read_form
from storefront_trace.web.languages import NAMES
from storefront_trace.web.owner.base import Page, frame, language_of, logo_url, refusals, saved, show, texts
from storefront_trace.web.owner.forms import read_picture, text_of
from storefront_trace.web.owner.hours import checked_hours, hours_context, stored_hours, typed_hours
from storefront_trace.web.owner.snippets import snippets
from storefront_trace.web.page import look
from storefront_trace.web.wording import capital, day_text, paired, wait_text

PATH = "/owner/shop"
FIELDS = {"brand": "colour", "zone": "timezone"}
# What the owner is offered, in working minutes.
MINUTES = (30, 60, 120, 240, 480, 960)
MOST_MINUTES = 10_080
WRONG_MINUTES = N_("Choose one of the times.")
MOST_HOURS = 14 * 24
WRONG_HOURS = N_("Write a whole number of hours from 1 to %(most)s, or leave it empty.")


async def show_shop(request: Request) -> Response:
    return _page(request, _stored(request))


async def post_shop(request: Request) -> Response:
    """With `preview` it shows the page in the typed colour, and saves nothing."""
    cast: Cast = request.state.cast
    async with read_form(request, max_files=1) as form:
        stored = _stored(request)
        typed = stored | {name: text_of(form, name) for name in stored if name in form}
        try:
            changes = _checked(typed, _most_days(request))
            if text_of(form, "preview"):
                return _page(request, typed)
            changes |= await _logo(request, form)
            await shops.set_face(request.app.state.desk, cast.shop.id, **changes)
        except (Invalid, TooLarge, TooMany) as error:
            return _page(request, typed, refusals(request, error, FIELDS, "name"))
    if "logo" in changes and cast.shop.logo not in (None, changes["logo"]):
        await forget_portrait(request.app.state.desk, request.app.state.media, cast.shop.logo)
    return saved(PATH)


async def post_hours(request: Request) -> Response:
    cast: Cast = request.state.cast
    async with read_form(request) as form:
        typed = typed_hours(form)
    try:
        changes = checked_hours(cast, typed)
        if changes:
            await shops.set_face(request.app.state.desk, cast.shop.id, **changes)
    except Invalid as error:
        return _page(request, _stored(request), refusals(request, error, FIELDS, "opens"), hours=typed)
    return saved(PATH, anchor="#hours")


async def post_origins(request: Request) -> Response:
    """On which of the shop's own pages an order may be shown."""
    cast: Cast = request.state.cast
    async with read_form(request) as form:
        text = text_of(form, "origins")
    try:
        await shops.set_face(request.app.state.desk, cast.shop.id, origins=text.split())
    except Invalid as error:
        return _page(request, _stored(request), refusals(request, error, FIELDS, "origins"), origins=text)
    return saved(PATH, anchor="#embed")


def _page(
    request: Request,
    typed: dict[str, str],
    errors: dict[str, str] | None = None,
    hours: dict[str, Any] | None = None,
    origins: str | None = None,
) -> Response:
    cast: Cast = request.state.cast
    say = texts(request)
    colour = _readable(typed["colour"]) or cast.shop.brand
    page = frame(request, say.gettext("Shop"), "shop", errors)
    page["shop"] |= {"look_css": look(colour)}
    context: Page = {
        "values": typed | {"colour": colour if "colour" not in page["errors"] else typed["colour"]},
        "changed": colour != cast.shop.brand,
        "look": _look(request, typed["name"] or cast.shop.name),
        "colour_words": _colour_words(colour, request),
        "languages": [{"lang": lang, "name": name} for lang, name in NAMES.items()],
        "timezones": sorted({*_zones(), typed["timezone"]}),
        "logo_url": logo_url(cast),
        "share_days_most": SHARE_DAYS,
        "session_days_most": _most_days(request)["session_days"],
        "pickup_most": LONGEST_PICKUP,
        "hours": hours_context(cast, hours or stored_hours(cast), language_of(request), now_micros()),
        "origins": "\n".join(cast.shop.origins or ()) if origins is None else origins,
        "origin_example": "https://www.example.com",
        "snippets": snippets(request.app.state.settings.public_url, say.gettext),
        "waits": _waits(typed["question_minutes"], language_of(request)),
    }
    return show(request, "shop", page | context)


def _look(request: Request, name: str) -> dict[str, Any]:
    """Whom the little page beside the form shows: who looks at it. No name is invented."""
    cast: Cast = request.state.cast
    language = language_of(request)
    day = from_micros(now_micros()).astimezone(tz(cast.shop.zone)).date() + timedelta(days=2)
    return {
        "name": name[:80],
        "who": person_face(cast, request.state.person, language),
        "day": paired(capital(day_text(day.isoformat(), language))),
        "then": in_language(cast.steps["delivered"].next_names, language, cast.shop.locale),
    }


def _waits(chosen: str, language: str) -> list[dict[str, str]]:
    kept = {int(chosen)} if chosen.isascii() and chosen.isdigit() and 0 < len(chosen) < 6 else set()
    found = sorted({*MINUTES, *kept})
    return [{"value": str(minutes), "label": wait_text(minutes, language)} for minutes in found]


def _most_days(request: Request) -> dict[str, int]:
    """Of how long phones stay signed in, whoever runs the server may have set a lower bound."""
    most = {name: limit for name, (_, limit) in KEPT_DAYS.items()}
    return most | {"session_days": min(most["session_days"], request.app.state.settings.session_days)}


def _stored(request: Request) -> dict[str, str]:
    shop = request.state.cast.shop
    days = {name: str(min(getattr(shop, name), most)) for name, most in _most_days(request).items()}
    face = {"name": shop.name, "colour": shop.brand, "locale": shop.locale, "timezone": shop.zone}
    hours = "" if shop.ask_hours is None else str(shop.ask_hours)
    more = {
        "question_minutes": str(shop.question_minutes),
        "ask_hours": hours,
        "pickup": shop.pickup or "",
        "any_order": "1" if shop.any_order else "0",
    }
    return {**face, **days, **more}


def _checked(typed: dict[str, str], most_days: dict[str, int]) -> dict[str, Any]:
    days = {name: shops.whole_days(name, typed[name], most) for name, most in most_days.items()}
    name = label_within(typed["name"], 80, field="name")
    face = {"name": name, "brand": parse_colour(typed["colour"]), "locale": typed["locale"], "zone": typed["timezone"]}
    minutes, hours = _minutes(typed["question_minutes"]), _hours(typed["ask_hours"])
    pickup = words_within(typed["pickup"], LONGEST_PICKUP, field="pickup")
    order = {"any_order": typed["any_order"] == "1"}
    return face | days | order | {"question_minutes": minutes, "ask_hours": hours, "pickup": pickup}


def _minutes(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 6 and 1 <= int(text) <= MOST_MINUTES):
        raise Invalid(WRONG_MINUTES, errors=[("question_minutes", WRONG_MINUTES)])
    return int(text)


def _hours(text: str) -> int | None:
    """None: customers are not asked by mail."""
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 4 and 1 <= int(text) <= MOST_HOURS):
        raise Invalid(WRONG_HOURS, errors=[("ask_hours", WRONG_HOURS)], params={"most": MOST_HOURS})
    return int(text)


async def _logo(request: Request, form: FormData) -> dict[str, Any]:
    try:
        picture = await read_picture(request, form, "logo", "logo")
    except (Invalid, TooLarge) as error:
        raise type(error)(error.message, errors=[("logo", error.message)]) from None
    if picture is not None:
        return {"logo": picture.photo_id}
    return {"logo": None} if text_of(form, "remove_logo") else {}


def _colour_words(colour: str, request: Request) -> str:
    """What the style sheet makes of the colour: light ones get dark text, and darker letters where they are text."""
    say = texts(request).say
    on_paper = contrast(colour, SCHEMES["light"]["paper"])
    ratio = f"{on_paper:.1f}"
    if language_of(request) != "en":
        ratio = ratio.replace(".", ",")
    if on_paper >= TEXT:
        return say(N_("%(ratio)s to 1 against the paper: dark enough to read as it is."), ratio=ratio)
    return say(
        N_("%(ratio)s to 1 against the paper: too light to read, so letters get a darker shade of it."), ratio=ratio
    )


def _readable(colour: str) -> str | None:
    try:
        return parse_colour(colour)
    except Invalid:
        return None


def _zones() -> set[str]:
    """Those that a person looks for: a continent and a city."""
    return {zone for zone in available_timezones() if "/" in zone and not zone.startswith(("Etc/", "SystemV/", "US/"))}
