from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storefront_trace.domain import roster
from storefront_trace.domain.roster import MOST_PEOPLE, left_over, read_list

Told = tuple[str, str, str]
TOO_LONG = "Write 1 to %(most)s characters."


def told(text: str) -> list[Told]:
    return [(row.name, row.email, row.role) for row in read_list(text, {}) if row.error is None]


@pytest.mark.parametrize(
    "line",
    [
        "Anders\tanders@example.com\tlagret",
        "Anders;anders@example.com;lagret",
        '"Anders","anders@example.com","lagret"',
        "anders@example.com, Anders, lagret",
        "Anders, lagret, anders@example.com",
        "Anders <anders@example.com> lagret",
        "  - Anders <anders@example.com>, lagret",
        "1. Anders anders@example.com lagret",
        "Namn;E-post;Roll\nAnders;anders@example.com;lagret",
        "Name\tE-mail address\tRole\n\nAnders\tanders@example.com\tlagret\n\n",
    ],
)
def test_a_person_is_told_in_many_ways(line: str) -> None:
    assert told(line) == [("Anders", "anders@example.com", "lagret")]


def test_the_receivers_of_a_mail_are_a_person_each() -> None:
    line = '"Berg, Anders" <anders@example.com>'
    assert told("Anders Berg <anders@example.com>, Lisa <lisa@example.com>; Sam <sam@example.com>") == [
        ("Anders", "anders@example.com", ""),
        ("Lisa", "lisa@example.com", ""),
        ("Sam", "sam@example.com", ""),
    ]
    assert [name for name, _, _ in told(f"{line}, Lisa <lisa@example.com>")] == ["Anders", "Lisa"]


def test_a_name_alone_is_a_person() -> None:
    assert told("Anders\nLisa Öberg") == [("Anders", "", ""), ("Lisa", "", "")]


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("Anders Ek; anders@example.com; lagret", "Anders"),
        ('"Berg, Anders" <anders@example.com>', "Anders"),
        ("Anna-Karin Ek anna@example.com", "Anna-Karin"),
        ("J.R.R. Berg", "J.R.R."),
        ("Anders\u00a0Ek\tanders@example.com", "Anders"),
    ],
)
def test_nobodys_surname_comes_from_a_list(line: str, name: str) -> None:
    """A person agrees to a first name, and customers read what stands there."""
    assert [found for found, _, _ in told(line)] == [name]


@pytest.mark.parametrize(
    "line",
    [
        "Kalle, kalle(at)example.com",
        "Kalle; kalle [AT] example.com; lagret",
        "Kalle, kalle ( at ) example",
        "Kalle\tkalle.ek.example.com",
        "Kalle kalle.example.com",
        "Kalle, lagret @ Malmö",
        "Kalle, kalle@example.com, kalle(at)example.com",
    ],
)
def test_what_looks_like_an_address_is_nobodys_place_of_work(line: str) -> None:
    assert [row.error for row in read_list(line, {})] == [roster.NO_ADDRESS]


def test_two_of_one_name_are_told_apart_by_their_addresses() -> None:
    assert [row.error for row in read_list("Sam\nSam\nSam sam@example.com", {"elsa": "Elsa"})] == [
        None,
        roster.SAME_NAME,
        None,
    ]
    assert [row.error for row in read_list("ELSA\nElsa elsa@example.com", {"elsa": "Elsa"})] == [roster.SAME_NAME, None]


def test_what_is_not_understood_is_told_by_its_line_and_stays() -> None:
    text = (
        "Anders;anders@example.com\nElsa elsa@example\n\nlisa@example.com\nBo;anders@example.com\nSam sam@a.se x@a.se"
    )
    rows = read_list(f"{text}\n{'x' * 41}\nKarin;KARIN@example.com", {"karin@example.com": "Karin"})
    wrong = {row.line: row.error for row in rows if row.error}
    assert wrong == {
        2: roster.NO_ADDRESS,
        4: roster.NO_NAME,
        5: roster.TWICE,
        6: roster.TWO_ADDRESSES,
        7: TOO_LONG,
        8: roster.KNOWN,
    }
    assert left_over(text, wrong) == "Elsa elsa@example\nlisa@example.com\nBo;anders@example.com\nSam sam@a.se x@a.se"


@given(st.text(max_size=300))
def test_nothing_pasted_is_lost_or_crashes(text: str) -> None:
    rows = read_list(text, {})
    assert len(rows) <= MOST_PEOPLE
    kept = left_over(text, {row.line for row in rows})
    assert all(row.text in kept for row in rows)
    assert [(row.line, row.text) for row in read_list(kept, {})] == [] or kept


@pytest.mark.parametrize(
    "line",
    [
        "<" + "@" * 19_000,
        "<" + " " * 9_000 + "@ " * 5_000 + "x",
        '"a,' + " " * 19_000 + "<",
        "a@" + "b" * 19_000,
        "<x@" * 6_000,
        "> " * 9_000,
    ],
    ids=lambda line: line[:6],
)
def test_a_line_made_to_be_slow_is_only_a_line(line: str) -> None:
    """Read by an expression that tries every split of it, each of these would take minutes to days."""
    assert len(read_list(line, {})) <= 1
