"""Choosing one of three ready-made shops: its teams and whose each step is, before there are orders."""

from __future__ import annotations

from storefront_trace.actions.audit import note
from storefront_trace.actions.desk import Desk
from storefront_trace.actions.samples import end_sample_in
from storefront_trace.domain.clock import now_micros
from storefront_trace.domain.errors import N_, Conflict
from storefront_trace.domain.shapes import Shaped, parse_shape, shaped
from storefront_trace.domain.shop import Cast
from storefront_trace.storage import samples, shops
from storefront_trace.storage.database import Connection

UNDERWAY = N_("There are orders already: change the steps one by one instead, so that nothing under way is lost.")


async def choose_shape(desk: Desk, shop_id: str, key: str) -> list[str]:
    """Refused as soon as there is an order. A sample goes with what it was made for: returns the photos on its steps,
    whose files the caller deletes. The same again changes nothing."""
    shape = parse_shape(key)
    async with desk.db.write() as conn:
        await shops.get_shop(conn, shop_id, lock=True)
        if await samples.has_orders(conn, shop_id):
            raise Conflict(UNDERWAY)
        cast = await shops.get_cast(conn, shop_id)
        if cast.shop.shape == shape.key:
            return []
        photos = await end_sample_in(conn, shop_id)
        await _apply(conn, cast, shaped(cast, shape, now_micros()))
        await shops.update_shop(conn, shop_id, shape=shape.key)
        await shops.update_generation(conn, shop_id)
        await note(conn, shop_id, "shop.changed", before={"shape": cast.shop.shape}, after={"shape": shape.key})
        return photos


async def _apply(conn: Connection, cast: Cast, wanted: Shaped) -> None:
    shop_id = cast.shop.id
    for team in wanted.teams:
        old = cast.teams.get(team.key)
        await shops.upsert_team(conn, shop_id, team)
        deed = "shop.team_changed" if old else "shop.team_added"
        await note(conn, shop_id, deed, "team", team.key, before=old, after=team)
    for key in wanted.gone:
        await shops.delete_team(conn, shop_id, key)
    for step in wanted.steps:
        before = cast.steps[step.key]
        if step != before:
            await shops.upsert_step(conn, shop_id, step)
            await note(conn, shop_id, "steps.changed", "step", step.key, before=before, after=step)
