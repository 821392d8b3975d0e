"""The append-only trail of each order. Nothing here changes or removes an event."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from operator import attrgetter, itemgetter
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from storefront_trace.domain.clock import DAY
from storefront_trace.domain.errors import N_, Conflict
from storefront_trace.domain.orders import Event, Facts, Line, Parcel
from storefront_trace.storage.database import Connection
from storefront_trace.storage.filled import filled
from storefront_trace.storage.prepared import prepared, write_one
from storefront_trace.storage.tables import correction, event, order

MAX_EVENTS = 2000
ELSEWHERE = N_("This was logged on another order already.")
_PLAIN = (
    "id",
    "seq",
    "kind",
    "step",
    "at",
    "recorded_at",
    "zone",
    "precision",
    "person_id",
    "team",
    "hand_person_id",
    "hand_team",
    "note",
    "photo",
    "source",
    "source_key",
    "device",
)


# Once for all of them: one by one they cost a tenth of what a step does beside its statements.
_plain_of, _plain_in = attrgetter(*_PLAIN), itemgetter(*_PLAIN)
Told = str | int | sa.BindParameter[Any]
_NAMES = event.c.keys()
NEEDED = (*_PLAIN, "position", "effect", "detail", "facts")
_OF_ORDER = prepared(
    sa.select(event)
    .where(event.c.shop_id == sa.bindparam("shop_id"), event.c.order_id == sa.bindparam("order_id"))
    .order_by(event.c.seq)
)
_BY_SOURCE_KEY = prepared(
    sa.select(event).where(
        event.c.shop_id == sa.bindparam("shop_id"),
        event.c.source == sa.bindparam("source"),
        event.c.source_key == sa.bindparam("source_key"),
    )
)
_ONE_OF_A_KEY = (["shop_id", "source", "source_key"], event.c.source_key.is_not(None))
_INSERT = {
    "sqlite": prepared(sqlite.insert(event).on_conflict_do_nothing(*_ONE_OF_A_KEY), columns=_NAMES),
    "postgresql": prepared(postgresql.insert(event).on_conflict_do_nothing(None, *_ONE_OF_A_KEY), columns=_NAMES),
}


async def list_events(conn: Connection, shop_id: str, order_id: str) -> list[Event]:
    """In the order of recording."""
    rows = await conn.execute(_OF_ORDER, {"shop_id": shop_id, "order_id": order_id})
    return [to_event(dict(zip(_NAMES, row, strict=True))) for row in rows]


async def list_events_of(conn: Connection, shop_id: str, order_ids: Sequence[str]) -> dict[str, list[Event]]:
    """By order id, in the order of recording, and without the facts, which are large: these cannot be replayed."""
    columns = [column for column in event.c if column.name != "facts"]
    query = sa.select(*columns).where(event.c.shop_id == shop_id, event.c.order_id.in_(order_ids))
    found: dict[str, list[Event]] = {}
    for row in await conn.execute(query.order_by(event.c.order_id, event.c.seq)):
        found.setdefault(row.order_id, []).append(to_event({**row._mapping, "facts": None}))
    return found


async def find_event_by_source_key(
    conn: Connection, shop_id: str, source: str, source_key: str
) -> tuple[str, Event] | None:
    """(order id, event) that this sender has told before under this key."""
    named = {"shop_id": shop_id, "source": source, "source_key": source_key}
    row = (await conn.execute(_BY_SOURCE_KEY, named)).first()
    if row is None:
        return None
    values = dict(zip(_NAMES, row, strict=True))
    return values["order_id"], to_event(values)


async def last_event_by_person(
    conn: Connection, shop_id: str, person_id: str, since: int, *, source: str
) -> tuple[str, Event] | None:
    """(order id, the latest step this person recorded since then), for the offer to undo. What another system told of
    them, or an import brought, is no step that they have just taken: hence the source. Nor is what waited for a network
    for longer than three days; that bound is what the index can use."""
    query = sa.select(event).where(
        event.c.shop_id == shop_id,
        event.c.person_id == person_id,
        event.c.at >= since - 3 * DAY,
        event.c.kind == "step",
        event.c.source == source,
        event.c.recorded_at >= since,
    )
    row = (await conn.execute(query.order_by(event.c.recorded_at.desc(), event.c.seq.desc()).limit(1))).first()
    return (row.order_id, to_event(dict(row._mapping))) if row else None


class OwnStep(NamedTuple):
    """A step that somebody logged on our own pages, with the order that it is about. `before` is the position that the
    order had come to until then, None when nothing had been done."""

    number: str
    first_name: str | None
    event: Event
    corrected: bool
    method: str
    before: int | None


async def list_own_steps(
    conn: Connection, shop_id: str, person_id: str, step: str, *, since: int, limit: int
) -> list[OwnStep]:
    """The latest first."""
    fallen = sa.exists().where(
        correction.c.shop_id == shop_id, correction.c.order_id == event.c.order_id, correction.c.event_id == event.c.id
    )
    columns = [column for column in event.c if column.name != "facts"]
    more = [order.c.number, order.c.first_name, order.c.method, fallen.label("fallen"), _before().label("before")]
    query = sa.select(*more, *columns)
    query = query.join_from(event, order, sa.and_(order.c.shop_id == shop_id, order.c.id == event.c.order_id))
    query = query.where(*_own(shop_id, person_id, step, since))
    rows = await conn.execute(query.order_by(event.c.recorded_at.desc(), event.c.id.desc()).limit(limit))
    return [
        OwnStep(r.number, r.first_name, to_event({**r._mapping, "facts": None}), bool(r.fallen), r.method, r.before)
        for r in rows
    ]


def _before() -> sa.ScalarSelect[int | None]:
    """How far an event's order had come, without what was taken back since."""
    earlier = event.alias("earlier")
    fallen = sa.exists().where(
        correction.c.shop_id == earlier.c.shop_id,
        correction.c.order_id == earlier.c.order_id,
        correction.c.event_id == earlier.c.id,
    )
    same = (earlier.c.shop_id == event.c.shop_id, earlier.c.order_id == event.c.order_id, earlier.c.seq < event.c.seq)
    query = sa.select(sa.func.max(earlier.c.position)).where(*same, earlier.c.effect == "advance", ~fallen)
    return query.correlate(event).scalar_subquery()


