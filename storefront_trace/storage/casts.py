"""The cast of each shop, kept in this process until the shop's generation moves."""

from __future__ import annotations

from storefront_trace.domain.shop import Cast
from storefront_trace.storage import shops
from storefront_trace.storage.database import Connection


class Casts:
    """One per process. `get` costs one small query, unless the caller has just read the shop's `generation`; the cast
    itself is read again only after a change."""

    def __init__(self) -> None:
        self._kept: dict[str, Cast] = {}

    async def get(self, conn: Connection, shop_id: str, generation: int | None = None) -> Cast:
        """Raises NotFound for an unknown shop. In a transaction that changes people, call `shops.get_cast`."""
        kept = self._kept.get(shop_id)
        if kept is not None:
            now = await shops.get_generation(conn, shop_id) if generation is None else generation
            if kept.shop.generation == now:
                return kept
        self._kept[shop_id] = cast = await shops.get_cast(conn, shop_id)
        return cast

    def at_generation(self, shop_id: str, generation: int) -> Cast | None:
        """The kept cast if it is of exactly this generation."""
        kept = self._kept.get(shop_id)
        return kept if kept is not None and kept.shop.generation == generation else None

    def only(self) -> Cast | None:
        """The kept cast when there is one shop; may be of an earlier generation. For pages that must not need the
        database: a server that has just started keeps those of its first ten shops."""
        return next(iter(self._kept.values())) if len(self._kept) == 1 else None
