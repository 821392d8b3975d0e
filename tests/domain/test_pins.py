from __future__ import annotations

import pytest

from storefront_trace.domain.errors import Invalid
from storefront_trace.domain.pins import TOO_EASY, WRONG_FORM, check_pin


@pytest.mark.parametrize("pin", ["2590", "1235", "112234", "90210", " 4711 ", "1213"])
def test_four_to_six_digits_are_a_pin(pin: str) -> None:
    assert check_pin(pin) == pin.strip()


@pytest.mark.parametrize("pin", ["", "123", "1234567", "12a4", "12 34", "-123", "١٢٣٥", "1235\n1"])
def test_anything_else_is_none(pin: str) -> None:
    with pytest.raises(Invalid) as refused:
        check_pin(pin)
    assert refused.value.field_errors == (("pin", WRONG_FORM),)


@pytest.mark.parametrize(
    "pin",
    [
        *("1234", "4321", "0000", "7777", "456789", "987654", "7890", "0123", "999999", "3210"),
        *("1212", "123123", "121212", "1122", "112233", "1221", "1984", "2026", "2580", "0852", "159753"),
    ],
)
def test_what_everybody_tries_first_is_refused(pin: str) -> None:
    with pytest.raises(Invalid) as refused:
        check_pin(pin)
    assert refused.value.field_errors == (("pin", TOO_EASY),)
