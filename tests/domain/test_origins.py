from __future__ import annotations

import pytest

from storefront_trace.domain.errors import Invalid
from storefront_trace.domain.origins import parse_origin, parse_origins


@pytest.mark.parametrize(
    ("text", "origin"),
    [
        ("https://www.example.com", "https://www.example.com"),
        ("HTTPS://Shop.Example.com/", "https://shop.example.com"),
        ("https://example.com:443", "https://example.com"),
        ("https://example.com:8443", "https://example.com:8443"),
        ("https://björk.example", "https://xn--bjrk-6qa.example"),
        ("http://localhost:3000", "http://localhost:3000"),
        ("http://127.0.0.1:3000", "http://127.0.0.1:3000"),
    ],
)
def test_an_address_is_written_as_browsers_write_it(text: str, origin: str) -> None:
    assert parse_origin(text) == origin


@pytest.mark.parametrize(
    "text",
    [
        "",
        "www.example.com",
        "http://www.example.com",
        "https://*.example.com",
        "https://*",
        "*",
        "'self'",
        "https://example.com/shop",
        "https://example.com?x=1",
        "https://karin@example.com",
        "https://example.com;script-src",
        "https://example.com\nx",
        "https://example.com, https://evil.example",
        "https://example",
        "https://-a.example.com",
        "https://example.com:0",
        "https://example.com:70000",
        "https://example.com:٣",
        "https://" + "a." * 130 + "com",
        "javascript:alert(1)",
        "data:text/html,x",
        "null",
    ],
)
def test_what_would_let_others_in_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        parse_origin(text)


def test_each_address_counts_once_and_ten_are_enough() -> None:
    assert parse_origins(["https://a.example", "", "https://A.example/"]) == ("https://a.example",)
    assert len(parse_origins(f"https://a{one}.example" for one in range(10))) == 10
    with pytest.raises(Invalid, match="at most ten"):
        parse_origins(f"https://a{one}.example" for one in range(11))
