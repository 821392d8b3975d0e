from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import time_machine

from storefront_trace.actions import feedback as actions
from storefront_trace.actions import people
from storefront_trace.actions.feedback import Answer
from storefront_trace.actions.people import PersonTold
from storefront_trace.actions.steps import StepToLog, log_step
from storefront_trace.domain.clock import DAY, now_micros
from storefront_trace.domain.ids import new_id
from storefront_trace.domain.incoming import IncomingLine
from tests.people import SOON_AFTER, Shop
from tests.web.owner.answers import put_answer, put_answers

SWEDISH = {"Accept-Language": "sv"}


def part(html: str, name: str) -> str:
    """One person's or team's part of the list, as plain text."""
    found = re.search(rf'<li class="person">(?:(?!</li>).)*?<h3>(?:<a[^>]*>)?{name}<.*?</li>', html, re.S)
    assert found, f"{name} is not on the page"
    return " ".join(re.sub(r"<[^>]+>", " ", found[0].replace("&nbsp;", " ")).split())


async def test_the_owner_reads_the_words_first_and_the_published_wilson_bands(shop: Shop, signed_in: Any) -> None:
    await put_answers(shop, "anders", 46, 3)
    await put_answer(shop, "anders", words="Vilket fint paket!")
    await put_answers(shop, "jocke", 18, 2)
    await put_answers(shop, "lisa", 8, 1)
    owner = await signed_in("olga")
    html = (await owner.get("/owner", headers=SWEDISH)).text
    # 47 of 50 is 84–98 % and 18 of 20 is 70–97 %: reference/per-person-feedback.md, section 2.
    assert "”Vilket fint paket!”" in html or "Vilket fint paket!" in html
    assert "94 % tack" in part(html, "Anders") and "Troligen 84–98 %" in part(html, "Anders")
    assert "90 % tack" in part(html, "Jocke") and "Troligen 70–97 %" in part(html, "Jocke")
    assert "tidigt" in part(html, "Jocke") and "tidigt" not in part(html, "Anders")
    assert "8 tack, 1 att titta på" in part(html, "Lisa") and "%" not in part(html, "Lisa")


async def test_a_person_with_four_answers_has_no_number_anywhere(shop: Shop, signed_in: Any) -> None:
    await put_answers(shop, "anders", 4, 0, order_number="A")
    await shop.order("A")
    await log_step(shop.desk, shop.id, "A", StepToLog("picked", by="anders"))
    owner = await signed_in("olga")
    for path in ("/owner", "/owner/people/anders"):
        html = (await owner.get(path, headers={"Accept-Language": "en"})).text
        numbers = re.search(r'<div class="person__num">.*?</div>', html[html.index("Anders") :], re.S)
        assert numbers is not None
        assert re.findall(r"\d+", re.sub(r"<[^>]+>", "", numbers[0])) == ["5"]  # "Counts are shown from 5 answers"


async def test_everybody_stands_in_alphabetical_order_whatever_the_numbers(shop: Shop, signed_in: Any) -> None:
    await people.put_person(shop.desk, shop.id, "asa", PersonTold("Åsa", {}, "orders"))
    await put_answers(shop, "sam", 6, 0)
    await put_answers(shop, "anders", 0, 6)
    await put_answers(shop, None, 1, 0)
    owner = await signed_in("olga")
    html = (await owner.get("/owner", headers=SWEDISH)).text
    names = re.findall(r"<h3>(?:<a[^>]*>)?([^<]+)<", html)
    assert names == ["Anders", "Jocke", "Lagerteamet", "Lisa", "Sam", "Åsa"]


async def test_each_drawing_says_in_words_what_it_shows(shop: Shop, signed_in: Any) -> None:
    now = now_micros()
    for week in range(12):
        await put_answers(shop, "anders", 4, 0, created_at=now - (week * 7 + 1) * DAY)
    owner = await signed_in("olga")
    html = (await owner.get("/owner", headers=SWEDISH)).text
    drawings = re.findall(r'<svg class="(?:band|trend)"[^>]*>', html)
    assert len(drawings) == 2
    assert all(re.search(r'role="img" aria-label="[^"]{20,}"', drawing) for drawing in drawings)


