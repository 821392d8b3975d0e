"""The one colour that a shop sets. All others follow from it in the style sheet."""

from __future__ import annotations

import re

from storefront_trace.domain.errors import N_, Invalid

_HEX = re.compile(r"#(?:[0-9a-f]{3}|[0-9a-f]{6})", re.ASCII | re.IGNORECASE)


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


def _luminance(colour: str) -> float:
    digits = parse_colour(colour)[1:]
    red, green, blue = (_linear(int(digits[at : at + 2], 16) / 255) for at in (0, 2, 4))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    value: float = channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
    return value
