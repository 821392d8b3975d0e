"""Status pictures: who has the order, what comes next and when, in the page's own look. Sheet in, PNG out.

Only the drawing process runs this. What stands on a picture has been decided before: nothing here knows whose it is.
"""

from __future__ import annotations

import re
from dataclasses import replace

from PIL import Image, ImageDraw

from storefront_trace.photos.collage import Stamp, in_a_row, together, with_holder
from storefront_trace.photos.lettering import Block, Style, clean, fit, width, write
from storefront_trace.photos.paper import airmail, drawn_stamp, fitted_logo, leaned, photo_stamp, postmark, rim
from storefront_trace.photos.sheets import SIZES, Row, Sheet
from storefront_trace.photos.thrift import Photo, small

LEAD = Style("regular", (38, 34), tracking=-0.012, lines=2)
NAME = Style("bold", (136, 120, 106, 94, 84, 74, 66, 58), tracking=-0.045, leading=1.06, lines=2)
ROLE = Style("regular", (30, 27), leading=1.3, lines=2)
NOTICE = Style("regular", (28, 26), leading=1.3, lines=2)
TERM = Style("regular", (28, 24), leading=1.3)
DAY = Style("bold", (46, 40, 35, 31), tracking=-0.025, leading=1.2, lines=2)
TEXT = Style("regular", (30, 27), leading=1.3, lines=2)
SHOP = Style("bold", (38, 32, 27), tracking=-0.03)
STRIP_LEAD = Style("regular", (27, 24), tracking=-0.01, lines=2)
STRIP_NAME = Style("bold", (86, 76, 68, 60, 52, 46, 40), tracking=-0.045, leading=1.06, lines=2)
STRIP_ROLE = Style("regular", (25, 23), leading=1.3, lines=2)
STRIP_DAY = Style("bold", (36, 32, 29), tracking=-0.025, leading=1.2, lines=2)
STRIP_TEXT = Style("regular", (26, 24), leading=1.3, lines=2)
STRIP_NOTICE = Style("regular", (24, 22), leading=1.3, lines=3)
STRIP_TERM = Style("regular", (24, 22), leading=1.3)
EDGE = 64
PAD = 16
MOST_HELPERS = 4
_SENTENCE = re.compile(r"(?<=[^\W\d][.!?])\s+(?=[A-ZÅÄÖÆØÜ])")  # not "20. November"
TERMS = 136  # the column in which "Next" stands, at least
Part = tuple[Block, str, int]
"""A block, its colour's name and the space after it."""


