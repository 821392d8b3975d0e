"""Asking on the tracking page: whom, and what has been asked and answered.

An order without questions pays for the offer to ask alone, which is kept for everybody in a shop and put in for each.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from markupsafe import Markup, escape

from storefront_trace.domain.errors import N_
from storefront_trace.domain.moments import from_micros, tz
from storefront_trace.domain.orders import HOME_STATES
from storefront_trace.domain.questions import waits_for, waits_since, whom_to_ask
from storefront_trace.domain.shop import Cast
from storefront_trace.domain.timeline import Actor, Timeline, actor
from storefront_trace.domain.tracked import TrackOrder, TrackQuestion
from storefront_trace.web.customer.face import Face
from storefront_trace.web.customer.holed import Holed, hole
from storefront_trace.web.customer.words import HOLE, Words
from storefront_trace.web.wording import moment_html


def asked_face(order: TrackOrder, line: Timeline, words: Words) -> tuple[Face, bool]:
    """(who would get a question now, whether the page says that they have the order: else they had it last)."""
    person, team = whom_to_ask(order, order.events, words.cast)
    face = words.face(_shown(words.cast, person.id if person else None, team, line.faded))
    return face, line.holder is not None and words.face(line.holder) is face


def ask_html(order: TrackOrder, line: Timeline, words: Words, base: str, mails: bool) -> Markup:
    face, has_it = asked_face(order, line, words)
    home = order.state in HOME_STATES  # then thanks come first
    mailed = mails and bool(order.email)
    # A team's name in a sentence follows from its name.
    key = (face.name, f"{face.kind} {face.answers}", has_it, home, mailed)
    found = words.asks.get(key)
    if found is None:
        context = ask_texts(face, has_it, words, mailed) | {"action": hole("action"), "second": home}
        found = words.asks[key] = Holed(words.part("_ask", ask=context))
    return Markup(found.filled_raw(action=f"{base}/questions"))  # noqa: S704 - a token alone


def ask_texts(face: Face, has_it: bool, words: Words, mailed: bool) -> dict[str, str]:
    """`mailed`: whether the answer goes out by mail too."""
    name = face.called
    stands = N_("The answer stands here on the page.")
    if face.kind == "person":
        stands = N_("%(name)s reads and answers. The answer stands here on the page.")
    if mailed:
        stands = N_("The answer stands here on the page, and comes by mail.")
        if face.kind == "person":
            stands = N_("%(name)s reads and answers. The answer stands here on the page, and comes by mail.")
    reads = words.say(stands, name=name)
    last = "" if has_it else words.say("Your question goes to %(name)s, who had your order last.", name=name)
    return {
        "summary": words.say("Ask %(name)s", name=name),
        "label": words.say("What would you like to know?"),
        "hint": " ".join(text for text in (last, reads, face.answers) if text),
        "button": words.say("Send to %(name)s", name=name),
    }


def threads(order: TrackOrder, words: Words, faded: bool, mails: bool) -> dict[str, Any] | None:
    """None when nothing has been asked."""
    if not order.questions:
        return None
    n = len(order.questions)
    return {
        "heading": words.texts.ngettext("Your question", "Your questions", n),
        "items": [_thread(one, words, faded, mails and bool(order.email)) for one in _in_order(order)],
    }


def question_facts(order: TrackOrder, words: Words, faded: bool) -> list[tuple[dict[str, Any], Actor]]:
    """(the question as in the contract, who stands for its answer, or for whom it waits)"""
    found = []
    for one in _in_order(order):
        answered = one.answered_at is not None
        said = {"words": one.answer, "at": _iso(one.answered_at, words)} if one.answered_at is not None else None
        told = {"id": one.id, "words": one.words, "asked_at": _iso(one.created_at, words), "answer": said}
        found.append((told, answerer(one, words.cast, faded) if answered else _waited_for(one, words.cast, faded)))
    return found


def answerer(one: TrackQuestion, cast: Cast, faded: bool) -> Actor:
    person = cast.people.get(one.answered_by or "")
    return _shown(cast, one.answered_by, person.team if person else one.team, faded)


def _thread(one: TrackQuestion, words: Words, faded: bool, mailed: bool) -> dict[str, Any]:
    answered = one.answered_at is not None
    face = words.face((answerer if answered else _waited_for)(one, words.cast, faded))
    by = _when(words, N_("You asked %(when)s"), one.created_at)
    shown = {"id": one.id, "words": one.words, "by": by, "portrait": face.portrait, "kind": face.kind}
    shown["initial"] = face.name[:1]
    if one.answered_at is not None:
        told = _when(words, N_("%(name)s answered %(when)s"), one.answered_at, name=face.name)
        return shown | {"answer": one.answer, "told": told}
    return shown | {"answer": None, "told": _waits(one, face, words, mailed)}


def _waits(one: TrackQuestion, face: Face, words: Words, mailed: bool) -> Markup:
    """ "Anders has your question", and since when it is somebody else's."""
    since = waits_since(one, one.created_at)
    name = face.called
    if waits_for(one) == "owner" and since != one.created_at:
        return _when(words, N_("Whoever runs %(name)s has your question since %(when)s"), since, name=words.shop.name)
    if since == one.created_at:
        here = N_("%(name)s has your question. The answer comes here.")
        text = N_("%(name)s has your question. The answer comes here and by mail.") if mailed else here
        return escape(words.say(text, name=face.name))
    return _when(words, N_("Your question has been with %(name)s since %(when)s"), since, name=name)


def _waited_for(one: TrackQuestion, cast: Cast, faded: bool) -> Actor:
    """The owner is shown as the shop: the question may be any of the owners'."""
    kind = waits_for(one)
    if kind == "owner":
        return Actor("team")
    return _shown(cast, one.person_id if kind == "person" else None, one.team, faded)


def _shown(cast: Cast, person_id: str | None, team: str | None, faded: bool) -> Actor:
    """Without person and team it is the shop, never a carrier."""
    return actor(cast, person_id, team, None, faded) if person_id or team else Actor("team")


def _in_order(order: TrackOrder) -> list[TrackQuestion]:
    return sorted(order.questions, key=lambda one: (one.created_at, one.id))


def _when(words: Words, text: str, micros: int, **params: str) -> Markup:
    moment = moment_html(micros, words.shop.zone, "minute", words.language)
    return Markup(str(escape(words.say(text, when=HOLE, **params))).replace(HOLE, moment))  # noqa: S704 - escaped


def _iso(micros: int, words: Words) -> str:
    at: datetime = from_micros(micros).astimezone(tz(words.shop.zone))
    return at.isoformat(timespec="minutes")
