"""What stands on an order's status picture: the words of its page, fewer of them, and never the customer's name."""

from __future__ import annotations

from collections.abc import Iterator

from markupsafe import Markup

from storefront_trace.domain.colours import SCHEMES, palette
from storefront_trace.domain.timeline import Actor, Timeline, helpers, photo_of, timeline
from storefront_trace.domain.tracked import TrackOrder
from storefront_trace.photos.sheets import Row, Sheet
from storefront_trace.web.customer.view import track_page
from storefront_trace.web.customer.words import Words
from storefront_trace.web.wording import capital

DRAWINGS = {"person": "initial", "carrier": "truck", "home": "house"}
# Those of static/app.css that no shop's colour changes.
FIXED = {"hair": "#ddd3c1", "kraft": "#dccdb0", "on-kraft": "#231c16", "wait": "#fbe6bd", "on-wait": "#4a3000"}
MOST_FACES = 5


def sheet_of(order: TrackOrder, words: Words, shape: str, now: int) -> tuple[Sheet, list[tuple[str, str]]]:
    """The sheet without its pictures, and which they are: (kind, photo id)."""
    line = timeline(order, words.cast, now)
    page = track_page(order, words, "", now)
    said, plan = page["now"], page["plan"][:1]
    holder = line.holder if said["kind"] in ("person", "team") else None
    team = words.face(Actor("team", team=holder.team if holder else None))
    sheet = Sheet(
        shape=shape,
        colours=colours_of(words.shop.brand),
        shop=words.shop.name,
        lead=_plain(said["lead"]),
        name=_plain(said["name"]),
        otherwise=team.name,
        role=_plain(said["role"]),
        drawing=said["icon"] if said["kind"] == "closed" else DRAWINGS.get(said["kind"], "people"),
        notice=_plain(said["notice"] or ""),
        rows=tuple(Row(_plain(row["term"]), capital(_plain(row["day"])), _plain(row["text"])) for row in plan),
    )
    return sheet, list(_pictures(words, line, holder))


def colours_of(brand: str) -> dict[str, str]:
    made = palette(brand)
    own = {"fill": made.fill, "ink-brand": made.ink, "wash": made.wash, "wash-2": made.wash_2, "line": made.line}
    return {**SCHEMES["light"], **FIXED, **own}


def _pictures(words: Words, line: Timeline, holder: Actor | None) -> Iterator[tuple[str, str]]:
    """The logo, the portrait of who has the order, and of those who had it before, each once."""
    if words.shop.logo:
        yield "logo", words.shop.logo
    shown = photo_of(holder) if holder else None
    if shown:
        yield "portrait", shown
    had = [photo_of(who) for who, _ in helpers(line)]
    faces = [photo for photo in had if photo and photo != shown]
    for photo in faces[-MOST_FACES:]:
        yield "face", photo


def _plain(text: str) -> str:
    """A picture breaks its lines itself: a tied space would only be a letter that its fonts may lack."""
    return (text.striptags() if isinstance(text, Markup) else text).replace("\N{NO-BREAK SPACE}", " ")
