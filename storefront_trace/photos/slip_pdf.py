"""Slips and labels as a PDF: each order begins a sheet, and one with many lines runs over as many as it needs."""

from __future__ import annotations

import logging
import unicodedata
from base64 import b64decode
from collections.abc import Iterator
from io import BytesIO
from typing import NamedTuple

from fpdf import FPDF
from fpdf.enums import XPos, YPos
from PIL import Image

from storefront_trace.photos.codes import runs, squares
from storefront_trace.photos.lettering import DRAWN, FILES, letters
from storefront_trace.photos.slips import SIZES, Batch, Slip, SlipLine

# Millimetres, and points for letters. Label printers leave some at the edge white.
MARGIN = 6.0
CODE = 24.0
LABEL_CODE = 48.0
QUIET = 3.5  # white around a code, at least
FACE = (10.0, 170 / 14)
FOOT = 6.0
BOX = 3.6
AMOUNT = 11.0
POINT = 25.4 / 72
LEADING = 1.25
UNKNOWN = "…"
logging.getLogger("fontTools").setLevel(logging.WARNING)


class Row(NamedTuple):
    """A line of the order, broken to the width there is."""

    line: SlipLine
    title: list[str]
    detail: list[str]
    note: list[str]

    @property
    def tall(self) -> float:
        return 2.4 + len(self.title) * _lead(10) + (len(self.detail) + len(self.note)) * _lead(8.5)


def written(batch: Batch) -> bytes:
    sheet = _Sheets(batch)
    for slip in batch.slips:
        if batch.kind == "label":
            sheet.label(slip)
        else:
            sheet.slip(slip)
    return bytes(sheet.pdf.output())


