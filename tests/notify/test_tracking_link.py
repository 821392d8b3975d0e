from __future__ import annotations

import asyncio

import httpx2
from starlette.applications import Starlette

from storefront_trace.config import Settings
from storefront_trace.domain.clock import now_micros
from storefront_trace.notify.mails import compose
from storefront_trace.storage import outbox
from tests.notify.postman import text_of
from tests.patience import PATIENCE
from tests.people import Shop


async def test_the_mail_with_the_link_shows_the_order_as_it_is_when_it_is_read(
    app: Starlette, client: httpx2.AsyncClient, shop: Shop, settings: Settings
) -> None:
    await shop.order()
    await client.post("/track", data={"number": "1001", "email": "karin@example.com"})
    async with asyncio.timeout(PATIENCE):
        while not (found := await claimed(shop)):
            await asyncio.sleep(0)
    html = text_of(await compose(shop.desk, settings, found[0], app.state.voice), "html")
    page = f"{settings.public_url}/t/{await shop.token()}"
    assert f'<a href="{page}" style="text-decoration:none;"><img src="{page}/strip.png?lang=sv"' in html
    assert 'alt="Se vem som har din beställning nu"' in html
    assert (await client.get(f"{page}/strip.png?lang=sv")).headers["content-type"] == "image/png"


async def claimed(shop: Shop) -> list[outbox.Notice]:
    async with shop.desk.db.write() as conn:
        return [one for one in await outbox.claim_notices(conn, now_micros(), now_micros() + 1)]
