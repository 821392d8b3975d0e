"""The cast of the tests. Nora works in another shop: she must see nothing of this one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa

from storefront_trace.actions import orders, people, rights, shops, signin
from storefront_trace.actions.desk import Desk
from storefront_trace.actions.people import PersonTold
from storefront_trace.domain.incoming import IncomingLine, IncomingOrder
from storefront_trace.storage import accounts, events, links
from storefront_trace.storage import orders as order_rows
from storefront_trace.storage import people as person_rows
from storefront_trace.storage import shops as shop_rows
from storefront_trace.storage.tables import delivery

PLACED = datetime(2026, 11, 19, 13, 32, tzinfo=UTC)
# When Karin's days are still to come: whatever looks at them is to look then, and not on the day that it happens to be.
SOON_AFTER = datetime(2026, 11, 22, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Shop:
    """Roliga Ting: Olga owns it, Jocke takes orders, Anders and Lisa pack, Sam is shown as the team.
    Karin has ordered. The other shop is Nora's."""

    desk: Desk
    id: str
    other_id: str

    async def order(self, number: str = "1001", **changes: object) -> str:
        """Puts Karin's order in, placed before now where a test travels further back; returns its id."""
        placed = {"placed_at": min(PLACED, datetime.now(UTC))}
        told = IncomingOrder(**{**KARINS_ORDER, **placed, "number": number, **changes})  # type: ignore[arg-type]
        return (await orders.put_order(self.desk, self.id, told, source="api")).order_id

    async def token(self, number: str = "1001") -> str:
        """Karin's tracking token."""
        async with self.desk.db.read() as conn:
            row = await order_rows.get_order(conn, self.id, number)
            link = (await links.current_links(conn, self.id, [row.id]))[row.id]
        token = self.desk.link_token(self.id, row.id, link)
        assert token is not None
        return token

    async def person_id(self, handle: str) -> str:
        async with self.desk.db.read() as conn:
            return (await person_rows.get_person(conn, self.id, handle)).id

    async def events(self, number: str = "1001") -> list[events.Event]:
        async with self.desk.db.read() as conn:
            row = await order_rows.get_order(conn, self.id, number)
            return await events.list_events(conn, self.id, row.id)

    async def row(self, number: str = "1001") -> order_rows.OrderRow:
        async with self.desk.db.read() as conn:
            return await order_rows.get_order(conn, self.id, number)

    async def deliveries(self, connection_id: str) -> list[dict[str, Any]]:
        """What this connection sent, oldest first."""
        query = sa.select(delivery).where(delivery.c.connection_id == connection_id)
        async with self.desk.db.read() as conn:
            found = await conn.execute(query.order_by(delivery.c.received_at, delivery.c.id))
            return [dict(row._mapping) for row in found]

    async def give(self, handle: str, role: str, manages: str | None = None) -> None:
        """Rights, and a way in where they had none."""
        await people.invite(self.desk, self.id, handle)
        await rights.set_role(self.desk, self.id, handle, role, manages)

    async def session(self, handle: str) -> str:
        """A session token of this person; Nora's is of the other shop."""
        shop_id = self.other_id if handle == "nora" else self.id
        async with self.desk.db.write() as conn:
            person = await person_rows.get_person(conn, shop_id, handle)
            account = await accounts.find_account(conn, shop_id, person.id)
            token = await signin.make_link(conn, shop_id, person, account.role if account else "staff")
        return (await signin.use_link(self.desk, token, device="test", days=1))[0]


KARINS_ORDER: dict[str, object] = {
    "number": "1001",
    "external_id": None,
    "placed_at": PLACED,
    "zone": "Europe/Stockholm",
    "precision": "minute",
    "customer_first_name": "Karin",
    "customer_email": "karin@example.com",
    "locale": "sv",
    "promise_from": date(2026, 11, 25),
    "promise_to": date(2026, 11, 26),
    "lines": (
        IncomingLine("1", "Skrattande mugg", 2),
        IncomingLine("2", "Igelkottslampa", 1, backordered=1, expected=date(2026, 12, 2)),
    ),
}
STAFF = {
    "jocke": PersonTold("Jocke", {"sv": "ordermottagningen", "en": "the order desk"}, "orders"),
    "anders": PersonTold("Anders", {"sv": "lagret", "en": "the warehouse"}, "warehouse"),
    "lisa": PersonTold("Lisa", {"sv": "lagret", "en": "the warehouse"}, "warehouse"),
    "sam": PersonTold("Sam", {"sv": "lagret", "en": "the warehouse"}, "warehouse"),
}
CHOICES = {"jocke": "name", "anders": "photo", "lisa": "photo", "sam": "team", "olga": "name"}


async def find_shops(desk: Desk) -> Shop:
    """What `open_shops` made."""
    async with desk.db.read() as conn:
        ids = {found.name: found.id for found in await shop_rows.list_shops(conn)}
    return Shop(desk, ids["Roliga Ting"], ids["Norrsken"])


async def open_shops(desk: Desk) -> Shop:
    shop_id, _ = await shops.create_shop(desk, "Roliga Ting", "olga@example.com", locale="sv", zone="Europe/Stockholm")
    other_id, _ = await shops.create_shop(desk, "Norrsken", "nora@example.com", locale="en", zone="Europe/Oslo")
    shop = Shop(desk, shop_id, other_id)
    for handle, told in STAFF.items():
        await people.put_person(desk, shop_id, handle, told)
    for handle, visibility in CHOICES.items():
        await people.choose_visibility(desk, shop_id, await shop.person_id(handle), visibility, locale="sv")
    return shop
