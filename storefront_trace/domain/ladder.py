"""What small numbers of answers may say: words first, then counts, then a share with its band, then a trend.

People are never compared here: every function looks at one person's, or one team's, answers alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor, sqrt
from typing import Literal

from storefront_trace.domain.errors import N_

Stage = Literal["words", "counts", "early", "full"]
Trend = Literal["up", "down", "steady"]

COUNTS_FROM, EARLY_FROM, FULL_FROM = 5, 15, 30
TREND_WEEKS = 12
# How far back the numbers of a person or team reach.
REPORT_DAYS = 90
PATTERN_WINDOW, PATTERN_CONCERNS, PATTERN_ENDS = 20, 4, 3
# How many answers `pattern` needs: those up to the latest concern, and those after it.
PATTERN_MEMORY = 2 * PATTERN_WINDOW
PATTERN_PROMPT = N_("Consider onboarding or training; plan a one-to-one.")

_Z95 = 1.959963984540054
_HALF_NEEDS = 10
# How many answers weigh as much as what the shop's other answers say, see `shrunken`.
_PRIOR = 16
_APART = 1.5


@dataclass(frozen=True, slots=True)
class Rung:
    """What may be shown. A number that may not is None, so that no page or export can let it slip.

    `share` and `band` are whole percents. `share` is 100 only without any concern and 0 only without any thanks.
    """

    stage: Stage
    thanks: int | None = None
    concerns: int | None = None
    share: int | None = None
    band: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Pattern:
    """`concerns` counts orders, not answers, among the last `answers` answers."""

    concerns: int
    answers: int


def wilson(thanks: int, n: int) -> tuple[float, float]:
    """The 95 % score interval for thanks out of n, as fractions; (0, 1) when nobody has answered.

    Wilson 1927 (J. Am. Stat. Assoc. 22, 209-212), without continuity correction; recommended for small n by Brown, Cai
    and DasGupta 2001 (Stat. Sci. 16, 101-133). Never the Wald interval: it says 100-100 % after three thanks.
    """
    if not 0 <= thanks <= n:
        raise ValueError("thanks must be from 0 to n")
    if n == 0:
        return 0.0, 1.0
    z2 = _Z95 * _Z95
    centre = thanks + z2 / 2
    reach = _Z95 * sqrt(thanks * (n - thanks) / n + z2 / 4)
    # The formula meets 0 and 1 exactly at the ends; floating point does not.
    low = 0.0 if thanks == 0 else (centre - reach) / (n + z2)
    high = 1.0 if thanks == n else (centre + reach) / (n + z2)
    return low, high


def ladder(thanks: int, concerns: int) -> Rung:
    n = thanks + concerns
    if n < COUNTS_FROM:
        return Rung("words")
    if n < EARLY_FROM:
        return Rung("counts", thanks, concerns)
    low, high = wilson(thanks, n)
    stage: Stage = "early" if n < FULL_FROM else "full"
    return Rung(stage, thanks, concerns, _share(thanks, n), (_percent(low), _percent(high)))


def trend(weeks: Sequence[tuple[int, int]]) -> Trend | None:
    """From (thanks, concerns) of each week, oldest first; the last 12 count.

    "up" or "down" only when the bands of the two halves do not overlap, which chance alone brings about in fewer than
    one case in a hundred; else "steady". None while there are too few answers to say even that.
    """
    recent = list(weeks)[-TREND_WEEKS:]
    recent = [(0, 0)] * (TREND_WEEKS - len(recent)) + recent
    before, after = _total(recent[: TREND_WEEKS // 2]), _total(recent[TREND_WEEKS // 2 :])
    if before[1] + after[1] < FULL_FROM or min(before[1], after[1]) < _HALF_NEEDS:
        return None
    (low_before, high_before), (low_after, high_after) = wilson(*before), wilson(*after)
    if low_after > high_before:
        return "up"
    return "down" if high_after < low_before else "steady"


def pattern(answers: Sequence[tuple[str, str]]) -> Pattern | None:
    """From (order id, "thanks" or "concern") of one person's or team's answers to one step, oldest first, at least the
    last PATTERN_MEMORY of them if there are as many.

    It begins with a concern that is the fourth among the last 20 answers, and lasts while three of those last 20 are
    concerns; an order counts once however often it came up. Did it end at once below four, every answer at the edge
    would take the prompt away and bring it back. So made, it comes once in about 280 answers where 6 % are concerns (at
    once: 226). A drop to 25 % is found after 15 answers in the median, 12 when 60 with 6 % came before, and within 20
    in about four of five runs (78 and 82 %): one run in five waits longer. Simulated in the tests.

    Leave out what was outside the person's control. A pattern is a reason to help, never a label: show PATTERN_PROMPT
    with it.
    """
    concerns = [place for place, (_, choice) in enumerate(answers) if choice == "concern"]
    if not concerns:
        return None
    began, now = _window(answers[: concerns[-1] + 1]), _window(answers)
    return now if began.concerns >= PATTERN_CONCERNS and now.concerns >= PATTERN_ENDS else None


def shrunken(hits: int, n: int, rate: float, weight: float = _PRIOR) -> float:
    """The rate behind `hits` out of n, drawn towards `rate`, what the shop's others have at the same step.

    The mean of the beta-binomial posterior, (hits + k * rate) / (n + k): a Beta(k * rate, k * (1 - rate)) prior and a
    binomial count (Gelman et al., Bayesian Data Analysis, 2.4; Robinson, Variance Explained, 2015). k = 16: a person's
    share reaches the reliability n / (n + k) of 0.80 at 66 answers (Nelson et al. 2004, Med. Care 42, found 52 to 91).
    Only prompts use it. Nobody is shown it, and nobody is put in order by it.
    """
    return (hits + weight * rate) / (n + weight)


def stands_apart(found: Pattern, others: tuple[int, int]) -> bool:
    """Whether a pattern is about this person's work rather than about the step: `others` are the (thanks, concerns) of
    everybody else at it. Where one answer in five is a concern whoever did it, no one person is to be talked to.

    At 10 % of concerns and below, every pattern passes; and so it does while the others have too few answers to tell.
    """
    thanks, concerns = others
    n = thanks + concerns
    if n < FULL_FROM:
        return True
    rate = concerns / n
    return shrunken(found.concerns, found.answers, rate) >= _APART * rate


def _window(answers: Sequence[tuple[str, str]]) -> Pattern:
    window = answers[-PATTERN_WINDOW:]
    return Pattern(len({order for order, choice in window if choice == "concern"}), len(window))


def _share(thanks: int, n: int) -> int:
    rounded = (200 * thanks + n) // (2 * n)
    if 0 < thanks < n:
        return min(99, max(1, rounded))
    return rounded


def _percent(fraction: float) -> int:
    return floor(fraction * 100 + 0.5)


def _total(weeks: Sequence[tuple[int, int]]) -> tuple[int, int]:
    thanks = sum(week[0] for week in weeks)
    return thanks, thanks + sum(week[1] for week in weeks)
