from __future__ import annotations

from datetime import UTC, datetime
from itertools import product

import pytest

from storefront_trace.domain.errors import Invalid
from storefront_trace.domain.people import (
    VISIBILITIES,
    check_handle,
    clean_display_name,
    clean_role,
    parse_visibility,
    role_in_sentence,
    shown_as,
)

NOW = datetime(2026, 11, 22, tzinfo=UTC)


def test_nobody_is_ever_shown_more_than_they_chose_or_than_the_system_allows() -> None:
    for chosen, ceiling, at, left, faded in product(
        (None, *VISIBILITIES), (None, *VISIBILITIES), (None, NOW), (None, NOW), (False, True)
    ):
        shown = VISIBILITIES.index(shown_as(chosen, at, ceiling, left, faded))
        assert shown <= VISIBILITIES.index(chosen or "team")
        assert ceiling is None or shown <= VISIBILITIES.index(ceiling)
        if at is None or left is not None or faded:
            assert shown == 0


@pytest.mark.parametrize("chosen", VISIBILITIES)
def test_a_choice_is_followed_when_nothing_stands_against_it(chosen: str) -> None:
    assert shown_as(parse_visibility(chosen), NOW, None, None, False) == chosen
    assert shown_as(parse_visibility(chosen), NOW, "photo", None, False) == chosen


def test_a_system_cannot_raise_what_a_person_chose_and_can_lower_it() -> None:
    assert shown_as("name", NOW, "photo", None, False) == "name"
    assert shown_as("photo", NOW, "name", None, False) == "name"
    assert shown_as(None, None, "photo", None, False) == "team"


@pytest.mark.parametrize("text", ["", "Photo", "everything", "team "])
def test_a_visibility_is_one_of_three_words(text: str) -> None:
    with pytest.raises(Invalid, match="team, name or photo"):
        parse_visibility(text)


@pytest.mark.parametrize("handle", ["anders", "a", "7", "anna-karin-2", "a" * 40])
def test_a_handle_is_taken_as_it_is(handle: str) -> None:
    assert check_handle(handle) == handle


@pytest.mark.parametrize("handle", ["", "-a", "Anders", "a" * 41, "åsa", "a b", "a_b", "a\n", "a/b", "a.b", "а"])
def test_a_handle_that_does_not_fit_a_url_is_refused(handle: str) -> None:
    with pytest.raises(Invalid) as refusal:
        check_handle(handle)
    assert refusal.value.errors[0][0] == "handle"


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Anders", "Anders"),
        ("  Anna  Karin ", "Anna Karin"),
        ("A\u030asa", "Åsa"),
        ("O’Neill", "O’Neill"),
        ("李", "李"),
    ],
)
def test_a_display_name_is_kept_in_one_form(typed: str, name: str) -> None:
    assert clean_display_name(typed) == name


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " ",
        "x" * 41,
        "x" * 100_000,
        "An\u200bders",
        "\u202eAnders",
        "An\x00ders",
        "...",
        "\u3164",
        "An\u2066ders",
        "🌻",
    ],
)
def test_a_display_name_that_hides_something_or_is_none_is_refused(typed: str) -> None:
    with pytest.raises(Invalid) as refusal:
        clean_display_name(typed)
    assert refusal.value.errors[0][0] == "display_name"


def test_a_name_of_forty_letters_fits_also_when_typed_in_pieces() -> None:
    assert clean_display_name("a\u030a" * 40) == "å" * 40


def test_a_role_may_be_empty_and_not_long() -> None:
    assert clean_role("  ") == ""
    assert clean_role(" lagret ") == "lagret"
    with pytest.raises(Invalid, match="60"):
        clean_role("x" * 61)


@pytest.mark.parametrize(
    ("role", "language", "text"),
    [
        ("lagret", "sv", "lagret"),
        ("varastolta", "fi", "varastolta"),
        ("asiakaspalvelusta", "fi", "asiakaspalvelusta"),
        ("varasto", "fi", "(varasto)"),
        ("aus dem Lager", "de", "aus dem Lager"),
        ("Lager", "de", "(Lager)"),
        ("Vertrieb", "de", "(Vertrieb)"),
        ("", "de", ""),
    ],
)
def test_a_role_follows_a_name_without_a_case_of_its_own(role: str, language: str, text: str) -> None:
    assert role_in_sentence(role, language) == text
