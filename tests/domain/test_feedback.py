from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storefront_trace.domain.errors import Invalid
from storefront_trace.domain.feedback import (
    LONGEST_WORDS,
    Answer,
    check_answer,
    parse_choice,
    shared_with_person,
    shares_at,
)

NOW = datetime(2026, 11, 22, tzinfo=UTC)
DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)
ALLOWED = ("well_packed", "fast", "kind", "clear", "careful", "on_time", "late", "damaged")


def test_an_answer_is_kept_in_one_form() -> None:
    answer = check_answer("thanks", ["fast", "kind", "fast"], "  Vilket fint paket!\r\n\x00", allowed=ALLOWED)
    assert answer == Answer("thanks", ("fast", "kind"), "Vilket fint paket!")


def test_chips_and_words_are_optional() -> None:
    assert check_answer("concern", [], "", allowed=()) == Answer("concern")


def test_chips_left_ticked_from_the_other_choice_are_dropped() -> None:
    assert check_answer("concern", ["fast", "late"], "", allowed=ALLOWED).chips == ("late",)
    assert check_answer("thanks", ["fast", "late"], "", allowed=ALLOWED).chips == ("fast",)


def test_a_chip_of_the_shops_own_goes_with_either_choice() -> None:
    assert check_answer("thanks", ["gift_wrap"], "", allowed=("gift_wrap",)).chips == ("gift_wrap",)


@pytest.mark.parametrize(
    ("choice", "chips", "words", "field"),
    [
        ("", [], "", "choice"),
        ("5", [], "", "choice"),
        ("THANKS", [], "", "choice"),
        ("thanks", ["invented"], "", "chips"),
        ("thanks", list(ALLOWED[:6]), "", "chips"),
        ("thanks", [], "x" * (LONGEST_WORDS + 1), "words"),
        ("thanks", [], "x" * 1_000_000, "words"),
    ],
)
def test_what_does_not_fit_is_refused_at_its_field(choice: str, chips: list[str], words: str, field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        check_answer(choice, chips, words, allowed=ALLOWED)
    assert [name for name, _ in refusal.value.errors] == [field]
    assert "%(" not in str(refusal.value)


def test_words_are_counted_after_what_hides_is_gone() -> None:
    assert len(check_answer("thanks", [], "å\u202e" * LONGEST_WORDS, allowed=()).words) == LONGEST_WORDS


def test_a_choice_is_one_of_two() -> None:
    assert parse_choice("thanks") == "thanks"
    assert parse_choice("concern") == "concern"


def test_thanks_reach_the_person_at_once() -> None:
    assert shared_with_person("thanks", None, NOW, NOW, False)


def test_a_concern_waits_for_the_owner_and_fourteen_days_at_most() -> None:
    assert not shared_with_person("concern", None, NOW, NOW, False)
    assert not shared_with_person("concern", None, NOW, NOW + 14 * DAY - SECOND, False)
    assert shared_with_person("concern", None, NOW, NOW + 14 * DAY, False)
    assert shared_with_person("concern", NOW + DAY, NOW, NOW + DAY, False)
    assert shares_at(NOW) == NOW + 14 * DAY


def test_a_shop_may_share_sooner_and_never_later_than_promised() -> None:
    assert shared_with_person("concern", None, NOW, NOW + 3 * DAY, False, days=3)
    assert shares_at(NOW, 90) == NOW + 14 * DAY


@given(st.sampled_from(["thanks", "concern"]), st.none() | st.just(NOW), st.integers(0, 1000))
def test_what_was_outside_the_persons_control_never_reaches_them(
    choice: str, shared: datetime | None, days: int
) -> None:
    assert not shared_with_person(parse_choice(choice), shared, NOW, NOW + days * DAY, True)
