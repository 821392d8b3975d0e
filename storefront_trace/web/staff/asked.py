"""A customer's question as staff read it: who has had it, what can be done, and the answer."""

from __future__ import annotations

from dataclasses import dataclass

from storefront_trace.domain.clock import MINUTE
from storefront_trace.domain.errors import DomainError
from storefront_trace.domain.own_words import answers_in
from storefront_trace.domain.questions import is_for_some, may_answer, waits_for, works_somebody
from storefront_trace.storage.orders import OrderRow
from storefront_trace.storage.questions import Question
from storefront_trace.web.faces import face_of, team_name
from storefront_trace.web.staff.form import seen_as
from storefront_trace.web.staff.phrases import own_phrases
from storefront_trace.web.staff.receivers import colleagues, teams
from storefront_trace.web.staff.visit import Context, Visit, order_url
from storefront_trace.web.wording import language_text


@dataclass(frozen=True)
class Refused:
    """What was not taken, to be shown again where it was written."""

    question_id: str
    words: str
    error: DomainError


def item(visit: Visit, one: Question, row: OrderRow, *, back: str = "", refused: Refused | None = None) -> Context:
    """See templates/staff/_question.html. `back` is "order" on the order's own page."""
    waiting = one.answered_at is None
    may = waiting and may_answer(one, visit.person, as_owner=visit.as_owner)
    may_pass = may and (visit.as_owner or waits_for(one) != "owner")
    name, when = row.first_name or visit.say("A customer"), visit.when(one.created_at)
    return {
        "id": one.id,
        "words": one.words,
        "by": visit.say("%(name)s, order %(number)s, %(when)s", name=name, number=row.number, when=when),
        "order_url": None if back else order_url(row.number),
        "wait": _wait(visit, one) if waiting else "",
        "whose": _whose(visit, one) if waiting and (back or not _is_mine(visit, one)) else "",
        "answer": _answer(visit, one),
        "answer_action": f"/staff/questions/{one.id}/answer" if may else None,
        "answer_label": visit.say("Answer %(name)s", name=row.first_name) if row.first_name else visit.say("Answer"),
        "preview": seen_as(visit, row),
        "pass_action": f"/staff/questions/{one.id}/pass" if may_pass else None,
        "pass_to": _pass_to(visit, one) if may_pass else [],
        "phrases": own_phrases(visit) if may else [],
        "typed": refused.words if refused and refused.question_id == one.id else "",
        "back": back,
    }


def _wait(visit: Visit, one: Question) -> str:
    if visit.now - one.created_at < MINUTE:
        return visit.wait(one.created_at)
    return visit.say("has waited %(time)s", time=visit.wait(one.created_at))


def _is_mine(visit: Visit, one: Question) -> bool:
    return one.person_id == visit.person.id and waits_for(one) == "person"


def _whose(visit: Visit, one: Question) -> str:
    """ "Asked of you", "Asked of Anders, with your team since …", "With the owner since …"."""
    kind = waits_for(one)
    asked = _asked_of(visit, one)
    if kind == "person":
        return asked
    if kind == "owner":
        since = visit.say("with the owner since %(when)s", when=visit.when(one.to_owner_at or 0))
        return f"{asked}, {since}" if asked else since[:1].upper() + since[1:]
    team = visit.inside(team_name(visit.cast, one.team, visit.language))
    since = visit.say("with %(team)s since %(when)s", team=team, when=visit.when(one.to_team_at or 0))
    way = visit.say("Asked of %(name)s", name=team) if one.person_id is None else f"{asked}, {since}"
    if not is_for_some(one, one.locale, visit.cast):
        return way
    language = language_text(one.locale, visit.language)
    return f"{way}. {visit.say('It comes to those of them who answer in %(language)s.', language=language)}"


def _asked_of(visit: Visit, one: Question) -> str:
    if one.person_id == visit.person.id:
        return visit.say("Asked of you")
    if one.person_id is None and one.team is None:
        return ""
    return visit.say("Asked of %(name)s", name=visit.receiver(one.person_id, one.team))


def _answer(visit: Visit, one: Question) -> Context | None:
    if one.answered_at is None:
        return None
    when = visit.when(one.answered_at)
    face = face_of(visit.cast, one.answered_by, one.team, visit.language)
    mine = one.answered_by == visit.person.id
    by = visit.say("You answered %(when)s", when=when)
    if not mine:
        by = visit.say("%(name)s answered %(when)s", name=face["name"], when=when)
    return {"words": one.answer, "by": by, "portrait": face["portrait"]}


def _pass_to(visit: Visit, one: Question) -> list[Context]:
    offered = [*_colleagues(visit, one.locale), *_teams(visit)]
    return [to | {"say": visit.say("Pass it on to %(name)s", name=visit.inside(to["label"]))} for to in offered]


def _colleagues(visit: Visit, language: str) -> list[Context]:
    """Who can answer in the customer's language comes first, and it stands with them."""
    note = visit.say("answers in %(language)s", language=language_text(language, visit.language))
    found = [one | {"note": note if _speaks(visit, one["value"], language) else ""} for one in colleagues(visit)]
    return sorted(found, key=lambda one: not one["note"])


def _speaks(visit: Visit, handle: str, language: str) -> bool:
    person = visit.cast.person_by_handle(handle)
    return person is not None and answers_in(person.languages, language)


def _teams(visit: Visit) -> list[Context]:
    """Those with somebody in them, who could answer."""
    return [team for team in teams(visit, None) if works_somebody(visit.cast, team["value"], but=visit.person.id)]
