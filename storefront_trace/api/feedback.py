"""What customers said. Concerns, and every number that would give them away, need the scope feedback:read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from pydantic import Field

from storefront_trace.actions.readings import note_reading, note_said
from storefront_trace.api import fields
from storefront_trace.api.callers import Caller
from storefront_trace.api.fields import Shown, Strict, parse_at, read_cursor, write_cursor
from storefront_trace.api.operations import Answer, operation
from storefront_trace.domain.clock import DAY, now_micros
from storefront_trace.domain.ladder import REPORT_DAYS, TREND_WEEKS, Stage, Trend, ladder, trend
from storefront_trace.domain.moments import from_micros, to_micros
from storefront_trace.storage import feedback, people, reports
from storefront_trace.storage.database import Connection
from storefront_trace.storage.feedback import Feedback, Reply
from storefront_trace.storage.reports import Doer
from storefront_trace.storage.veil import check_unveiled

SCOPE = "feedback:read"
LATEST = 20


class FeedbackQuery(Strict):
    """`since` is about when it was said first; a later edit does not list it again."""

    person: fields.Handle | None = None
    since: fields.When | None = None
    cursor: fields.Cursor | None = None
    limit: fields.Limit = "50"


class ReplyShown(Shown):
    person: str | None
    words: str
    created_at: str


class FeedbackShown(Shown):
    """`reply` is the last reply's words. Where the shop has switched off the view of each person, `person` and `event`
    are null, and `order` too with thanks."""

    id: str
    order: str | None
    event: str | None
    step: str
    person: str | None
    team: str | None
    choice: Literal["thanks", "concern"]
    chips: list[str]
    words: str
    created_at: str
    edited_at: str | None
    reply: str | None
    replies: list[ReplyShown]


class FeedbackPage(Shown):
    items: list[FeedbackShown]
    next_cursor: str | None


class ReportShown(Shown):
    """Of the last 90 days. Small numbers stay words: counts from 5 answers, a share with its 95 % band from 15, a trend
    from 30. What may not be said yet is null. Without feedback:read it is about thanks alone. What was outside the
    person's control is left out. `latest` has the newest 20 answers, newest first."""

    person: str
    display_name: str
    stage: Stage
    thanks: int | None
    concerns: int | None
    share: int | None = Field(description="Thanks among the answers, in whole percents.")
    band: list[int] | None = Field(description="The 95 % Wilson interval of the share: from, to.")
    trend: Trend | None
    latest: list[FeedbackShown]


@operation(
    "What customers said, oldest first; without the scope feedback:read thanks only",
    {200: FeedbackPage},
    query=FeedbackQuery,
)
async def list_feedback(caller: Caller, query: FeedbackQuery) -> Answer:
    limit = int(query.limit)
    async with caller.desk.db.read() as conn:
        person = await people.get_person(conn, caller.shop_id, query.person) if query.person else None
        found = await feedback.list_feedback(
            conn,
            caller.shop_id,
            person_id=person.id if person else None,
            choice=_choice(caller),
            since=to_micros(parse_at(query.since).instant) if query.since else None,
            after=read_cursor(query.cursor),
            limit=limit + 1,
        )
        items = await _shown(conn, caller, found[:limit])
    await note_said(caller.desk, caller.cast.shop, caller.token.id, found[:limit])
    last = found[limit - 1] if len(found) > limit else None
    cursor = write_cursor(last.created_at, last.id) if last else None
    return Answer(FeedbackPage(items=items, next_cursor=cursor))


@operation("One person's feedback, as far as its numbers carry", {200: ReportShown})
async def show_report(caller: Caller, handle: str) -> Answer:
    async with caller.desk.db.read() as conn:
        person = await people.get_person(conn, caller.shop_id, handle)
        check_unveiled()
        now, mine = now_micros(), Doer(person.id)
        since = now - REPORT_DAYS * DAY
        thanks, concerns = (await reports.count_answers(conn, caller.shop_id, [person.id], since)).get(mine, (0, 0))
        weeks = (await reports.count_weeks(conn, caller.shop_id, [person.id], now + 1, TREND_WEEKS)).get(mine, [])
        latest = await feedback.list_feedback(
            conn,
            caller.shop_id,
            person_id=person.id,
            choice=_choice(caller),
            since=since,
            in_control=True,
            newest_first=True,
            limit=LATEST,
        )
        shown = await _shown(conn, caller, latest)
    await note_reading(caller.desk, caller.cast.shop, caller.token.id, "page", [person.id])
    full = caller.has(SCOPE)
    rung = ladder(thanks, concerns if full else 0)
    report = ReportShown(
        person=person.handle,
        display_name=person.display_name,
        stage=rung.stage if full or rung.stage == "words" else "counts",
        thanks=rung.thanks,
        concerns=rung.concerns if full else None,
        share=rung.share if full else None,
        band=list(rung.band) if full and rung.band else None,
        trend=trend(weeks) if full and rung.stage == "full" else None,
        latest=shown,
    )
    return Answer(report)


def _choice(caller: Caller) -> str | None:
    return None if caller.has(SCOPE) else "thanks"


async def _shown(conn: Connection, caller: Caller, found: Sequence[Feedback]) -> list[FeedbackShown]:
    replies = await feedback.list_replies(conn, caller.shop_id, [said.id for said in found])
    return [_item(caller, said, replies.get(said.id, [])) for said in found]


def _item(caller: Caller, said: Feedback, replies: Sequence[Reply]) -> FeedbackShown:
    return FeedbackShown(
        id=said.id,
        order=said.order_number or None,
        event=said.event_id or None,
        step=said.step,
        person=caller.handle_here(said.person_id),
        team=said.team,
        choice="thanks" if said.choice == "thanks" else "concern",
        chips=list(said.chips),
        words=said.words,
        created_at=_at(said.created_at),
        edited_at=_at(said.edited_at) if said.edited_at else None,
        reply=replies[-1].words if replies else None,
        replies=[
            ReplyShown(person=caller.handle_here(r.person_id), words=r.words, created_at=_at(r.created_at))
            for r in replies
        ],
    )


def _at(micros: int) -> str:
    return from_micros(micros).isoformat(timespec="seconds").replace("+00:00", "Z")
