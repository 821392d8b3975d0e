"""Everything that needs the owner, read for the page and for the morning's mail alike."""

from __future__ import annotations

from collections.abc import Iterator

from storefront_trace.domain import needs as rules
from storefront_trace.domain.calendar import workdays_before
from storefront_trace.domain.clock import DAY, now_micros
from storefront_trace.domain.moments import day_of, from_micros, to_micros
from storefront_trace.domain.needs import Need
from storefront_trace.domain.rights import Sight
from storefront_trace.domain.shop import Cast
from storefront_trace.integrations import shopify
from storefront_trace.storage import connections, needs, questions
from storefront_trace.storage.connections import Connection as Sender
from storefront_trace.storage.database import Connection
from storefront_trace.storage.needs import Held, Undelivered
from storefront_trace.storage.orders import OrderRow

MOST = 50
MAILS_OF = 7 * DAY
SPOKEN_OF = 14 * DAY
# For so long it is looked for what a connection said last: all calls since then are gone through.
OFF_FOR = 30 * DAY


async def read_needs(conn: Connection, cast: Cast, sight: Sight | None = None) -> list[Need]:
    """The most pressing first; at most MOST of each kind. Connections and mails are the owners'."""
    found = [*await _of_orders(conn, cast, sight), *await _of_questions(conn, cast, sight)]
    if sight is None:
        found += [*await _of_connections(conn, cast), *await _of_mails(conn, cast)]
    return rules.once_each(found)


async def _of_orders(conn: Connection, cast: Cast, sight: Sight | None) -> list[Need]:
    now, shop_id, calendar = now_micros(), cast.shop.id, cast.calendar
    today, instant = day_of(now, cast.shop.zone), from_micros(now)
    ahead = day_of(to_micros(rules.next_workday(calendar, instant)), cast.shop.zone)
    # A coarse line first, for the database; then each order by the time that its own step may take.
    shortest = to_micros(workdays_before(calendar, instant, 1))
    still = await needs.list_still(conn, shop_id, shortest, today=today, sight=sight, limit=2 * MOST)
    promised = await needs.list_promised(conn, shop_id, ahead, sight=sight, limit=2 * MOST)
    missing = await needs.list_missing(conn, shop_id, today, sight=sight, limit=MOST)
    return [
        *(_promise(row, today) for row in promised),
        *(Need("goods", one.number, one.person_id, one.team, 0, one.day, one.title) for one in missing),
        *_still(cast, still, now),
    ]


def _promise(row: OrderRow, today: str) -> Need:
    kind: rules.Kind = "late" if row.promise_to and row.promise_to < today else "due"
    return Need(kind, row.number, row.waiting_person_id, row.waiting_team, row.waiting_since or 0, row.promise_to)


def _still(cast: Cast, rows: list[OrderRow], now: int) -> Iterator[Need]:
    for row in rows:
        since, step = row.waiting_since or row.updated_at, cast.steps.get(row.next_step or "")
        expected = step.expected_minutes if step else None
        if rules.stands_still(cast.calendar, expected, from_micros(since), from_micros(now)):
            day = day_of(since, cast.shop.zone)
            yield Need("still", row.number, row.waiting_person_id, row.waiting_team, since, day)


async def _of_questions(conn: Connection, cast: Cast, sight: Sight | None) -> list[Need]:
    """Those that nobody answered in time, so that they have come to the owner."""
    return [
        Need(
            "asked",
            one.order.number,
            since=one.question.created_at,
            day=day_of(one.question.created_at, cast.shop.zone),
            thing=one.order.first_name or "",
            key=one.question.id,
        )
        for one in await questions.list_owners(conn, cast.shop.id, sight=sight, limit=MOST)
    ]


async def _of_connections(conn: Connection, cast: Cast) -> list[Need]:
    found = []
    for one in await connections.list_connections(conn, cast.shop.id):
        kind = await _trouble(conn, cast, one) if one.ended_at is None else None
        if kind is not None:
            since = one.created_at if one.seen_at is None else one.seen_at
            found.append(Need(kind, since=since, day=day_of(since, cast.shop.zone), thing=one.name))
    return found


async def _trouble(conn: Connection, cast: Cast, one: Sender) -> rules.Kind | None:
    """Switched off by the sender, who said so last; silent; or never heard. A silence that lasts does not end by
    itself: what counts is how often it spoke before."""
    seen, calendar, now = one.seen_at, cast.calendar, from_micros(now_micros())
    if seen is None:
        return "unheard" if rules.is_unheard(calendar, from_micros(one.created_at), now) else None
    lately = one.kind == "shopify" and seen > now_micros() - OFF_FOR
    if lately and await needs.find_topic(conn, cast.shop.id, one.id, seen) == shopify.UNINSTALLED:
        return "off"
    if not rules.is_silent(calendar, rules.SPOKE, from_micros(seen), now):
        return None
    spoke = await needs.count_spoken(conn, cast.shop.id, one.id, seen - SPOKEN_OF, most=rules.SPOKE)
    return "silent" if rules.is_silent(calendar, spoke, from_micros(seen), now) else None


async def _of_mails(conn: Connection, cast: Cast) -> list[Need]:
    """About an order, with who has it; or to a colleague, once each, as long as they have that address. The newest."""
    failed = await needs.list_undelivered(conn, cast.shop.id, now_micros() - MAILS_OF, limit=MOST)
    held = await needs.list_held(conn, cast.shop.id, failed) if failed else []
    orders = {key: one for one in held for key in (("id", one.id), ("number", one.number))}
    found: dict[tuple[str, str], Need] = {}
    for mail in failed:
        about = orders.get(("id", mail.order_id)) or orders.get(("number", mail.number))
        need = _letter(cast, mail) or _mail(mail, about)
        if need is not None:
            found.setdefault((need.order, need.key), need)
    return list(found.values())


def _letter(cast: Cast, mail: Undelivered) -> Need | None:
    person = cast.people.get(mail.person_id)
    if person is None or person.left_at is not None or person.email != mail.recipient:
        return None
    return Need("letter", since=mail.failed_at, thing=person.display_name, key=person.handle)


def _mail(mail: Undelivered, about: Held | None) -> Need | None:
    if about is not None:
        return Need("mail", about.number, about.holder_person_id, about.holder_team, mail.failed_at)
    return Need("mail", mail.number, since=mail.failed_at) if mail.number else None
