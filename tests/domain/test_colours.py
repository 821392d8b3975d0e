from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storefront_trace.domain.colours import (
    CLEAR,
    CONTROL,
    SCHEMES,
    TEXT,
    contrast,
    mixed,
    palette,
    parse_colour,
    to_hex,
    to_lch,
)
from storefront_trace.domain.errors import Invalid

schemes = st.sampled_from(sorted(SCHEMES))
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


@given(hexes, schemes)
def test_whatever_colour_a_shop_chooses_every_letter_can_be_read(brand: str, scheme: str) -> None:
    made, ground = palette(brand, scheme), SCHEMES[scheme]
    grounds = [ground["paper"], ground["paper-2"], ground["surface"], made.wash, made.wash_2]
    assert contrast(made.on, made.fill) >= CLEAR
    assert contrast(made.ink, ground["paper"]) >= CLEAR
    assert min(contrast(made.ink, one) for one in grounds) >= TEXT
    for ink in (ground["ink"], ground["ink-2"]):
        assert min(contrast(ink, one) for one in grounds) >= TEXT


@given(hexes, schemes)
def test_whatever_colour_a_shop_chooses_every_edge_can_be_seen(brand: str, scheme: str) -> None:
    made, ground = palette(brand, scheme), SCHEMES[scheme]
    grounds = [ground["paper"], ground["paper-2"], ground["surface"], made.wash]
    assert min(contrast(made.edge, one) for one in grounds) >= CONTROL
    assert min(contrast(ground["line-2"], one) for one in grounds) >= CONTROL
    assert contrast(ground["ink"], made.wash) >= CONTROL  # the focus ring


@pytest.mark.parametrize(("brand", "fill"), [("#1f6b52", "#0b5e46"), ("#ffdd00", "#ffdd00"), ("#000000", "#000000")])
def test_the_colour_stays_the_shops_where_it_can(brand: str, fill: str) -> None:
    assert palette(brand).fill == fill


@given(hexes)
def test_a_colour_comes_back_from_lightness_chroma_and_hue(colour: str) -> None:
    assert to_hex(to_lch(colour)) == colour


def test_mixing_is_what_browsers_do() -> None:
    assert mixed("#1f6b52", "#faf6ed", 0.10) == "#e4e7dc"  # color-mix(in oklab, …) in Chromium
