"""The card of an order says what it is about before its button is pressed."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import time_machine

from storefront_trace.actions import questions, steps
from storefront_trace.actions.steps import StepToLog
from storefront_trace.domain.incoming import IncomingLine
from storefront_trace.domain.orders import Parcel
from tests.people import Shop

SignIn = Any
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
LINES = (
    IncomingLine("1", "Skrattande mugg", 2, variant="Röd"),
    IncomingLine("2", "Igelkottslampa", 1, backordered=1, expected=date(2026, 11, 30)),
    IncomingLine("3", "Anka", 3, backordered=1),
    IncomingLine("4", "Presentkort", 1, shippable=False),
)


async def with_anders(shop: Shop, number: str = "1001", **told: Any) -> str:
    order_id = await shop.order(number, **told)
    await steps.log_step(shop.desk, shop.id, number, StepToLog("received", by="jocke", hand_to="anders"))
    return order_id


def above_the_button(text: str) -> str:
    return text.partition('<details class="order"')[2].partition("btn--go")[0] or text.partition("btn--go")[0]


async def test_what_to_pick_stands_above_the_button_with_what_is_missing(shop: Shop, signed_in: SignIn) -> None:
    with time_machine.travel(NOON, tick=False):
        await with_anders(shop, lines=LINES)
        anders = await signed_in("anders")
        for url in ("/staff?lang=en", "/staff/orders/1001?lang=en"):
            shown = above_the_button((await anders.get(url)).text)
            assert "<b>2 ×</b> Skrattande mugg, Röd" in shown and "Presentkort" not in shown
            assert "Igelkottslampa <span" in shown and "Out of stock, expected Monday 30 November" in shown
            assert "<b>3 ×</b> Anka" in shown and "1 later" in shown


async def test_a_long_list_of_things_is_folded_and_complete(shop: Shop, signed_in: SignIn) -> None:
    await with_anders(shop, lines=tuple(IncomingLine(str(n), f"Sak {n}.", 1) for n in range(20)))
    text = (await (await signed_in("anders")).get("/staff?lang=en")).text
    assert all(f"Sak {n}." in above_the_button(text) for n in range(20)) and "and 12 more" in text


async def test_orders_far_down_in_the_queue_say_what_they_are_about_too(shop: Shop, signed_in: SignIn) -> None:
    for n in range(7):
        await with_anders(shop, str(1001 + n), lines=(IncomingLine("1", f"Sak {n}.", 1),))
    text = (await (await signed_in("anders")).get("/staff?lang=en")).text
    assert all(text.count(f"Sak {n}.") == 1 for n in range(7))


async def test_an_open_question_stands_above_the_button_and_on_the_closed_card(shop: Shop, signed_in: SignIn) -> None:
    order_id = await with_anders(shop)
    asked = await questions.ask(shop.desk, shop.id, order_id, "Kan ni skriva ”Grattis”?", locale="sv")
    anders = await signed_in("anders")
    queue, order = (await anders.get("/staff?lang=en")).text, (await anders.get("/staff/orders/1001?lang=en")).text
    assert "A question waits" in queue.partition("</summary>")[0]
    for shown in (above_the_button(queue), above_the_button(order)):
        assert "Karin asks:" in shown and "Kan ni skriva ”Grattis”?" in shown
        assert f'href="/staff/orders/1001#answer-{asked}">Answer' in shown
    assert f'id="answer-{asked}"' in order
    await questions.answer(
        shop.desk, shop.id, asked, by_person=await shop.person_id("anders"), words="Javisst!", as_owner=False
    )
    assert "asks:" not in above_the_button((await anders.get("/staff?lang=en")).text)


async def test_who_may_not_answer_reads_the_question_there(shop: Shop, signed_in: SignIn) -> None:
    order_id = await with_anders(shop)
    asked = await questions.ask(shop.desk, shop.id, order_id, "Lång fråga. " * 40, locale="sv")
    text = (await (await signed_in("lisa")).get("/staff/orders/1001?lang=en")).text
    assert f'href="/staff/orders/1001#question-{asked}">Read it' in text and f'id="question-{asked}"' in text
    assert "Lång fråga." not in above_the_button(text)  # a quote is whole, or not there


async def test_only_the_last_words_of_a_colleague_stand_above_the_button(shop: Shop, signed_in: SignIn) -> None:
    await shop.order()
    for note, by in (("Den äldre raden.", "jocke"), ("Den nya raden.", "lisa"), ("Min egen rad.", "anders")):
        await steps.log_step(shop.desk, shop.id, "1001", StepToLog("delayed", by=by, note=note, hand_to="anders"))
    shown = above_the_button((await (await signed_in("anders")).get("/staff/orders/1001")).text)
    assert "Den nya raden." in shown and "Den äldre raden." not in shown and "Min egen rad." not in shown


async def test_what_is_late_says_so_in_the_same_words_on_every_page(shop: Shop, signed_in: SignIn) -> None:
    with time_machine.travel(NOON, tick=False):
        await with_anders(shop, promise_from=None, promise_to=date(2026, 11, 20))
        anders = await signed_in("anders")
        for url in ("/staff", "/staff/orders/1001", "/staff/orders"):
            text = (await anders.get(f"{url}?lang=en")).text
            assert text.count("was promised for Friday 20 November") == 1 and "Late" not in text, url


async def test_an_order_says_whom_it_waits_for_and_then_that_the_carrier_has_it(shop: Shop, signed_in: SignIn) -> None:
    await shop.order(lines=(IncomingLine("1", "Mugg", 1),))
    await steps.log_step(shop.desk, shop.id, "1001", StepToLog("received", by="jocke"))
    anders = await signed_in("anders")
    assert "Received, waits for the warehouse team" in (await anders.get("/staff/orders/1001?lang=en")).text
    await steps.log_step(shop.desk, shop.id, "1001", StepToLog("picked", by="lisa", hand_to="anders"))
    assert "Picked, waits for you" in (await anders.get("/staff/orders/1001?lang=en")).text
    told = StepToLog("shipped", by="anders", parcel=Parcel("1", "PostNord", "123"))
    await steps.log_step(shop.desk, shop.id, "1001", told)
    assert "Shipped, now with PostNord" in (await anders.get("/staff/orders/1001?lang=en")).text


async def test_what_is_carried_or_closed_begins_with_a_sentence_and_folds_the_rest(
    shop: Shop, signed_in: SignIn
) -> None:
    await shop.order(lines=(IncomingLine("1", "Mugg", 1),))
    told = StepToLog("shipped", by="anders", parcel=Parcel("1", "PostNord", "123"), lines=(("1", 1),))
    await steps.log_step(shop.desk, shop.id, "1001", told)
    anders = await signed_in("anders")
    before, _, folded = (await anders.get("/staff/orders/1001?lang=en")).text.partition('<details class="others">')
    assert "PostNord is bringing it. Nothing waits for you." in before and 'value="delivered"' in before
    assert 'value="packed"' in folded and 'value="packed"' not in before and 'name="photo"' not in before
    assert "<b>PostNord 123</b><small>Mugg</small>" in folded
    await steps.log_step(shop.desk, shop.id, "1001", StepToLog("delivered", by="anders"))
    before = (await anders.get("/staff/orders/1001?lang=en")).text.partition('<details class="others">')[0]
    assert "All is done here. Nothing waits for you." in before and 'name="step"' not in before


async def test_a_question_is_passed_on_with_a_choice_and_a_button(shop: Shop, signed_in: SignIn) -> None:
    order_id = await with_anders(shop)
    await questions.ask(shop.desk, shop.id, order_id, "Hej?", locale="sv")
    text = (await (await signed_in("anders")).get("/staff/questions?lang=en")).text
    assert 'type="radio" name="to" value="lisa" data-say="Pass it on to Lisa" required' in text
    assert '<button type="submit" class="tile"' not in text
