"""The shop's letter in the shop's colour, for a phone's home screen."""

from __future__ import annotations

import io
from functools import lru_cache

from PIL import Image, ImageDraw

from storefront_trace.domain.colours import palette
from storefront_trace.photos.lettering import clean, font

# Pixels, the share of the side that the letter may fill, and that of its rounded corners. A phone cuts a maskable one
# to its own shape, at worst to a circle of four fifths of the side; Apple's rounds the corners itself.
ICONS = {"180": (180, 0.62, 0.0), "192": (192, 0.62, 0.22), "512": (512, 0.62, 0.22), "512-maskable": (512, 0.5, 0.0)}
FINER = 2


@lru_cache(64)  # a shop has four
def draw_icon(brand: str, letter: str, kind: str) -> bytes:
    """A PNG. `kind` is one of ICONS; a letter that our font lacks becomes a dot."""
    side, share, corner = ICONS[kind]
    colours, wide = palette(brand, "light"), side * FINER
    image = Image.new("RGBA", (wide, wide))
    draw = ImageDraw.Draw(image)
    draw.rounded_rectangle((0, 0, wide - 1, wide - 1), wide * corner, fill=colours.fill)
    _letter(image, clean(letter) or "•", round(wide * share), colours.on)
    written = io.BytesIO()
    image.resize((side, side), Image.Resampling.LANCZOS).save(written, "PNG", optimize=True)
    return written.getvalue()


def _letter(image: Image.Image, text: str, size: int, colour: str) -> None:
    """In the middle of what is seen: a font centres its lines and leaves room beside a letter."""
    mask = Image.new("L", image.size)
    middle = image.width // 2
    ImageDraw.Draw(mask).text((middle, middle), text, fill=255, font=font("bold", size), anchor="mm")
    left, top, right, bottom = mask.getbbox() or (0, 0, *image.size)
    place = middle - (right - left) // 2, middle - (bottom - top) // 2
    image.paste(colour, place, mask.crop((left, top, right, bottom)))
