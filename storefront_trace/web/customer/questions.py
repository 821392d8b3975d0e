"""Asking who has the order. GET only shows the form; a person's POST sends it."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from storefront_trace.actions import questions
from storefront_trace.domain.clock import now_micros
from storefront_trace.domain.errors import Conflict, DomainError, Invalid
from storefront_trace.domain.shop import Cast
from storefront_trace.domain.timeline import timeline
from storefront_trace.domain.tracked import TrackOrder
from storefront_trace.web.customer.refused import refused
from storefront_trace.web.customer.threads import ask_texts, asked_face, threads
from storefront_trace.web.customer.track import open_order
from storefront_trace.web.customer.words import words_for
from storefront_trace.web.errors import status_of
from storefront_trace.web.forms import read_form
from storefront_trace.web.languages import choose, form_url, page_url, switch
from storefront_trace.web.page import page


async def show_ask(request: Request) -> Response:
    """The form on a page of its own, and what has been asked already."""
    return _form(request, *await open_order(request))


async def post_question(request: Request) -> Response:
    """303 to the question on the tracking page."""
    order, cast = await open_order(request)
    request.app.state.limits.hit("question", order.id)
    async with read_form(request, max_fields=5, max_part_size=64 * 1024) as form:
        text = str(form.get("text", ""))
    language = _language(request, order, cast)
    desk = request.app.state.desk
    try:
        question_id = await questions.ask(desk, order.shop_id, order.id, text, locale=language)
    except (Invalid, Conflict) as refusal:
        return _form(request, order, cast, typed=text, refusal=refusal)
    return RedirectResponse(page_url(request, f"#question-{question_id}"), 303, {"Cache-Control": "no-store"})


def _form(
    request: Request, order: TrackOrder, cast: Cast, *, typed: str = "", refusal: DomainError | None = None
) -> Response:
    language = _language(request, order, cast)
    words = words_for(cast, language, request.app.state.pages)
    line = timeline(order, cast, now_micros())
    face, has_it = asked_face(order, line, words)
    mails = request.app.state.offers.mail
    texts = ask_texts(face, has_it, words, mails and bool(order.email))
    context = {
        **words.frame,
        "order_number": order.number,
        "languages": switch(request, language),
        "title": texts["summary"],
        "back_url": page_url(request),
        "action": form_url(request),
        "ask": texts,
        "who": {
            "name": face.name,
            "role": words.say("at %(role)s", role=face.place) if face.place else "",
            "portrait": face.portrait,
            "kind": face.kind,
        },
        "text": typed,
        **refused(refusal, words),
        "questions": threads(order, words, line.faded, mails),
    }
    status = status_of(refusal) if refusal else 200
    return page(request, "customer/ask.html", status=status, language=language, page=context)


def _language(request: Request, order: TrackOrder, cast: Cast) -> str:
    asked, accept = request.query_params.get("lang"), request.headers.get("accept-language", "")
    return choose(asked, accept, order.locale, cast.shop.locale)
