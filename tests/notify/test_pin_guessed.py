from __future__ import annotations

from starlette.applications import Starlette

from storefront_trace.config import Settings
from tests.actions.tablet import OTHER, fails, tablet, with_pin
from tests.notify.test_questions import mail
from tests.people import Shop


async def test_the_owner_reads_at_how_many_portraits_and_where(app: Starlette, shop: Shop, settings: Settings) -> None:
    packing = await tablet(shop)
    for who in [await with_pin(shop, handle) for handle in ("anders", "lisa", "jocke")]:
        for _ in range(4):
            await fails(shop, packing, who, OTHER)
    message, text = await mail(app, shop, settings, "pin_guessed")
    assert (message["To"], message["Subject"]) == ("olga@example.com", "Någon verkar gissa PIN-koder")
    assert "Packbordet" in text and "3\xa0" in text and "/owner/kiosks" in text
    assert OTHER not in text and "Anders" not in text
