"""The whole tracking page: the order's own part, and around it what is the same for all of a shop's orders."""

from __future__ import annotations

from typing import Any

from storefront_trace.web.customer.holed import Holed, hole
from storefront_trace.web.customer.words import Words

_HOLES = ("title", "order_number", "version", "json_url", "card_url", "main")


def page_html(page: dict[str, Any], words: Words, card_url: str) -> str:
    """`page` as view.py makes it."""
    key = (bool(page["live_url"]), page["push"])
    around = words.around.get(key)
    if around is None:
        around = words.around[key] = _around(words, *key)
    own = {name: str(page[name]) for name in ("title", "order_number", "version", "json_url", "live_url")}
    return around.filled(**own, card_url=card_url, main=words.part("_order", page=page))


def _around(words: Words, live: bool, push: bool) -> Holed:
    page = {**words.frame, **{name: hole(name) for name in _HOLES}}
    return Holed(words.part("track", page=page | {"live_url": hole("live_url") if live else "", "push": push}))