class Canvas:
    """The picture so far, and the photos on it: they get colours of their own."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.colours = sheet.colours
        self.image = Image.new("RGB", SIZES[sheet.shape], sheet.colours["paper"])
        self.pen = ImageDraw.Draw(self.image)
        self.photos: list[Photo] = []

    def stack(self, x: float, y: float, parts: list[Part]) -> float:
        """Blocks one below the other; returns where they end."""
        for block, colour, space in parts:
            inset = self._marked(x, y, block) if colour == "on-wait" else 0
            write(self.pen, (x + inset, y), block, self.colours[colour])
            y += block.height + space
        return y

    def _marked(self, x: float, y: float, block: Block) -> int:
        """The ground of a notice; returns how far in its words begin."""
        wide = max(width(line, block.style, block.size) for line in block.lines)
        box = (x, y - PAD / 2, x + wide + 2 * PAD, y + block.height + PAD / 2)
        self.pen.rounded_rectangle(box, 14, fill=self.colours["wait"])
        return PAD

    def stamps(self, places: list[Stamp]) -> None:
        """Whoever has the order first, then those who helped; over the last of an order that is home, its postmark."""
        sheet = self.sheet
        alone = len(places) == 1
        found = sheet.family[: len(places) - bool(_on_top(sheet))]
        if _on_top(sheet):
            photo = sheet.first("portrait")
            found.insert(0, ("face", photo) if photo else ("drawn", b""))
        for place, (kind, data) in zip(places, found, strict=True):
            made = photo_stamp(data, place.wide) if kind == "face" else self._drawn(kind, data, place.wide)
            self._stick(made, place, 0 if alone or place is places[0] else max(2, place.wide // 40), kind == "face")
        if sheet.mark:
            last = places[-1]
            wide = round(max(last.wide * 0.25, 56))
            at = last.x + last.wide - wide * 3 // 4, last.y + last.high - wide * 3 // 4
            self.put(postmark(sheet.mark, wide, self.colours), at)

    def _drawn(self, kind: str, data: bytes, wide: int) -> Image.Image:
        if kind == "initial":
            return drawn_stamp("initial", data.decode(), wide, self.colours)
        return drawn_stamp(self.sheet.drawing, self.sheet.name, wide, self.colours)

    def _stick(self, made: Image.Image, place: Stamp, edge: int, photo: bool) -> None:
        paper = self.colours["paper"]
        whole = leaned(rim(made, edge, paper) if edge else made, place.lean, paper)
        at = place.x - (whole.width - place.wide) // 2, place.y - (whole.height - place.high) // 2
        self.put(whole, at, photo=photo)

    def put(self, made: Image.Image, at: tuple[int, int], *, photo: bool = False) -> None:
        """What it covers of the photos so far is no part of them any more: they are laid down once again when they
        must be smoothed."""
        self.image.paste(made, at, made)
        for other, corner in self.photos:
            seen = other.getchannel("A")
            seen.paste(0, (at[0] - corner[0], at[1] - corner[1]), made.getchannel("A"))
            other.putalpha(seen)
        if photo:
            self.photos.append((made, at))

    def hair(self, x: float, y: float, room: float) -> None:
        self.pen.rectangle((x, y, x + room, y + 1), fill=self.colours["hair"])


def draw(sheet: Sheet) -> bytes:
    """At most MOST_BYTES, whatever is on it. The same sheet gives the same bytes."""
    canvas = Canvas(_writable(sheet))
    (_card if sheet.shape == "card" else _strip)(canvas)
    return small(canvas.image, canvas.photos, sheet.colours)


def _writable(sheet: Sheet) -> Sheet:
    """Without what the fonts cannot write. A name they lack is never shown with holes: then it is the team."""
    rows = tuple(Row(*(clean(text) or "" for text in (row.term, row.day, row.text))) for row in sheet.rows)
    shop, name = clean(sheet.shop) or "", clean(sheet.name)
    written = replace(
        sheet,
        shop=shop,
        lead=clean(sheet.lead) or "",
        role=clean(sheet.role) or "",
        notice=clean(sheet.notice) or "",
        rows=tuple(row for row in rows if row.day),
        pictures=tuple(one for one in sheet.pictures if one[0] != "initial" or clean(one[1].decode())),
    )
    if name:
        return replace(written, name=name)
    logo = tuple(one for one in written.pictures if one[0] == "logo")
    other = clean(sheet.otherwise) or shop or "•"
    return replace(written, name=other, role="", drawing="people", pictures=logo)


def _card(canvas: Canvas) -> None:
    sheet = canvas.sheet
    airmail(canvas.image, canvas.colours, 16)
    top, wide, high = 142, 350, 425
    x, room = EDGE + wide + 60, 1200 - 2 * EDGE - wide - 60
    _masthead(canvas)
    canvas.stamps(_places(sheet, EDGE, top, wide))
    row, indent = _row(sheet, room)
    below = 30 + sum(block.height for block, _, _ in row[1:]) if row else 0
    said, tall = _shrunk(canvas, room, high + 36 - below)
    y = canvas.stack(x, top + max(-12, (high - tall - below) // 2), said)
    if row:
        canvas.hair(x, y + 6, room)
        canvas.stack(x, y + 28, row[:1])
        canvas.stack(x + indent, y + 16, row[1:])


def _places(sheet: Sheet, x: int, y: int, wide: int) -> list[Stamp]:
    many = len(sheet.family)
    return with_holder(min(many, MOST_HELPERS), x, y, wide) if _on_top(sheet) else together(min(many, 4), x, y, wide)


def _on_top(sheet: Sheet) -> bool:
    """Whether somebody, or a drawing for them, leads. Else those who helped an order home stand together."""
    return sheet.first("portrait") is not None or not sheet.mark or not sheet.family


def _masthead(canvas: Canvas) -> None:
    sheet = canvas.sheet
    logo = sheet.first("logo")
    if logo is not None:
        made = fitted_logo(logo, 64, 420)
        canvas.put(made, (EDGE, 78 - made.height // 2), photo=True)
    else:
        name = fit(sheet.shop, SHOP, 640)
        canvas.stack(EDGE - 2, 78 - name.height / 2, [(name, "ink", 0)])


def _shrunk(canvas: Canvas, room: float, most: float) -> tuple[list[Part], int]:
    """Lead, name, role and notice, with the largest name that leaves them within `most` pixels, and their height."""
    sheet = canvas.sheet
    for lines, least in ((2, 0), (2, 1), (1, 1)):
        role, notice = (one._replace(sizes=one.sizes[least:], lines=lines) for one in (ROLE, NOTICE))
        for place in range(len(NAME.sizes)):
            name = NAME._replace(sizes=NAME.sizes[place:])
            parts = [(fit(sheet.lead, LEAD, room), "ink", 10), (fit(sheet.name, name, room), "ink", 16)]
            if sheet.role:
                parts.append((fit(sheet.role, role, room), "ink-2", 16))
            if sheet.notice:
                parts.append((_whole(sheet.notice, notice, room - 2 * PAD), "on-wait", 20))
            tall = sum(block.height + space for block, _, space in parts)
            if tall <= most:
                return parts, tall
    return parts, tall


def _row(sheet: Sheet, room: float) -> tuple[list[Part], int]:
    """ "Next" on the left, the day and what happens then on the right; and where the right begins."""
    if not sheet.rows:
        return [], 0
    row = sheet.rows[0]
    term = fit(row.term, TERM, 240)
    indent = max(TERMS, round(width(term.lines[0], term.style, term.size)) + 28)  # "Seuraavaksi" is long
    day, text = (
        (DAY._replace(sizes=DAY.sizes[2:]), TEXT._replace(sizes=TEXT.sizes[1:])) if sheet.notice else (DAY, TEXT)
    )
    found = [(term, "ink-2", 0), (fit(row.day, day, room - indent), "ink", 2)]
    return [*found, (fit(row.text, text, room - indent), "ink", 0)] if row.text else found, indent


def _strip(canvas: Canvas) -> None:
    sheet = canvas.sheet
    airmail(canvas.image, canvas.colours, 10)
    top, wide, high = 46, 194, 236
    places = _places(sheet, 36, top, wide) if _on_top(sheet) else in_a_row(min(len(sheet.family), 4), 40, 66, 160)
    canvas.stamps(places)
    x, right = 36 + max(wide, places[-1].x + places[-1].wide - 36) + 36, 790
    room = (right - 40 if sheet.rows else 1164) - x
    parts = [(fit(sheet.lead, STRIP_LEAD, room), "ink", 8), (fit(sheet.name, STRIP_NAME, room), "ink", 10)]
    if sheet.role:
        parts.append((fit(sheet.role, STRIP_ROLE, room), "ink-2", 0))
    tall = sum(block.height + space for block, _, space in parts)
    canvas.stack(x, top + (high - tall) // 2, parts)
    if not sheet.rows:
        return
    row, room = sheet.rows[0], 1164 - right
    column, tall = _next(row, sheet.notice, room, high)
    y = top + (high - tall) // 2
    canvas.hair(right, y - 12, room)
    canvas.stack(right, y, column)


def _next(row: Row, notice: str, room: float, most: float) -> tuple[list[Part], int]:
    """What comes next, when, and what is not as it should be, within `most` pixels, and their height. A day never
    stands without what happens on it."""
    first = _SENTENCE.split(notice)[0]
    for lines, said in ((2, 3), (2, 2), (1, 2), (1, 1)):
        column: list[Part] = [(fit(row.term, STRIP_TERM, room), "ink-2", 4), (fit(row.day, STRIP_DAY, room), "ink", 4)]
        if row.text:
            column.append((fit(row.text, STRIP_TEXT._replace(lines=lines), room), "ink", 0))
        if first:
            column[-1] = (*column[-1][:2], 4 + PAD)
            column.append((fit(first, STRIP_NOTICE._replace(lines=said), room - 2 * PAD), "on-wait", 0))
        tall = sum(block.height + space for block, _, space in column)
        if tall <= most:
            break
    return column, tall


def _whole(notice: str, style: Style, room: float) -> Block:
    """As many of its sentences as there is room for: half a sentence says less than none."""
    made = fit(notice, style, room)
    told = _SENTENCE.split(notice)
    while made.lines[-1].endswith("…") and len(told) > 1:
        told.pop()
        made = fit(" ".join(told), style, room)
    return made
