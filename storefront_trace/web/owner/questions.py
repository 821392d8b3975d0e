"""/owner/questions: what nobody else has answered in time."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from storefront_trace.actions import questions as actions
from storefront_trace.domain.errors import Conflict, Invalid
from storefront_trace.domain.shop import Cast
from storefront_trace.storage import questions
from storefront_trace.storage.questions import PAGE
from storefront_trace.web.forms import read_form
from storefront_trace.web.owner.asked import asked
from storefront_trace.web.owner.base import frame, language_of, refusals, saved, show, texts
from storefront_trace.web.owner.concerns import mark_of

DONE = 10
PATH = "/owner/questions"


async def show_questions(request: Request) -> Response:
    """`?page=` turns the pages of what waits, `?before=` those of what is answered."""
    return await _list(request)


async def post_answer(request: Request) -> Response:
    question_id = request.path_params["question"]
    async with read_form(request, max_fields=5, max_part_size=64 * 1024) as form:
        words = str(form.get("words", ""))
    try:
        await actions.answer(
            request.app.state.desk,
            request.state.cast.shop.id,
            question_id,
            by_person=request.state.person.id,
            as_owner=True,
            words=words,
        )
    except (Invalid, Conflict) as error:
        field = f"answer-{question_id}"
        return await _list(request, refusals(request, error, {"words": field}, field), {question_id: words})
    return saved(PATH, "answered", anchor=f"#question-{question_id}")


async def _list(
    request: Request, errors: dict[str, str] | None = None, typed: dict[str, str] | None = None
) -> Response:
    cast: Cast = request.state.cast
    query, language = request.query_params, language_of(request)
    text = query.get("page", "")
    number = int(text) if text.isascii() and text.isdigit() and 0 < len(text) < 4 and int(text) else 1
    after, sight = mark_of(query.get("before", "")), request.state.sight
    async with request.app.state.desk.db.read() as conn:
        waiting = await questions.list_owners(
            conn, cast.shop.id, sight=sight, limit=PAGE + 1, offset=(number - 1) * PAGE
        )
        done = await questions.list_answered(conn, cast.shop.id, sight=sight, after=after, limit=DONE + 1)
    last = done[DONE - 1].question if len(done) > DONE else None
    context = {
        "open": [
            asked(cast, one, language, (typed or {}).get(one.question.id, ""), owner=sight is None)
            for one in waiting[:PAGE]
        ],
        "done": [asked(cast, one, language, owner=sight is None) for one in done[:DONE]],
        "newer": f"{PATH}?page={number - 1}" if number > 1 else None,
        "older": f"{PATH}?page={number + 1}" if len(waiting) > PAGE else None,
        "older_done": f"{PATH}?before={last.answered_at}-{last.id}" if last else None,
    }
    title = texts(request).gettext("Questions")
    return show(request, "questions", frame(request, title, "questions", errors) | context)
