"""The last knock that is let through, and the first that is not."""

from __future__ import annotations

import httpx2
import pytest

from storefront_trace.actions import kiosks, signin
from tests.people import Shop

FIND = {"number": "1001", "email": "somebody@example.com"}


@pytest.fixture
def database_url(sqlite_database: str) -> str:
    """The counts live in the process, whatever the database."""
    return sqlite_database


@pytest.mark.parametrize(
    ("method", "path", "form", "allowed", "answer"),
    [
        ("POST", f"/signin/{'A' * 43}", {}, 10, 404),
        ("POST", "/track", FIND, 5, 200),
        ("GET", f"/t/{'A' * 43}", None, 30, 404),
        ("GET", "/t/not-a-token.json", None, 30, 404),
    ],
    ids=["signing in", "looking an order up", "guessing tokens", "guessing tokens of another form"],
)
async def test_one_too_many_is_told_how_long_to_wait(
    shop: Shop,
    client: httpx2.AsyncClient,
    method: str,
    path: str,
    form: dict[str, str] | None,
    allowed: int,
    answer: int,
) -> None:
    answers = [await client.request(method, path, data=form) for _ in range(allowed + 1)]
    assert [one.status_code for one in answers[:-1]] == [answer] * allowed
    assert answers[-1].status_code == 429
    assert int(answers[-1].headers["retry-after"]) >= 1
    assert "<h1>" in answers[-1].text


async def test_a_customer_with_the_right_link_is_never_counted(shop: Shop, client: httpx2.AsyncClient) -> None:
    await shop.order()
    url = f"/t/{await shop.token()}"
    assert {
        (await client.get(url, headers={"Accept-Language": f"sv;q=0.{n % 9 + 1}"})).status_code for n in range(70)
    } == {200}


async def test_who_guesses_links_keeps_nobody_with_a_right_one_out(shop: Shop, client: httpx2.AsyncClient) -> None:
    for _ in range(12):
        await client.post(f"/signin/{'A' * 43}")
    assert (await client.post(f"/signin/{'A' * 43}")).status_code == 429
    async with shop.desk.db.write() as conn:
        cast = await shop.desk.casts.get(conn, shop.id)
        link = await signin.make_link(conn, shop.id, cast.people[await shop.person_id("anders")], "staff")
    assert (await client.post(f"/signin/{link}")).status_code == 303
    _, tablet = await kiosks.make_kiosk(shop.desk, shop.id, "Packbordet")
    assert (await client.post(f"/kiosk/open/{tablet}")).status_code == 303
