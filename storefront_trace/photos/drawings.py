"""Drawings that stand where there is no portrait, as JPEG: the only picture that every mail program shows.

Pillow in the server's own process, which is right here alone: it draws, and decodes nothing that anybody sent.
"""

from __future__ import annotations

import io
from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from storefront_trace.photos.initials import INK, UNKNOWN, ground_of, initials

FONTS = Path(__file__).parent.parent / "static" / "fonts"
SIZE = (196, 238)
FINE = 3  # drawn larger by so much, and made smaller: Pillow draws no soft edges
KRAFT, KRAFT_LIGHT = "#dccdb0", "#e8dcc4"
LATIN_END = 0x2B0  # our fonts have the letters below


@lru_cache(maxsize=500)
def drawing(kind: str, name: str, key: str) -> bytes:
    """`kind` "person" gives initials, "carrier" a van, any other some people. The colour hangs on `key`."""
    ground, disc = (KRAFT, KRAFT_LIGHT) if kind == "carrier" else ground_of(key)
    image = Image.new("RGB", (SIZE[0] * FINE, SIZE[1] * FINE), ground)
    draw = ImageDraw.Draw(image)
    _disc(draw, 98, 123, 84, disc)
    letters = initials(name)
    if kind == "carrier":
        _van(draw, ground)
    elif kind == "person" and letters != UNKNOWN and all(ord(letter) < LATIN_END for letter in letters):
        _letters(draw, letters)
    else:
        _people(draw, disc)
    out = io.BytesIO()
    image.resize(SIZE, Image.Resampling.LANCZOS).save(out, "JPEG", quality=84, optimize=True)
    return out.getvalue()


def _letters(draw: ImageDraw.ImageDraw, letters: str) -> None:
    file = "inter-5.3.0-latin.woff2" if all(ord(one) < 0x100 for one in letters) else "inter-5.3.0-latin-ext.woff2"
    font = ImageFont.truetype(FONTS / file, (82 if len(letters) == 1 else 66) * FINE)
    font.set_variation_by_axes([600])
    draw.text((98 * FINE, 123 * FINE), letters, fill=INK, font=font, anchor="mm")


def _people(draw: ImageDraw.ImageDraw, disc: str) -> None:
    """One in front, two behind."""
    for x in (58, 138):
        _disc(draw, x, 100, 15, INK)
        _shoulders(draw, x, 124, 25, 28, INK)
    _disc(draw, 98, 101, 27, disc)
    _shoulders(draw, 98, 126, 42, 44, disc)
    _disc(draw, 98, 101, 20, INK)
    _shoulders(draw, 98, 132, 35, 38, INK)


def _van(draw: ImageDraw.ImageDraw, ground: str) -> None:
    draw.rounded_rectangle(_box(42, 84, 112, 146), 6 * FINE, fill=INK)
    draw.rounded_rectangle(_box(116, 104, 154, 146), 6 * FINE, fill=INK)
    draw.rounded_rectangle(_box(128, 111, 147, 125), 3 * FINE, fill=KRAFT_LIGHT)
    for x in (70, 132):
        _disc(draw, x, 147, 15, KRAFT_LIGHT)
        _disc(draw, x, 147, 11, INK)
        _disc(draw, x, 147, 4, ground)


def _shoulders(draw: ImageDraw.ImageDraw, x: int, top: int, half: int, height: int, colour: str) -> None:
    draw.pieslice(_box(x - half, top, x + half, top + 2 * height), 180, 360, fill=colour)


def _disc(draw: ImageDraw.ImageDraw, x: int, y: int, radius: int, colour: str) -> None:
    draw.ellipse(_box(x - radius, y - radius, x + radius, y + radius), fill=colour)


def _box(left: int, top: int, right: int, bottom: int) -> tuple[int, int, int, int]:
    return left * FINE, top * FINE, right * FINE, bottom * FINE
