"""Giving a machine a key to one shop, and taking it back."""

from __future__ import annotations

from collections.abc import Sequence

from storefront_trace.actions.audit import note
from storefront_trace.actions.desk import Desk
from storefront_trace.actions.journal import remember
from storefront_trace.domain.clock import now_micros
from storefront_trace.domain.errors import Invalid, NotFound
from storefront_trace.domain.ids import new_id
from storefront_trace.domain.links import random_token, token_hash
from storefront_trace.domain.texts import label_within
from storefront_trace.storage import shops, tokens

SCOPES = (
    "orders:read",
    "orders:write",
    "people:read",
    "people:write",
    "steps:write",
    "feedback:read",
)
# Concerns go to the owner first: who may read them is said by name, never by leaving something out.
DEFAULT_SCOPES = tuple(scope for scope in SCOPES if scope != "feedback:read")


async def create_token(desk: Desk, shop_id: str, name: str, scopes: Sequence[str] = DEFAULT_SCOPES) -> str:
    """The new token, shown this once: only its hash is kept. It opens this shop alone."""
    name = label_within(name, 80, field="name")
    unknown = [scope for scope in scopes if scope not in SCOPES]
    if unknown or not scopes:
        known = ", ".join(SCOPES)
        raise Invalid(
            "A token needs scopes that we know: %(known)s.",
            errors=[("scope", "Use some of %(known)s.")],
            params={"known": known},
        )
    token, token_id = random_token("api"), new_id()
    async with desk.db.write() as conn:
        await shops.get_shop(conn, shop_id)
        await tokens.insert_token(
            conn,
            shop_id,
            id=token_id,
            name=name,
            token_hash=token_hash(token),
            scopes=[scope for scope in SCOPES if scope in scopes],
            created_at=now_micros(),
        )
        wanted = [scope for scope in SCOPES if scope in scopes]
        await note(conn, shop_id, "connections.token_made", "token", token_id, name=name, scopes=wanted)
    return token


async def revoke_token(desk: Desk, shop_id: str, token_id: str) -> None:
    """In force with the next request. Twice is once."""
    async with desk.db.write() as conn:
        valid = {one.id: one.name for one in await tokens.list_tokens(conn, shop_id) if one.revoked_at is None}
        if not await tokens.update_token_revoked(conn, shop_id, token_id, now_micros()):
            raise NotFound("There is no such token.")
        if token_id in valid:
            await note(conn, shop_id, "connections.token_ended", "token", token_id, name=valid[token_id])
            await remember(desk, conn, shop_id, "token", token=token_id)
