"""The week in customers' words as a page, and what is switched on and off there."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine

from storefront_trace.actions import questions, rights
from storefront_trace.domain.moments import to_micros
from storefront_trace.storage import accounts, shops
from tests.notify.fridays import FRIDAY, THURSDAY
from tests.people import Shop
from tests.web.owner.answers import put_answer

PATH = "/owner/friday"
WEEK = timedelta(days=7)


async def read(signed_in: Any, query: str = "?lang=en") -> str:
    with time_machine.travel(FRIDAY + timedelta(days=1), tick=False):
        answer = await (await signed_in("olga")).get(f"{PATH}{query}")
    assert answer.status_code == 200
    return str(answer.text)


async def test_the_page_says_what_the_mail_says_with_the_faces(shop: Shop, signed_in: Any) -> None:
    for to in ("lisa", "anders"):
        await put_answer(shop, to, words=f"Tack {to}!", chips=["fast"], created_at=to_micros(THURSDAY))
    html = await read(signed_in)
    assert html.index("Karin to Anders") < html.index("Karin to Lisa") and html.count('class="face"') == 2
    assert "Most often: " in html and "A question to think about together" in html
    assert "The week until 20\u00a0November" in html


async def test_long_words_are_cut_so_that_a_week_fits_on_a_sheet(shop: Shop, signed_in: Any) -> None:
    for to, words in (("anders", "Fint ord " * 200), ("lisa", "a" * 2000)):
        await put_answer(shop, to, words=words, created_at=to_micros(THURSDAY))
    html = await read(signed_in)
    assert html.count(" …</blockquote>") == 2 and html.count("Fint ord") == 31


async def test_other_weeks_are_a_step_away_and_no_other_day_is_a_week(shop: Shop, signed_in: Any) -> None:
    await put_answer(shop, "anders", words="Förra veckan.", created_at=to_micros(THURSDAY - WEEK))
    assert "Förra veckan." not in await read(signed_in)
    html = await read(signed_in, "?week=2026-11-13")
    assert "Förra veckan." in html and f'href="{PATH}?week=2026-11-20"' in html and "?week=2026-11-06" in html
    for asked in ("2026-11-12", "2026-11-27", "0001-01-05", "nonsense!!", "2026-13-45"):
        assert "20\u00a0november" in await read(signed_in, f"?week={asked}")


async def test_an_empty_week_teaches(shop: Shop, signed_in: Any) -> None:
    assert "from Friday afternoon on" in await read(signed_in)


async def test_the_owner_switches_off_the_mails_of_the_whole_shop(shop: Shop, signed_in: Any) -> None:
    olga = await signed_in("olga")
    for wanted in ("", "1"):
        answer = await olga.post(f"{PATH}/mail", data={"friday": wanted})
        assert answer.headers["location"] == f"{PATH}?said={'saved-unsent' if wanted else 'saved'}#mail"
        async with shop.desk.db.read() as conn:
            assert (await shops.get_shop(conn, shop.id)).friday is (wanted == "1")


@pytest.mark.parametrize("role", ["manager", "reader"])
async def test_it_is_the_owners_alone(shop: Shop, signed_in: Any, role: str) -> None:
    await shop.session("anders")
    await rights.set_role(shop.desk, shop.id, "anders", role, "warehouse" if role == "manager" else None)
    one = await signed_in("anders")
    assert (await one.get(PATH)).status_code == 403
    assert PATH not in (await one.get("/owner/reports" if role == "reader" else "/owner/needs")).text


@pytest.mark.parametrize(
    ("hour", "kept"), [("7", 7), ("12", 12), ("", None), ("4", "refused"), ("13", "refused"), ("½", "refused")]
)
async def test_each_owner_chooses_the_hour_of_her_own_morning_mail(
    shop: Shop, signed_in: Any, hour: str, kept: int | str | None
) -> None:
    olga = await signed_in("olga")
    answer = await olga.post("/owner/needs/mail?lang=de", data={"hour": hour})
    assert answer.status_code == (422 if kept == "refused" else 303)
    async with shop.desk.db.read() as conn:
        account = await accounts.find_account(conn, shop.id, await shop.person_id("olga"))
    assert account is not None
    assert account.morning_hour == (None if kept == "refused" else kept)
    html = (await olga.get("/owner/needs?lang=de")).text
    assert (f'<option value="{hour}" selected>' in html) is isinstance(kept, int)


async def test_a_question_that_has_come_to_the_owner_stands_in_what_needs_her(shop: Shop, signed_in: Any) -> None:
    order = await shop.order()
    with time_machine.travel(FRIDAY, tick=False):
        asked = await questions.ask(shop.desk, shop.id, order, "När kommer den?", locale="sv")
        assert f"#question-{asked}" not in (await (await signed_in("olga")).get("/owner/needs")).text
    with time_machine.travel(FRIDAY + timedelta(days=30), tick=False):
        for _ in range(2):
            await questions.pass_on(shop.desk)
        html = (await (await signed_in("olga")).get("/owner/needs?lang=en")).text
    assert f"/owner/questions#question-{asked}" in html and "Karin asked about" in html
