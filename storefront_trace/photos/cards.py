"""Status pictures: who has the order, what comes next and when, in the page's own look. Sheet in, PNG out.

Only the drawing process runs this. What stands on a picture has been decided before: nothing here knows whose it is.
"""

from __future__ import annotations

from dataclasses import replace

from PIL import Image, ImageDraw

from storefront_trace.photos.lettering import Block, Style, clean, fit, width, write
from storefront_trace.photos.paper import airmail, drawn_stamp, fitted_logo, photo_stamp, round_face
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
ROW_FACE = 64
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

    def stamp(self, at: tuple[int, int], wide: int) -> None:
        photo = self.sheet.first("portrait")
        if photo is None:
            made = drawn_stamp(self.sheet.drawing, self.sheet.name, wide, self.colours)
            self.image.paste(made, at, made)
        else:
            self.photo(photo_stamp(photo, wide), at)

    def photo(self, made: Image.Image, at: tuple[int, int]) -> None:
        self.image.paste(made, at, made)
        self.photos.append((made, at))

    def faces(self, at: tuple[int, int], wide: int, most: int) -> None:
        for place, face in enumerate(_faces(self.sheet)[:most]):
            self.photo(round_face(face, wide), (at[0] + place * (wide + wide // 6), at[1]))

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
    )
    if name:
        return replace(written, name=name)
    logo = tuple(one for one in sheet.pictures if one[0] == "logo")
    other = clean(sheet.otherwise) or shop or "•"
    return replace(written, name=other, role="", drawing="people", pictures=logo)


def _card(canvas: Canvas) -> None:
    sheet = canvas.sheet
    airmail(canvas.image, canvas.colours, 16)
    top, wide, high = 142, 350, 425
    x, room = EDGE + wide + 60, 1200 - 2 * EDGE - wide - 60
    _masthead(canvas)
    canvas.stamp((EDGE, top), wide)
    row, indent = _row(sheet, room)
    some = 0 if sheet.notice and row else min(len(_faces(sheet)), 6)
    below = 30 + sum(block.height for block, _, _ in row[1:]) if row else 0
    below += bool(some) * (ROW_FACE + 20 if row else 110)
    said, tall = _shrunk(canvas, room, high + 24 - below)
    y = canvas.stack(x, top + max(-12, (high - tall - below) // 2), said)
    if row and some:
        canvas.faces((x, round(y) - 2), ROW_FACE, some)
        y += ROW_FACE + 20
    if row:
        canvas.hair(x, y + 6, room)
        canvas.stack(x, y + 28, row[:1])
        canvas.stack(x + indent, y + 16, row[1:])
    else:
        canvas.faces((x, round(y) + 12), 92, some)


def _faces(sheet: Sheet) -> list[bytes]:
    """A row of those who helped. One alone looks like who is signed in."""
    faces = sheet.all("face")
    return faces if len(faces) > 1 else []


def _masthead(canvas: Canvas) -> None:
    sheet = canvas.sheet
    logo = sheet.first("logo")
    if logo is not None:
        made = fitted_logo(logo, 64, 420)
        canvas.photo(made, (EDGE, 78 - made.height // 2))
    else:
        name = fit(sheet.shop, SHOP, 640)
        canvas.stack(EDGE - 2, 78 - name.height / 2, [(name, "ink", 0)])


def _shrunk(canvas: Canvas, room: float, most: float) -> tuple[list[Part], int]:
    """Lead, name, role and notice, with the largest name that leaves them within `most` pixels, and their height."""
    sheet = canvas.sheet
    for lines in (2, 1):
        for place in range(len(NAME.sizes)):
            name = NAME._replace(sizes=NAME.sizes[place:])
            parts = [(fit(sheet.lead, LEAD, room), "ink", 10), (fit(sheet.name, name, room), "ink", 16)]
            if sheet.role:
                parts.append((fit(sheet.role, ROLE._replace(lines=lines), room), "ink-2", 16))
            if sheet.notice:
                parts.append((fit(sheet.notice, NOTICE._replace(lines=lines), room - 2 * PAD), "on-wait", 20))
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
    found = [(term, "ink-2", 0), (fit(row.day, DAY, room - indent), "ink", 2)]
    return [*found, (fit(row.text, TEXT, room - indent), "ink", 0)] if row.text else found, indent


def _strip(canvas: Canvas) -> None:
    sheet = canvas.sheet
    airmail(canvas.image, canvas.colours, 10)
    top, wide, high = 46, 194, 236
    canvas.stamp((36, top), wide)
    x, right = 36 + wide + 36, 790
    room = (right - 40 if sheet.rows or _faces(sheet) else 1164) - x
    parts = [(fit(sheet.lead, STRIP_LEAD, room), "ink", 8), (fit(sheet.name, STRIP_NAME, room), "ink", 10)]
    if sheet.role:
        parts.append((fit(sheet.role, STRIP_ROLE, room), "ink-2", 0))
    tall = sum(block.height + space for block, _, space in parts)
    canvas.stack(x, top + (high - tall) // 2, parts)
    if not sheet.rows:
        canvas.faces((right, top + high // 2 - 44), 88, 3)
        return
    row, room = sheet.rows[0], 1164 - right
    column = [(fit(row.term, STRIP_TERM, room), "ink-2", 4), (fit(row.day, STRIP_DAY, room), "ink", 4)]
    if sheet.notice:
        column.append((_whole(sheet.notice, room - 2 * PAD), "on-wait", 0))
        column[1] = (*column[1][:2], 4 + PAD)
    elif row.text:
        column.append((fit(row.text, STRIP_TEXT, room), "ink", 0))
    tall = sum(block.height + space for block, _, space in column)
    y = top + (high - tall) // 2
    canvas.hair(right, y - 12, room)
    canvas.stack(right, y, column)


def _whole(notice: str, room: float) -> Block:
    """As many of its sentences as there is room for: half a sentence says less than none."""
    made = fit(notice, STRIP_NOTICE, room)
    while made.lines[-1].endswith("…") and ". " in notice:
        notice = notice.rpartition(". ")[0] + "."
        made = fit(notice, STRIP_NOTICE, room)
    return made
