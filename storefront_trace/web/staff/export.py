"""/staff/me/export.json and .csv: everything about me, as I may read it. Made a page of rows at a time while it is
sent, so that it is whole for somebody with years of steps and still costs little memory."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from storefront_trace.actions.feedback import may_see
from storefront_trace.domain.moments import from_micros
from storefront_trace.storage import feedback, mine, readings, talks
from storefront_trace.storage.database import Connection
from storefront_trace.storage.feedback import Feedback
from storefront_trace.storage.mine import Row
from storefront_trace.storage.talks import Talk
from storefront_trace.storage.tokens import token_names
from storefront_trace.web.cells import MARK, csv_line
from storefront_trace.web.staff.visit import Visit

PARTS = (
    "person",
    "choices",
    "sessions",
    "passkeys",
    "events",
    "thanks",
    "concerns",
    "replies",
    "questions",
    "wall",
    "readings",
)
COLUMNS = ("what", "when", "order", "step", "words", "more")
Rows = AsyncIterator[tuple[str, Row]]


async def show_json(request: Request) -> Response:
    return _sent(request, _json(_everything(Visit.of(request))), "application/json", "json")


async def show_csv(request: Request) -> Response:
    return _sent(request, _csv(_everything(Visit.of(request))), "text/csv; charset=utf-8", "csv")


def _sent(request: Request, text: AsyncIterator[str], kind: str, ending: str) -> Response:
    request.app.state.limits.hit("export", request.state.person.id)
    name = f"{request.state.person.handle}.{ending}"  # a handle has small letters, digits and hyphens alone
    headers = {"Cache-Control": "no-store", "Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingResponse(text, headers=headers, media_type=kind)


async def _everything(visit: Visit) -> Rows:
    """(one of PARTS, a row), in the order of PARTS."""
    me = (visit.shop_id, visit.person.id)
    async with visit.desk.db.read() as conn:
        yield "person", await mine.get_self(conn, *me)
        choices = await mine.list_choices(conn, *me)
        sessions, passkeys = await mine.list_ways_in(conn, *me)
    for part, rows in (("choices", choices), ("sessions", sessions), ("passkeys", passkeys)):
        for row in rows:
            yield part, row
    async for row in _pages(visit, mine.list_events_of, ("at", "order_id", "seq")):
        yield "events", row
    for choice, part in (("thanks", "thanks"), ("concern", "concerns")):
        async for said in _said(visit, choice):
            yield part, said
    async for row in _pages(visit, mine.list_replies_of, ("created_at", "id")):
        yield "replies", row
    async for row in _pages(visit, mine.list_questions_of, ("created_at", "id")):
        answered_by = row.pop("answered_by")
        yield "questions", row | {"answered_by_me": answered_by == visit.person.id}
    async for row in _pages(visit, mine.list_wall_of, ("said_at", "id")):
        yield "wall", row
    async for row in _readings(visit):
        yield "readings", row


async def _pages(
    visit: Visit, read: Callable[[Connection, str, str, Any], Awaitable[list[Row]]], by: tuple[str, ...]
) -> AsyncIterator[Row]:
    after: tuple[Any, ...] | None = None
    while True:
        async with visit.desk.db.read() as conn:
            rows = await read(conn, visit.shop_id, visit.person.id, after)
        after = tuple(rows[-1][name] for name in by) if rows else None
        for row in rows:
            yield {name: value for name, value in row.items() if name != "order_id"}
        if len(rows) < mine.PAGE:
            return


async def _readings(visit: Visit) -> AsyncIterator[Row]:
    """Who has read what customers say of me."""
    before = ""
    while True:
        async with visit.desk.db.read() as conn:
            found = await readings.list_readings(
                conn, visit.shop_id, person_id=visit.person.id, before=before, limit=mine.PAGE
            )
            machines = await token_names(conn, visit.shop_id, [one.reader_id for one in found])
        for one in found:
            reader = visit.cast.people.get(one.reader_id)
            name = reader.display_name if reader else machines.get(one.reader_id)
            yield {"at": one.at, "day": one.day, "name": name, "read": one.what}
        if len(found) < mine.PAGE:
            return
        before = found[-1].id


async def _said(visit: Visit, choice: str) -> AsyncIterator[Row]:
    """What is mine to read now: a concern that has not been shared yet leaves no trace, as on the page."""
    after: tuple[int, str] | None = None
    while True:
        async with visit.desk.db.read() as conn:
            found = await feedback.list_feedback(
                conn, visit.shop_id, person_id=visit.person.id, choice=choice, after=after, limit=mine.PAGE
            )
            ids = [one.id for one in found if one.talked_at is not None]
            talked = await talks.list_talks(conn, visit.shop_id, ids)
        for one in found:
            if may_see(visit.cast, one, visit.person.id, visit.person.team):
                yield _row(one, talked.get(one.id))
        if len(found) < mine.PAGE:
            return
        after = (found[-1].created_at, found[-1].id)


def _row(said: Feedback, talk: Talk | None) -> Row:
    names = ("id", "order_number", "step", "choice", "words", "first_name", "created_at", "edited_at", "shared_at")
    own: Row = {"side": said.side, "side_at": said.side_at} if said.choice == "concern" else {}
    if talk is not None and said.choice == "concern":
        kept = ("notes", "takeaways", "created_at", "edited_at")
        own["talk"] = {name: getattr(talk, name) for name in kept}
    return {**{name: getattr(said, name) for name in names}, "chips": list(said.chips), **own}


async def _json(rows: Rows) -> AsyncIterator[str]:
    """One object with a list for each of PARTS, `person` an object; also those that are empty."""
    begun = 0
    first = True
    async for part, row in rows:
        while begun <= PARTS.index(part):
            yield _between(begun)
            begun, first = begun + 1, True
        yield ("" if first else ",\n  ") + json.dumps(_readable(row), ensure_ascii=False)
        first = False
    while begun < len(PARTS):
        yield _between(begun)
        begun += 1
    yield "]\n}\n"


def _between(place: int) -> str:
    """What stands before a part: the end of the one before it, and its own name."""
    if place == 0:
        return f'{{\n"{PARTS[0]}": '
    return f'{"" if place == 1 else "]"},\n"{PARTS[place]}": ['


async def _csv(rows: Rows) -> AsyncIterator[str]:
    yield MARK + csv_line(COLUMNS)
    async for part, found in rows:
        row = _readable(found)
        when = row.get("at") or row.get("created_at") or row.get("said_at")
        words = row.get("words") or row.get("note") or row.get("name") or row.get("display_name")
        told = {"at", "order_number", "step", "words", "note", "name", "display_name"}
        told |= {"created_at", "said_at"} if "at" not in row else set()
        more = {name: value for name, value in row.items() if name not in told and value not in (None, [], {})}
        rest = json.dumps(more, ensure_ascii=False) if more else ""
        yield csv_line((part, when, row.get("order_number"), row.get("step"), words, rest))


def _readable(row: Row) -> Row:
    """Instants as ISO 8601 in UTC, and no shop's id."""
    return {name: _instant(name, value) for name, value in row.items() if name != "shop_id"}


def _instant(name: str, value: Any) -> Any:
    if isinstance(value, dict):
        return {inner: _instant(inner, one) for inner, one in value.items()}
    is_instant = name == "at" or name.endswith("_at")
    return from_micros(value).isoformat() if is_instant and isinstance(value, int) else value
