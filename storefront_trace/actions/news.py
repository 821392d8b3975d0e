"""News for those who follow an order: written in the transaction of the step that they tell of, under the step's own
name. So a step that stands is told once to each who wants it: what is taken back before it went out is not told, what
is logged anew is not told again where the first telling went, and is told where it did not. A mail that its server
refuses for good, or for a day, is given up: notify/sender.py.

What went out and is not so is set right, by the news of the same step when somebody else has done it (`amends`: that
news says so too), else by a notice of its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from storefront_trace.domain.following import GRACE, SECOND_THOUGHT, is_news, wanted
from storefront_trace.domain.orders import Event, Facts, taken_back
from storefront_trace.domain.shop import Cast
from storefront_trace.domain.telling import first_telling, named, parcel_of, stands_otherwise, still_told, told_as_one
from storefront_trace.storage import followers, orders, outbox
from storefront_trace.storage.database import Connection
from storefront_trace.storage.followers import Follower

UNDONE = "step_undone"
MOST_LINES = 5  # in one mail; the page has them all


async def tell(conn: Connection, cast: Cast, order_id: str, past: Sequence[Event], new: Event) -> None:
    """Call it for every event that is appended, whoever brought it."""
    if new.kind == "correction":
        await _take_back(conn, cast, order_id, past, new)
    elif new.kind == "facts" and new.facts is not None:
        await _tell_change(conn, cast, order_id, past, new, new.facts)
    elif new.kind == "step":
        told = await _true_after_all(conn, cast, order_id, past, new)
        step = cast.steps.get(new.step or "")
        if step is None or not step.visible or not is_news(new.at, new.recorded_at, new.precision):
            return
        if (first := first_telling(past, new)) is not None:
            await _tell(conn, cast, order_id, past, first, new, told)


def once(first: Event, follower: Follower) -> str:
    return f"step:{first.id}:{follower.id}"


def once_undone(first: Event, follower: Follower) -> str:
    """Of the mail that sets right what `once` has told."""
    return f"{UNDONE}:{first.id}:{follower.id}"


async def _tell(
    conn: Connection, cast: Cast, order_id: str, past: Sequence[Event], first: Event, new: Event, told: frozenset[str]
) -> None:
    """`told` are the followers who know."""
    found = [one for one in await followers.list_followers(conn, cast.shop.id, order_id) if one.follows]
    row = await orders.find_order_by_id(conn, cast.shop.id, order_id) if found else None
    for one in found:
        if row is None or one.id in told or not wanted(new.step or "", new.effect, new.position, one.wants):
            continue
        called = await _first_since_undone(conn, cast, past, first, new, one)
        if called.recorded_at < (one.confirmed_at or 0):
            continue
        name = once(called, one)
        detail: dict[str, Any] = {
            "order_id": order_id,
            "order_number": row.number,
            "event_id": new.id,
            "follower_id": one.id,
        }
        if amends := await _amends(conn, cast, past, new, one, name):
            detail["amends"] = amends
        await outbox.upsert_step_notice(
            conn,
            cast.shop.id,
            kind="step",
            channel=one.channel,
            recipient=one.address or "",
            locale=one.locale,
            detail=detail,
            once=name,
            created_at=new.recorded_at,
            due_at=new.recorded_at + GRACE,
        )


async def _true_after_all(
    conn: Connection, cast: Cast, order_id: str, past: Sequence[Event], new: Event
) -> frozenset[str]:
    """Who was mailed something that has been logged anew before it was set right, or is being mailed it at this moment:
    they are mailed neither. Who was not, since that mail failed, is told now."""
    gone = taken_back(past)
    same = [e for e in past if e.id in gone and told_as_one(e, new) and named(e) == named(new)]
    if not same:
        return frozenset()
    found: set[str] = set()
    for one in await followers.list_followers(conn, cast.shop.id, order_id):
        names = [once_undone(event, one) for event in same]
        for name, detail in (await outbox.list_waiting(conn, cast.shop.id, names, new.recorded_at)).items():
            dropped = await outbox.delete_waiting(conn, cast.shop.id, [name], new.recorded_at)
            if dropped and await _goes(conn, cast, str(detail.get("mailed", "")), new):
                found.add(one.id)
    return frozenset(found)


async def _goes(conn: Connection, cast: Cast, mailed: str, new: Event) -> bool:
    """Whether that mail went, or will: while it is open it is now about `new`, and its sender, who may have found its
    step taken back, looks again before giving it up."""
    if await outbox.update_open(conn, cast.shop.id, mailed, event_id=new.id):
        return True
    return bool(await outbox.list_sent(conn, cast.shop.id, [mailed]))


async def _amends(
    conn: Connection, cast: Cast, past: Sequence[Event], new: Event, one: Follower, name: str
) -> list[str]:
    """What this follower has yet to be told is not so, of the same step: `new` says it along, and until it has gone out
    or failed they wait for it, or the last word would be that something was wrong."""
    gone, about = taken_back(past), (new.step, parcel_of(new))
    wrong = [once_undone(e, one) for e in past if e.id in gone and (e.step, parcel_of(e)) == about]
    found = await outbox.list_open(conn, cast.shop.id, wrong) if wrong else {}
    mine = [undone for undone, detail in found.items() if detail.get("mailed") != name]
    for undone in mine:
        await outbox.update_open(conn, cast.shop.id, undone, awaits=name)
    return mine


async def _first_since_undone(
    conn: Connection, cast: Cast, past: Sequence[Event], first: Event, new: Event, one: Follower
) -> Event:
    """What was mailed and set right by mail is news when it is told again, and so is what could not be mailed."""
    if first is new or not new.earlier:
        return first
    told = [e for e in past if e.id in new.earlier]
    undone = await outbox.list_sent(conn, cast.shop.id, [once_undone(e, one) for e in told])
    last = max((place for place, e in enumerate(told) if once_undone(e, one) in undone), default=None)
    left = [first, *(e for e in told if e.seq > first.seq), new] if last is None else [*told, new][last + 1 :]
    failed = await outbox.list_failed(conn, cast.shop.id, [once(e, one) for e in left])
    return next((e for e in left if once(e, one) not in failed), new)


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
    """What waits is not sent; what was sent is set right."""
    fallen = next((e for e in past if e.id == new.corrects and e.kind == "step"), None)
    found = await followers.list_followers(conn, cast.shop.id, order_id) if fallen is not None else []
    if fallen is None or not found:
        return
    same = [e for e in past if e.kind == "step" and e.step == fallen.step]
    names = {once(event, one): event for event in same for one in found}
    waiting = await outbox.list_waiting(conn, cast.shop.id, list(names), new.recorded_at)
    perhaps = await outbox.list_out(conn, cast.shop.id, list(waiting))  # with which a sender died: not to be forgotten
    for name, detail in waiting.items():
        if detail.get("event_id") != fallen.id:
            continue
        stands = still_told(past, names[name], fallen)
        if stands is None and name not in perhaps:
            await outbox.delete_waiting(conn, cast.shop.id, [name], new.recorded_at)
        elif stands is not None:
            now_of = {**detail, "event_id": stands.id}
            await outbox.update_waiting(conn, cast.shop.id, name, now_of, new.recorded_at)
    if not stands_otherwise(past, fallen):
        for one in found:
            await _set_right(conn, cast, order_id, [e for e in same if told_as_one(e, fallen)], fallen, new, one)


async def _set_right(
    conn: Connection,
    cast: Cast,
    order_id: str,
    told: Sequence[Event],
    fallen: Event,
    new: Event,
    one: Follower,
) -> None:
    """To who got the mail, or is getting it at this moment; whoever wants something else by now got it all the same."""
    names = {once(event, one): event for event in told}
    sent = await outbox.list_out(conn, cast.shop.id, list(names))
    if not one.follows or not sent:
        return
    mailed = max(sent, key=lambda name: names[name].seq)
    await outbox.insert_notice(
        conn,
        cast.shop.id,
        kind=UNDONE,
        channel=one.channel,
        recipient=one.address or "",
        locale=one.locale,
        detail={
            "order_id": order_id,
            "event_id": fallen.id,
            "step": fallen.step,
            "follower_id": one.id,
            "mailed": mailed,
        },
        once=once_undone(names[mailed], one),
        created_at=new.recorded_at,
        due_at=new.recorded_at + SECOND_THOUGHT,
    )
