"""What the mail server really gets: the bytes, before any program has made them nice again."""

from __future__ import annotations

import re
from dataclasses import replace

import httpx2
import sqlalchemy as sa
from starlette.applications import Starlette

from storefront_trace.actions import shops
from storefront_trace.config import Settings
from storefront_trace.notify import sender
from storefront_trace.storage.tables import notice
from tests.notify.follow.following import Deliver, follow, pack
from tests.notify.postman import Postman
from tests.people import Shop

LONG = "https://bestallningar.en-butik-med-ett-ganska-langt-namn.example.com/spara/din/bestallning"


async def test_the_address_that_stops_the_mails_is_one_line_as_it_is_and_every_other_header_is_short(
    app: Starlette, shop: Shop, client: httpx2.AsyncClient, settings: Settings, postman: Postman, deliver: Deliver
) -> None:
    await shops.set_face(shop.desk, shop.id, name="Łukasz ő ź å " * 5)
    await follow(client, shop)
    await pack(shop)
    await deliver()
    await pack(shop, step="shipped")
    long = replace(settings, public_url=LONG, mail_from="Łódź ő ź å order <orders@example.com>")
    async with shop.desk.db.write() as conn:
        await conn.execute(sa.update(notice).values(due_at=0))
    await sender.send_due(shop.desk, long, app.state.voice)
    for raw, url in zip(postman.raw, ("http://127.0.0.1:8000", LONG), strict=True):
        head = raw.replace(b"\r\n", b"\n").split(b"\n\n")[0].decode("ascii")
        assert re.search(rf"^List-Unsubscribe: <{re.escape(url)}/unfollow/[A-Za-z0-9_-]{{86}}>$", head, re.MULTILINE)
        assert "\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\n" in head
        assert re.search(r"^Message-ID: <[0-9a-f]{32}@\S+>$", head, re.MULTILINE)
        others = [line for line in head.split("\n") if not line.startswith("List-Unsubscribe:")]
        assert max(map(len, others)) <= 78
    assert str(postman.mails[0]["From"]).startswith("Łukasz ő ź å Łukasz")
    assert str(postman.mails[1]["From"]) == "Łódź ő ź å order <orders@example.com>"
