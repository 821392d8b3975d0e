"""What all tests of following by mail do: Karin asks for the mails, Anders packs, and the page is read."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from email.message import EmailMessage

import httpx2

from storefront_trace.actions.steps import StepToLog, log_step
from storefront_trace.storage import followers
from tests.notify.postman import text_of
from tests.people import Shop

SV = {"Accept-Language": "sv"}
OTHER = "annika@example.org"
Deliver = Callable[[], Awaitable[list[EmailMessage]]]


async def follow(client: httpx2.AsyncClient, shop: Shop, **fields: str) -> httpx2.Response:
    return await client.post(f"/t/{await shop.token()}/follow", data={"wants": "all", **fields}, headers=SV)


async def all_followers(shop: Shop) -> list[followers.Follower]:
    async with shop.desk.db.read() as conn:
        return await followers.list_followers(conn, shop.id, (await shop.row()).id)


async def pack(shop: Shop, **told: object) -> str:
    values = {"step": "packed", "by": "anders", "note": "Dubbelt bubbelplast", **told}
    return (await log_step(shop.desk, shop.id, "1001", StepToLog(**values))).event.id  # type: ignore[arg-type]


async def page_of(client: httpx2.AsyncClient, shop: Shop) -> str:
    html = (await client.get(f"/t/{await shop.token()}", headers=SV)).text
    return " ".join(re.sub(r"<[^>]+>", "", html).replace("\u00a0", " ").split())


def link_in(mail: EmailMessage, part: str) -> str:
    found = re.search(rf"http://127\.0\.0\.1:8000{part}\S+", text_of(mail))
    assert found is not None
    return found[0]
