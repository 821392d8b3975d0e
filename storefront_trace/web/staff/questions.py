"""/staff/questions: what customers ask me, then my team; answered, or passed on."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from storefront_trace.actions import questions as actions
from storefront_trace.domain.errors import Conflict, Invalid
from storefront_trace.domain.questions import reach_of
from storefront_trace.storage import orders, questions
from storefront_trace.storage.questions import PAGE, Question, Thread
from storefront_trace.web.forms import read_form
from storefront_trace.web.staff.asked import Refused, item
from storefront_trace.web.staff.order import SAID, order_page
from storefront_trace.web.staff.phrases import chosen, with_phrases
from storefront_trace.web.staff.turns import state_text
from storefront_trace.web.staff.visit import REDIRECT, Context, Visit, order_url, page_number

PATH = "/staff/questions"
_PLACE = re.compile(r"([0-9]{1,18})-([0-9a-f]{32})", re.ASCII)
ANSWERED = 10


async def show_questions(request: Request) -> Response:
    """`?page=` turns the pages of what waits, `?before=` those of what is answered."""
    return await _page(Visit.of(request))


async def post_answer(request: Request) -> Response:
    """303 to the question, on the list or on the order's page, where the form said `back`."""
    return await _post(request, actions.answer, "words", said="answered")


async def post_pass(request: Request) -> Response:
    return await _post(request, actions.hand_over, "to", said="passed")


async def _post(request: Request, act: Callable[..., Awaitable[Question]], field: str, *, said: str) -> Response:
    """`field` is what the form and the action both call it."""
    visit, question_id, form = Visit.of(request), request.path_params["question"], await _form(request)
    who: dict[str, Any] = {"by_person": visit.person.id, "as_owner": visit.as_owner}
    try:
        done = await act(visit.desk, visit.shop_id, question_id, **who, **{field: form[field]})
    except (Invalid, Conflict) as error:
        return await _again(visit, form["back"], Refused(question_id, form["words"], error))
    return await _back(visit, form["back"], done, said)


async def _form(request: Request) -> dict[str, str]:
    async with read_form(request, max_fields=20, max_part_size=64 * 1024) as form:
        told = {name: str(form.get(name) or "") for name in ("words", "to", "back")}
        return told | {"words": with_phrases(told["words"], chosen(form))}


async def _back(visit: Visit, back: str, done: Question, said: str) -> Response:
    """To the question, unless somebody else has it now."""
    place, anchor = PATH, f"#question-{done.id}" if said == "answered" else ""
    if back == "order":
        async with visit.desk.db.read() as conn:
            row = await orders.find_order_by_id(conn, visit.shop_id, done.order_id)
        place = order_url(row.number) if row else PATH
    return RedirectResponse(f"{place}?said={quote(said)}{anchor}", 303, REDIRECT)


async def _again(visit: Visit, back: str, refused: Refused) -> Response:
    """Shown again where it was written. Who may not read the question has been told by now that there is none."""
    if back != "order":
        return await _page(visit, refused)
    async with visit.desk.db.read() as conn:
        asked = await questions.get_question(conn, visit.shop_id, refused.question_id)
        row = await orders.find_order_by_id(conn, visit.shop_id, asked.order_id)
    assert row is not None
    return await order_page(visit, row.number, error=refused.error, asked=refused)


async def _page(visit: Visit, refused: Refused | None = None) -> Response:
    query, number = visit.request.query_params, page_number(visit.request)
    said = SAID.get(query.get("said", ""))
    me, team = visit.person.id, visit.person.team
    async with visit.desk.db.read() as conn:
        waiting = await questions.list_waiting(
            conn, visit.shop_id, reach_of(visit.person, visit.cast), limit=PAGE + 1, offset=(number - 1) * PAGE
        )
        answered = await questions.list_answered(
            conn, visit.shop_id, person_id=me, team=team, after=_place(query.get("before", "")), limit=ANSWERED + 1
        )
    mine = [one for one in waiting[:PAGE] if one.question.person_id == me]
    theirs = [one for one in waiting[:PAGE] if one.question.person_id != me]
    last = answered[ANSWERED - 1].question if len(answered) > ANSWERED else None
    return visit.show(
        "staff/questions.html",
        visit.say("Questions"),
        error=refused.error if refused else None,
        said=visit.say(said) if said else None,
        mine=[_item(visit, one, refused) for one in mine],
        team=[_item(visit, one, refused) for one in theirs],
        answered=[_item(visit, one, None) for one in answered[:ANSWERED]],
        empty=visit.say("Nobody is waiting for an answer from you. Questions about orders that you have come here."),
        older=f"{PATH}?page={number + 1}" if len(waiting) > PAGE else None,
        newer=f"{PATH}?page={number - 1}" if number > 1 else None,
        older_answered=f"{PATH}?before={last.answered_at}-{last.id}" if last else None,
    )


def _item(visit: Visit, thread: Thread, refused: Refused | None) -> Context:
    state = state_text(visit, thread.order)
    return item(visit, thread.question, thread.order, refused=refused) | {"summary": state}


def _place(text: str) -> tuple[int, str] | None:
    match = _PLACE.fullmatch(text)
    return (int(match[1]), match[2]) if match else None
