"""/owner/safety: an owner's own ways in, where they are signed in, and what the shop asks of its owners."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from storefront_trace.actions import factor, passkeys, signin
from storefront_trace.actions.proof import check_lately
from storefront_trace.domain.clock import MINUTE, now_micros
from storefront_trace.domain.errors import Conflict, DomainError
from storefront_trace.domain.passkeys import Passkey, host_of
from storefront_trace.domain.shop import Cast
from storefront_trace.storage import accounts, factors
from storefront_trace.storage import passkeys as keys
from storefront_trace.storage.accounts import Session
from storefront_trace.web.forms import read_form, whole_form
from storefront_trace.web.owner.base import Page, frame, language_of, mails_out, refusals, saved, show, texts
from storefront_trace.web.owner.forms import text_of
from storefront_trace.web.passkeys import answer_of, asked, done, place_of, refused, ticket_of
from storefront_trace.web.signin import device_of
from storefront_trace.web.wording import recent_text, tied

PATH = "/owner/safety"
MOST_DEVICES = 50


async def show_safety(request: Request) -> Response:
    return await safety_page(request)


async def post_require(request: Request) -> Response:
    """The field `needs`: 1 asks every owner for more than a link."""
    check_lately(request.state.session)
    async with read_form(request, max_fields=5) as form:
        wanted = text_of(form, "needs") == "1"
    try:
        await factor.require(request.app.state.desk, request.state.session, wanted)
    except Conflict as error:
        return await safety_page(request, refusals(request, error, {}, "needs"))
    return saved(PATH)


async def post_end_device(request: Request) -> Response:
    await whole_form(request)
    await signin.sign_out_one(request.app.state.desk, request.state.session, request.path_params["session"])
    return saved(PATH, "device", anchor="#devices")


async def post_end_devices(request: Request) -> Response:
    """Everywhere, here too; the field `keep` leaves the passkeys."""
    async with read_form(request, max_fields=5) as form:
        keep = text_of(form, "keep") == "1"
    await signin.sign_out_everywhere(request.app.state.desk, request.state.session, keep_passkeys=keep)
    return RedirectResponse("/signin", 303, {"Cache-Control": "no-store"})


async def post_start(request: Request) -> Response:
    """For static/passkey.js."""
    cast: Cast = request.state.cast
    try:
        place, who = place_of(request, cast.shop.name), request.state.person.display_name
        options, ticket = await passkeys.begin_add(request.app.state.desk, place, request.state.session, who)
    except DomainError as error:
        return refused(request, error)
    return asked(request, options, ticket)


async def post_passkey(request: Request) -> Response:
    """For static/passkey.js."""
    state, cast = request.app.state, request.state.cast
    try:
        told = ticket_of(request), await answer_of(request)
        place = place_of(request, cast.shop.name)
        await passkeys.finish_add(state.desk, place, request.state.session, *told, name=device_of(request))
    except DomainError as error:
        return refused(request, error)
    return done(request, f"{PATH}?said=passkey")


async def post_end_passkey(request: Request) -> Response:
    await whole_form(request)
    await passkeys.remove(request.app.state.desk, request.state.session, request.path_params["passkey"])
    return saved(PATH, "passkey-gone")


async def safety_page(request: Request, errors: dict[str, str] | None = None) -> Response:
    cast: Cast = request.state.cast
    session: Session = request.state.session
    settings, me = request.app.state.settings, (cast.shop.id, session.account_id)
    async with request.app.state.desk.db.read() as conn:
        own = await factors.find_factor(conn, *me)
        left = await factors.count_codes(conn, *me)
        known = await keys.list_passkeys(conn, *me)
        found = await accounts.list_sessions(conn, *me, now_micros(), days=settings.session_days)
    found.sort(key=lambda one: one["id"] != session.id)
    on = own is not None and own.confirmed_at is not None
    host = host_of(settings.public_url)
    context = {
        "app": {
            "on": on,
            "left": left,
            "few": left < 3,
            "since": _when(request, own.confirmed_at) if own and on else None,
        },
        "passkeys": [_passkey(request, one) for one in known],
        "passkey_actions": {"host": host, "start": f"{PATH}/passkeys/start", "finish": f"{PATH}/passkeys"}
        if host
        else None,
        "devices": [_device(request, one) for one in found[:MOST_DEVICES]],
        "server": mails_out(request),
        "needs": cast.shop.needs_factor,
        "must": cast.shop.needs_factor and session.strong_at is None,
    }
    title = texts(request).gettext("Safe hands")
    return show(request, "safety", frame(request, title, "shop", errors) | context)


def _passkey(request: Request, one: Passkey) -> Page:
    say = texts(request)
    return {
        "name": one.name or say.gettext("A device"),
        "since": say.say("Added %(when)s", when=_when(request, one.created_at)),
        "used": say.say("Last used %(when)s", when=_when(request, one.used_at)) if one.used_at else None,
        "end_action": f"{PATH}/passkeys/{one.id}/end",
    }


def _device(request: Request, one: dict[str, Any]) -> Page:
    say, current = texts(request), one["id"] == request.state.session.id
    just_now = now_micros() - one["seen_at"] < 15 * MINUTE
    used = say.gettext("just now") if just_now else _when(request, one["seen_at"])
    return {
        "name": one["device"] or say.gettext("A device"),
        "since": say.say("Signed in %(when)s", when=_when(request, one["created_at"])),
        "used": None if current else say.say("Last used %(when)s", when=used),
        "current": current,
        "end_action": None if current else f"{PATH}/devices/{one['id']}/end",
    }


def _when(request: Request, micros: int | None) -> str:
    zone = request.state.cast.shop.zone
    return tied(recent_text(micros or 0, zone, "minute", language_of(request), now=now_micros()))
