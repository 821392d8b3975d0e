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
    ("fill", "on", 4),
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
# (colours for the photos, how much of a camera's grain is smoothed away first, the smallest photo in which single
# pixels take the colour of those around them afterwards), until the file is small enough.
ALL, NONE = 0, 10_000
TRIES = (
    (48, 0, NONE),
    (48, 0, FINE),
    (40, 0, ALL),
    (32, 0, ALL),
    (32, 3, ALL),
    (24, 3, ALL),
    (32, 5, ALL),
    (20, 5, ALL),
    (12, 7, ALL),
    (8, 9, ALL),
    (5, 15, ALL),
)


def small(image: Image.Image, photos: Sequence[Photo], colours: Mapping[str, str]) -> bytes:
    """As many colours as go into MOST_BYTES."""
    made = b""
    paper = _rgb(colours["paper"])
    known = list(dict.fromkeys(chain.from_iterable(_ramp(colours, *edge) for edge in EDGES)))
    for place, (shades, grain, least) in enumerate(TRIES):
        if place % 2 and len(made) > (1.5 if place > 1 else 1.1) * MOST_BYTES:  # far from it: two steps at once
            continue
        smooth = [(_calm(photo, grain), at) for photo, at in photos] if grain else photos
        seen = image.copy() if grain else image
        for photo, at in smooth if grain else ():
            seen.paste(photo, at, photo)
        made = _saved(
            seen,
            known + [one for one in _shades(smooth, shades) if not _near(one, paper)],
            [one for one in photos if one[0].width >= least],
        )
        if len(made) <= MOST_BYTES:
            break
    return made


def _ramp(colours: Mapping[str, str], one: str, other: str, steps: int) -> Iterator[Rgb]:
    first, last = _rgb(colours[one]), _rgb(colours[other])
    for step in range(steps + 1):
        red, green, blue = (round(a + (b - a) * step / steps) for a, b in zip(first, last, strict=True))
        yield red, green, blue


def _rgb(colour: str) -> Rgb:
    red, green, blue = ImageColor.getrgb(colour)[:3]
    return red, green, blue


def _near(one: Rgb, other: Rgb) -> bool:
    """So near that Pillow, which looks colours up in boxes, may take one for the other: the whole ground would turn."""
    return all(abs(a - b) <= 8 for a, b in zip(one, other, strict=True))


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


def _saved(image: Image.Image, palette: list[Rgb], speckled: Sequence[Photo]) -> bytes:
    ruler = Image.new("P", (1, 1))
    kept = list(dict.fromkeys(palette))[:256]
    ruler.putpalette([channel for colour in kept for channel in colour])
    found = image.quantize(palette=ruler, dither=Image.Dither.NONE)
    for photo, (x, y) in speckled:
        _settle(found, photo, (x, y, x + photo.width, y + photo.height))
    out = io.BytesIO()
    found.save(out, "PNG", optimize=True)
    return out.getvalue()


def _settle(found: Image.Image, photo: Image.Image, box: tuple[int, int, int, int]) -> None:
    """Each pixel of the photo takes the colour that most around it have: a fifth of a file is in single pixels. Its
    transparent and half transparent ones keep theirs, or the edge would fray."""
    part = found.crop(box)
    calm = Image.frombytes("L", part.size, part.tobytes()).filter(ImageFilter.ModeFilter(3))
    part.frombytes(calm.tobytes())
    found.paste(part, box, photo.getchannel("A").point(lambda value: 255 * (value > 250)))
