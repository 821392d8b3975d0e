from __future__ import annotations

import pytest

from storefront_trace.web.languages import Catalogue, catalogue
from storefront_trace.web.owner.base import alphabetical
from storefront_trace.web.owner.greeting import counted, hello, summary


def test_the_first_sentence_says_whether_anybody_needs_the_owner() -> None:
    found = summary(2, 1, 11, catalogue("sv"))
    assert found == ("<strong>Två saker att ta hand om</strong>, en sak att titta till och elva tack den här veckan.")


def test_a_quiet_day_is_one_short_sentence() -> None:
    assert summary(0, 0, 0, Catalogue("en")) == "<strong>Nothing to take care of</strong>."


def test_one_of_each_is_said_in_the_singular() -> None:
    found = summary(1, 1, 1, Catalogue("en"))
    assert found.striptags() == "One thing to take care of, one thing to look in on and one thank-you this week."


def test_numbers_from_thirteen_on_are_digits() -> None:
    assert counted(13, "one thing to take care of", "%(n)s things to take care of", catalogue("sv")).startswith("13 ")


@pytest.mark.parametrize(
    ("hour", "said"), [(6, "Good morning, Maria"), (10, "Hello, Maria"), (18, "Good evening, Maria")]
)
def test_the_greeting_follows_the_shops_clock(hour: int, said: str) -> None:
    assert hello(hour, "Maria", Catalogue("en")) == said


def test_swedish_letters_come_last_and_other_accents_beside_their_letter() -> None:
    assert sorted(
        ["Öberg", "Zoë", "Ärla", "anna", "Åsa", "Émile", "Eva"], key=lambda name: alphabetical(name, "sv")
    ) == [
        "anna",
        "Émile",
        "Eva",
        "Zoë",
        "Åsa",
        "Ärla",
        "Öberg",
    ]


@pytest.mark.parametrize(
    ("language", "names"),
    [
        ("da", ["Anna", "Zoë", "Ærlig", "Østen", "Åse"]),
        ("sv", ["Anna", "Zoë", "Åse", "Ærlig", "Østen"]),
        ("de", ["Ærlig", "Anna", "Åse", "Østen", "Zoë"]),
    ],
)
def test_names_stand_where_the_reader_looks_for_them(language: str, names: list[str]) -> None:
    assert sorted(reversed(names), key=lambda name: alphabetical(name, language)) == names
