"""Thanking a person, or saying what could be better. GET only shows; a person's POST saves."""

from __future__ import annotations

from typing import Any

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from storefront_trace.actions import feedback, wall
from storefront_trace.actions.feedback import Answer
from storefront_trace.domain.chips import ChipKind, chips_for
from storefront_trace.domain.clock import now_micros
from storefront_trace.domain.errors import Conflict, DomainError, Invalid, NotFound
from storefront_trace.domain.feedback import shares_at
from storefront_trace.domain.moments import from_micros, local_day
from storefront_trace.domain.shop import Cast, Person
from storefront_trace.domain.timeline import Shown, shown_for, timeline, visible_as
from storefront_trace.domain.tracked import TrackOrder
from storefront_trace.storage import accounts
from storefront_trace.web.customer.chain import cared_for
from storefront_trace.web.customer.refused import refused
from storefront_trace.web.customer.track import open_order
from storefront_trace.web.customer.words import Words, portrait, words_for
from storefront_trace.web.errors import status_of
from storefront_trace.web.forms import read_form
from storefront_trace.web.languages import choose, form_url, page_url, switch
from storefront_trace.web.page import page
from storefront_trace.web.wording import day_text

MOST_FIELDS = 60


async def show_feedback(request: Request) -> Response:
    order, cast = await open_order(request)
    shown = _step(order, cast, request.path_params["event"])
    return await _form(request, order, cast, shown)


async def post_feedback(request: Request) -> Response:
    """Saves or edits, then 303 back to the step on the page."""
    order, cast = await open_order(request)
    shown = _step(order, cast, request.path_params["event"])
    request.app.state.limits.hit("feedback", order.id)
    async with read_form(request, max_fields=MOST_FIELDS) as form:
        told = _told(form, _language(request, order, cast))
    try:
        await feedback.save_feedback(request.app.state.desk, order.shop_id, order.id, shown.event.id, told)
    except (Invalid, Conflict) as refusal:
        return await _form(request, order, cast, shown, told=told, refusal=refusal)
    return RedirectResponse(_back(request, shown), 303, {"Cache-Control": "no-store"})


async def post_wall(request: Request) -> Response:
    """The field `wall`: whether the shop may show what was written, and how; "no" takes it back."""
    order, cast = await open_order(request)
    shown = shown_for(timeline(order, cast, now_micros()), request.path_params["event"])
    if shown is None or shown.feedback is None:
        raise NotFound("There is no such feedback.")
    request.app.state.limits.hit("feedback", order.id)
    async with read_form(request, max_fields=5) as form:
        says = str(form.get("wall", ""))[:20]
    desk, language = request.app.state.desk, _language(request, order, cast)
    await wall.let_show(desk, order.shop_id, order.id, shown.feedback.id, says, language)
    return RedirectResponse(_back(request, shown), 303, {"Cache-Control": "no-store"})


async def post_thanks(request: Request) -> Response:
    """Thanks for several steps at once: those that the form names (one helper's), or all that nobody has spoken of.
    Each can be edited afterwards like any other."""
    order, cast = await open_order(request)
    request.app.state.limits.hit("feedback", order.id)
    open_steps = [s.event.id for s in timeline(order, cast, now_micros()).steps if s.may_react and s.feedback is None]
    async with read_form(request, max_fields=MOST_FIELDS) as form:
        named = [str(event)[:64] for event in form.getlist("event")]
    told = Answer("thanks", locale=_language(request, order, cast), channel="page" if named else "all")
    await feedback.thank_steps(request.app.state.desk, order.shop_id, order.id, named or open_steps, told)
    return RedirectResponse(page_url(request, "#after"), 303, {"Cache-Control": "no-store"})


