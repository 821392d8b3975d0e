"""Telling the owner that somebody may be trying to come in as somebody else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from storefront_trace.domain.clock import now_micros
from storefront_trace.storage import accounts, outbox, people, shops
from storefront_trace.storage.database import Connection


async def tell_owner(conn: Connection, shop_id: str, kind: str, told: Mapping[str, Any], *, once: str) -> None:
    """`told` is what the mail of this kind needs; notify/ reads it. Nothing goes out to an owner without an address."""
    owner = await accounts.get_owner(conn, shop_id)
    await tell_person(conn, shop_id, owner.person_id if owner else None, kind, told, once=once)


async def tell_person(
    conn: Connection, shop_id: str, person_id: str | None, kind: str, told: Mapping[str, Any], *, once: str
) -> None:
    """As `tell_owner`, about something of their own."""
    shop = await shops.get_shop(conn, shop_id)
    reader = await people.get_person_by_id(conn, shop_id, person_id) if person_id else None
    if reader is None or not reader.email:
        return
    await outbox.insert_notice(
        conn,
        shop_id,
        kind=kind,
        recipient=reader.email,
        locale=shop.locale,
        detail={"person_id": reader.id, **told},
        once=once,
        created_at=now_micros(),
    )