class _Sheets:
    def __init__(self, batch: Batch) -> None:
        self.batch = batch
        self.wide, self.tall = SIZES[batch.size]
        self.room = self.wide - 2 * MARGIN
        self.pdf = FPDF(unit="mm", format=SIZES[batch.size])
        self.pdf.set_auto_page_break(False)
        self.pdf.set_margin(0)
        self.pdf.c_margin = 0
        self.pdf.set_lang(batch.language)
        self.pdf.set_title(", ".join(slip.number for slip in batch.slips[:5]))
        for style, weight in (("", "regular"), ("B", "bold")):
            self.pdf.add_font("inter", style, DRAWN / FILES[weight])

    def slip(self, slip: Slip) -> None:
        rows = [self._row(line) for line in slip.lines]
        self.pdf.add_page()
        first, bottom = self._head(slip), self.tall - MARGIN - FOOT
        again = MARGIN + _lead(14) + 2
        pages = list(_pages(rows, bottom - first, bottom - again))
        for place, page in enumerate(pages):
            if place:
                self.pdf.add_page()
                self._text(MARGIN, MARGIN, f"{slip.number} {slip.name}", 14, bold=True, room=self.room, least=6)
            y = again if place else first
            for row in page:
                y = self._write(row, y)
            self._foot(slip, place + 1, len(pages))

    def label(self, slip: Slip) -> None:
        self.pdf.add_page()
        y = self._text(MARGIN, MARGIN, slip.shop, 9, room=self.room)
        y = self._text(MARGIN, y + 1, slip.number, 56, bold=True, room=self.room, least=16)
        y = self._text(MARGIN, y, slip.name, 24, bold=True, room=self.room, least=12) + 1
        for fact in (*slip.facts, slip.things):
            y = self._text(MARGIN, y, fact, 11, room=self.room)
        side = min(LABEL_CODE, self.tall - MARGIN - y - QUIET)
        self._code(slip.code, (self.wide - side) / 2, self.tall - MARGIN - side, side)

    def _head(self, slip: Slip) -> float:
        """Draws what stands above the lines; where it ends."""
        room = self.room - CODE - QUIET
        self._code(slip.code, self.wide - MARGIN - CODE, MARGIN, CODE)
        y = self._text(MARGIN, MARGIN, slip.shop, 8.5, room=room)
        y = self._text(MARGIN, y + 0.5, slip.number, 36, bold=True, room=room, least=14)
        y = self._text(MARGIN, y, slip.name, 17, bold=True, room=room, least=11)
        y = max(y, MARGIN + CODE + QUIET - 1) + 1
        aside, below = self._face(slip, y)
        for fact in (*slip.facts, slip.things):
            y = self._text(MARGIN + aside, y, fact, 9, room=self.room - aside)
        y = max(y, below) + 1.5
        self.pdf.set_line_width(0.35)
        self.pdf.line(MARGIN, y, self.wide - MARGIN, y)
        return y + 1.5

    def _face(self, slip: Slip, y: float) -> tuple[float, float]:
        """Of who took the order, as a printer without colours shows it best. How far it pushes aside, where it ends."""
        told = self.batch.faces.get(slip.face)
        if told is None:
            return 0, y
        with Image.open(BytesIO(b64decode(told))) as picture:
            self.pdf.image(picture.convert("L"), MARGIN, y, *FACE)
        return FACE[0] + 2.5, y + FACE[1]

    def _row(self, line: SlipLine) -> Row:
        room = self.room - BOX - 2 - AMOUNT
        return Row(
            line,
            self._broken(readable(line.title), 10, room),
            self._broken(readable(line.detail), 8.5, room) if line.detail else [],
            self._broken(readable(line.note), 8.5, room, bold=True) if line.note else [],
        )

    def _write(self, row: Row, y: float) -> float:
        top, x = y, MARGIN + BOX + 2
        self.pdf.set_line_width(0.3)
        if row.line.amount:
            self.pdf.rect(MARGIN, y + 1.4, BOX, BOX)
            self._line(x, y + 1.2, f"{row.line.amount} ×", 10, bold=True)
        y += 1.2
        for words, size, bold in ((row.title, 10.0, False), (row.detail, 8.5, False), (row.note, 8.5, True)):
            for text in words:
                self._line(x + AMOUNT, y, text, size, bold=bold)
                y += _lead(size)
        y = top + row.tall
        self.pdf.set_line_width(0.1)
        self.pdf.line(MARGIN, y, self.wide - MARGIN, y)
        return y

    def _foot(self, slip: Slip, page: int, pages: int) -> None:
        y = self.tall - MARGIN - _lead(8.5)
        if pages > 1:
            self._line(MARGIN, y, slip.page_of % {"page": page, "pages": pages}, 8.5)

    def _code(self, text: str, x: float, y: float, side: float) -> None:
        """Without a quiet zone: its edge stands on the edge of what is around it."""
        rows = squares(text)
        one = side / len(rows)
        self.pdf.set_fill_color(0)
        for down, row in enumerate(rows):
            for start, wide in runs(row):
                # A hair taller than it is: no white lines between the rows on a coarse printer.
                self.pdf.rect(x + start * one, y + down * one, wide * one, one * 1.02, style="F")

    def _text(
        self, x: float, y: float, text: str, size: float, *, room: float, bold: bool = False, least: float = 0
    ) -> float:
        """As large as goes on one line, at least `least`, then broken. Where it ends."""
        text = readable(text)
        while least and size > least and self._width(text, size, bold) > room:
            size = max(least, size - 1)
        for line in self._broken(text, size, room, bold=bold):
            self._line(x, y, line, size, bold=bold)
            y += _lead(size)
        return y

    def _line(self, x: float, y: float, text: str, size: float, *, bold: bool = False) -> None:
        self.pdf.set_font("inter", "B" if bold else "", size)
        self.pdf.set_xy(x, y)
        self.pdf.cell(h=_lead(size), text=text, new_x=XPos.LEFT, new_y=YPos.TOP)

    def _width(self, text: str, size: float, bold: bool) -> float:
        self.pdf.set_font("inter", "B" if bold else "", size)
        return float(self.pdf.get_string_width(text))

    def _broken(self, text: str, size: float, room: float, *, bold: bool = False) -> list[str]:
        lines: list[str] = []
        for word in text.split():
            longer = f"{lines[-1]} {word}" if lines else word
            if lines and self._width(longer, size, bold) <= room:
                lines[-1] = longer
                continue
            lines += self._cut(word, size, room, bold)
        return lines

    def _cut(self, word: str, size: float, room: float, bold: bool) -> list[str]:
        """A word in the pieces that fit, which is mostly the word."""
        pieces = [""]
        for letter in word:
            if pieces[-1] and self._width(pieces[-1] + letter, size, bold) > room:
                pieces.append("")
            pieces[-1] += letter
        return pieces


def _pages(rows: list[Row], first: float, other: float) -> Iterator[list[Row]]:
    """The rows of each sheet, by the room there is on the first and on any other."""
    page: list[Row] = []
    left = first
    for row in rows:
        if page and row.tall > left:
            yield page
            page, left = [], other
        page.append(row)
        left -= row.tall
    yield page


def _lead(points: float) -> float:
    return points * POINT * LEADING


def readable(text: str) -> str:
    """What our fonts can write of it. The rest is in the page that a browser prints, with the fonts of that machine."""
    composed = unicodedata.normalize("NFC", text)
    kept = " ".join("".join(one if one in letters() else " " for one in composed).split())
    return kept if kept or not composed.strip() else UNKNOWN
