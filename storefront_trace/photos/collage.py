"""Where the stamps of those who had the order lie on a status picture: together, as at the top of the page.

Numbers only. The share of the width and the leaning are those of static/app.css (.now__family).
"""

from __future__ import annotations

from typing import NamedTuple

HIGH = 17 / 14
SMALL = 0.58
FEET = 0.36
# Left, top (both from the box's near or far edge) and how far it leans, clockwise in degrees.
_TWO = ((0.0, 0.0, -2.0), (1.0, 1.0, 2.0))
_THREE = ((0.0, 0.0, -2.0), (1.0, 0.0, 3.0), (0.5, 1.0, 1.0))
_FOUR = ((0.0, 0.0, -2.0), (1.0, 0.0, 3.0), (0.0, 1.0, 1.0), (1.0, 1.0, 2.0))
_LEANS = (-3.0, 2.0, -1.5, 3.0, -2.0)


class Stamp(NamedTuple):
    """`x` and `y` are the upper left corner before it leans."""

    x: int
    y: int
    wide: int
    lean: float = 0.0

    @property
    def high(self) -> int:
        return round(self.wide * HIGH)


def together(many: int, x: int, y: int, wide: int) -> list[Stamp]:
    """One to four, each as much on top as the others, in a box `wide` across and a stamp's shape high."""
    if many == 1:
        return [Stamp(x, y, wide)]
    small = Stamp(0, 0, round(wide * SMALL))
    right, down = wide - small.wide, round(wide * HIGH) - small.high
    places = {2: _TWO, 3: _THREE, 4: _FOUR}[many]
    return [Stamp(x + round(far * right), y + round(low * down), small.wide, lean) for far, low, lean in places]


def in_a_row(many: int, x: int, y: int, wide: int) -> list[Stamp]:
    """Side by side, each a little over the one before."""
    step = round(wide * 0.84)
    return [Stamp(x + place * step, y, wide, _LEANS[place] if many > 1 else 0.0) for place in range(many)]


def with_holder(many: int, x: int, y: int, wide: int) -> list[Stamp]:
    """The holder's, nearly as large as the box, and before it, small and towards the right, those who helped."""
    if not many:
        return [Stamp(x, y, wide)]
    high = round(wide * HIGH)
    holder = Stamp(x, y - round(wide * 0.02), round(wide * 0.86))
    small = Stamp(0, 0, round(wide * FEET))
    step = min(round(small.wide * 0.88), (wide - small.wide) // max(1, many - 1))
    first, top = x + wide - small.wide - step * (many - 1), y + high - small.high + round(wide * 0.05)
    return [holder, *(Stamp(first + place * step, top, small.wide, _LEANS[place]) for place in range(many))]
