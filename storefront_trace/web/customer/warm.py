"""One page rendered for nobody when the server starts: else the first customer pays for compiling, opening and reading
what all later ones find ready (40 ms instead of 2)."""

from __future__ import annotations

import structlog
from starlette.applications import Starlette

from storefront_trace.domain.clock import now_micros
from storefront_trace.storage import links, shops
from storefront_trace.web.customer.around import page_html
from storefront_trace.web.customer.view import track_page
from storefront_trace.web.customer.words import words_for
from storefront_trace.web.languages import AVAILABLE

log = structlog.get_logger()
# A server for hundreds of shops starts as fast as one for a single shop; the other casts are read when first asked for.
MOST_SHOPS = 10


async def warm(app: Starlette) -> None:
    """Never stops the start: what fails here fails again, and is told, when a customer asks."""
    try:
        await _warm(app)
    except Exception as error:
        log.warning("the first page could not be made at the start", kind=type(error).__name__)


async def _warm(app: Starlette) -> None:
    state = app.state
    for language in AVAILABLE:
        for name in ("track", "_order", "_step"):
            state.pages.template(language, f"customer/{name}.html")
    async with state.desk.db.read() as conn:
        for shop in (await shops.list_shops(conn))[:MOST_SHOPS]:
            cast = await state.desk.casts.get(conn, shop.id)
            hashed = await links.newest_hash(conn, shop.id)
            order = await state.reader.order(hashed) if hashed else None
            await state.reader.version(hashed or "")
            if order is None:
                continue
            for language in AVAILABLE:
                words = words_for(cast, language, state.pages)
                page_html(track_page(order, words, "", now_micros(), state.offers), words, "")
