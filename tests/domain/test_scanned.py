from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storefront_trace.domain.scanned import from_elsewhere, is_of_shop, order_code, parcel_code, parcel_codes, shop_mark


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("1001", "1001"),
        ("  #1001\r\n", "1001"),
        ("\x1d1001\t", "1001"),
        ("https://shop.example/staff/scan?code=1001", "1001"),
        ("https://shop.example/staff/scan?code=%231001&lang=sv", "1001"),
        ("http://127.0.0.1:8100/staff/scan?code=2026%2F17", "2026/17"),
        ("http://127.0.0.1:8100/staff/scan?shop=1a2b3c&code=2026%2F17", "2026/17"),
        ("https://shop.example/staff/orders/2026%2F17?page=2", "2026/17"),
        ("https://shop.example/staff/orders/2026%2F17/slip", "2026/17"),
        ("https://shop.example/staff/orders/1001/pause/ordered", "1001"),
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


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("httpsÖ--shop.example-staff-scan_code´1001", "1001"),
        ("HTTPSÖ--SHOP.EXAMPLE-STAFF-SCAN_CODE´1001", "1001"),
        ("httpÖ--127.0.0.1Ö8100-staff-scan_code´%232026%2F17", "2026/17"),
        ("httpÖ--127.0.0.1Ö8100-staff-scan_shop´1a2b3c/code´%232026%2F17", "2026/17"),
        ("httpsÖ--shop.example-staff-scan_code´A+17", "A-17"),
    ],
)
def test_a_scanner_with_another_keyboard_means_the_same(typed: str, meant: str) -> None:
    assert order_code(typed) == meant


@pytest.mark.parametrize(
    "read",
    [
        "1001",
        "#1001",
        "",
        "https://shop.example/staff/scan?code=1001",
        "http://shop.example/staff/orders/1001",
        "httpsÖ--shop.example-staff-scan_code´1001",
        "http://localhost:8100/staff/scan?code=1001",
    ],
)
def test_a_number_and_our_own_address_are_from_here(read: str) -> None:
    assert not from_elsewhere(read, "https://shop.example", "http://localhost:8100")


@pytest.mark.parametrize(
    "read",
    [
        "https://other.example/staff/scan?code=1001",
        "httpsÖ--other.example-staff-scan_code´1001",
        "https://shop.example.evil.example/staff/scan?code=1001",
        "https://carrier.example/track/RR1",
    ],
)
def test_another_shops_slip_is_not_from_here(read: str) -> None:
    assert from_elsewhere(read, "https://shop.example")


@pytest.mark.parametrize("shop_id", ["0" * 26 + "1a2b3c", "0" * 26 + "ffffff"])
@pytest.mark.parametrize(
    "read",
    [
        "https://shop.example/staff/scan?shop=1a2b3c&code=1001",
        "https://shop.example/staff/scan?shop=1A2B3C&code=1001\t",
        "httpsÖ--shop.example-staff-scan_shop´1a2b3c/code´1001",
    ],
)
def test_a_slip_is_of_the_shop_that_printed_it(read: str, shop_id: str) -> None:
    assert is_of_shop(read, shop_id) is shop_id.endswith(shop_mark("1a2b3c")) and not from_elsewhere(
        read, "https://shop.example"
    )


@pytest.mark.parametrize(
    "read", ["1001", "", "RR123456789SE", "https://shop.example/staff/scan?code=1001", "https://[shop?shop=1"]
)
def test_what_does_not_say_whose_it_is_is_the_readers(read: str) -> None:
    assert is_of_shop(read, "0" * 26 + "1a2b3c")


@pytest.mark.parametrize(
    ("read", "meant"), [("RR 123 456 789 SE", "RR123456789SE"), ("rr123-456", "RR123456"), ("\x1d37\n", "37")]
)
def test_a_parcels_number_is_the_same_however_it_is_written(read: str, meant: str) -> None:
    assert parcel_code(read) == meant


def test_the_bars_of_a_parcel_may_say_more_than_its_number() -> None:
    serial, american = "373500789123456785", "9400111899223197428490"
    assert serial in parcel_codes(f"(00) {serial}") and f"00{serial}" in parcel_codes(serial)
    assert american in parcel_codes(f"42094105{american}") and american in parcel_codes(f"420941051234{american}")
    assert parcel_codes("  ") == ()


@given(st.text(max_size=200))
def test_anything_at_all_may_stick_on_a_parcel(read: str) -> None:
    assert all(0 < len(code) <= 82 for code in parcel_codes(read))
    from_elsewhere(read, "https://shop.example")
