"""The things on a status picture that are no words: the airmail edge, stamps, round faces, the logo.

The shapes are those of static/app.css.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from functools import lru_cache

from PIL import Image, ImageColor, ImageDraw, ImageOps

from storefront_trace.photos.lettering import DRAWN, Style, fit, width, write

Colours = Mapping[str, str]
ICONS = ("people", "truck", "house", "undo", "cross", "mail", "hand")
FINE = 4  # shapes are drawn so many times larger, then reduced, for smooth edges
LETTER = Style("bold", (10,), tracking=0, leading=1.0)


def airmail(image: Image.Image, colours: Colours, high: int) -> None:
    """The stripes of the page's upper edge: fill, paper, line, paper, each 8 parts of 48 apart from the broad ones."""
    part = high / 6 * FINE
    edge = Image.new("RGB", (image.width * FINE, high * FINE), colours["paper"])
    pen = ImageDraw.Draw(edge)
    lean = high * FINE * 0.47  # 115 degrees
    x, place = -lean, 0
    while x < edge.width + lean:
        colour = colours["fill"] if place % 2 == 0 else colours["line"]
        pen.polygon(
            [(x + lean, 0), (x + lean + 17.6 * part, 0), (x + 17.6 * part, edge.height), (x, edge.height)], fill=colour
        )
        x, place = x + 26.5 * part, place + 1
    image.paste(edge.resize((image.width, high), Image.Resampling.BOX), (0, 0))


@lru_cache(maxsize=8)
def perforated(wide: int) -> Image.Image:
    """A stamp's outline, 14 by 17 units, as a mask."""
    high = round(wide * 17 / 14)
    unit = wide * FINE / 14
    mask = Image.new("L", (wide * FINE, high * FINE), 255)
    pen = ImageDraw.Draw(mask)
    holes = [(x, y) for x in range(15) for y in (0, 17)] + [(x, y) for x in (0, 14) for y in range(18)]
    for x, y in holes:
        pen.circle((x * unit, y * unit), unit * 0.28, fill=0)
    return mask.resize((wide, high), Image.Resampling.BOX)


def photo_stamp(data: bytes, wide: int) -> Image.Image:
    mask = perforated(wide)
    made = _opened(data, mask.size)
    made.putalpha(mask)
    return made


def drawn_stamp(kind: str, name: str, wide: int, colours: Colours) -> Image.Image:
    """For who has no portrait: the initial of a name that is shown, else an icon. A carrier's is cardboard."""
    mask = perforated(wide)
    ground, ink = ("kraft", "on-kraft") if kind in ("truck", "undo", "cross") else ("wash-2", "ink-brand")
    made = Image.new("RGB", mask.size, colours[ground])
    if kind in ICONS:
        side = round(wide * 0.46)
        shape = icon(kind).resize((side, side), Image.Resampling.LANCZOS)
        made.paste(colours[ink], ((made.width - side) // 2, (made.height - side) // 2), shape)
    else:
        letter = fit(name[:1], LETTER._replace(sizes=(round(wide * 0.5),)), wide)
        across = width(letter.lines[0], letter.style, letter.size)
        at = ((made.width - across) / 2, (made.height - letter.size) / 2)
        write(ImageDraw.Draw(made), at, letter, colours[ink])
    made.putalpha(mask)
    return made


def leaned(made: Image.Image, lean: float, paper: str) -> Image.Image:
    """Turned about its middle, clockwise. What shows through at its edge is paper, not black."""
    ground = (*ImageColor.getrgb(paper)[:3], 0)
    return made.rotate(-lean, Image.Resampling.BICUBIC, expand=True, fillcolor=ground) if lean else made


def rim(made: Image.Image, wide: int, paper: str) -> Image.Image:
    """A stamp on a little paper of its own: where two lie over each other, one sees which is in front."""
    side = perforated(made.width + 2 * wide)
    whole = Image.new("RGBA", side.size, paper)
    whole.putalpha(side)
    whole.alpha_composite(made, (wide, (side.height - made.height) // 2))
    return whole


def postmark(kind: str, wide: int, colours: Colours) -> Image.Image:
    """An icon on the shop's colour, round, with an edge of paper."""
    edge = round(wide * 0.08)
    made = Image.new("RGB", (wide, wide), colours["paper"])
    inner = round_mask(wide - 2 * edge)
    made.paste(colours["fill"], (edge, edge), inner)
    side = round(wide * 0.5)
    at = (wide - side) // 2
    made.paste(colours["on"], (at, at), icon(kind).resize((side, side), Image.Resampling.LANCZOS))
    made.putalpha(round_mask(wide))
    return made


def fitted_logo(data: bytes, high: int, wide: int) -> Image.Image:
    logo = Image.open(io.BytesIO(data)).convert("RGBA")
    logo.thumbnail((wide, high), Image.Resampling.LANCZOS)
    return logo


@lru_cache(maxsize=8)
def round_mask(wide: int) -> Image.Image:
    mask = Image.new("L", (wide * FINE, wide * FINE), 0)
    ImageDraw.Draw(mask).ellipse((0, 0, wide * FINE - 1, wide * FINE - 1), fill=255)
    return mask.resize((wide, wide), Image.Resampling.BOX)


@lru_cache(maxsize=8)
def icon(kind: str) -> Image.Image:
    with Image.open(DRAWN / f"{kind}.png") as found:
        return found.convert("L")


def _opened(data: bytes, size: tuple[int, int], from_top: float = 0.5) -> Image.Image:
    with Image.open(io.BytesIO(data)) as found:
        return ImageOps.fit(found.convert("RGB"), size, Image.Resampling.LANCZOS, centering=(0.5, from_top))
