"""What customers said. Concerns, and every number that would give them away, need the scope feedback:read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from pydantic import Field

from storefront_trace.api import fields
from storefront_trace.api.callers import Caller
from storefront_trace.api.fields import Shown, Strict, parse_at, read_cursor, write_cursor
from storefront_trace.api.operations import Answer, operation
from storefront_trace.domain.clock import DAY, now_micros
from storefront_trace.domain.ladder import TREND_WEEKS, Stage, Trend, ladder, trend
from storefront_trace.domain.moments import from_micros, to_micros
from storefront_trace.storage import feedback, people
from storefront_trace.storage.database import Connection
from storefront_trace.storage.feedback import Feedback, Reply

SCOPE = "feedback:read"
LATEST = 20
PAGE = 1000


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
    """`reply` is the last reply's words."""

    id: str
    order: str
    event: str
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
    """Small numbers stay words: counts from 5 answers, a share with its 95 % band from 15, a trend from 30. What may
    not be said yet is null. Without feedback:read it is about thanks alone. What was outside the person's control is
    left out. `latest` has the newest 20 answers, newest first."""

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
    last = found[limit - 1] if len(found) > limit else None
    cursor = write_cursor(last.created_at, last.id) if last else None
    return Answer(FeedbackPage(items=items, next_cursor=cursor))


@operation("One person's feedback, as far as its numbers carry", {200: ReportShown})
async def show_report(caller: Caller, handle: str) -> Answer:
    async with caller.desk.db.read() as conn:
        person = await people.get_person(conn, caller.shop_id, handle)
        found = await _all_of(conn, caller, person.id)
        latest = await _shown(conn, caller, found[::-1][:LATEST])
    thanks = sum(said.choice == "thanks" for said in found)
    rung = ladder(thanks, len(found) - thanks)
    full = caller.has(SCOPE)
    shown = ReportShown(
        person=person.handle,
        display_name=person.display_name,
        stage=rung.stage if full or rung.stage == "words" else "counts",
        thanks=rung.thanks,
        concerns=rung.concerns if full else None,
        share=rung.share if full else None,
        band=list(rung.band) if full and rung.band else None,
        trend=_trend(found) if full and rung.stage == "full" else None,
        latest=latest,
    )
    return Answer(shown)


def _choice(caller: Caller) -> str | None:
    return None if caller.has(SCOPE) else "thanks"


async def _all_of(conn: Connection, caller: Caller, person_id: str) -> list[Feedback]:
    """Oldest first."""
    found: list[Feedback] = []
    after: tuple[int, str] | None = None
    while True:
        more = await feedback.list_feedback(
            conn, caller.shop_id, person_id=person_id, choice=_choice(caller), after=after, limit=PAGE
        )
        found += [said for said in more if said.outside_at is None]
        if len(more) < PAGE:
            return found
        after = (more[-1].created_at, more[-1].id)


def _trend(found: Sequence[Feedback]) -> Trend | None:
    weeks = [[0, 0] for _ in range(TREND_WEEKS)]
    now = now_micros()
    for said in found:
        ago = (now - said.created_at) // (7 * DAY)
        if 0 <= ago < TREND_WEEKS:
            weeks[TREND_WEEKS - 1 - ago][said.choice != "thanks"] += 1
    return trend([(thanks, concerns) for thanks, concerns in weeks])


async def _shown(conn: Connection, caller: Caller, found: Sequence[Feedback]) -> list[FeedbackShown]:
    replies = await feedback.list_replies(conn, caller.shop_id, [said.id for said in found])
    return [_item(caller, said, replies.get(said.id, [])) for said in found]


def _item(caller: Caller, said: Feedback, replies: Sequence[Reply]) -> FeedbackShown:
    return FeedbackShown(
        id=said.id,
        order=said.order_number,
        event=said.event_id,
        step=said.step,
        person=caller.handle(said.person_id),
        team=said.team,
        choice="thanks" if said.choice == "thanks" else "concern",
        chips=list(said.chips),
        words=said.words,
        created_at=_at(said.created_at),
        edited_at=_at(said.edited_at) if said.edited_at else None,
        reply=replies[-1].words if replies else None,
        replies=[
            ReplyShown(person=caller.handle(r.person_id), words=r.words, created_at=_at(r.created_at)) for r in replies
        ],
    )


def _at(micros: int) -> str:
    return from_micros(micros).isoformat(timespec="seconds").replace("+00:00", "Z")