def _told(form: FormData, language: str) -> Answer:
    """What has no field stays as it was said before: a bare "thanks" (the button on the page), a chip tapped while a
    sentence is being written. An empty chip stands for the field where none is chosen."""
    whole = "words" in form
    chips = tuple(str(chip)[:64] for chip in form.getlist("chips") if chip) if whole or "chips" in form else None
    words = str(form.get("words", "")) if whole else None
    contact = form.get("contact") in ("1", "on", "true", "yes") if whole else None
    channel = "mail" if form.get("from") == "mail" else "page"
    return Answer(str(form.get("choice", ""))[:20], chips, words, contact, language, channel)


def _back(request: Request, shown: Shown) -> str:
    return page_url(request, f"#step-{shown.event.id}")


def _step(order: TrackOrder, cast: Cast, event_id: str) -> Shown:
    found = shown_for(timeline(order, cast, now_micros()), event_id)
    if found is None or not found.may_react:
        raise NotFound("There is no such step to say something about.")
    return found


def _language(request: Request, order: TrackOrder, cast: Cast) -> str:
    asked, accept = request.query_params.get("lang"), request.headers.get("accept-language", "")
    return choose(asked, accept, order.locale, cast.shop.locale)


async def _form(
    request: Request,
    order: TrackOrder,
    cast: Cast,
    shown: Shown,
    *,
    told: Answer | None = None,
    refusal: DomainError | None = None,
) -> Response:
    language = _language(request, order, cast)
    words = words_for(cast, language, request.app.state.pages)
    face = words.face(shown.actor)
    said = shown.feedback
    chosen = told.choice if told else request.query_params.get("choice") or (said.choice if said else "thanks")
    on = set(told.chips if told and told.chips is not None else said.chips if said else ())
    concern_at = said.concern_at if said and said.concern_at else now_micros()
    shared_at = shares_at(from_micros(concern_at), cast.shop.share_days)
    until = day_text(local_day(shared_at, cast.shop.zone).isoformat(), language)
    reader = await _owner(request, cast)
    name = face.called
    context = {
        **words.frame,
        "order_number": order.number,
        "languages": switch(request, language),
        "title": words.say("What would you like to say to %(name)s?", name=name),
        "back_url": _back(request, shown),
        "action": form_url(request),
        "from": "mail" if request.query_params.get("from") == "mail" else "",
        "confirm": face.thank if request.query_params.get("choice") == "thanks" and said is None else "",
        "choice": chosen if chosen in ("thanks", "concern") else "thanks",
        "who": {
            "name": face.name,
            "role": face.role,
            "portrait": face.portrait,
            "kind": face.kind,
            "sentence": words.sentence(shown),
        },
        "thanks_chips": _chips(shown, "thanks", on, words),
        "concern_chips": _chips(shown, "concern", on, words),
        "words": told.words if told and told.words is not None else said.words if said else "",
        "contact": told.contact if told and told.contact is not None else bool(said and said.contact),
        **refused(refusal, words),
        "reader": _reader(reader, words),
        "cared_for": cared_for(shown, words) if said and said.choice == "concern" else "",
        "until": "" if reader is not None and reader.id == shown.event.person_id else until,
    }
    status = status_of(refusal) if refusal else 200
    return page(request, "customer/feedback.html", status=status, language=language, page=context)


def _chips(shown: Shown, kind: ChipKind, on: set[str], words: Words) -> list[dict[str, Any]]:
    found = chips_for(shown.step.chips, kind, words.cast.chips)
    return [{"key": chip.key, "label": words.named(chip.names), "on": chip.key in on} for chip in found]


async def _owner(request: Request, cast: Cast) -> Person | None:
    async with request.app.state.desk.db.read() as conn:
        owner = await accounts.get_owner(conn, cast.shop.id)
    return cast.people.get(owner.person_id) if owner else None


def _reader(person: Person | None, words: Words) -> dict[str, Any]:
    """The owner, who reads a concern first: by name only when the owner lets customers see it."""
    if person is None or visible_as(person) == "team":
        return {"portrait": None, "name": words.say("The owner")}
    photo = person.photo if visible_as(person) == "photo" else None
    return {"portrait": portrait(photo, person.display_name, words), "name": person.display_name}
