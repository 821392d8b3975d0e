from __future__ import annotations

import pytest
from starlette.applications import Starlette

from storefront_trace.actions import kiosks, people
from storefront_trace.config import Settings
from storefront_trace.domain.errors import NotAllowed
from storefront_trace.domain.pins import MOST_WRONG
from storefront_trace.notify.letters import CannotSay
from storefront_trace.notify.mails import compose
from tests.actions.tablet import with_pin
from tests.notify.test_questions import mail, notices
from tests.people import Shop


async def rests(shop: Shop) -> None:
    _, link = await kiosks.make_kiosk(shop.desk, shop.id, "Packbordet")
    kiosk, _ = await kiosks.open_kiosk(shop.desk, link)
    anders = await with_pin(shop)
    for _ in range(MOST_WRONG):
        with pytest.raises(NotAllowed):
            await kiosks.sign_in(shop.desk, kiosk, anders, "8351")


async def test_the_owner_reads_whose_it_was_and_where(app: Starlette, shop: Shop, settings: Settings) -> None:
    await rests(shop)
    message, text = await mail(app, shop, settings, "pin_locked")
    assert (message["To"], message["Subject"]) == ("olga@example.com", "Fel PIN-kod fem gånger: Anders")
    assert "Packbordet" in text and "15\xa0minuter" in text and "/owner/people/anders" in text
    assert "8351" not in text


async def test_who_has_left_is_no_news(shop: Shop, settings: Settings) -> None:
    await rests(shop)
    await people.end_employment(shop.desk, shop.id, "anders")
    with pytest.raises(CannotSay):
        await compose(shop.desk, settings, (await notices(shop))["pin_locked"])
