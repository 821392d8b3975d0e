"""/staff/thanks: what customers said of my work or my team's, and my answers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from storefront_trace.actions import feedback as actions
from storefront_trace.domain.errors import Conflict, DomainError, Invalid, NotFound
from storefront_trace.storage import feedback
from storefront_trace.storage.database import Connection
from storefront_trace.storage.feedback import Feedback, Reply
from storefront_trace.web.faces import begun, face_of, team_name
from storefront_trace.web.staff.visit import REDIRECT, Context, Visit, order_url

PAGE = 20
ROUNDS = 5
_PLACE = re.compile(r"([0-9]{1,18})-([0-9a-f]{32})", re.ASCII)


@dataclass(frozen=True)
class Refused:
    """A reply that was not taken, to be shown again where it was written."""

    feedback_id: str
    words: str
    error: DomainError


async def show_thanks(request: Request) -> Response:
    return await _page(Visit.of(request))


async def post_reply(request: Request) -> Response:
    visit, feedback_id = Visit.of(request), request.path_params["feedback"]
    async with request.form(max_files=0, max_fields=5, max_part_size=16 * 1024) as form:
        words = str(form.get("words") or "")
    try:
        await actions.reply(
            visit.desk, visit.shop_id, feedback_id, by_person=visit.person.id, as_owner=False, words=words
        )
    except (Invalid, Conflict) as error:
        return await _page(visit, Refused(feedback_id, words, error))
    return RedirectResponse(f"/staff/thanks?done=1#feedback-{feedback_id}", 303, REDIRECT)


async def _page(visit: Visit, refused: Refused | None = None) -> Response:
    query = visit.request.query_params
    async with visit.desk.db.read() as conn:
        said, older = await _mine(conn, visit, _place(query.get("before", "")))
        if refused and all(one.id != refused.feedback_id for one in said):
            said = [await _refused(conn, visit, refused.feedback_id), *said]
        replies = await feedback.list_replies(conn, visit.shop_id, [one.id for one in said])
    return visit.show(
        "staff/thanks.html",
        visit.say("What customers say to you"),
        error=refused.error if refused else None,
        said=visit.say("Sent. It stands on the customer's page now.") if "done" in query else None,
        items=[_item(visit, one, replies.get(one.id, []), refused) for one in said],
        empty=visit.say("Nobody has written yet. What customers thank you for comes here at once."),
        older=f"/staff/thanks?before={older}" if older else None,
    )


async def _refused(conn: Connection, visit: Visit, feedback_id: str) -> Feedback:
    """Asked again here: what a page shows does not hang on what an action checked before it refused."""
    one = await feedback.get_feedback(conn, visit.shop_id, feedback_id)
    if not actions.may_see(visit.cast, one, visit.person.id, visit.person.team):
        raise NotFound("There is no such feedback.")
    return one


async def _mine(conn: Connection, visit: Visit, after: tuple[int, str] | None) -> tuple[list[Feedback], str | None]:
    """(a page of what I may read, newest first; the mark of the next page). Concerns not shared yet leave no trace."""
    person, seen, more = visit.person, list[Feedback](), True
    for _ in range(ROUNDS):
        found = await feedback.list_feedback(
            conn, visit.shop_id, person_id=person.id, after=after, newest_first=True, limit=PAGE + 1
        )
        if person.team is not None:
            found += await feedback.list_feedback(
                conn, visit.shop_id, team=person.team, after=after, newest_first=True, limit=PAGE + 1
            )
        found.sort(key=lambda one: (one.created_at, one.id), reverse=True)
        looked, more = found[:PAGE], len(found) > PAGE
        after = (looked[-1].created_at, looked[-1].id) if looked else after
        seen += [one for one in looked if actions.may_see(visit.cast, one, person.id, person.team)]
        if len(seen) >= PAGE or not more:
            break
    return seen, f"{after[0]}-{after[1]}" if more and after else None


def _item(visit: Visit, said: Feedback, replies: Sequence[Reply], refused: Refused | None) -> Context:
    answered = any(reply.person_id == visit.person.id for reply in replies)
    again = refused is not None and refused.feedback_id == said.id
    return {
        "id": said.id,
        "choice": said.choice,
        "by": _by(visit, said),
        "about": _about(visit, said),
        "chips": [visit.named(visit.cast.chips[key].names) for key in said.chips if key in visit.cast.chips],
        "words": said.words or None,
        "replies": [_reply(visit, reply) for reply in replies],
        "reply_action": None if answered else f"/staff/thanks/{said.id}/reply",
        "reply_words": refused.words if refused and again else "",
        "order_url": order_url(said.order_number),
    }


def _by(visit: Visit, said: Feedback) -> str:
    name = said.first_name or visit.say("A customer")
    return visit.say(
        "%(name)s, order %(number)s, %(when)s", name=name, number=said.order_number, when=visit.when(said.created_at)
    )


def _about(visit: Visit, said: Feedback) -> str:
    step = visit.cast.steps.get(said.step)
    name = visit.step_name(step) if step else said.step
    if said.person_id is not None:
        return visit.say("About your step: %(step)s", step=name)
    team = visit.inside(team_name(visit.cast, said.team, visit.language))
    return begun(visit.say("About a step of %(team)s: %(step)s", team=team, step=name))


def _reply(visit: Visit, reply: Reply) -> Context:
    when = visit.when(reply.created_at)
    if reply.person_id == visit.person.id:
        by = visit.say("You answered %(when)s", when=when)
    else:
        by = visit.say("%(name)s answered %(when)s", name=visit.face(reply.person_id, None)["name"], when=when)
    face = face_of(visit.cast, reply.person_id, None, visit.language)
    return {"words": reply.words, "by": by, "portrait": face["portrait"]}


def _place(text: str) -> tuple[int, str] | None:
    match = _PLACE.fullmatch(text)
    return (int(match[1]), match[2]) if match else None
