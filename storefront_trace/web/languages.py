"""Which language a page is in."""

from __future__ import annotations

from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.routing import Match, Route

from storefront_trace.languages import AVAILABLE, NAMES, Catalogue, catalogue, spoken

__all__ = [
    "AVAILABLE",
    "NAMES",
    "Catalogue",
    "asked_query",
    "catalogue",
    "choose",
    "form_url",
    "page_url",
    "spoken",
    "switch",
]
# What else an address may say of its page, kept when the language is switched.
KEPT = ("choice", "from")


def choose(asked: str | None, accept: str, *otherwise: str | None) -> str:
    """`?lang=` first, then Accept-Language, then what the order and the shop say; always one that we have."""
    wanted = spoken(asked)
    if wanted:
        return wanted
    return _accepted(accept[:200]) or next((one for one in map(spoken, otherwise) if one), "en")


def asked_query(asked: str | None) -> str:
    """For a link or a form: who chose a language on the page keeps it."""
    language = spoken(asked)
    return f"?lang={language}" if language else ""


def page_url(request: Request, anchor: str = "") -> str:
    """An order's page, from any address below it, in the language that was chosen there."""
    return f"/t/{request.path_params['token']}{asked_query(request.query_params.get('lang'))}{anchor}"


def form_url(request: Request) -> str:
    """Where a form on a page of its own goes: to its own address, in the language that was chosen there."""
    return request.url.path + asked_query(request.query_params.get("lang"))


def switch(request: Request, current: str) -> list[dict[str, Any]]:
    """The same page in each language; none behind what was sent to an address that shows nothing by itself."""
    if not _shows(request):
        return []
    rest = [(name, request.query_params[name][:20]) for name in KEPT if name in request.query_params]
    return [
        {"lang": one, "name": name, "href": f"?{urlencode([('lang', one), *rest])}", "current": one == current}
        for one, name in NAMES.items()
    ]


def _shows(request: Request) -> bool:
    if request.method != "POST":
        return True
    asked = {"type": "http", "method": "GET", "path": request.url.path, "root_path": ""}
    routes = (one for one in request.app.routes if isinstance(one, Route))
    return any(one.matches(asked)[0] is Match.FULL for one in routes)


@lru_cache(maxsize=500)
def _accepted(header: str) -> str | None:
    wanted: list[tuple[float, int, str]] = []
    for place, part in enumerate(header.split(",")[:20]):
        tag, _, weight = part.strip().partition(";")
        language = spoken(tag.strip())
        quality = _quality(weight)
        if language and quality > 0:
            wanted.append((-quality, place, language))
    return min(wanted)[2] if wanted else None


def _quality(text: str) -> float:
    name, _, value = text.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0
