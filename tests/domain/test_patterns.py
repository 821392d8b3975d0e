"""When to tell the owner that several customers found the same: the rule, and how often it speaks."""

from __future__ import annotations

import random
import statistics
from collections.abc import Iterator

import pytest

from storefront_trace.domain.ladder import (
    PATTERN_MEMORY,
    Pattern,
    pattern,
    shrunken,
    stands_apart,
)

LONG = 60_000


def test_four_concerns_from_different_orders_among_the_last_twenty_are_a_pattern() -> None:
    answers = [(f"order{n}", "concern" if n % 5 == 0 else "thanks") for n in range(20)]
    assert pattern(answers) == Pattern(concerns=4, answers=20)
    assert pattern(answers[1:]) is None


def test_one_unhappy_order_is_no_pattern_however_often_it_answers() -> None:
    assert pattern([("same", "concern")] * 10 + [("b", "concern"), ("c", "concern")]) is None


def test_concerns_before_the_last_twenty_answers_are_forgotten() -> None:
    old = [(f"old{n}", "concern") for n in range(10)]
    assert pattern(old + [(f"new{n}", "thanks") for n in range(18)]) is None
    assert pattern(old + [(f"new{n}", "thanks") for n in range(16)]) == Pattern(concerns=4, answers=20)


def test_a_pattern_lasts_while_three_concerns_are_left_and_does_not_come_back_with_a_third() -> None:
    begun = answers_of("ccct" + "t" * 12 + "c" + "t" * 4)
    assert pattern(begun[:-4]) == Pattern(concerns=4, answers=17)
    assert pattern(begun) == Pattern(concerns=3, answers=20)
    assert pattern(begun + answers_of("t", "later")) is None
    assert pattern(answers_of("c" * 3 + "t" * 18 + "ccc")) is None


def test_a_team_where_one_answer_in_seventeen_is_a_concern_is_prompted_at_most_once_per_250() -> None:
    begins = [sum(beginnings(random.Random(seed), 0.06)) for seed in range(3)]
    assert 250 <= 3 * LONG / sum(begins) <= 320


def test_a_drop_to_a_quarter_of_concerns_is_found_within_twenty_answers_in_four_of_five_runs() -> None:
    dice = random.Random(7)
    new = [answers_until(dice, 0.25) for _ in range(800)]
    known = [answers_until(dice, 0.25, healthy=60) for _ in range(800)]
    assert statistics.median(new) <= 16
    assert statistics.median(known) <= 15
    within = [sum(wait <= 20 for wait in waits) / len(waits) for waits in (new, known)]
    assert within == pytest.approx([0.78, 0.82], abs=0.03)


def test_a_drop_is_found_within_twenty_answers_in_a_shop_that_compares_with_its_others() -> None:
    others = (940, 60)
    dice = random.Random(11)
    assert statistics.median(answers_until(dice, 0.25, others=others) for _ in range(400)) <= 16


@pytest.mark.parametrize(("rate", "reference"), [(0.06, 281), (0.15, 37), (0.25, 16)])
def test_the_first_prompt_comes_about_as_soon_as_in_the_reference_simulation(rate: float, reference: int) -> None:
    dice = random.Random(7)
    waits = [answers_until(dice, rate) for _ in range(400)]
    assert statistics.mean(waits) == pytest.approx(reference, rel=0.15)


@pytest.mark.parametrize(("hits", "n", "rate"), [(4, 20, 0.06), (0, 0, 0.06), (3, 7, 0.25), (20, 20, 0.1)])
def test_a_shrunken_value_is_the_mean_of_the_posterior(hits: int, n: int, rate: float) -> None:
    """By adding up prior times likelihood, which knows nothing of the formula."""
    a, b = 16 * rate + hits, 16 * (1 - rate) + n - hits
    places = [(place + 0.5) / 20_000 for place in range(20_000)]
    weights = [p ** (a - 1) * (1 - p) ** (b - 1) for p in places]
    mean = sum(p * w for p, w in zip(places, weights, strict=True)) / sum(weights)
    assert shrunken(hits, n, rate) == pytest.approx(mean, abs=0.002)


def test_few_answers_stay_near_the_shops_rate_and_many_near_their_own() -> None:
    assert shrunken(0, 0, 0.06) == pytest.approx(0.06)
    assert shrunken(1, 1, 0.06) < 0.12
    assert shrunken(250, 1000, 0.06) == pytest.approx(0.25, abs=0.005)
    assert shrunken(33, 66, 0.0) == pytest.approx(0.5 * 66 / 82)


def test_where_everybody_has_as_many_concerns_nobody_is_picked_out() -> None:
    assert stands_apart(Pattern(4, 20), (90, 10))
    assert not stands_apart(Pattern(4, 20), (80, 20))
    assert stands_apart(Pattern(10, 20), (75, 25))
    assert stands_apart(Pattern(4, 20), (20, 9)), "nine concerns of 29 answers are too few to know the step by"
    assert stands_apart(Pattern(4, 20), (0, 0))


def answers_of(letters: str, name: str = "order") -> list[tuple[str, str]]:
    return [(f"{name}{n}", "concern" if letter == "c" else "thanks") for n, letter in enumerate(letters)]


def beginnings(dice: random.Random, rate: float) -> Iterator[bool]:
    """Of each of many answers, whether a prompt begins with it."""
    answers: list[tuple[str, str]] = []
    shown = False
    for n in range(LONG):
        answers = [*answers[1 - PATTERN_MEMORY :], (str(n), "concern" if dice.random() < rate else "thanks")]
        before, shown = shown, pattern(answers) is not None
        yield shown and not before


def answers_until(dice: random.Random, rate: float, *, healthy: int = 0, others: tuple[int, int] = (0, 0)) -> int:
    """How many answers of a new rate it takes, after so many with 6 % of concerns and no prompt at their end."""
    while True:
        answers = [(str(n), "concern" if dice.random() < 0.06 else "thanks") for n in range(healthy)]
        if pattern(answers) is None:
            break
    while (found := pattern(answers[-PATTERN_MEMORY:])) is None or not stands_apart(found, others):
        answers.append((str(len(answers)), "concern" if dice.random() < rate else "thanks"))
    return len(answers) - healthy
