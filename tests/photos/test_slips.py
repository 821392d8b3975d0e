"""Slips and labels as PDF: every line on some sheet, nothing over an edge, and a code that a reader can read."""

from __future__ import annotations

import re
import zlib
from dataclasses import replace

import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from storefront_trace.domain.errors import TooMany
from storefront_trace.photos import slip_pdf
from storefront_trace.photos.codes import QUIET, squares
from storefront_trace.photos.slip_pdf import _Sheets, written
from storefront_trace.photos.slips import KINDS, SIZES, Batch, Slip, SlipLine
from storefront_trace.photos.worker import SlipWorker

LINE = SlipLine(2, "Skrattande mugg", "röd · MUG-1")
SLIP = Slip(
    "1001",
    "Karin",
    "Roliga Ting",
    "https://shop.example/staff/scan?code=1001",
    "3 saker",
    ("Jocke tog emot ordern", "Utlovad torsdag 26 november"),
    (LINE, SlipLine(0, "Igelkottslampa", "", "1 senare: onsdag 2 december")),
)
BATCH = Batch("slip", "a6", "sv", (SLIP,))


def sheets(pdf: bytes) -> int:
    return len(re.findall(rb"/Type /Page\b", pdf))


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("kind", KINDS)
def test_an_order_is_one_sheet_of_the_paper_asked_for(kind: str, size: str) -> None:
    pdf = written(replace(BATCH, kind=kind, size=size))
    assert sheets(pdf) == 1
    box = re.search(rb"/MediaBox \[0 0 ([0-9.]+) ([0-9.]+)\]", pdf)
    assert box is not None
    assert [round(float(one) * 25.4 / 72) for one in box.groups()] == list(SIZES[size])


def test_every_order_of_a_batch_begins_a_sheet() -> None:
    slips = tuple(replace(SLIP, number=str(number)) for number in range(1001, 1008))
    assert sheets(written(replace(BATCH, slips=slips))) == 7
    assert sheets(written(replace(BATCH, kind="label", slips=slips))) == 7


def test_two_hundred_lines_run_over_as_many_sheets_as_they_need(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []
    write = _Sheets._write

    def noted(self: _Sheets, row: slip_pdf.Row, y: float) -> float:
        end = write(self, row, y)
        assert end <= self.tall - slip_pdf.MARGIN - slip_pdf.FOOT + 0.01
        seen.append(row.line.title)
        return end

    monkeypatch.setattr(_Sheets, "_write", noted)
    lines = tuple(replace(LINE, title=f"Mugg nummer {place}, " + "mycket fin " * (place % 7)) for place in range(200))
    pdf = written(replace(BATCH, slips=(replace(SLIP, lines=lines),)))
    assert seen == [line.title for line in lines]
    assert 15 <= sheets(pdf) <= 40


def test_a_label_has_one_sheet_however_many_lines_there_are() -> None:
    assert sheets(written(replace(BATCH, kind="label", slips=(replace(SLIP, lines=(LINE,) * 200),)))) == 1


@settings(max_examples=25)
@given(number=st.text(min_size=1, max_size=64), name=st.text(max_size=80), title=st.text(max_size=200))
@pytest.mark.parametrize("kind", KINDS)
def test_whatever_an_order_is_called_stays_inside_the_edges(kind: str, number: str, name: str, title: str) -> None:
    slip = replace(SLIP, number=number, name=name, lines=(SlipLine(1, title, title, title),))
    pdf = written(replace(BATCH, kind=kind, slips=(slip,)))
    wide, tall = (side * 72 / 25.4 for side in SIZES["a6"])
    for stream in re.findall(rb"stream\n(.*?)\nendstream", pdf, re.DOTALL):
        drawn = _opened(stream)
        for x, y, w, h in re.findall(rb"(-?[0-9.]+) (-?[0-9.]+) (-?[0-9.]+) (-?[0-9.]+) re", drawn):
            assert 0 <= float(x) and float(x) + float(w) <= wide and float(y) <= tall and float(y) + float(h) >= 0


def _opened(stream: bytes) -> bytes:
    try:
        return zlib.decompress(stream)
    except zlib.error:
        return b""


def test_the_code_is_read_back() -> None:
    """Drawn from the same squares as on paper."""
    rows = squares(SLIP.code)
    side = len(rows) + 2 * QUIET
    picture = Image.new("L", (side, side), 255)
    for y, row in enumerate(rows):
        for x, dark in enumerate(row):
            picture.putpixel((x + QUIET, y + QUIET), 0 if dark else 255)
    [found] = zxingcpp.read_barcodes(picture.resize((side * 6, side * 6), Image.Resampling.NEAREST))
    assert found.text == SLIP.code


async def test_a_process_of_its_own_writes_them() -> None:
    worker = SlipWorker()
    try:
        odd = replace(SLIP, number="17/ő", name="Łucja 漢字 🎉", lines=(SlipLine(1, "漢字"),))
        pdf = await worker.write(replace(BATCH, slips=(SLIP, odd)))
        assert pdf.startswith(b"%PDF-") and sheets(pdf) == 2
    finally:
        await worker.close()


async def test_what_takes_too_long_is_asked_for_again_later() -> None:
    worker = SlipWorker(wall_seconds=0.01)
    try:
        with pytest.raises(TooMany):
            await worker.write(BATCH)
    finally:
        await worker.close()
