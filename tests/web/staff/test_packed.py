"""Pages are sent packed, and by how long they are nobody learns what stands in them (BREACH)."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.people import Shop

SignIn = Any
SECRET = re.compile(r"/(?:t|signin)/[\w-]{20,}")
MINE = "qwerty"
PAGES = (
    "/staff",
    "/staff/orders",
    "/staff/orders/1001",
    "/staff/orders/1001/pause/delayed",
    "/staff/orders/1001/slip",
    "/staff/scan",
    "/staff/row",
    "/staff/slips",
    "/staff/me",
    "/staff/thanks",
    "/staff/questions",
    "/staff/offline",
)
NAMES = ("q", "code", "said", "done", "undone", "step", "back", "for", "sort", "state", "team", "scanned", "lang", "x")


@pytest.fixture
def database_url(sqlite_database: str) -> str:
    """What is sent here hangs on no database."""
    return sqlite_database


async def test_no_page_with_a_key_in_it_repeats_what_its_address_brings(shop: Shop, signed_in: SignIn) -> None:
    await shop.order("1001")
    anders = await signed_in("anders")
    keys, repeats = set(), set()
    for path in PAGES:
        answer = await anders.get(f"{path}?{'&'.join(f'{name}={MINE}' for name in NAMES)}", follow_redirects=True)
        assert answer.status_code in (200, 404), path
        plain = await anders.get(path, follow_redirects=True)
        keys |= {path} if SECRET.search(answer.text + plain.text) else set()
        repeats |= {path} if MINE in answer.text else set()
    assert "/staff/orders/1001" in keys and "/staff" in repeats
    assert not keys & repeats


async def test_a_packed_page_is_never_as_long_as_the_last_time(shop: Shop, signed_in: SignIn) -> None:
    anders = await signed_in("anders")
    answers = [await anders.get("/staff/offline", headers={"Accept-Encoding": "gzip"}) for _ in range(12)]
    assert {answer.headers["content-encoding"] for answer in answers} == {"gzip"}
    assert len({answer.text for answer in answers}) == 1
    assert len({answer.headers["content-length"] for answer in answers}) > 4
