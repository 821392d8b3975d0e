"""News for those who follow an order: written in the transaction of the step that they tell of, so that none is lost,
and under the step's own name, so that none is told twice."""

from __future__ import annotations

from collections.abc import Sequence

from storefront_trace.domain.following import GRACE, is_news, wanted
from storefront_trace.domain.orders import Event, Facts, taken_back
from storefront_trace.domain.shop import Cast
from storefront_trace.storage import followers, orders, outbox
from storefront_trace.storage.database import Connection
from storefront_trace.storage.followers import Follower

MOST_LINES = 5  # in one mail; the page has them all


async def tell(conn: Connection, cast: Cast, order_id: str, past: Sequence[Event], new: Event) -> None:
    """Call it for every event that is appended, whoever brought it."""
    if new.kind == "correction":
        await _take_back(conn, cast, order_id, past, new)
    elif new.kind == "facts" and new.facts is not None:
        await _tell_change(conn, cast, order_id, past, new, new.facts)
    elif new.kind == "step" and is_news(new.at, new.recorded_at, new.precision):
        step = cast.steps.get(new.step or "")
        if step is not None and step.visible and (first := first_telling(past, new)) is not None:
            await _tell(conn, cast, order_id, first, new)


def once(first: Event, follower: Follower) -> str:
    return f"step:{first.id}:{follower.id}"


def first_telling(past: Sequence[Event], new: Event) -> Event | None:
    """The event that told of the same step first; None when this one is no news, since later ones have come already.

    A shop system that knows more later takes its step back and tells it anew; a carrier scans a parcel several times
    while the page shows one step.
    """
    if not new.by_carrier:
        return _refined(past, new)
    gone = taken_back(past)
    scans = [e for e in past if e.kind == "step" and e.by_carrier and e.id not in gone and _parcel(e) == _parcel(new)]
    if any(scan.at > new.at for scan in scans):
        return None
    first = new
    for scan in sorted(scans, key=_place, reverse=True):
        if scan.step != new.step:
            break
        first = scan
    return _refined(past, first)


def _refined(past: Sequence[Event], told: Event) -> Event:
    return next((e for e in past if e.id in told.earlier), told)


def _parcel(event: Event) -> str | None:
    return event.parcel.key if event.parcel else None


async def _tell(conn: Connection, cast: Cast, order_id: str, first: Event, new: Event) -> None:
    found = [one for one in await followers.list_followers(conn, cast.shop.id, order_id) if one.follows]
    row = await orders.find_order_by_id(conn, cast.shop.id, order_id) if found else None
    for one in found:
        since = one.confirmed_at or 0
        if row is None or first.recorded_at < since or not wanted(new.step or "", new.effect, new.position, one.wants):
            continue
        await outbox.upsert_step_notice(
            conn,
            cast.shop.id,
            kind="step",
            channel=one.channel,
            recipient=one.address or "",
            locale=one.locale,
            detail={
                "order_id": order_id, "order_number": row.number, "event_id": new.id, "follower_id": one.id
            },
            once=once(first, one),
            created_at=new.recorded_at,
            due_at=new.recorded_at + GRACE,
        )  # fmt: skip


async def _tell_change(
    conn: Connection, cast: Cast, order_id: str, past: Sequence[Event], new: Event, facts: Facts
) -> None:
    """What takes longer than was known before: a problem without a step, and nobody's doing."""
    before = max((e for e in past if e.facts is not None), key=lambda e: e.seq, default=None)
    if before is None or before.facts is None:
        return
    had = {line.key for line in before.facts.lines if line.backordered > 0}
    out = [line.key for line in facts.lines if line.backordered > 0 and line.key not in had]
    later = bool(before.facts.promise_to and facts.promise_to and facts.promise_to > before.facts.promise_to)
    if not (out or later):
        return
    found = await followers.list_followers(conn, cast.shop.id, order_id)
    for one in found:
        if not one.follows or one.wants == "milestones":
            continue
        await outbox.insert_notice(
            conn,
            cast.shop.id,
            kind="change",
            channel=one.channel,
            recipient=one.address or "",
            locale=one.locale,
            detail={"order_id": order_id, "follower_id": one.id, "lines": out[:MOST_LINES], "later": later},
            once=f"change:{new.id}:{one.id}",
            created_at=new.recorded_at,
            due_at=new.recorded_at + GRACE,
        )


async def _take_back(conn: Connection, cast: Cast, order_id: str, past: Sequence[Event], new: Event) -> None:
    fallen = next((e for e in past if e.id == new.corrects and e.kind == "step"), None)
    if fallen is None:
        return
    found = await followers.list_followers(conn, cast.shop.id, order_id)
    same = [e for e in past if e.kind == "step" and e.step == fallen.step]
    names = {once(event, one): event for event in same for one in found}
    waiting = await outbox.list_waiting(conn, cast.shop.id, list(names), fallen.id, new.recorded_at) if names else {}
    for name, detail in waiting.items():
        stands = _still_told(past, names[name], fallen)
        if stands is None:
            await outbox.delete_waiting(conn, cast.shop.id, name, new.recorded_at)
        else:
            now_of = {**detail, "event_id": stands.id}
            await outbox.update_waiting(conn, cast.shop.id, name, now_of, new.recorded_at)


def _still_told(past: Sequence[Event], first: Event, fallen: Event) -> Event | None:
    """The last scan before the fallen one that told the same of the parcel: what waits is about that one again."""
    if not fallen.by_carrier:
        return None
    gone = taken_back(past)
    scans = (e for e in past if e.by_carrier and (e.kind, e.step, _parcel(e)) == ("step", fallen.step, _parcel(fallen)))
    told = [scan for scan in scans if scan.id not in gone and _place(first) <= _place(scan) < _place(fallen)]
    return max(told, key=_place, default=None)


def _place(event: Event) -> tuple[int, int, int]:
    return event.at, event.position, event.seq
