"""Whose code was scanned: an order's own, from our slip or typed, or the number of its parcel."""

from __future__ import annotations

from storefront_trace.domain.scanned import from_elsewhere, is_of_shop, order_code, parcel_codes
from storefront_trace.storage import batches
from storefront_trace.storage.database import Connection
from storefront_trace.storage.orders import OrderRow
from storefront_trace.web.staff.visit import Visit

MOST = 20
# Whole addresses are scanned, too.
LONGEST = 300


async def scanned_orders(conn: Connection, visit: Visit, text: str) -> list[OrderRow]:
    """Those that it may mean, an order's own number first; more than one when a parcel's number stands for several.
    Another site's address, and another shop's slip, mean none of ours, whatever number is in them."""
    settings, url = visit.request.app.state.settings, visit.request.base_url
    if from_elsewhere(text, settings.public_url, f"{url.scheme}://{url.netloc}") or not is_of_shop(text, visit.shop_id):
        return []
    number = order_code(text)
    spellings = [number, f"#{number}", number.upper(), number.lower()] if number else []
    own = await batches.find_orders(conn, visit.shop_id, spellings)
    codes = parcel_codes(text)
    parcels = await batches.find_by_parcel(conn, visit.shop_id, codes, limit=MOST) if codes else []
    return list({row.id: row for row in (*own[:1], *parcels)}.values())
