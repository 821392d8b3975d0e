"""Whose name stands above a page that belongs to no order and to nobody who is signed in."""

from __future__ import annotations

from starlette.requests import Request

from storefront_trace.domain.shop import Shop

BRAND = "/brand/1f6b52.css"


def front(request: Request) -> dict[str, str | None]:
    """The shop's when there is one, else nobody's. From memory: an error page must not need the database."""
    desk = getattr(request.app.state, "desk", None)
    cast = desk.casts.only() if desk is not None else None
    return shop_frame(cast.shop) if cast is not None else {"name": "", "logo_url": None, "brand_css": BRAND}


def shop_frame(shop: Shop) -> dict[str, str | None]:
    """As templates/customer/base.html wants it."""
    return {
        "name": shop.name,
        "logo_url": f"/media/{shop.logo}-320.webp" if shop.logo else None,
        "brand_css": f"/brand/{shop.brand[1:]}.css",
    }
