"""/staff/thanks: what customers said of my work or my team's, and my answers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from storefront_trace.actions import concerns, sides, wall
from storefront_trace.actions import feedback as actions
from storefront_trace.domain.concerns import READ_AS
from storefront_trace.domain.errors import N_, Conflict, DomainError, Invalid, NotFound
from storefront_trace.domain.moments import from_micros, local_day
from storefront_trace.domain.questions import reach_of
from storefront_trace.storage import feedback, questions, talks
from storefront_trace.storage.database import Connection
from storefront_trace.storage.feedback import Feedback, Reply
from storefront_trace.storage.talks import Talk
from storefront_trace.web.faces import begun, face_of, team_name
from storefront_trace.web.forms import read_form
from storefront_trace.web.languages import catalogue
from storefront_trace.web.staff.thanked import thanks_in_words
from storefront_trace.web.staff.visit import REDIRECT, Context, Visit, order_url
from storefront_trace.web.staff.walled import wall_of

PAGE = 10
ROUNDS = 10
# Sent with one tap, in the customer's language.
READY = (
    N_("Thank you! That makes my day."),
    N_("How kind of you to write. Thank you!"),
    N_("I am glad it was right for you."),
)
SAID = {
    "side": N_("Saved. The owner reads it beside what the customer wrote."),
    "wall-yes": N_("Thank you. The owner chooses what hangs on the wall."),
    "wall-no": N_("It does not hang on the wall. Nobody is told that you were asked."),
}
_PLACE = re.compile(r"([0-9]{1,18})-([0-9a-f]{32})", re.ASCII)


@dataclass(frozen=True)
class Refused:
    """A reply, or one's side, that was not taken, to be shown again where it was written."""

    feedback_id: str
    words: str
    error: DomainError
    field: str = "words"


async def show_thanks(request: Request) -> Response:
    return await _page(Visit.of(request))


async def post_reply(request: Request) -> Response:
    visit, feedback_id = Visit.of(request), request.path_params["feedback"]
    async with read_form(request, max_fields=5, max_part_size=16 * 1024) as form:
        words = str(form.get("words") or "")
    try:
        await actions.reply(
            visit.desk, visit.shop_id, feedback_id, by_person=visit.person.id, as_owner=False, words=words
        )
    except (Invalid, Conflict) as error:
        return await _page(visit, Refused(feedback_id, words, error))
    return RedirectResponse(f"/staff/thanks?done=1#feedback-{feedback_id}", 303, REDIRECT)


async def post_side(request: Request) -> Response:
    visit, feedback_id = Visit.of(request), request.path_params["feedback"]
    async with read_form(request, max_fields=5, max_part_size=16 * 1024) as form:
        words = str(form.get("side") or "")
    try:
        await sides.say_side(visit.desk, visit.shop_id, feedback_id, by_person=visit.person.id, words=words)
    except (Invalid, Conflict) as error:
        return await _page(visit, Refused(feedback_id, words, error, "side"))
    return RedirectResponse(f"/staff/thanks?said=side#feedback-{feedback_id}", 303, REDIRECT)


async def post_takeaways(request: Request) -> Response:
    visit, feedback_id = Visit.of(request), request.path_params["feedback"]
    async with read_form(request, max_fields=5, max_part_size=16 * 1024) as form:
        words = str(form.get("takeaways") or "")
    try:
        await concerns.take_along(visit.desk, visit.shop_id, feedback_id, by_person=visit.person.id, words=words)
    except Invalid as error:
        return await _page(visit, Refused(feedback_id, words, error, "takeaways"))
    return RedirectResponse(f"/staff/thanks?said=side#feedback-{feedback_id}", 303, REDIRECT)


async def post_wall(request: Request) -> Response:
    """The field `says`: whether thanks to me, or to my team, may stand on the wall."""
    visit, feedback_id = Visit.of(request), request.path_params["feedback"]
    async with read_form(request, max_fields=5) as form:
        says = str(form.get("says") or "")[:20]
    await wall.say(visit.desk, visit.shop_id, feedback_id, by_person=visit.person.id, says=says, locale=visit.language)
    return RedirectResponse(f"/staff/thanks?said=wall-{says}#feedback-{feedback_id}", 303, REDIRECT)


