from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storefront_trace.domain.colours import contrast, parse_colour
from storefront_trace.domain.errors import Invalid

hexes = st.integers(0, 0xFFFFFF).map(lambda value: f"#{value:06x}")


@pytest.mark.parametrize(("text", "colour"), [("#2F5D50", "#2f5d50"), ("#fa0", "#ffaa00"), ("#FFF", "#ffffff")])
def test_a_colour_is_written_in_one_way(text: str, colour: str) -> None:
    assert parse_colour(text) == colour


@pytest.mark.parametrize(
    "text",
    [
        "",
        "red",
        "#12",
        "#1234",
        "#12345678",
        "2f5d50",
        "#2f5d5g",
        "#2f5d50;}",
        "#2f5d50\n",
        "rgb(1,2,3)",
        "#١٢٣",
        "url(#abc)",
    ],
)
def test_anything_else_is_refused_and_never_reaches_a_style_sheet(text: str) -> None:
    with pytest.raises(Invalid, match="six digits"):
        parse_colour(text)


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("#000", "#fff", 21.0),
        ("#777777", "#ffffff", 4.48),
        ("#767676", "#ffffff", 4.54),
        ("#ff0000", "#ffffff", 4.0),
        ("#0000ff", "#ffffff", 8.59),
    ],
)
def test_the_contrast_is_the_one_that_checkers_give(one: str, other: str, ratio: float) -> None:
    assert contrast(one, other) == pytest.approx(ratio, abs=0.005)


@given(hexes, hexes)
def test_a_contrast_is_from_1_to_21_and_the_same_both_ways(one: str, other: str) -> None:
    assert 1 <= contrast(one, other) == contrast(other, one) <= 21.0000001
    assert contrast(one, one) == 1
