"""News for those who follow an order: written in the transaction of the step that they tell of, so that none is lost,
and under the step's own name, so that none is told twice."""

from __future__ import annotations

from collections.abc import Sequence

from storefront_trace.domain.following import GRACE, SECOND_THOUGHT, is_news, wanted
from storefront_trace.domain.orders import Event, Facts, taken_back
from storefront_trace.domain.shop import Cast
from storefront_trace.domain.telling import first_telling, stands_otherwise, still_told, told_as_one
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
        named = await _first_since_undone(conn, cast, past, first, new, one)
        if named.recorded_at < (one.confirmed_at or 0):
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
            once=once(named, one),
            created_at=new.recorded_at,
            due_at=new.recorded_at + GRACE,
        )  # fmt: skip


async def _true_after_all(
    conn: Connection, cast: Cast, order_id: str, past: Sequence[Event], new: Event
) -> frozenset[str]:
    """Who was mailed something that has been logged anew before it was set right: they are mailed neither."""
    gone = taken_back(past)
    same = [e for e in past if e.id in gone and told_as_one(e, new) and e.person_id == new.person_id]
    if not same:
        return frozenset()
    found: set[str] = set()
    for one in await followers.list_followers(conn, cast.shop.id, order_id):
        mails = [once_undone(event, one) for event in same]
        if await outbox.delete_waiting(conn, cast.shop.id, mails, new.recorded_at):
            found.add(one.id)
    return frozenset(found)


async def _first_since_undone(
    conn: Connection, cast: Cast, past: Sequence[Event], first: Event, new: Event, one: Follower
) -> Event:
    """What was mailed and set right by mail is news when it is told again."""
    if first is new or not new.earlier:
        return first
    told = [e for e in past if e.id in new.earlier]
    undone = await outbox.list_sent(conn, cast.shop.id, [once_undone(e, one) for e in told])
    last = max((place for place, e in enumerate(told) if once_undone(e, one) in undone), default=None)
    return first if last is None else [*told, new][last + 1]


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
    waiting = await outbox.list_waiting(conn, cast.shop.id, list(names), fallen.id, new.recorded_at)
    for name, detail in waiting.items():
        stands = still_told(past, names[name], fallen)
        if stands is None:
            await outbox.delete_waiting(conn, cast.shop.id, [name], new.recorded_at)
        else:
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
    sent = await outbox.list_out(conn, cast.shop.id, list(names), new.recorded_at)
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
