"""What stands on an order's status picture: the words of its page, fewer of them, and never the customer's name."""

from __future__ import annotations

from collections.abc import Iterator

from markupsafe import Markup

from storefront_trace.domain.colours import SCHEMES, palette
from storefront_trace.domain.timeline import Actor, Timeline, closed_by, helpers, photo_of, timeline
from storefront_trace.domain.tracked import TrackOrder
from storefront_trace.photos.sheets import Row, Sheet
from storefront_trace.web.customer.view import track_page
from storefront_trace.web.customer.words import Words
from storefront_trace.web.wording import capital

DRAWINGS = {"person": "initial", "carrier": "truck"}
MARKS = ("house", "hand", "mail")
# Those of static/app.css that no shop's colour changes.
FIXED = {"hair": "#ddd3c1", "kraft": "#dccdb0", "on-kraft": "#231c16", "wait": "#fbe6bd", "on-wait": "#4a3000"}
MOST_FACES = 4


def sheet_of(order: TrackOrder, words: Words, shape: str, now: int) -> tuple[Sheet, list[tuple[str, str]]]:
    """The sheet without its pictures, and which they are: (kind, photo id or initial)."""
    line = timeline(order, words.cast, now)
    page = track_page(order, words, "", now)
    said, plan = page["now"], page["plan"][:1]
    home = said["kind"] == "home"
    holder = line.holder if said["kind"] in ("person", "team") else None
    team = words.face(Actor("team", team=holder.team if holder else None))
    mark = (said["icon"] if said["icon"] in MARKS else "house") if home else ""
    sheet = Sheet(
        shape=shape,
        colours=colours_of(words.shop.brand),
        shop=words.shop.name,
        lead=_plain(said["lead"]),
        name=_plain(said["name"]),
        otherwise=team.name,
        role=_plain(said["role"]),
        drawing=mark or (said["icon"] if said["kind"] == "closed" else DRAWINGS.get(said["kind"], "people")),
        mark=mark,
        notice=_plain(said["notice"] or ""),
        rows=tuple(Row(_plain(row["term"]), capital(_plain(row["day"])), _plain(row["text"])) for row in plan),
    )
    if said["kind"] == "closed":
        holder = closed_by(line)
    return sheet, list(_pictures(words, line, holder, home))


def colours_of(brand: str) -> dict[str, str]:
    made = palette(brand)
    own = {
        "fill": made.fill,
        "on": made.on,
        "ink-brand": made.ink,
        "wash": made.wash,
        "wash-2": made.wash_2,
        "line": made.line,
    }
    return {**SCHEMES["light"], **FIXED, **own}


def _pictures(words: Words, line: Timeline, top: Actor | None, home: bool) -> Iterator[tuple[str, str]]:
    """The logo, the portrait of who is on top, and of those who had the order before, each once."""
    if words.shop.logo:
        yield "logo", words.shop.logo
    others = [who for who in _family(line) if top is None or _key(who) != _key(top)]
    shown = photo_of(top) if top else None
    if home and len(others) == 1:
        shown = photo_of(others[0])
        others = [] if shown else others
    if shown:
        yield "portrait", shown
    for who in others[:MOST_FACES] if home else others[-MOST_FACES:]:
        photo = photo_of(who)
        if photo:
            yield "face", photo
        elif who.person is not None:
            yield "initial", who.person.display_name[:1]


def _family(line: Timeline) -> list[Actor]:
    """Those whom the customer may know, else the teams, as on the page (family.py)."""
    found = [who for who, _ in helpers(line) if who.kind != "carrier"]
    return [who for who in found if who.person is not None] or found


def _key(who: Actor) -> tuple[str, str]:
    return ("person", who.person.id) if who.person else ("team", who.team.key if who.team else "")


def _plain(text: str) -> str:
    """A picture breaks its lines itself: a tied space would only be a letter that its fonts may lack."""
    return (text.striptags() if isinstance(text, Markup) else text).replace("\N{NO-BREAK SPACE}", " ")
