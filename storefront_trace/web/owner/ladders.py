"""The numbers of one person or team as the page draws them: what may not be shown yet is not handed to it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from storefront_trace.domain import ladder
from storefront_trace.domain.errors import N_
from storefront_trace.web.languages import Catalogue

Weeks = Sequence[tuple[int, int]]

WORDS = {"up": N_("upwards"), "down": N_("downwards"), "steady": N_("even")}
SPAN = 4  # weeks behind each point of the drawing: a single week has too few answers to say anything
FEWEST = 5


def ladder_view(answers: tuple[int, int], steps: int, weeks: Weeks, texts: Catalogue) -> dict[str, Any]:
    """See templates/owner/_ladder.html. Shares are from 0 to 1, of whole percents."""
    rung = ladder.ladder(*answers)
    counted = rung.stage != "words"
    return {
        "stage": rung.stage,
        "none": not any(answers),
        "thanks": rung.thanks or 0,
        "concerns": rung.concerns or 0,
        "steps": steps if counted else 0,
        "share": None if rung.share is None else rung.share / 100,
        "low": None if rung.band is None else rung.band[0] / 100,
        "high": None if rung.band is None else rung.band[1] / 100,
        "early": rung.stage == "early",
        "trend": _trend(weeks, texts) if rung.stage == "full" else None,
    }


def _trend(weeks: Weeks, texts: Catalogue) -> dict[str, Any] | None:
    direction = ladder.trend(weeks)
    values = _moving_shares(weeks)
    if direction is None or len(values) < 2:
        return None
    words = texts.gettext(WORDS[direction])
    low, high = round(min(values) * 100), round(max(values) * 100)
    message = N_("Trend over twelve weeks: %(words)s, between %(low)s and %(high)s percent")
    return {"values": values, "words": words, "label": texts.say(message, words=words, low=low, high=high)}


def _moving_shares(weeks: Weeks) -> list[float]:
    spans = [weeks[end - SPAN : end] for end in range(SPAN, len(weeks) + 1)]
    sums = [(sum(thanks for thanks, _ in span), sum(map(sum, span))) for span in spans]
    return [thanks / n for thanks, n in sums if n >= FEWEST]
