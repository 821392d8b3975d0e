"""What customers say of each step, and what they are answered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa

from storefront_trace.domain.errors import NotFound
from storefront_trace.domain.rights import Sight
from storefront_trace.storage.database import Connection
from storefront_trace.storage.sights import within
from storefront_trace.storage.tables import feedback, reply
from storefront_trace.storage.veil import check_unveiled, is_veiled, teams_own

PAGE = 50
LATEST = 500


@dataclass(frozen=True)
class Feedback:
    id: str
    order_id: str
    event_id: str
    order_number: str
    step: str
    person_id: str | None
    team: str | None
    choice: str
    chips: tuple[str, ...]
    words: str
    contact: bool
    first_name: str | None
    locale: str
    created_at: int
    edited_at: int | None
    concern_at: int | None
    shared_at: int | None
    side: str | None
    side_at: int | None
    looking_at: int | None
    talked_at: int | None
    done_at: int | None
    outside_at: int | None
    history: tuple[dict[str, Any], ...] = ()
    wall: str | None = None
    wall_person: str | None = None
    wall_put_at: int | None = None


@dataclass(frozen=True)
class Reply:
    id: str
    order_id: str
    feedback_id: str
    person_id: str
    words: str
    created_at: int


_COLUMNS = [feedback.c[name] for name in Feedback.__dataclass_fields__]


async def get_feedback(conn: Connection, shop_id: str, feedback_id: str, *, lock: bool = False) -> Feedback:
    query = sa.select(*_COLUMNS).where(feedback.c.shop_id == shop_id, feedback.c.id == feedback_id)
    row = (await conn.execute(query.with_for_update() if lock else query)).first()
    if row is None:
        raise NotFound("There is no such feedback.")
    return to_feedback(row)


async def find_feedback(conn: Connection, shop_id: str, order_id: str, event_ids: Sequence[str]) -> Feedback | None:
    """Of one step, by the ids of all the events that have told of it."""
    where = (feedback.c.shop_id == shop_id, feedback.c.order_id == order_id, feedback.c.event_id.in_(event_ids))
    row = (await conn.execute(sa.select(*_COLUMNS).where(*where).order_by(feedback.c.id.desc()).limit(1))).first()
    return to_feedback(row) if row else None


async def list_feedback(
    conn: Connection,
    shop_id: str,
    *,
    person_id: str | None = None,
    team: str | None = None,
    choice: str | None = None,
    since: int | None = None,
    still_open: bool = False,
    in_control: bool = False,
    sight: Sight | None = None,
    after: tuple[int, str] | None = None,
    newest_first: bool = False,
    limit: int = PAGE,
) -> list[Feedback]:
    """`team` lists what was said to the team itself, not to its people. `in_control` leaves out what was outside the
    person's control. `after` is the (created_at, id) last seen."""
    query = sa.select(*_COLUMNS).where(feedback.c.shop_id == shop_id)
    query = query.where(*within(sight, feedback.c.person_id, feedback.c.team))
    if person_id is not None:
        check_unveiled()
        query = query.where(feedback.c.person_id == person_id)
    if team is not None:
        query = query.where(feedback.c.team == team, *teams_own(feedback.c.person_id))
    if choice is not None:
        query = query.where(feedback.c.choice == choice)
    if since is not None:
        query = query.where(feedback.c.created_at >= since)
    if still_open:
        query = query.where(feedback.c.done_at.is_(None))
    if in_control:
        query = query.where(feedback.c.outside_at.is_(None))
    place = sa.tuple_(feedback.c.created_at, feedback.c.id)
    if after is not None:
        mark = sa.tuple_(*map(sa.literal, after))
        query = query.where(place < mark if newest_first else place > mark)
    columns = (feedback.c.created_at, feedback.c.id)
    query = query.order_by(*(c.desc() for c in columns)) if newest_first else query.order_by(*columns)
    return [to_feedback(row) for row in await conn.execute(query.limit(limit))]


