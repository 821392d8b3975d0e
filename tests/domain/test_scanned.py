from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storefront_trace.domain.scanned import order_code


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("1001", "1001"),
        ("  #1001\r\n", "1001"),
        ("\x1d1001\t", "1001"),
        ("https://shop.example/staff/scan?code=1001", "1001"),
        ("https://shop.example/staff/scan?code=%231001&lang=sv", "1001"),
        ("http://127.0.0.1:8100/staff/scan?code=2026%2F17", "2026/17"),
        ("https://shop.example/staff/orders/2026%2F17?page=2", "2026/17"),
        ("A-17/b", "A-17/b"),
    ],
)
def test_a_code_is_read_however_it_was_printed(read: str, meant: str) -> None:
    assert order_code(read) == meant


@pytest.mark.parametrize(
    "read",
    [
        "",
        "#",
        "https://shop.example/t/" + "A" * 43,
        "https://shop.example/staff/scan",
        "http://[",
        "https://elsewhere.example/1001",
        "9" * 65,
    ],
)
def test_what_is_no_number_is_nothing(read: str) -> None:
    assert order_code(read) == ""


@given(st.text(max_size=200))
def test_anything_at_all_can_be_scanned(read: str) -> None:
    assert len(order_code(read)) <= 64