async def _page(visit: Visit, refused: Refused | None = None) -> Response:
    query = visit.request.query_params
    async with visit.desk.db.read() as conn:
        said, older = await _mine(conn, visit, _place(query.get("before", "")))
        if refused and all(one.id != refused.feedback_id for one in said):
            said = [await _refused(conn, visit, refused.feedback_id), *said]
        replies = await feedback.list_replies(conn, visit.shop_id, [one.id for one in said])
        talked = await talks.list_talks(conn, visit.shop_id, [one.id for one in said if one.talked_at is not None])
        over_time = "" if "before" in query else await thanks_in_words(conn, visit)
        oldest = await questions.list_waiting(conn, visit.shop_id, reach_of(visit.person, visit.cast), limit=1)
    items = [_item(visit, one, replies.get(one.id, []), talked.get(one.id), refused) for one in said]
    today = [item for item in items if item["today"]] if "before" not in query else []
    return visit.show(
        "staff/thanks.html",
        visit.say("What customers say to you"),
        error=refused.error if refused else None,
        said=_said(visit),
        over_time=over_time,
        asked=visit.say("has waited %(time)s", time=visit.wait(oldest[0].question.created_at)) if oldest else "",
        today=today,
        items=[item for item in items if item not in today],
        empty=visit.say("Nobody has written yet. What customers thank you for comes here at once."),
        older=f"/staff/thanks?before={older}" if older else None,
    )


def _said(visit: Visit) -> str | None:
    query = visit.request.query_params
    said = SAID.get(query.get("said", ""))
    if said is not None:
        return visit.say(said)
    return visit.say("Sent. It stands on the customer's page now.") if "done" in query else None


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
        if len(seen) > PAGE:
            seen, more = seen[:PAGE], True
            after = (seen[-1].created_at, seen[-1].id)
        if len(seen) == PAGE or not more:
            break
    return seen, f"{after[0]}-{after[1]}" if more and after else None


def _item(
    visit: Visit, said: Feedback, replies: Sequence[Reply], talk: Talk | None, refused: Refused | None
) -> Context:
    answered = any(reply.person_id == visit.person.id for reply in replies)
    again = refused is not None and refused.feedback_id == said.id
    typed = refused.words if refused and again else None
    reply_again = typed if refused and refused.field == "words" else None
    return {
        "id": said.id,
        "choice": said.choice,
        "by": _by(visit, said),
        "about": _about(visit, said),
        "chips": [visit.named(visit.cast.chips[key].names) for key in said.chips if key in visit.cast.chips],
        "words": said.words or None,
        "replies": [_reply(visit, reply) for reply in replies],
        "reply_action": None if answered else f"/staff/thanks/{said.id}/reply",
        "reply_words": reply_again or "",
        "ready": _ready(visit, said) if said.choice == "thanks" and not answered else [],
        "phrases": list(visit.person.phrases or ()) if not answered else [],
        "side": _side(visit, said, typed if refused and refused.field == "side" else None),
        "wall": wall_of(visit, said),
        "talk": _talk(visit, said, talk, typed if refused and refused.field == "takeaways" else None),
        "today": said.choice == "thanks" and _day(visit, said.created_at) == _day(visit, visit.now),
        "order_url": order_url(said.order_number),
    }


def _ready(visit: Visit, said: Feedback) -> list[Context]:
    """In the customer's language; in another one than the reader's, with what it says."""
    theirs = catalogue(said.locale)
    found = [{"words": theirs.gettext(text), "lang": said.locale, "means": visit.say(text)} for text in READY]
    return [one | {"means": "" if one["means"] == one["words"] else one["means"]} for one in found]


def _side(visit: Visit, said: Feedback, typed: str | None) -> Context | None:
    """My side of what could have been better; None for thanks, and for what is the team's."""
    if not sides.may_say_side(said, visit.person.id):
        return None
    is_open = sides.is_open(said, visit.now)
    return {
        "action": f"/staff/thanks/{said.id}/side" if is_open else None,
        "words": said.side or "" if typed is None else typed,
        "by": visit.say("You wrote %(when)s", when=visit.when(said.side_at)) if said.side and said.side_at else "",
    }


def _talk(visit: Visit, said: Feedback, talk: Talk | None, typed: str | None) -> Context | None:
    """What the owner noted when we talked about it, and what I take along; None when it was somebody else's talk."""
    if talk is None or talk.person_id != visit.person.id:
        return None
    return {
        "by": visit.say("You talked about it %(when)s", when=visit.when(talk.created_at)),
        "notes": [(visit.say(label), talk.notes[key]) for key, label in READ_AS.items() if key in talk.notes],
        "action": f"/staff/thanks/{said.id}/takeaways",
        "words": talk.takeaways or "" if typed is None else typed,
    }


def _day(visit: Visit, micros: int) -> date:
    return local_day(from_micros(micros), visit.cast.shop.zone)


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