async def sum_thanks(conn: Connection, shop_id: str, person_id: str) -> tuple[int, int | None, Counter[str]]:
    """(how many, since when, how often each chip was said of late): of what is this person's own."""
    about = (feedback.c.shop_id == shop_id, feedback.c.person_id == person_id)
    mine = (*about, feedback.c.choice == "thanks", feedback.c.outside_at.is_(None))
    counted = sa.select(sa.func.count(), sa.func.min(feedback.c.created_at)).where(*mine)
    count, first = (await conn.execute(counted)).one()
    latest = sa.select(feedback.c.chips).where(*mine).order_by(feedback.c.created_at.desc()).limit(LATEST)
    chips = Counter(chip for row in await conn.execute(latest) for chip in row.chips)
    return int(count), first, chips


async def insert_feedback(conn: Connection, shop_id: str, **values: Any) -> None:
    await conn.execute(sa.insert(feedback).values(shop_id=shop_id, **values))


async def update_feedback(conn: Connection, shop_id: str, feedback_id: str, **changes: Any) -> None:
    query = sa.update(feedback).where(feedback.c.shop_id == shop_id, feedback.c.id == feedback_id)
    await conn.execute(query.values(**changes))


async def list_replies(conn: Connection, shop_id: str, feedback_ids: list[str]) -> dict[str, list[Reply]]:
    """By feedback id, oldest first."""
    if not feedback_ids:
        return {}
    columns = [reply.c[name] for name in Reply.__dataclass_fields__]
    query = sa.select(*columns).where(reply.c.shop_id == shop_id, reply.c.feedback_id.in_(feedback_ids))
    found: dict[str, list[Reply]] = {}
    for row in await conn.execute(query.order_by(reply.c.created_at, reply.c.id)):
        one = Reply(*row)
        found.setdefault(row.feedback_id, []).append(replace(one, person_id="") if is_veiled() else one)
    return found


async def update_said_the_teams(conn: Connection, shop_id: str, person_id: str, team: str | None, *, limit: int) -> int:
    """How many of what was said of this person became their team's, at most `limit`: that of the time when it was said,
    `team` for what had none, and the shop's, "", where that is None too. What they said themselves as the person it was
    about goes: their side, and their yes for the wall; a no holds until a teammate says otherwise.

    Whose it was then cannot be told from here any more: events still know who did the step. On Postgres a row that
    somebody else holds is left for the next call, so that nobody waits for anybody.
    """
    mine = (feedback.c.shop_id == shop_id, feedback.c.person_id == person_id)
    some = sa.select(feedback.c.id).where(*mine).limit(limit).with_for_update(skip_locked=True)
    ids = list((await conn.execute(some)).scalars())
    values = {
        "person_id": None,
        "team": sa.func.coalesce(feedback.c.team, team or ""),
        "side": None,
        "side_at": None,
        "wall_person": sa.case((feedback.c.wall_person == "no", "no")),
        "wall_put_at": None,
    }
    await conn.execute(sa.update(feedback).where(*mine, feedback.c.id.in_(ids)).values(**values))
    return len(ids)


async def has_said_of(conn: Connection, shop_id: str, person_id: str) -> bool:
    mine = (feedback.c.shop_id == shop_id, feedback.c.person_id == person_id)
    return (await conn.execute(sa.select(sa.literal(1)).where(*mine).limit(1))).first() is not None


async def insert_reply(conn: Connection, shop_id: str, **values: Any) -> None:
    await conn.execute(sa.insert(reply).values(shop_id=shop_id, **values))


def to_feedback(row: Any) -> Feedback:
    values = dict(row._mapping)
    if is_veiled():
        values |= _unlinked(values)
    return Feedback(**{**values, "chips": tuple(values["chips"]), "history": tuple(values["history"])})


def _unlinked(values: Mapping[str, Any]) -> dict[str, Any]:
    """Behind the veil: neither whose step it was, nor what leads there. Who takes care of a concern needs its order."""
    less: dict[str, Any] = {"event_id": ""}
    if values["person_id"] is not None:
        less |= {"person_id": None, "team": values["team"] or ""}
    return less if values["choice"] == "concern" else {**less, "order_id": "", "order_number": ""}
