"""Weeks as a drawing: a share with its band above, how many were asked and have answered below. Numbers that may not be
shown are not drawn either."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from storefront_trace.domain.ladder import COUNTS_FROM, ladder

WIDTH, PLOT, BARS, GAP = 640.0, 100.0, 36.0, 14.0


def drawing(weeks: Sequence[tuple[int, int]], asked: Sequence[int], *, shares: bool) -> dict[str, Any]:
    """Of (thanks, concerns) and steps of each week; more weeks than steps: the first ones only count into the shares of
    four weeks after them. Sizes are those of the drawing's own view box."""
    n, before = len(asked), len(weeks) - len(asked)
    wide = WIDTH / n
    most = max([*asked, *map(sum, weeks[before:]), 1])
    top = PLOT + GAP if shares else 0.0
    marks, bars = [], []
    for place in range(n):
        span = weeks[place : place + before + 1]
        rung = ladder(sum(thanks for thanks, _ in span), sum(concerns for _, concerns in span))
        if shares and rung.share is not None and rung.band is not None:
            low, high = rung.band
            marks.append({"x": (place + 0.5) * wide, "y": PLOT - rung.share, "top": PLOT - high, "tall": high - low})
        answers = sum(weeks[place + before])
        answered = answers if answers >= COUNTS_FROM else 0
        bars.append({"x": place * wide, "asked": BARS * asked[place] / most, "answered": BARS * answered / most})
    return {
        "width": WIDTH,
        "height": top + BARS,
        "foot": top + BARS,
        "plot": PLOT,
        "wide": wide,
        "most": most if most >= COUNTS_FROM or most in asked else None,
        "marks": marks,
        "bars": bars,
    }
