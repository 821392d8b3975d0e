"""Stamps for people and teams without a picture."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storefront_trace.photos.initials import GROUNDS, INK, initials, stamp


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Anders", "A"),
        ("anders", "A"),
        ("åsa östlund", "ÅÖ"),
        ("Łukasz Żak", "ŁŻ"),
        ("Őri", "Ő"),
        ("A\u030asa", "Å"),
        ("Anna-Lena af Åkerö", "AÅ"),
        ("Karl (Kalle) Ek", "KE"),
        ("J", "J"),
        ("x\u030cen", "X\u030c"),
        ("ßen", "ß"),
        ("李 雷", "李雷"),
        ("محمد علي", "مع"),
        ("24 Packers", "2P"),
        ("🎉", "•"),
        ("🎉 Lisa", "L"),
        ("", "•"),
        ("  \u202e\u200b ", "•"),
        ("\u202eLisa", "L"),
        ("<script>", "S"),
        ("& < >", "•"),
    ],
)
def test_initials_are_the_first_letters_a_reader_would_say(name: str, letters: str) -> None:
    assert initials(name) == letters


def luminance(colour: str) -> float:
    channels = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("colour", [colour for ground in GROUNDS for colour in ground])
def test_letters_stand_out_from_every_ground(colour: str) -> None:
    assert (luminance(colour) + 0.05) / (luminance(INK) + 0.05) >= 6.4


def test_the_colour_follows_the_key_and_not_the_name() -> None:
    assert stamp("Anders", "k").replace(b">A<", b">B<") == stamp("Bertil", "k")
    assert len({stamp("Anders", str(key)) for key in range(200)}) == len(GROUNDS)


@given(st.text(max_size=40), st.text(alphabet=st.characters(codec="utf-8"), max_size=40))
def test_no_name_and_no_key_becomes_anything_but_a_drawing_with_a_few_letters(name: str, key: str) -> None:
    root = ElementTree.fromstring(stamp(name, key))
    assert [child.tag.split("}")[1] for child in root] == ["path", "circle", "text"]
    assert 1 <= len(root[2].text or "") <= 6
