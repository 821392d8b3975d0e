from __future__ import annotations

from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storefront_trace.domain.ladder import Rung, ladder, trend, wilson

counts = st.tuples(st.integers(0, 400), st.integers(0, 400))


@pytest.mark.parametrize(
    ("x", "n", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_the_band_is_newcombes_published_one(x: int, n: int, low: float, high: float) -> None:
    assert wilson(x, n) == pytest.approx((low, high), abs=0.00005)


@pytest.mark.parametrize(
    ("thanks", "n", "low", "high"),
    [
        (3, 3, 44, 100),
        (5, 5, 57, 100),
        (10, 10, 72, 100),
        (9, 10, 60, 98),
        (18, 20, 70, 97),
        (28, 30, 79, 98),
        (47, 50, 84, 98),
        (94, 100, 88, 97),
        (20, 22, 72, 97),
        (60, 64, 85, 98),
    ],
)
def test_the_band_in_percent_is_that_of_the_reference_table(thanks: int, n: int, low: int, high: int) -> None:
    assert tuple(round(100 * end) for end in wilson(thanks, n)) == (low, high)
    if n >= 15:
        assert ladder(thanks, n - thanks).band == (low, high)


@given(counts)
def test_the_band_holds_the_share_and_mirrors(pair: tuple[int, int]) -> None:
    thanks, concerns = pair
    n = thanks + concerns
    low, high = wilson(thanks, n)
    assert 0 <= low <= (thanks / n if n else 0.5) <= high <= 1
    assert wilson(concerns, n) == pytest.approx((1 - high, 1 - low))


def test_no_answers_say_nothing() -> None:
    assert wilson(0, 0) == (0.0, 1.0)


@pytest.mark.parametrize(("thanks", "n"), [(-1, 5), (6, 5)])
def test_impossible_counts_are_a_mistake_of_the_caller(thanks: int, n: int) -> None:
    with pytest.raises(ValueError, match="thanks"):
        wilson(thanks, n)


@pytest.mark.parametrize(
    ("n", "stage"),
    [(0, "words"), (4, "words"), (5, "counts"), (14, "counts"), (15, "early"), (29, "early"), (30, "full")],
)
def test_the_rungs_begin_where_the_design_says(n: int, stage: str) -> None:
    for thanks in range(n + 1):
        assert ladder(thanks, n - thanks).stage == stage


@given(counts)
def test_a_rung_gives_away_no_number_before_its_time(pair: tuple[int, int]) -> None:
    rung = ladder(*pair)
    n = sum(pair)
    assert (rung.thanks is None) == (rung.concerns is None) == (n < 5)
    assert (rung.share is None) == (rung.band is None) == (n < 15)


def test_four_answers_leave_only_words() -> None:
    assert ladder(4, 0) == Rung("words", None, None, None, None)


@given(counts.filter(lambda pair: sum(pair) >= 15))
def test_a_share_is_never_rounded_to_all_or_nothing_and_lies_in_its_band(pair: tuple[int, int]) -> None:
    rung = ladder(*pair)
    assert rung.share is not None and rung.band is not None
    assert (rung.share == 100) == (pair[1] == 0)
    assert (rung.share == 0) == (pair[0] == 0)
    assert abs(rung.share - 100 * pair[0] / sum(pair)) <= 1
    assert rung.band[0] <= rung.share <= rung.band[1]


def test_half_a_percent_is_rounded_up() -> None:
    assert ladder(25, 15).share == 63  # 62.5, which Python's round() takes to 62


def test_a_trend_needs_thirty_answers_and_ten_in_each_half() -> None:
    assert trend([]) is None
    assert trend([(2, 0)] * 12) is None
    assert trend([(1, 0)] * 6 + [(9, 0)] * 6) is None
    assert trend([(3, 0)] * 12) == "steady"


def test_a_trend_is_told_when_the_halves_are_clearly_apart() -> None:
    assert trend([(2, 4)] * 6 + [(6, 0)] * 6) == "up"
    assert trend([(6, 0)] * 6 + [(2, 4)] * 6) == "down"
    assert trend([(5, 1)] * 6 + [(6, 0)] * 6) == "steady"


def test_a_trend_looks_at_the_last_twelve_weeks_and_takes_missing_weeks_for_empty() -> None:
    assert trend([(0, 50)] * 20 + [(5, 1)] * 12) == "steady"
    assert trend([(2, 4)] * 6 + [(6, 0)] * 6 + [(6, 0)] * 6) == "steady"
    assert trend([(12, 0)] * 3) is None


@pytest.mark.parametrize(("share", "half"), [(0.94, 15), (0.94, 30), (0.8, 30), (0.5, 40)])
def test_luck_alone_is_called_a_trend_in_fewer_than_one_case_in_a_hundred(share: float, half: int) -> None:
    chance = [comb(half, k) * share**k * (1 - share) ** (half - k) for k in range(half + 1)]
    told = sum(
        chance[a] * chance[b]
        for a in range(half + 1)
        for b in range(half + 1)
        if trend([(a, half - a), *[(0, 0)] * 6, (b, half - b), *[(0, 0)] * 4]) != "steady"
    )
    assert 0 < told < 0.01