@time_machine.travel(SOON_AFTER)
async def test_the_first_sentence_counts_concerns_orders_that_stand_still_and_thanks(
    shop: Shop, signed_in: Any
) -> None:
    await put_answer(shop, "anders", "concern", words="Lådan var stor")
    await put_answer(shop, "anders", words="Så fint!")
    await put_answer(shop, "anders")
    now = datetime.now(UTC)
    await shop.order("1001", placed_at=now - timedelta(days=12))
    await shop.order("1002", placed_at=now - timedelta(hours=1))
    owner = await signed_in("olga")
    html = (await owner.get("/owner", headers=SWEDISH)).text
    assert "<strong>En sak att ta hand om</strong>, en sak att titta till och två tack den här veckan." in html
    assert 'Ingen har rört <a href="/staff/orders/1001">1001</a>' in html
    assert 'href="/staff/orders/1002"' not in html


@time_machine.travel(SOON_AFTER)
async def test_an_order_that_waits_for_goods_does_not_stand_still_before_they_come(shop: Shop, signed_in: Any) -> None:
    now = datetime.now(UTC)
    lamp = IncomingLine("2", "Lampa", 1, backordered=1, expected=(now + timedelta(days=9)).date())
    await shop.order("1001", placed_at=now - timedelta(days=3), lines=(lamp,))
    assert 'href="/staff/orders/1001"' not in (await (await signed_in("olga")).get("/owner")).text
    with time_machine.travel(now + timedelta(days=10), tick=False):
        assert 'href="/staff/orders/1001"' in (await (await signed_in("olga")).get("/owner")).text


async def test_the_weeks_thanks_stand_before_the_concerns(shop: Shop, signed_in: Any) -> None:
    await put_answer(shop, "anders", "concern", words="Lådan var stor", first_name="Lena")
    await put_answer(shop, None, words="Tack hela gänget", first_name="Moa")
    owner = await signed_in("olga")
    html = (await owner.get("/owner", headers=SWEDISH)).text
    assert "Moa till lagerteamet" in html
    assert html.index("Tack hela gänget") < html.index("Lådan var stor")


async def test_four_concerns_from_distinct_orders_prompt_for_training_and_not_for_blame(
    shop: Shop, signed_in: Any
) -> None:
    same = new_id()
    for order_id in (same, same, new_id(), new_id()):
        await put_answer(shop, "anders", "concern", order_id=order_id)
    owner = await signed_in("olga")
    prompt = "Consider onboarding or training; plan a one-to-one."
    english = {"Accept-Language": "en"}
    assert prompt not in (await owner.get("/owner", headers=english)).text
    await put_answer(shop, "anders", "concern")
    for path in ("/owner", "/owner/concerns", "/owner/people/anders"):
        assert prompt in (await owner.get(path, headers=english)).text


async def test_what_was_outside_a_persons_control_is_not_in_their_numbers(shop: Shop, signed_in: Any) -> None:
    await put_answers(shop, "lisa", 5, 0)
    order = await shop.order()
    logged = await log_step(shop.desk, shop.id, "1001", StepToLog("packed", by="lisa"))
    said = await actions.save_feedback(shop.desk, shop.id, order, logged.event.id, Answer("concern", words="Sent"))
    owner = await signed_in("olga")
    assert "5 thanks, 1 to look at" in part((await owner.get("/owner?lang=en")).text, "Lisa")
    await owner.post(f"/owner/concerns/{said.id}/outside")
    assert "5 thanks, 0 to look at" in part((await owner.get("/owner?lang=en")).text, "Lisa")


async def test_a_shop_where_nothing_has_happened_has_a_page_too(signed_in: Any) -> None:
    nora = await signed_in("nora")
    answer = await nora.get("/owner")
    assert answer.status_code == 200
    assert "Nothing to take care of" in answer.text
