from __future__ import annotations

import pytest

from storefront_trace.domain.passkeys import host_of


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("http://localhost:8000", "localhost"),
        ("https://spar.example.com", "spar.example.com"),
        ("http://spar.example.com", None),
        ("http://127.0.0.1:8000", None),
        ("https://192.0.2.7", None),
        ("https://[2001:db8::a]", None),
    ],
)
def test_browsers_make_passkeys_for_names_alone(url: str, host: str | None) -> None:
    assert host_of(url) == host
