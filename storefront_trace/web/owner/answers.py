"""/owner/…/answers: the answers behind a figure, each with a way to its order, and the same as a file.

Answers, never figures: one row for each, and nobody's sums beside another's. A file is made a page of rows at a time
while it is sent, so that years of answers cost little memory.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from storefront_trace.actions.audit import note_alone
from storefront_trace.actions.proof import check_lately
from storefront_trace.actions.readings import note_reading
from storefront_trace.domain.errors import N_
from storefront_trace.domain.moments import from_micros
from storefront_trace.domain.shop import Cast
from storefront_trace.storage import figures, reports
from storefront_trace.storage.feedback import Feedback, Reply
from storefront_trace.storage.readings import EVERYBODY
from storefront_trace.storage.reports import Doer
from storefront_trace.storage.veil import check_unveiled
from storefront_trace.web.cells import MARK, csv_line
from storefront_trace.web.owner.about import person_of
from storefront_trace.web.owner.asked_for import CHOICES, Wanted
from storefront_trace.web.owner.base import doer_face, doer_url, frame, language_of, show, texts
from storefront_trace.web.owner.cares import step_name
from storefront_trace.web.owner.concerns import mark_after, mark_of
from storefront_trace.web.owner.figures import PERIODS
from storefront_trace.web.owner.teams import team_of
from storefront_trace.web.owner.told import said_view
from storefront_trace.web.wording import date_text, tied

AT_ONCE = 500
CHOICE_NAMES = {"thanks": N_("Thanks"), "concern": N_("Could be better")}
INSTANTS = ("created_at", "edited_at", "concern_at", "looking_at", "talked_at", "shared_at", "done_at", "outside_at")
COLUMNS = (
    "id", "order", "step", "person", "name", "team", "choice", "chips", "words", "first_name", "locale", "contact",
    *INSTANTS, "side", "reply",
)  # fmt: skip
Row = dict[str, Any]


async def show_of_person(request: Request) -> Response:
    return await _page(request, _person(request))


async def show_of_team(request: Request) -> Response:
    return await _page(request, Doer(None, team_of(request).key))


async def show_csv(request: Request) -> Response:
    """Of the whole shop."""
    return await _sent(request, None, "csv")


async def show_json(request: Request) -> Response:
    return await _sent(request, None, "json")


async def show_csv_of_person(request: Request) -> Response:
    return await _sent(request, _person(request), "csv")


async def show_json_of_person(request: Request) -> Response:
    return await _sent(request, _person(request), "json")


async def show_csv_of_team(request: Request) -> Response:
    return await _sent(request, Doer(None, team_of(request).key), "csv")


async def show_json_of_team(request: Request) -> Response:
    return await _sent(request, Doer(None, team_of(request).key), "json")


def _person(request: Request) -> Doer:
    """NotFound where the view of each person is switched off: before a file begins."""
    check_unveiled()
    return Doer(person_of(request).id)


async def _page(request: Request, doer: Doer) -> Response:
    """`?step=`, `days`, `choice` and `week` as in `Wanted`; `before` turns the page."""
    cast: Cast = request.state.cast
    language, path = language_of(request), doer_url(cast, doer)
    wanted = Wanted.of(request.query_params, cast)
    after = mark_of(request.query_params.get("before", ""))
    async with request.app.state.desk.db.read() as conn:
        found = await figures.list_answers(
            conn,
            cast.shop.id,
            doer,
            **wanted.filters(cast),
            sight=request.state.sight,
            after=after,
            limit=figures.PAGE + 1,
        )
        shown = found[: figures.PAGE]
        replies = await reports.last_replies(conn, cast.shop.id, shown)
    if doer.person_id:
        await note_reading(request.app.state.desk, cast.shop, request.state.person.id, "answers", [doer.person_id])
    older, query = mark_after(found, figures.PAGE), wanted.query
    face = doer_face(cast, doer, language)
    context = {
        "who": face,
        "url": path,
        "answers": [said_view(cast, said, replies.get(said.id), language) for said in shown],
        "older": f"{path}/answers{query}{'&' if query else '?'}before={older}" if older else None,
        **_choices(request, cast, wanted, language),
        "files": [{"name": kind.upper(), "url": f"{path}/answers.{kind}{query}"} for kind in ("csv", "json")],
    }
    title = texts(request).say(N_("Answers: %(name)s"), name=face["name"])
    return show(request, "answers", frame(request, title, "people") | {"heading": title} | context)


def _choices(request: Request, cast: Cast, wanted: Wanted, language: str) -> dict[str, Any]:
    say = texts(request)
    day = tied(date_text(wanted.week, language)) if wanted.week else ""
    return {
        "action": request.url.path,
        "steps": [
            {"value": step.key, "name": step_name(cast, step.key, language), "here": step.key == wanted.step}
            for step in (*cast.steps_in_order, *(one for one in cast.steps.values() if one.gone))
        ],
        "choices": [
            {"value": key, "name": say.gettext(CHOICE_NAMES[key]), "here": key == wanted.choice} for key in CHOICES
        ],
        "periods": [
            {"value": days, "name": say.gettext(name), "here": days == wanted.days} for days, name in PERIODS.items()
        ],
        "week": say.say(N_("The week from %(day)s"), day=day) if day else None,
        "week_value": wanted.week,
    }


async def _sent(request: Request, doer: Doer | None, kind: str) -> Response:
    check_lately(request.state.session)
    request.app.state.limits.hit("export", request.state.person.id)
    cast: Cast = request.state.cast
    of = () if doer is None else ("person", doer.person_id) if doer.person_id else ("team", doer.team or "")
    await note_alone(request.app.state.desk, cast.shop.id, "privacy.answers_exported", *of)
    if doer is None or doer.person_id:
        whose, way = ([doer.person_id or ""], "file") if doer else ([EVERYBODY], "all")
        await note_reading(request.app.state.desk, cast.shop, request.state.person.id, way, whose)
    rows = _rows(request, cast, doer, Wanted.of(request.query_params, cast))
    person = cast.people.get(doer.person_id or "") if doer else None
    named = person.handle if person else doer.team if doer else "all"
    # A handle and a team's key have small letters, digits, hyphens and underscores alone.
    headers = {"Cache-Control": "no-store", "Content-Disposition": f'attachment; filename="answers-{named}.{kind}"'}
    if kind == "csv":
        return StreamingResponse(_csv(rows), headers=headers, media_type="text/csv; charset=utf-8")
    return StreamingResponse(_json(rows), headers=headers, media_type="application/json")


async def _rows(request: Request, cast: Cast, doer: Doer | None, wanted: Wanted) -> AsyncIterator[Row]:
    """Newest first."""
    after, shop_id, filters = None, cast.shop.id, {**wanted.filters(cast), "sight": request.state.sight}
    while True:
        async with request.app.state.desk.db.read() as conn:
            found = await figures.list_answers(conn, shop_id, doer, **filters, after=after, limit=AT_ONCE)
            replies = await reports.last_replies(conn, shop_id, found)
        for said in found:
            yield _row(cast, said, replies.get(said.id))
        if len(found) < AT_ONCE:
            return
        after = (found[-1].created_at, found[-1].id)


def _row(cast: Cast, said: Feedback, reply: Reply | None) -> Row:
    """One answer is about one step, and so about one person or team."""
    person = cast.people.get(said.person_id or "")
    person = person if person is not None and person.left_at is None else None
    return {
        "id": said.id,
        "order": said.order_number or None,
        "step": said.step,
        "person": person.handle if person else None,
        "name": person.display_name if person else None,
        "team": said.team,
        "choice": said.choice,
        "chips": list(said.chips),
        "words": said.words,
        "first_name": said.first_name,
        "locale": said.locale,
        "contact": said.contact,
        **{name: _instant(getattr(said, name)) for name in INSTANTS},
        "side": said.side,
        "reply": reply.words if reply else None,
    }


def _instant(micros: int | None) -> str | None:
    return None if micros is None else from_micros(micros).isoformat()


async def _csv(rows: AsyncIterator[Row]) -> AsyncIterator[str]:
    yield MARK + csv_line(COLUMNS)
    async for row in rows:
        yield csv_line((row | {"chips": " ".join(row["chips"]), "contact": "yes" if row["contact"] else "no"}).values())


async def _json(rows: AsyncIterator[Row]) -> AsyncIterator[str]:
    between = "[\n"
    async for row in rows:
        yield between + json.dumps(row, ensure_ascii=False)
        between = ",\n"
    yield "]\n" if between == ",\n" else "[]\n"
