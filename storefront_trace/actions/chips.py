"""The shop's own chips: added, changed, taken away. Every page of the shop is new at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from storefront_trace.actions.audit import note
from storefront_trace.actions.desk import Desk
from storefront_trace.domain.chips import Chip
from storefront_trace.domain.errors import NotFound
from storefront_trace.domain.own_chips import store_chips, with_chip, without_chip
from storefront_trace.storage import shops
from storefront_trace.storage.database import Connection


async def put_chip(
    desk: Desk, shop_id: str, key: str, kind: str, words: Mapping[str, str], steps: Sequence[str] = ()
) -> None:
    """Adds the chip, or changes its words; `steps` are those at which customers can choose it from now on, too."""
    async with desk.db.write() as conn:
        shop = await shops.get_shop(conn, shop_id, lock=True)
        cast = await shops.get_cast(conn, shop_id)
        old, own = cast.own_chips.get(key), with_chip(cast.own_chips, key, kind, words, shop.locale)
        await _save(conn, shop_id, own)
        deed = "steps.chip_changed" if old else "steps.chip_added"
        await note(conn, shop_id, deed, "chip", key, before=old, after=own[key])
        for name in steps:
            step = cast.steps.get(name)
            if step is not None and key not in step.chips:
                await shops.upsert_step(conn, shop_id, replace(step, chips=(*step.chips, key)))


async def end_chip(desk: Desk, shop_id: str, key: str) -> None:
    """Twice is once."""
    async with desk.db.write() as conn:
        await shops.get_shop(conn, shop_id, lock=True)
        own = (await shops.get_cast(conn, shop_id)).own_chips
        if key not in own:
            raise NotFound("There is no such chip.")
        await _save(conn, shop_id, without_chip(own, key))
        if not own[key].gone:
            await note(conn, shop_id, "steps.chip_ended", "chip", key)


async def _save(conn: Connection, shop_id: str, own: Mapping[str, Chip]) -> None:
    await shops.update_shop(conn, shop_id, chips=store_chips(own))
    await shops.update_generation(conn, shop_id)
