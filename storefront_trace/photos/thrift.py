"""From a drawn picture to a small file: a palette whose one half is known before, for words and edges, and whose other
half are the colours of the photos. Only the drawing process imports this."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

from PIL import Image, ImageColor, ImageFilter

from storefront_trace.photos.sheets import MOST_BYTES

Rgb = tuple[int, int, int]
Photo = tuple[Image.Image, tuple[int, int]]
"""A photo, with its shape in its transparency, and where its upper left corner lies."""
# Which colours meet in a smooth edge, and in how many steps.
EDGES = (
    ("paper", "ink", 6),
    ("paper", "ink-2", 5),
    ("paper", "fill", 4),
    ("paper", "line", 3),
    ("paper", "wash-2", 2),
    ("paper", "kraft", 2),
    ("paper", "wait", 2),
    ("paper", "hair", 1),
    ("wash-2", "ink-brand", 5),
    ("kraft", "on-kraft", 5),
    ("wait", "on-wait", 5),
)
# The side of the small copy in which colours are counted, in pixels.
SAMPLE = 96
# A face smaller than this would lose its eyes with the grain.
FINE = 150
# (colours for the photos, how much of a camera's grain is smoothed away first), until the file is small enough.
TRIES = ((48, 0), (32, 0), (24, 3), (32, 5), (20, 5), (12, 7), (8, 9), (5, 15))


def small(image: Image.Image, photos: Sequence[Photo], colours: Mapping[str, str]) -> bytes:
    """As many colours as go into MOST_BYTES."""
    made = b""
    known = list(dict.fromkeys(chain.from_iterable(_ramp(colours, *edge) for edge in EDGES)))
    for place, (shades, grain) in enumerate(TRIES):
        if place % 2 and len(made) > 1.5 * MOST_BYTES:  # far from it: two steps at once
            continue
        smooth = [(_calm(photo, grain), at) for photo, at in photos] if grain else photos
        seen = image.copy() if grain else image
        for photo, at in smooth if grain else ():
            seen.paste(photo, at, photo)
        made = _saved(seen, known + _shades(smooth, shades))
        if len(made) <= MOST_BYTES:
            break
    return made


def _ramp(colours: Mapping[str, str], one: str, other: str, steps: int) -> Iterator[Rgb]:
    first, last = (ImageColor.getrgb(colours[name]) for name in (one, other))
    for step in range(steps + 1):
        red, green, blue = (round(a + (b - a) * step / steps) for a, b in zip(first, last, strict=True))
        yield red, green, blue


def _calm(photo: Image.Image, grain: int) -> Image.Image:
    if photo.width < FINE:
        return photo
    smooth = photo.convert("RGB").filter(ImageFilter.MedianFilter(grain))
    smooth.putalpha(photo.getchannel("A"))
    return smooth


def _shades(photos: Sequence[Photo], many: int) -> list[Rgb]:
    """Counted on a small copy: it has the same colours."""
    if not photos:
        return []
    widest = max(photo.width for photo, _ in photos)
    sides = [max(24, SAMPLE * photo.width // widest) for photo, _ in photos]  # who is larger has more to say
    beside = Image.new("RGB", (sum(sides), SAMPLE))
    x = 0
    for (photo, _), side in zip(photos, sides, strict=True):
        beside.paste(photo.convert("RGB").resize((side, side), Image.Resampling.BOX), (x, 0))
        x += side
    found = beside.quantize(many, Image.Quantize.MEDIANCUT, kmeans=1)
    flat = found.getpalette() or []
    return [(flat[at], flat[at + 1], flat[at + 2]) for at in range(0, len(flat) - 2, 3)]


def _saved(image: Image.Image, palette: list[Rgb]) -> bytes:
    ruler = Image.new("P", (1, 1))
    kept = list(dict.fromkeys(palette))[:256]
    ruler.putpalette([channel for colour in kept for channel in colour])
    out = io.BytesIO()
    image.quantize(palette=ruler, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    return out.getvalue()
