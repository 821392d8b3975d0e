"""/owner/privacy: what is kept, why and until when; what a customer may ask for; and letting go."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from storefront_trace.actions import endings, orders, privacy, purging, shops
from storefront_trace.actions.proof import check_lately, is_lately
from storefront_trace.actions.purging import Purged
from storefront_trace.actions.readings import note_reading
from storefront_trace.domain.clock import now_micros
from storefront_trace.domain.errors import N_, DomainError, Invalid, NotFound
from storefront_trace.domain.lifetimes import KEPT_MONTHS
from storefront_trace.domain.shop import Cast
from storefront_trace.storage import retention
from storefront_trace.storage.veil import is_veiled
from storefront_trace.web.forms import text_of, whole_form
from storefront_trace.web.owner.base import alphabetical, frame, language_of, refusals, saved, show, texts
from storefront_trace.web.owner.keeping import WOULD_GO, counts_of, kept_of
from storefront_trace.web.readings import readings_view
from storefront_trace.web.wording import recent_text, tied

PATH = "/owner/privacy"
ROUNDS = 30
# Else a browser stays at the form that was sent, and what was done is said above it.
TOP = "#main"
WHO = N_("Give an order's number or an e-mail address.")
SURE = N_("Tick the box first: what is forgotten does not come back.")
SURE_PURGE = N_("Tick the box first: what is let go does not come back.")


async def show_privacy(request: Request) -> Response:
    return await _page(request)


async def post_settings(request: Request) -> Response:
    typed = _months(await whole_form(request))
    try:
        await shops.set_face(request.app.state.desk, request.state.cast.shop.id, **typed)
    except Invalid as error:
        return await _again(request, error, "words_months", typed)
    return saved(PATH)


async def post_look(request: Request) -> Response:
    """What would go at the next round; nothing goes yet. With the fields of /settings: as if those were saved, and
    they are not."""
    desk, shop_id = request.app.state.desk, request.state.cast.shop.id
    typed = _months(await whole_form(request))
    try:
        months = {name: shops.whole_months(name, value) for name, value in typed.items()}
    except Invalid as error:
        return await _again(request, error, "words_months", typed)
    found = await purging.purge(desk, shop_id, dry_run=True, months=months)
    return await _page(request, typed=typed, would=found)


def _months(form: FormData) -> dict[str, str]:
    return {name: text_of(form, name).strip() for name in KEPT_MONTHS if name in form}


async def post_purge(request: Request) -> Response:
    check_lately(request.state.session)
    if text_of(await whole_form(request), "sure") != "1":
        return await _page(request, errors={"sure-purge": texts(request).gettext(SURE_PURGE)})
    gone = await purging.purge(request.app.state.desk, request.state.cast.shop.id)
    return saved(PATH, "purged" if any(asdict(gone).values()) else "purged-none", anchor="#rounds")


async def post_export(request: Request) -> Response:
    """A file for the customer who asked, or for a person: everything that is kept about them."""
    check_lately(request.state.session)
    form, desk, shop_id = await whole_form(request), request.app.state.desk, request.state.cast.shop.id
    request.app.state.limits.hit("export", request.state.person.id)
    email, handle = text_of(form, "email").strip(), text_of(form, "handle")
    try:
        if handle:
            found = await privacy.export_person(desk, shop_id, handle)
            if not is_veiled():  # else nothing is in it of what was said
                whose = [one["id"] for one in found["person"]]
                await note_reading(desk, request.state.cast.shop, request.state.person.id, "file", whose)
        elif email:
            found = await privacy.export_customer(desk, shop_id, email)
        else:
            raise Invalid(WHO, errors=[("email", WHO)])
    except (Invalid, NotFound) as error:
        return await _again(request, error, "handle" if handle else "email", {"email": email})
    headers = {"Cache-Control": "no-store", "Content-Disposition": 'attachment; filename="export.json"'}
    return Response(json.dumps(found, ensure_ascii=False, indent=2), headers=headers, media_type="application/json")


async def post_erase(request: Request) -> Response:
    """A customer, by address or by one order's number, or a person who has worked here."""
    check_lately(request.state.session)
    form, state, shop_id = await whole_form(request), request.app.state, request.state.cast.shop.id
    typed = {name: text_of(form, name).strip() for name in ("email", "number")}
    handle = text_of(form, "handle")
    where = "handle" if handle else "email"
    try:
        if not handle and not any(typed.values()):
            raise Invalid(WHO, errors=[("email", WHO)])
        if text_of(form, "sure") != "1":
            raise Invalid(SURE, errors=[("sure-person" if handle else "sure", SURE)])
        if handle:
            done = await _erase_person(request, handle)
        else:
            number, email = typed["number"].lstrip("#").strip() or None, typed["email"] or None
            done = await privacy.erase_customer(state.desk, shop_id, number=number, email=email)
    except (Invalid, NotFound) as error:
        return await _again(request, error, where, typed)
    await privacy.clear_disk(state.desk, state.media, done.photos)
    return saved(PATH, "erased", anchor=TOP)


