"""Parcels in WooCommerce orders: the metadata that the shipment tracking plugins write.

WooCommerce itself has no tracking numbers. `_wc_shipment_tracking_items` is what the official extension and Advanced
Shipment Tracking share: provider, number, link, the day as seconds since 1970 (often a string), sometimes products.
"""

from __future__ import annotations

import hashlib
import html
import re
from collections.abc import Collection
from datetime import UTC, datetime

from storefront_trace.domain.incoming import IncomingParcel
from storefront_trace.domain.moments import Moment, parse_moment
from storefront_trace.integrations import bodies
from storefront_trace.integrations.strict_json import Body

KEPT_META = {
    "tracking_id": None,
    "tracking_number": None,
    "tracking_provider": None,
    "custom_tracking_provider": None,
    "formatted_tracking_provider": None,
    "formatted_tracking_link": None,
    "ast_tracking_link": None,
    "custom_tracking_link": None,
    "date_shipped": None,
    "products_list": {"item_id": None, "qty": None},
}

TRACKING = "_wc_shipment_tracking_items"
_SAFE = re.compile(r"[A-Za-z0-9_.-]{1,40}", re.ASCII)
_SECONDS = re.compile(r"\d{9,10}", re.ASCII)
_MOST_PARCELS = 50
_A_DAY = 86_400


def meta(body: Body, name: str) -> object:
    """The first value under that name; None when there is none. Plugins write any type at all."""
    found = body.get("meta_data")
    items = found if isinstance(found, list) else []
    return next((each.get("value") for each in items if isinstance(each, dict) and each.get("key") == name), None)


def as_list(value: object) -> list[object]:
    """PHP writes a list with a gap as an object."""
    return list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else []


def parcels(body: Body, lines: Collection[str]) -> list[tuple[IncomingParcel, Body]]:
    """Each parcel with the item it was read from; `lines` are the keys of the order's lines."""
    items = as_list(meta(body, TRACKING))
    known: dict[str, tuple[IncomingParcel, Body]] = {}
    for item in [each for each in items if isinstance(each, dict)][:_MOST_PARCELS]:
        parcel = _parcel(item, lines)
        if parcel is not None:
            known.setdefault(parcel.key, (parcel, item))
    return list(known.values())


def shipped_on(item: Body, zone: str) -> Moment | None:
    """`date_shipped`: plugins know the day and write its midnight, in UTC, as seconds. Then it is a day in `zone`."""
    written = str(item.get("date_shipped") or "").strip()
    if not _SECONDS.fullmatch(written):
        return None
    at = datetime.fromtimestamp(int(written), UTC)
    if at.year < 2000:
        return None
    text = f"{at:%Y-%m-%d}" if int(written) % _A_DAY == 0 else at.isoformat(timespec="seconds")
    return parse_moment(text, default_zone=zone)


def _parcel(item: Body, lines: Collection[str]) -> IncomingParcel | None:
    number = bodies.text(item, "tracking_number", 60)
    name = bodies.text(item, "tracking_id", 80) or number
    if number is None or name is None:
        return None
    providers = ("formatted_tracking_provider", "custom_tracking_provider", "tracking_provider")
    links = ("formatted_tracking_link", "ast_tracking_link", "custom_tracking_link")
    carrier = next((found for key in providers if (found := bodies.text(item, key, 80))), None)
    return IncomingParcel(
        key=f"parcel:{name if _SAFE.fullmatch(name) else hashlib.sha256(name.encode()).hexdigest()[:32]}",
        carrier=html.unescape(carrier) if carrier else None,
        tracking_number=number,
        tracking_url=next((found for key in links if (found := bodies.address(item, key))), None),
        lines=_contents(item, lines),
    )


def _contents(item: Body, lines: Collection[str]) -> tuple[tuple[str, int], ...]:
    """What Advanced Shipment Tracking says is inside. Ids of another order's lines, or none, say nothing."""
    products = item.get("products_list")
    counts: dict[str, int] = {}
    for product in products if isinstance(products, list) else []:
        key = bodies.identifier(product, "item_id") if isinstance(product, dict) else None
        if key in lines and key is not None:
            counts[key] = counts.get(key, 0) + bodies.pieces(product, "qty", 1)
    return tuple((key, count) for key, count in counts.items() if count > 0)
