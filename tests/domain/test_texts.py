from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storefront_trace.domain.errors import Invalid
from storefront_trace.domain.texts import clean_words, hidden_at, label_within, words_within


@pytest.mark.parametrize(
    "char", ["\x00", "\n", "\u200b", "\u202e", "\u2066", "\ufeff", "\u00ad", "\u2028", "\u3164", "\ue000"]
)
def test_a_character_that_does_not_show_is_found(char: str) -> None:
    assert hidden_at(f"Kå{char}rin") == 2


@pytest.mark.parametrize("text", ["Karin", "Åsa-Märta O’Neill", "李小龍", "Zoë", "محمد", "🌻"])
def test_what_people_write_shows(text: str) -> None:
    assert hidden_at(text) is None


def test_words_keep_their_lines_and_lose_what_hides() -> None:
    assert clean_words("  Hej\r\n\r\n\r\n\r\npå\tdig\u202e!\x00 \n") == "Hej\n\npå dig!"


def test_words_keep_emoji_that_are_joined_from_several() -> None:
    family, wales = "👩\u200d👧", "🏴\U000e0067\U000e0062\U000e0077\U000e006c\U000e0073\U000e007f"
    assert clean_words(family + wales) == family + wales


def test_words_are_composed() -> None:
    assert clean_words("a\u030a") == clean_words("a\u202e\u030a") == "å"


@given(st.text(max_size=300))
def test_cleaned_words_stay_as_they_are_when_cleaned_again(text: str) -> None:
    once = clean_words(text)
    assert clean_words(once) == once
    assert unicodedata.is_normalized("NFC", once)


def test_words_over_the_limit_are_refused_at_their_field() -> None:
    assert words_within(" hej ", 3, field="note") == "hej"
    with pytest.raises(Invalid) as refusal:
        words_within("hejsan", 3, field="note")
    assert refusal.value.errors == (("note", "Please shorten the text to 3 characters."),)


@pytest.mark.parametrize("text", ["", "   ", "abcd", "a\u200bb"])
def test_a_label_is_short_and_can_be_seen(text: str) -> None:
    with pytest.raises(Invalid):
        label_within(text, 3, field="name")
