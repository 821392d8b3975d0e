from __future__ import annotations

import httpx2
import pytest


@pytest.fixture
def database_url(sqlite_database: str) -> str:
    """Nothing here asks the database."""
    return sqlite_database


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1", 200),
        ("127.0.0.1:8000", 200),
        ("LOCALHOST:1", 200),
        ("[::1]", 200),
        ("[::1]:65535", 200),
        ("127.0.0.1:", 400),
        ("127.0.0.1:8000@evil.example", 400),
        ("127.0.0.1:evil.example", 400),
        ("127.0.0.1:80/evil", 400),
        ("127.0.0.1:123456", 400),
        ("127.0.0.1:8000\u00b2", 400),
        ("evil.example:8000", 400),
        ("evil.example", 400),
    ],
)
async def test_a_host_is_ours_with_any_port_and_with_nothing_else(
    client: httpx2.AsyncClient, host: str, status: int
) -> None:
    for _ in range(2):
        answer = await client.get("/track", headers={b"Host": host.encode("latin-1")})
        assert answer.status_code == status
