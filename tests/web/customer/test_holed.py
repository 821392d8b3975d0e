from __future__ import annotations

import pytest
from markupsafe import Markup

from storefront_trace.web.customer.holed import Holed, hole

LINK = Holed(f'<a href="{hole("at")}">{hole("name")}</a>, {hole("name")}')


def test_words_are_escaped_and_what_is_safe_already_is_not_escaped_again() -> None:
    filled = LINK.filled(at="/t/x?a&b", name=Markup("<b>Åsa</b>"))
    assert filled == '<a href="/t/x?a&amp;b"><b>Åsa</b></a>, <b>Åsa</b>'
    assert isinstance(filled, Markup)


def test_what_is_filled_in_makes_no_holes() -> None:
    at = hole("at")
    assert LINK.filled(at="/", name=at) == f'<a href="/">{at}</a>, {at}'


def test_a_name_with_zeros_in_it_is_no_hole() -> None:
    assert Holed(f"C\0at\0 {hole('at')}").filled(at="/") == "C\0at\0 /"


def test_one_filling_leaves_nothing_behind_for_the_next() -> None:
    LINK.filled(at="/one", name="Karin")
    assert LINK.filled(at="/two", name="Olle") == '<a href="/two">Olle</a>, Olle'


def test_a_forgotten_word_is_no_blank() -> None:
    with pytest.raises(KeyError):
        LINK.filled(at="/")


def test_a_percent_sign_in_a_text_stays_one() -> None:
    assert (
        Holed(f'<p style="width:50%">100 % {hole("what")}</p>').filled(what="50 %")
        == '<p style="width:50%">100 % 50 %</p>'
    )


def test_html_goes_in_as_it_is() -> None:
    assert LINK.filled_raw(at="/t/x", name="<b>Åsa</b>") == '<a href="/t/x"><b>Åsa</b></a>, <b>Åsa</b>'
