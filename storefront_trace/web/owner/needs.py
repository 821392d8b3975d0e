"""/owner/needs: everything that needs the owner, in one list, each with who has it and one thing to do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from storefront_trace.actions.needs import MOST, read_needs
from storefront_trace.actions.own_mails import WRONG_HOUR, set_morning
from storefront_trace.domain import needs as rules
from storefront_trace.domain.clock import HOUR, now_micros
from storefront_trace.domain.errors import N_, Invalid
from storefront_trace.domain.mailing import MORNING_HOURS
from storefront_trace.domain.needs import Need
from storefront_trace.domain.shop import Cast
from storefront_trace.storage import accounts
from storefront_trace.storage.reports import Doer
from storefront_trace.web.faces import face_of
from storefront_trace.web.forms import text_of, whole_form
from storefront_trace.web.languages import catalogue
from storefront_trace.web.owner.base import (
    doer_in_sentence,
    frame,
    language_of,
    mails_out,
    refusals,
    saved,
    show,
    texts,
)
from storefront_trace.web.wording import clock_text, day_text, tied, wait_text

PATH = "/owner/needs"
WORDS: dict[rules.Kind, str] = {
    "late": N_("%(order)s was promised by %(day)s and is still here. It waits for %(name)s."),
    "due": N_("%(order)s is promised by %(day)s and is still here. It waits for %(name)s."),
    "goods": N_("%(thing)s for %(order)s was to come %(day)s. %(name)s waits for it."),
    "still": N_("Nobody has touched %(order)s for %(time)s. It has waited for %(name)s since %(day)s."),
    "asked": N_("%(thing)s asked about %(order)s %(day)s and still waits for your answer."),
    "off": N_("%(thing)s switched us off %(day)s: nothing comes from it until it is connected anew."),
    "silent": N_("Nothing has come from %(thing)s since %(day)s. It may have switched us off."),
    "unheard": N_("%(thing)s has been connected since %(day)s and has never said anything."),
    "mail": N_("A mail about %(order)s could not be delivered. Who has the order: %(name)s."),
    "letter": N_("A mail to %(thing)s could not be delivered. It waits for you."),
}
# Where nobody else has it.
YOURS = N_("A mail about %(order)s could not be delivered. It waits for you.")
ACTS: dict[rules.Kind, str] = {
    "asked": N_("Answer"),
    "off": N_("Look at the connection"),
    "silent": N_("Look at the connection"),
    "unheard": N_("Look at the connection"),
    "letter": N_("Look at the address"),
}


async def show_needs(request: Request) -> Response:
    return await _page(request)


async def post_mail(request: Request) -> Response:
    """Of one's own: at which hour of the shop's clock the same comes by mail; an empty `hour` ends it."""
    hour, state = text_of(await whole_form(request), "hour").strip(), request.state
    try:
        wanted = int(hour) if hour.isascii() and hour.isdigit() and len(hour) < 3 else None
        if wanted is None and hour:
            raise Invalid(WRONG_HOUR, errors=[("hour", WRONG_HOUR)])
        told = {"locale": language_of(request)}
        await set_morning(request.app.state.desk, state.cast.shop.id, state.person.id, wanted, **told)
    except Invalid as error:
        return await _page(request, refusals(request, error, {}, "hour"))
    return saved(PATH, "saved" if wanted is None or mails_out(request) else "saved-unsent", anchor="#mail")


async def _page(request: Request, errors: Mapping[str, str] | None = None) -> Response:
    cast, person, language = request.state.cast, request.state.person, language_of(request)
    async with request.app.state.desk.db.read() as conn:
        found = await read_needs(conn, cast, request.state.sight)
        account = await accounts.find_account(conn, cast.shop.id, person.id)
    chosen = account.morning_hour if account else None
    context = {
        "needs": [need_view(cast, need, language, me=person.id) for need in found],
        "whole": request.state.sight is None,
        "most": MOST,
        "hours": [{"value": hour, "label": _clock(hour, language), "on": hour == chosen} for hour in MORNING_HOURS],
        "address": person.email,
        "about": f"/owner/people/{person.handle}/about",
        "server": mails_out(request),
    }
    return show(request, "needs", frame(request, texts(request).gettext("What needs you"), "today", errors) | context)


def _clock(hour: int, language: str) -> str:
    return clock_text(hour * HOUR, "UTC", language)


def need_view(cast: Cast, need: Need, language: str, *, me: str) -> dict[str, Any]:
    """{kind, portrait, text: Markup, link: {href, label}}; `me` is the owner who reads it."""
    say, told = catalogue(language), _told(cast, need, language)
    order = Markup('<a href="{}">{}</a>').format(_order_url(need), need.order)
    day = Markup('<time datetime="{}">{}</time>').format(need.day, told["day"]) if need.day else ""
    person_id = me if need.kind in ("mail", "letter") and not _has_it(need) else need.person_id
    somebody = person_id is not None or need.team is not None
    return {
        "kind": need.kind,
        "portrait": face_of(cast, person_id, need.team, language)["portrait"] if somebody else None,
        "text": Markup(say.gettext(_words(need))) % {**told, "order": order, "day": day},  # noqa: S704 - ours
        "link": {"href": need_url(need), "label": need_act(need, language)},
    }


def need_text(cast: Cast, need: Need, language: str) -> str:
    """The same as `need_view` says, where nothing is a link."""
    return catalogue(language).gettext(_words(need)) % _told(cast, need, language)


def _has_it(need: Need) -> bool:
    return need.person_id is not None or need.team is not None


def _words(need: Need) -> str:
    return YOURS if need.kind == "mail" and not _has_it(need) else WORDS[need.kind]


def need_url(need: Need) -> str:
    if need.kind == "asked":
        return f"/owner/questions#question-{need.key}"
    if need.kind == "letter":
        return f"/owner/people/{need.key}/about"
    return _order_url(need) if need.order else "/owner/connections"


def need_act(need: Need, language: str) -> str:
    return catalogue(language).gettext(ACTS.get(need.kind, N_("Open the order")))


def _order_url(need: Need) -> str:
    return f"/staff/orders/{quote(need.order, safe='')}"


def _told(cast: Cast, need: Need, language: str) -> dict[str, str]:
    say, doer = catalogue(language), Doer(need.person_id, need.team)
    return {
        "order": need.order,
        "day": tied(day_text(need.day, language)) if need.day else "",
        "time": tied(wait_text((now_micros() - need.since) // 60_000_000, language)),
        "name": doer_in_sentence(cast, doer, language) if _has_it(need) else say.gettext("somebody"),
        "thing": need.thing or say.gettext("A customer"),
    }
