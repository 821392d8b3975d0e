"""The one colour that a shop sets, and all that follow from it: the hue stays the shop's, the legibility stays ours.

Finished values: the style sheet and the cards get them from here, so what is tested is what is seen.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import NamedTuple

from storefront_trace.domain.errors import N_, Invalid

_HEX = re.compile(r"#(?:[0-9a-f]{3}|[0-9a-f]{6})", re.ASCII | re.IGNORECASE)
# WCAG 2.2 asks 4.5 of text and 3 of controls; where the shop's colour is free to move we go on to 7.
TEXT, CLEAR, CONTROL = 4.5, 7.0, 3.0
# The grounds and inks of static/app.css, which a test compares.
SCHEMES: Mapping[str, Mapping[str, str]] = {
    "light": {
        "paper": "#faf6ed",
        "paper-2": "#f1eadb",
        "surface": "#fffdf8",
        "ink": "#231c16",
        "ink-2": "#4b4137",
        "line-2": "#857866",
    },
    "dark": {
        "paper": "#1b1713",
        "paper-2": "#28221b",
        "surface": "#241e18",
        "ink": "#f7f0e4",
        "ink-2": "#d3c8b8",
        "line-2": "#978a79",
    },
}
DARK_LETTERS, LIGHT_LETTERS = "#14110d", "#fffdf8"


class Palette(NamedTuple):
    """Finished colours of one scheme. `edge` is the border of what is filled: it stands out where a light fill does
    not. `wash` is a quiet ground, `wash_2` the same under the pointer; `line` is decoration only."""

    fill: str
    on: str
    ink: str
    edge: str
    wash: str
    wash_2: str
    line: str


class Lch(NamedTuple):
    """OKLCH: lightness 0 to 1, chroma, hue in radians."""

    l: float  # noqa: E741 - the letter the colour space is named after
    c: float
    h: float


def parse_colour(text: str) -> str:
    """ "#rgb" or "#rrggbb" as "#rrggbb" in lower case. All else is Invalid, so that no text of a shop gets into CSS."""
    if _HEX.fullmatch(text) is None:
        message = N_("Write the colour as # and six digits, as in #2f5d50.")
        raise Invalid(message, errors=[("colour", message)])
    digits = text[1:].lower()
    return "#" + ("".join(digit * 2 for digit in digits) if len(digits) == 3 else digits)


def contrast(one: str, other: str) -> float:
    """From 1 (equal) to 21 (black on white), in either order. WCAG 2.2 asks 4.5 for text and 3 for controls.

    Formula: WCAG 2.2, "contrast ratio" and "relative luminance" (with the corrected threshold 0.04045).
    """
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@lru_cache(maxsize=500)
def palette(brand: str, scheme: str = "light") -> Palette:
    """`brand` as parse_colour gives it. Every letter in it reaches 4.5 on every ground it is put on, every edge 3."""
    return _light(to_lch(brand)) if scheme == "light" else _dark(to_lch(brand))


def _light(brand: Lch) -> Palette:
    """A light brand (yellow) keeps its colour and gets dark letters; any other is darkened and gets light ones."""
    ground = SCHEMES["light"]
    fill = brand if brand.l >= 0.7 else Lch(min(brand.l, 0.43), min(brand.c, 0.16), brand.h)
    on = DARK_LETTERS if brand.l >= 0.7 else LIGHT_LETTERS
    fill_hex = _moved(fill, 0.01 if brand.l >= 0.7 else -0.01, [(on, CLEAR)])
    wash, wash_2 = _wash(to_hex(brand), ground, 0.10), mixed(to_hex(brand), ground["paper"], 0.18)
    ink = Lch(min(brand.l, 0.385), min(brand.c, 0.14), brand.h)
    return Palette(
        fill=fill_hex,
        on=on,
        ink=_moved(ink, -0.01, [(ground["paper"], CLEAR), *_text_on(ground, wash, wash_2)]),
        edge=_moved(to_lch(fill_hex), -0.01, _control_on(ground, wash)),
        wash=wash,
        wash_2=wash_2,
        line=mixed(to_hex(brand), ground["paper"], 0.45),
    )


def _wash(brand: str, ground: Mapping[str, str], share: float) -> str:
    """Black would make it so dark that the border of a field on it is lost."""
    found = mixed(brand, ground["paper"], share)
    while contrast(found, ground["line-2"]) < CONTROL:
        share -= 0.01
        found = mixed(brand, ground["paper"], share)
    return found


def _dark(brand: Lch) -> Palette:
    ground = SCHEMES["dark"]
    fill_hex = _moved(Lch(max(brand.l, 0.78), min(brand.c, 0.13), brand.h), 0.01, [(DARK_LETTERS, CLEAR)])
    deep = to_hex(Lch(min(brand.l, 0.46), brand.c, brand.h))
    wash, wash_2 = (mixed(deep, ground["paper"], share) for share in (0.26, 0.36))
    ink = Lch(max(brand.l, 0.84), min(brand.c, 0.11), brand.h)
    ink_hex = _moved(ink, 0.01, [(ground["paper"], CLEAR), *_text_on(ground, wash, wash_2)])
    return Palette(
        fill=fill_hex,
        on=DARK_LETTERS,
        ink=ink_hex,
        edge=_moved(to_lch(fill_hex), 0.01, _control_on(ground, wash)),
        wash=wash,
        wash_2=wash_2,
        line=mixed(ink_hex, ground["paper"], 0.55),
    )


def _text_on(ground: Mapping[str, str], *washes: str) -> list[tuple[str, float]]:
    return [(one, TEXT) for one in (ground["paper-2"], ground["surface"], *washes)]


def _control_on(ground: Mapping[str, str], wash: str) -> list[tuple[str, float]]:
    return [(one, CONTROL) for one in (ground["paper"], ground["paper-2"], ground["surface"], wash)]


def _moved(colour: Lch, step: float, wanted: Iterable[tuple[str, float]]) -> str:
    """The colour, made darker or lighter until it stands out from each of these as much as asked; black or white stop
    it, and reach all that is asked for here."""
    asked = list(wanted)
    found = to_hex(colour)
    while any(contrast(found, other) < ratio for other, ratio in asked) and 0 < colour.l < 1:
        colour = colour._replace(l=min(1.0, max(0.0, colour.l + step)))
        found = to_hex(colour)
    return found


def mixed(one: str, other: str, share: float) -> str:
    """CSS `color-mix(in oklab, one share, other)`."""
    pairs = zip(_to_lab(one), _to_lab(other), strict=True)
    l, a, b = (x * share + y * (1 - share) for x, y in pairs)  # noqa: E741
    return to_hex(Lch(l, math.hypot(a, b), math.atan2(b, a)))


def to_lch(colour: str) -> Lch:
    l, a, b = _to_lab(colour)  # noqa: E741
    return Lch(l, math.hypot(a, b), math.atan2(b, a))


def to_hex(colour: Lch) -> str:
    """The nearest colour that a screen has: the same lightness and hue, as much of the chroma as fits."""
    low, high = 0.0, colour.c
    if _fits(rgb := _to_rgb(colour)):
        return _hex(rgb)
    for _ in range(16):
        middle = (low + high) / 2
        low, high = (middle, high) if _fits(_to_rgb(colour._replace(c=middle))) else (low, middle)
    return _hex(_to_rgb(colour._replace(c=low)))


def _luminance(colour: str) -> float:
    red, green, blue = _channels(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _channels(colour: str) -> tuple[float, float, float]:
    """Linear light, 0 to 1."""
    digits = parse_colour(colour)[1:]
    red, green, blue = (_linear(int(digits[at : at + 2], 16) / 255) for at in (0, 2, 4))
    return red, green, blue


def _linear(channel: float) -> float:
    value: float = channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
    return value


def _to_lab(colour: str) -> tuple[float, float, float]:
    """Formula and numbers: Björn Ottosson, "A perceptual color space for image processing" (OKLab), 2021."""
    red, green, blue = _channels(colour)
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    medium = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    return (
        0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short,
    )


def _to_rgb(colour: Lch) -> tuple[float, float, float]:
    """Linear light; outside of 0 to 1 where no screen shows it."""
    a, b = colour.c * math.cos(colour.h), colour.c * math.sin(colour.h)
    long = (colour.l + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (colour.l - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (colour.l - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )


def _fits(rgb: tuple[float, float, float]) -> bool:
    return all(-0.0005 <= channel <= 1.0005 for channel in rgb)


def _hex(rgb: tuple[float, float, float]) -> str:
    return "#" + "".join(f"{round(255 * _shown(min(1.0, max(0.0, channel)))):02x}" for channel in rgb)


def _shown(channel: float) -> float:
    value: float = channel * 12.92 if channel <= 0.0031308 else 1.055 * channel ** (1 / 2.4) - 0.055
    return value
