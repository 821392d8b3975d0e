"""The mails by the clock in every language that we speak."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import time_machine
from starlette.applications import Starlette

from storefront_trace.actions import own_mails
from storefront_trace.config import Settings
from storefront_trace.domain.incoming import IncomingLine
from storefront_trace.domain.moments import to_micros
from storefront_trace.domain.shop import LANGUAGES
from tests.notify.fridays import deliver, let_in
from tests.notify.postman import Postman, text_of
from tests.people import Shop
from tests.web.owner.answers import put_answer

# A Saturday on which the week's mails are caught up with would have no morning's: a Monday has both.
MONDAY = datetime(2026, 11, 30, 6, tzinfo=UTC)
SAID = {
    "en": ("One thing needs you today", "This week's thanks to you", "The week in customers' words"),
    "sv": ("En sak behöver dig i dag", "Veckans tack till dig", "Veckan med kundernas ord"),
    "nb": ("Én ting trenger deg i dag", "Ukens takk til deg", "Uken med kundenes ord"),
    "da": ("En ting har brug for dig i dag", "Ugens tak til dig", "Ugen med kundernes ord"),
    "fi": ("Yksi asia tarvitsee sinua tänään", "Viikon kiitokset sinulle", "Viikko asiakkaiden sanoin"),
    "de": ("Eine Sache braucht dich heute", "Der Dank der Woche an dich", "Die Woche in den Worten der Kundschaft"),
}


@pytest.mark.parametrize("language", LANGUAGES)
async def test_each_is_whole_in_the_readers_language(
    app: Starlette, shop: Shop, mail_settings: Settings, postman: Postman, language: str
) -> None:
    await let_in(shop, "anders")
    await shop.order(lines=(IncomingLine("1", "Mugg", 1),))
    await put_answer(
        shop, "anders", words="Fint!", chips=["fast"], created_at=to_micros(datetime(2026, 11, 26, tzinfo=UTC))
    )
    for handle in ("anders", "olga"):
        await own_mails.set_friday(shop.desk, shop.id, await shop.person_id(handle), True, locale=language)
    await own_mails.set_morning(shop.desk, shop.id, await shop.person_id("olga"), 7, locale=language)
    with time_machine.travel(MONDAY, tick=False):
        await deliver(app, shop, mail_settings)
    assert sorted(str(mail["Subject"]) for mail in postman.mails) == sorted(SAID[language])
    assert {mail["Content-Language"] for mail in postman.mails} == {language}
    english = [line for mail in postman.mails for line in text_of(mail).splitlines() if " the " in line.lower()]
    assert bool(english) is (language == "en")