async def post_link(request: Request) -> Response:
    """The order's links are dead from now on; with `renew` it has a new one, that its customer gets by asking."""
    form = await whole_form(request)
    number = text_of(form, "order").strip().lstrip("#").strip()
    act = orders.rotate_link if text_of(form, "renew") else orders.revoke_links
    try:
        await act(request.app.state.desk, request.state.cast.shop.id, number)
    except NotFound as error:
        return await _again(request, error, "order", {"order": number})
    return saved(PATH, "link-renewed" if text_of(form, "renew") else "link-dead", anchor=TOP)


async def _erase_person(request: Request, handle: str) -> privacy.Erased:
    if handle == request.state.person.handle:
        message = N_("Another owner erases you: somebody has to be left to run the shop.")
        raise Invalid(message, errors=[("handle", message)])
    return await privacy.erase_person(request.app.state.desk, request.state.cast.shop.id, handle)


async def _again(request: Request, error: DomainError, field: str, typed: Mapping[str, str]) -> Response:
    return await _page(request, errors=refusals(request, error, {}, field), typed=typed)


async def _page(
    request: Request,
    *,
    errors: Mapping[str, str] | None = None,
    typed: Mapping[str, str] | None = None,
    would: Purged | None = None,
) -> Response:
    cast: Cast = request.state.cast
    language = language_of(request)
    async with request.app.state.desk.db.read() as conn:
        rounds = await retention.list_purged(conn, cast.shop.id, limit=ROUNDS)
        readings = await readings_view(conn, request, language)
    trouble = await endings.find_trouble(request.app.state.desk)
    named = sorted(cast.people.values(), key=lambda one: alphabetical(one.display_name, language))
    now = now_micros()
    context: dict[str, Any] = {
        "kept": kept_of(cast.shop, language),
        "values": {
            **{name: str(getattr(cast.shop, name)) for name in KEPT_MONTHS},
            "email": "",
            "number": "",
            "order": "",
            **(typed or {}),
        },
        "months": KEPT_MONTHS,
        "stale": not is_lately(request.state.session),
        "would": counts_of(asdict(would), language, WOULD_GO) if would is not None else None,
        "tried": would is not None and bool(typed),
        "rounds": [
            {
                "when": tied(recent_text(one.at, cast.shop.zone, "minute", language, now=now)),
                "counts": counts_of(one.counts, language),
            }
            for one in rounds
        ],
        "readings": readings,
        "lost": trouble.lost,
        "odd": bool(trouble.odd),
        "people": [{"handle": one.handle, "name": one.display_name} for one in named],
    }
    title = texts(request).gettext("Privacy")
    return show(request, "privacy", frame(request, title, "shop", errors) | context)
