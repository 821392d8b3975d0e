"""A question that has come to the owner: who has had it, since when, and the answer."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from markupsafe import Markup

from storefront_trace.domain.clock import MINUTE, now_micros
from storefront_trace.domain.errors import N_
from storefront_trace.domain.shop import Cast
from storefront_trace.storage.questions import Question, Thread
from storefront_trace.storage.reports import Doer
from storefront_trace.web.faces import face_of
from storefront_trace.web.languages import catalogue
from storefront_trace.web.owner.base import doer_face, doer_in_sentence
from storefront_trace.web.wording import recent_text, tied, wait_text


def asked(cast: Cast, thread: Thread, language: str, typed: str = "", *, owner: bool = True) -> dict[str, Any]:
    """See templates/owner/_asked.html. `owner`: whether it is an owner who reads."""
    one, row = thread.question, thread.order
    say = catalogue(language).say
    name = row.first_name or say("A customer")
    order = tied(say("order %(number)s", number=row.number))
    link = Markup('<a href="/staff/orders/{}">{}</a>').format(quote(row.number, safe=""), order)
    waiting = one.answered_at is None
    return {
        "id": one.id,
        "words": one.words,
        "by": Markup("{}, {}, {}").format(name, link, _when(cast, one.created_at, language)),
        "wait": _wait(one.created_at, language) if waiting else "",
        "way": _way(cast, one, language, owner),
        "answer": _answer(cast, one, language),
        "answer_action": f"/owner/questions/{one.id}/answer" if waiting else None,
        "answer_label": say("Answer %(name)s", name=name) if row.first_name else say("Answer"),
        "order_url": f"/staff/orders/{quote(row.number, safe='')}",
        "typed": typed,
    }


def _way(cast: Cast, one: Question, language: str, owner: bool) -> str:
    """ "It was asked of Anders, came to the warehouse team …, and to you …." Facts, and nobody compared."""
    say = catalogue(language).say
    parts = []
    if one.person_id is not None:
        parts.append(say(N_("It was asked of %(name)s."), name=doer_face(cast, Doer(one.person_id), language)["name"]))
    if one.team is not None and one.to_team_at is not None:
        team, when = doer_in_sentence(cast, Doer(None, one.team), language), _when(cast, one.to_team_at, language)
        parts.append(say(N_("It came to %(team)s %(when)s."), team=team, when=when))
    if one.to_owner_at is not None:
        message = N_("It came to you %(when)s.") if owner else N_("It came to the owner %(when)s.")
        parts.append(say(message, when=_when(cast, one.to_owner_at, language)))
    return " ".join(parts)


def _answer(cast: Cast, one: Question, language: str) -> dict[str, Any] | None:
    if one.answered_at is None:
        return None
    name = face_of(cast, one.answered_by, one.team, language)["name"]
    by = catalogue(language).say("%(name)s answered", name=name)
    return {"words": one.answer, "by": f"{by} · {_when(cast, one.answered_at, language)}"}


def _when(cast: Cast, micros: int, language: str) -> str:
    return tied(recent_text(micros, cast.shop.zone, "minute", language, now=now_micros()))


def _wait(since: int, language: str) -> str:
    minutes = max(0, now_micros() - since) // MINUTE
    text = tied(wait_text(minutes, language))
    return catalogue(language).say("has waited %(time)s", time=text) if minutes else text
