from __future__ import annotations

from datetime import date

import pytest

from storefront_trace.domain import wall
from storefront_trace.domain.wall import (
    MILESTONES,
    ROOM,
    SECONDS,
    SIZES,
    SLIDES,
    mixed,
    reached,
    sheets,
    size_of,
    slides,
)

SHORT, MEDIUM, LONG, PAGE = "x" * 90, "x" * 200, "x" * 420, "x" * 421


def test_words_have_a_size_by_their_length() -> None:
    assert [size_of(words) for words in (SHORT, MEDIUM, LONG, PAGE)] == ["short", "medium", "long", "page"]
    assert [size_of(words + "x") for words in (SHORT, MEDIUM, LONG)] == ["medium", "long", "page"]


def together(*words: str) -> list[list[str]]:
    return [[size_of(one) for one in slide] for slide in slides(words, str)]


def test_a_slide_holds_as_much_as_can_be_read_from_afar() -> None:
    assert together(SHORT, SHORT, SHORT, SHORT) == [["short"] * 3, ["short"]]
    assert together(MEDIUM, SHORT, MEDIUM, LONG, SHORT) == [["medium", "short"], ["medium"], ["long"], ["short"]]
    assert together() == []


def test_words_that_are_too_long_for_a_screen_are_left_out_and_not_cut() -> None:
    assert together(PAGE) == []
    assert together(SHORT, PAGE, SHORT) == [["short", "short"]]


def test_paper_is_shared_evenly_and_no_sheet_is_fuller_than_it_can_be() -> None:
    def counts(*words: str) -> list[int]:
        found = sheets(words, str)
        assert [one for sheet in found for one in sheet] == list(words)
        return [len(sheet) for sheet in found]

    assert counts() == []
    assert counts(*[SHORT] * 3) == [3]
    assert counts(*["Så fint!"] * 10) == [10]
    assert counts(*["Så fint!"] * 14) == [8, 6]
    assert counts(*["Så fint!"] * 21) == [8, 8, 5]
    assert counts(PAGE * 2, PAGE * 2, PAGE) == [2, 1]


def test_the_screen_asks_again_within_a_minute() -> None:
    found = together(*[LONG] * 30)
    assert len(found) == SLIDES and SLIDES * SECONDS < 60
    assert together(*[LONG] * 4, SHORT, LONG, SHORT, SHORT) == [["long"]] * 4 + [["short"] * 3]
    assert all(room <= ROOM for _, _, room in SIZES)


def test_everybodys_first_comes_before_anybodys_second() -> None:
    assert mixed(["a1", "a2", "a3", "b1", "c1", "b2"], lambda one: one[0]) == ["a1", "b1", "c1", "a2", "b2", "a3"]
    assert mixed([], str) == []


@pytest.mark.parametrize(
    ("count", "number"), [(0, None), (99, None), (100, 100), (499, 100), (500, 500), (12_000, 10_000)]
)
def test_a_milestone_is_the_largest_that_was_reached(count: int, number: int | None) -> None:
    assert reached(count) == number
    assert list(MILESTONES) == sorted(MILESTONES)


@pytest.mark.parametrize(
    ("first", "today", "years"),
    [
        (date(2025, 11, 20), date(2026, 11, 19), None),
        (date(2025, 11, 20), date(2026, 11, 20), 1),
        (date(2025, 11, 20), date(2026, 12, 3), 1),
        (date(2025, 11, 20), date(2026, 12, 4), None),
        (date(2025, 11, 20), date(2025, 11, 20), None),
        (date(2022, 12, 28), date(2026, 1, 3), 3),
        (date(2024, 2, 29), date(2025, 2, 28), None),
        (date(2024, 2, 29), date(2025, 3, 1), 1),
        (date(2024, 2, 29), date(2028, 2, 29), 4),
    ],
)
def test_a_year_since_the_first_is_told_for_two_weeks(first: date, today: date, years: int | None) -> None:
    assert wall.years_since(first, today) == years