async def count_own_steps(conn: Connection, shop_id: str, person_id: str, step: str, *, since: int) -> int:
    """Without those that were taken back."""
    values = {"shop_id": shop_id, "person_id": person_id, "step": step, "since": since}
    return int((await conn.execute(_COUNT_OWN, values)).scalar_one())


def _own(shop_id: Told, person_id: Told, step: Told, since: Told) -> tuple[sa.ColumnElement[bool], ...]:
    mine = (event.c.shop_id == shop_id, event.c.person_id == person_id, event.c.at >= since)
    return (*mine, event.c.kind == "step", event.c.step == step, event.c.source == "staff")


async def insert_event(conn: Connection, shop_id: str, order_id: str, new: Event) -> None:
    """Conflict, and nothing written, when its sender has told of something under its `source_key` before."""
    values = dict(zip(_PLAIN, _plain_of(new), strict=True))
    is_step = new.kind == "step"
    values |= {"position": new.position if is_step else None, "effect": new.effect if is_step else None}
    values |= {"shop_id": shop_id, "order_id": order_id, "detail": detail_of(new), "facts": facts_of(new)}
    if not await write_one(conn, _INSERT[conn.dialect.name], values):
        raise Conflict(ELSEWHERE)


async def insert_correction(conn: Connection, shop_id: str, order_id: str, new: Event) -> None:
    """The same fact as the correction event, as a row that says which event fell; an event falls only once."""
    await conn.execute(
        sa.insert(correction).values(
            shop_id=shop_id,
            order_id=order_id,
            event_id=new.corrects,
            correction_event_id=new.id,
            person_id=new.person_id,
            reason=new.reason,
            created_at=new.recorded_at,
        )
    )


def facts_of(new: Event) -> dict[str, Any] | None:
    return asdict(new.facts) if new.facts is not None else None


def detail_of(new: Event) -> dict[str, Any] | None:
    detail: dict[str, Any] = {}
    if new.lines:
        detail["lines"] = [list(pair) for pair in new.lines]
    if new.parcel is not None:
        detail["parcel"] = {**asdict(new.parcel), "lines": [list(pair) for pair in new.parcel.lines]}
    if new.corrects is not None:
        detail["corrects"] = new.corrects
    if new.photo_size is not None:
        detail["photo_size"] = list(new.photo_size)
    if new.reason is not None:
        detail["reason"] = new.reason
    if new.until is not None:
        detail["until"] = new.until
    if new.promise is not None:
        detail["promise"] = list(new.promise)
    if new.earlier:
        detail["earlier"] = list(new.earlier)
    if new.forgotten:
        detail["forgotten"] = True
    return detail or None


def to_event(row: dict[str, Any]) -> Event:
    """From the columns NEEDED; it may have others."""
    values = dict(zip(_PLAIN, _plain_in(row), strict=True))
    values["position"], values["effect"] = row["position"] or 0, row["effect"] or "advance"
    values["facts"] = _to_facts(row["facts"])
    detail = row.get("detail")
    values.update(_of_detail(detail) if detail else _NO_DETAIL)
    return filled(Event, values)


def _of_detail(detail: dict[str, Any]) -> dict[str, Any]:
    return {
        "lines": tuple((key, amount) for key, amount in detail.get("lines", ())),
        "parcel": _to_parcel(detail.get("parcel")),
        "photo_size": tuple(detail["photo_size"]) if "photo_size" in detail else None,
        "corrects": detail.get("corrects"),
        "reason": detail.get("reason"),
        "until": detail.get("until"),
        "promise": (detail["promise"][0], detail["promise"][1]) if "promise" in detail else None,
        "earlier": tuple(detail.get("earlier", ())),
        "forgotten": detail.get("forgotten", False),
    }


def _to_parcel(told: dict[str, Any] | None) -> Parcel | None:
    if told is None:
        return None
    return Parcel(**{**told, "lines": tuple((key, amount) for key, amount in told["lines"])})


def _to_facts(told: dict[str, Any] | None) -> Facts | None:
    if told is None:
        return None
    lines = tuple(filled(Line, _LINE | line) for line in told["lines"])  # kept before lines had all that they have now
    return Facts(**{**told, "lines": lines})


_OWN_FALLEN = sa.exists().where(
    correction.c.shop_id == event.c.shop_id,
    correction.c.order_id == event.c.order_id,
    correction.c.event_id == event.c.id,
)
_COUNT_OWN = prepared(
    sa.select(sa.func.count())
    .select_from(event)
    .where(*_own(*map(sa.bindparam, ("shop_id", "person_id", "step", "since"))), ~_OWN_FALLEN)
)
_NO_DETAIL = _of_detail({})
_LINE = asdict(Line(key="", title=""))
