"""A paper as a PDF on A4: real text with headings that a reader lists, and its number on every page."""

from __future__ import annotations

from fpdf import FPDF
from fpdf.enums import XPos, YPos

from storefront_trace.domain.papers import Block
from storefront_trace.photos.documents import Document
from storefront_trace.photos.lettering import DRAWN, FILES
from storefront_trace.photos.slip_pdf import readable

# Millimetres, and points for letters.
MARGIN, FOOT, BULLET = 22.0, 18.0, 5.0
TERM = 50.0
BODY, SMALL, HEADING, TITLE = 10.0, 8.5, 13.0, 20.0
POINT = 25.4 / 72
LEADING = 1.42
GREY, BLACK = 90, 0


def written(document: Document) -> bytes:
    sheet = _Paper(document)
    sheet.add_page()
    for block in document.blocks:
        sheet.put(block)
    return bytes(sheet.output())


class _Paper(FPDF):
    def __init__(self, document: Document) -> None:
        super().__init__(unit="mm", format="A4")
        self.document = document
        for style, weight in (("", "regular"), ("B", "bold")):
            self.add_font("inter", style, DRAWN / FILES[weight])
        self.set_margins(MARGIN, MARGIN, MARGIN)
        self.set_auto_page_break(True, MARGIN + 4)
        self.c_margin = 0
        self.set_lang(document.language)
        self.set_title(readable(document.title))
        self.alias_nb_pages("{pages}")

    def footer(self) -> None:
        self.set_y(-FOOT)
        self.set_text_color(GREY)
        self._font(SMALL)
        page = self.document.page_of % {"page": self.page_no(), "pages": "{pages}"}
        wide = self.get_string_width(page.replace("{pages}", "00"))
        foot = readable(self.document.foot)
        while foot and self.get_string_width(foot) > self.epw - wide - 6:
            foot = foot[:-2].rstrip() + "…" if len(foot) > 2 else ""
        self.cell(self.epw - wide, _lead(SMALL), foot)
        self.cell(wide, _lead(SMALL), page)
        self.set_text_color(BLACK)

    def put(self, block: Block) -> None:
        if block.kind == "title":
            self._title(block.text)
        elif block.kind == "heading":
            self._heading(block.text)
        elif block.kind == "item":
            self._item(block.text)
        elif block.kind == "row":
            self._row(block.term, block.text)
        else:
            self._flow(block.text)
            self.ln(1.8)

    def _title(self, text: str) -> None:
        self._flow(text, TITLE, bold=True, leading=1.15)
        self.ln(2)
        self.set_text_color(GREY)
        self._flow(self.document.draft, SMALL)
        self.set_text_color(BLACK)
        self.ln(3)

    def _heading(self, text: str) -> None:
        """Never alone at the foot of a page."""
        if self.will_page_break(_lead(HEADING) + 4 * _lead(BODY)):
            self.add_page()
        else:
            self.ln(3)
        self.start_section(readable(text))
        self._flow(text, HEADING, bold=True, leading=1.25)
        self.ln(1.2)

    def _item(self, text: str) -> None:
        self._font(BODY)
        if self.will_page_break(_lead(BODY)):
            self.add_page()
        self.cell(BULLET, _lead(BODY), "•")
        self._flow(text, aside=BULLET)
        self.ln(1.2)

    def _row(self, term: str, text: str) -> None:
        """The term on the left, what it is on the right; on one page where a page has room for it."""
        tall = max(self._tall(term, TERM - 3, bold=True), self._tall(text, self.epw - TERM))
        if tall < self.eph and self.will_page_break(tall):
            self.add_page()
        top, page = self.get_y(), self.page
        self._flow(term, bold=True, wide=TERM - 3)
        below = self.get_y() if self.page == page else top
        self.page = page
        self.set_y(top)
        self._flow(text, aside=TERM)
        self.set_y(max(self.get_y(), below) + 1.6)

    def _tall(self, text: str, wide: float, *, bold: bool = False) -> float:
        self._font(BODY, bold=bold)
        return float(self.multi_cell(wide, _lead(BODY), readable(text), dry_run=True, output="HEIGHT", align="L"))  # type: ignore[arg-type]

    def _flow(
        self,
        text: str,
        size: float = BODY,
        *,
        bold: bool = False,
        aside: float = 0,
        wide: float = 0,
        leading: float = LEADING,
    ) -> None:
        self._font(size, bold=bold)
        self.set_x(self.l_margin + aside)
        room = wide or self.epw - aside
        tall = size * POINT * leading
        self.multi_cell(room, tall, readable(text), align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def _font(self, size: float, *, bold: bool = False) -> None:
        self.set_font("inter", "B" if bold else "", size)


def _lead(points: float) -> float:
    return points * POINT * LEADING
