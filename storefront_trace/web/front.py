"""Whose name stands above a page that belongs to no order and to nobody who is signed in."""

from __future__ import annotations

from starlette.requests import Request

from storefront_trace.domain.shop import Shop
from storefront_trace.web.page import look

BRAND = "#1f6b52"


def front(request: Request) -> dict[str, str | None]:
    """The shop's when there is one, else nobody's. From memory: an error page must not need the database."""
    desk = getattr(request.app.state, "desk", None)
    cast = desk.casts.only() if desk is not None else None
    return shop_frame(cast.shop) if cast is not None else {"name": "", "logo_url": None, "look_css": look(BRAND)}


def shop_frame(shop: Shop) -> dict[str, str | None]:
    """As templates/customer/base.html wants it."""
    return {
        "name": shop.name,
        "logo_url": f"/media/{shop.logo}-320.webp" if shop.logo else None,
        "look_css": look(shop.brand),
    }
