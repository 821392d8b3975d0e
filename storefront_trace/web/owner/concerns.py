"""/owner/concerns: what could have been better, the owner's first."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from storefront_trace.actions import concerns as stages
from storefront_trace.actions import feedback as actions
from storefront_trace.actions.readings import note_reading
from storefront_trace.domain import ladder
from storefront_trace.domain.clock import DAY, now_micros
from storefront_trace.domain.concerns import STAGES, Stage
from storefront_trace.domain.errors import N_, Invalid
from storefront_trace.domain.shop import Cast
from storefront_trace.storage import reports
from storefront_trace.storage.feedback import Feedback
from storefront_trace.web.forms import whole_form
from storefront_trace.web.owner.base import frame, language_of, refusals, saved, show, texts
from storefront_trace.web.owner.cares import Care, care
from storefront_trace.web.owner.patterns import pattern_views, read_patterns
from storefront_trace.web.owner.stages import NAMES, pace_text

DONE = 10
PATH = "/owner/concerns"


async def show_concerns(request: Request) -> Response:
    """`?stage=closed` shows what was taken care of, `?all=1` everything; `before` and `done_before` page through the
    two lists."""
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
    return await _stamp(request, partial(stages.mark_outside, by_person=request.state.person.id), "outside")


async def post_looking(request: Request) -> Response:
    return await _stamp(request, stages.mark_looking, "looking")


async def post_reopen(request: Request) -> Response:
    return await _stamp(request, stages.reopen, "reopened")


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
    return saved(PATH, said, anchor="" if said in ("done", "reopened") else f"#feedback-{feedback_id}")


async def _list(
    request: Request, errors: dict[str, str] | None = None, typed: dict[str, str] | None = None
) -> Response:
    cast: Cast = request.state.cast
    asked, limit = request.query_params, reports.PAGE
    everything, stage = asked.get("all") == "1", _stage_asked(asked.get("stage", ""))
    most = limit if everything else DONE
    theirs: Any = {"sight": request.state.sight}
    async with request.app.state.desk.db.read() as conn:
        opened, done = list[Feedback](), list[Feedback]()
        if stage != "closed":
            opened = await reports.list_concerns(
                conn,
                cast.shop.id,
                done=False,
                stage=stage,
                after=mark_of(asked.get("before", "")),
                limit=limit + 1,
                **theirs,
            )
        if stage == "closed" or (stage is None and (everything or errors)):
            done = await reports.list_concerns(
                conn, cast.shop.id, done=True, after=mark_of(asked.get("done_before", "")), limit=most + 1, **theirs
            )
        replies = await reports.last_replies(conn, cast.shop.id, [*opened, *done])
        patterns = await read_patterns(conn, cast, **theirs)
        counts = await reports.count_stages(conn, cast.shop.id, **theirs)
        first = await reports.first_answers(conn, cast.shop.id, now_micros() - ladder.REPORT_DAYS * DAY, **theirs)
    shown = {said.person_id for said in (*opened[:limit], *done[:most]) if said.person_id}
    await note_reading(request.app.state.desk, cast.shop, request.state.person.id, "concerns", shown)
    language = language_of(request)

    def view(said: Feedback) -> Care:
        seen = care(cast, said, replies.get(said.id), language, me=request.state.person.id)
        return seen | {"typed": (typed or {}).get(said.id, "")}

    here = urlencode({name: value for name, value in (("stage", stage), ("all", "1" if everything else "")) if value})
    closed = urlencode({"all": "1", **({"stage": stage} if stage else {})})
    next_open, next_done = mark_after(opened, limit), mark_after(done, most)
    context = {
        "open": [view(said) for said in opened[:limit]],
        "done": [view(said) for said in done[:most]],
        "stages": _stages(request, counts, stage),
        "stage": stage,
        "pace": pace_text(cast, first, language),
        "patterns": pattern_views(cast, patterns, language),
        "share_days": cast.shop.share_days,
        "older_open": f"{PATH}?{here}{'&' if here else ''}before={next_open}" if next_open else None,
        "older_done": f"{PATH}?{closed}" + (f"&done_before={next_done}" if everything else "") if next_done else None,
    }
    title = texts(request).gettext("To take care of")
    return show(request, "concerns", frame(request, title, "concerns", errors) | context)


def _stage_asked(text: str) -> Stage | None:
    return next((stage for stage in STAGES if stage == text), None)


def _stages(request: Request, counts: dict[Stage, int], chosen: Stage | None) -> list[dict[str, Any]]:
    """The ways to look at the list; what is closed is not counted, for it only grows."""
    say = texts(request).gettext
    every = {"name": say(N_("All that is open")), "url": PATH, "count": sum(counts.values()), "here": chosen is None}
    named = [
        {
            "name": say(NAMES[stage]),
            "url": f"{PATH}?stage={stage}",
            "count": counts.get(stage, 0) if stage != "closed" else None,
            "here": stage == chosen,
        }
        for stage in STAGES
    ]
    return [every, *named]
