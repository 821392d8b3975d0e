"""Letting a shop system talk to us, and ending that."""

from __future__ import annotations

from storefront_trace.actions.audit import note
from storefront_trace.actions.desk import Desk
from storefront_trace.actions.journal import remember
from storefront_trace.domain.clock import now_micros
from storefront_trace.domain.errors import Invalid, NotFound
from storefront_trace.domain.ids import new_id
from storefront_trace.domain.texts import label_within
from storefront_trace.integrations.kinds import kind as known_kind
from storefront_trace.storage import connections, shops
from storefront_trace.storage.connections import Connection

LONGEST = 200
RETIRED = 2


async def connect(desk: Desk, shop_id: str, kind: str, secret: str, *, name: str | None = None) -> Connection:
    """The connection to give the webhook's address of: `webhook_path`. `name` tells two of a kind apart.

    With the name of one that there is, its secret is renewed: the old one still verifies until the next renewal but
    one, since Shopify signs with it for up to an hour. The same secret again changes nothing.
    """
    known_kind(kind)
    name = label_within(name or kind.capitalize(), 80, field="name")
    _check_secret(secret)
    async with desk.db.write() as conn:
        await shops.get_shop(conn, shop_id)
        present = await connections.list_connections(conn, shop_id)
        old = next((c for c in present if (c.kind, c.name) == (kind, name) and c.ended_at is None), None)
        if old is None:
            connection_id = new_id()
            values = {"id": connection_id, "kind": kind, "name": name, "secrets": [secret], "created_at": now_micros()}
            await connections.insert_connection(conn, shop_id, **values)
            await note(conn, shop_id, "connections.made", "connection", connection_id, name=name)
        else:
            connection_id = old.id
            secrets = [secret, *(s for s in old.secrets if s != secret)][: RETIRED + 1]
            await connections.update_connection(conn, shop_id, old.id, secrets=secrets)
            if list(old.secrets) != secrets:
                await note(conn, shop_id, "connections.renewed", "connection", old.id, name=name)
        found = await connections.find_connection(conn, connection_id)
        assert found is not None
        return found


async def end_connection(desk: Desk, shop_id: str, connection_id: str) -> None:
    """From now on its calls are refused like those of a stranger. Twice is once."""
    async with desk.db.write() as conn:
        found = await connections.find_connection(conn, connection_id)
        if found is None or found.shop_id != shop_id:
            raise NotFound("There is no such connection.")
        if found.ended_at is None:
            await connections.update_connection(conn, shop_id, connection_id, ended_at=now_micros(), secrets=[])
            await note(conn, shop_id, "connections.ended", "connection", connection_id, name=found.name)
            await remember(desk, conn, shop_id, "connection", connection=connection_id)


def webhook_path(connection: Connection) -> str:
    return f"/hooks/{connection.kind}/{connection.id}"


def _check_secret(secret: str) -> None:
    if not 0 < len(secret) <= LONGEST or not secret.isprintable() or secret != secret.strip():
        raise Invalid(
            "The secret must have 1 to 200 characters, without spaces around it.",
            errors=[("secret", "Copy it from the shop system, without spaces around it.")],
        )
