"""/owner/concerns: what could have been better, the owner's first."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response

from storefront_trace.actions import concerns as stages
from storefront_trace.actions import feedback as actions
from storefront_trace.domain.errors import Invalid
from storefront_trace.domain.shop import Cast
from storefront_trace.storage import reports
from storefront_trace.storage.feedback import Feedback
from storefront_trace.web.forms import whole_form
from storefront_trace.web.owner.base import frame, language_of, refusals, saved, show, texts
from storefront_trace.web.owner.cares import Care, care
from storefront_trace.web.owner.patterns import pattern_view, read_patterns

DONE = 10
PATH = "/owner/concerns"


async def show_concerns(request: Request) -> Response:
    """`?all=1` shows also what was taken care of; `before` and `done_before` page through the two lists."""
    return await _list(request)


async def post_reply(request: Request) -> Response:
    feedback_id = request.path_params["feedback"]
    words = str((await whole_form(request)).get("words", ""))
    try:
        await actions.reply(
            request.app.state.desk,
            request.state.cast.shop.id,
            feedback_id,
            by_person=request.state.person.id,
            as_owner=True,
            words=words,
        )
    except Invalid as error:
        field = f"reply-{feedback_id}"
        return await _list(request, refusals(request, error, {"words": field}, field), {feedback_id: words})
    return saved(PATH, "answered", anchor=f"#feedback-{feedback_id}")


async def post_share(request: Request) -> Response:
    return await _stamp(request, stages.share_now, "shared")


async def post_done(request: Request) -> Response:
    return await _stamp(request, stages.mark_done, "done")


async def post_outside(request: Request) -> Response:
    return await _stamp(request, stages.mark_outside, "outside")


def mark_of(text: str) -> tuple[int, str] | None:
    """The place in a list where the page before ended: `<created_at>-<id>`. Anything else begins the list anew."""
    created_at, _, feedback_id = text.partition("-")
    if not (created_at.isascii() and created_at.isdigit()) or len(created_at) > 18 or len(feedback_id) != 32:
        return None
    return int(created_at), feedback_id


def mark_after(found: list[Feedback], limit: int) -> str | None:
    """For the link to the next page; `found` has one more than the page shows when there is one."""
    return f"{found[limit - 1].created_at}-{found[limit - 1].id}" if len(found) > limit else None


async def _stamp(request: Request, action: Callable[..., Awaitable[None]], said: str) -> Response:
    feedback_id = request.path_params["feedback"]
    await action(request.app.state.desk, request.state.cast.shop.id, feedback_id)
    return saved(PATH, said, anchor=f"#feedback-{feedback_id}" if said != "done" else "")


async def _list(
    request: Request, errors: dict[str, str] | None = None, typed: dict[str, str] | None = None
) -> Response:
    cast: Cast = request.state.cast
    asked, limit = request.query_params, reports.PAGE
    everything = asked.get("all") == "1"
    async with request.app.state.desk.db.read() as conn:
        opened = await reports.list_concerns(
            conn, cast.shop.id, done=False, after=mark_of(asked.get("before", "")), limit=limit + 1
        )
        most = limit if everything else DONE
        done = await reports.list_concerns(
            conn, cast.shop.id, done=True, after=mark_of(asked.get("done_before", "")), limit=most + 1
        )
        replies = await reports.last_replies(conn, cast.shop.id, [*opened, *done])
        patterns = await read_patterns(conn, cast)
    language = language_of(request)

    def view(said: Feedback) -> Care:
        return care(cast, said, replies.get(said.id), language) | {"typed": (typed or {}).get(said.id, "")}

    next_open, next_done = mark_after(opened, limit), mark_after(done, most)
    every = "all=1&" if everything else ""
    context = {
        "open": [view(said) for said in opened[:limit]],
        "done": [view(said) for said in done[:most]],
        "patterns": [pattern_view(cast, *one, language) for one in patterns.items()],
        "share_days": cast.shop.share_days,
        "older_open": f"{PATH}?{every}before={next_open}" if next_open else None,
        "older_done": (f"{PATH}?all=1&done_before={next_done}" if everything else f"{PATH}?all=1")
        if next_done
        else None,
    }
    title = texts(request).gettext("To take care of")
    return show(request, "concerns", frame(request, title, "concerns", errors) | context)
