from __future__ import annotations

from typing import Any

import pytest

from storefront_trace.actions import concerns, feedback, privacy, sides
from storefront_trace.actions.feedback import Answer
from storefront_trace.domain.clock import DAY, now_micros
from storefront_trace.storage import feedback as rows
from tests.people import Shop
from tests.web.staff.test_thanks import said

SignIn = Any
SIDE = "Alla <mindre> lådor var slut den dagen."


async def shared(shop: Shop, by: str | None = "anders") -> str:
    one = await said(shop, "concern", "Lådan var onödigt stor.", by=by)
    await concerns.share_now(shop.desk, shop.id, one)
    return one


async def kept(shop: Shop, one: str) -> rows.Feedback:
    async with shop.desk.db.read() as conn:
        return await rows.get_feedback(conn, shop.id, one)


async def test_ones_side_stands_beside_the_concern_for_oneself_and_the_owner(shop: Shop, signed_in: SignIn) -> None:
    one, anders, olga = await shared(shop), await signed_in("anders"), await signed_in("olga")
    answer = await anders.post(f"/staff/thanks/{one}/side", data={"side": SIDE})
    assert answer.headers["location"] == f"/staff/thanks?said=side#feedback-{one}"
    safe = SIDE.replace("<", "&lt;").replace(">", "&gt;")
    assert safe in (await anders.get("/staff/thanks")).text
    text = (await olga.get("/owner/concerns?lang=sv")).text
    assert safe in text and "Anders ger sin syn på saken" in text
    assert "mindre" not in (await anders.get(f"/t/{await shop.token()}")).text


@pytest.mark.parametrize("who", ["lisa", "olga", "nora"])
async def test_nobody_speaks_for_somebody_else(shop: Shop, signed_in: SignIn, who: str) -> None:
    one = await shared(shop)
    assert (await (await signed_in(who)).post(f"/staff/thanks/{one}/side", data={"side": SIDE})).status_code == 404
    assert (await kept(shop, one)).side is None


async def test_what_has_not_been_shared_has_no_side(shop: Shop, signed_in: SignIn) -> None:
    one, anders = await said(shop, "concern", "Lådan var onödigt stor."), await signed_in("anders")
    answer = await anders.post(f"/staff/thanks/{one}/side", data={"side": "x" * 2000})
    assert answer.status_code == 404 and "onödigt stor" not in answer.text


async def test_neither_thanks_nor_what_is_the_teams_has_a_side(shop: Shop, signed_in: SignIn) -> None:
    anders = await signed_in("anders")
    thanks, team = await said(shop, "thanks", "Fint!"), await shared(shop, by=None)
    for one in (thanks, team):
        assert (await anders.post(f"/staff/thanks/{one}/side", data={"side": SIDE})).status_code == 404
    assert 'name="side"' not in (await anders.get("/staff/thanks")).text


async def test_a_side_can_be_changed_for_two_weeks_and_then_stands(shop: Shop, signed_in: SignIn) -> None:
    one, anders = await shared(shop), await signed_in("anders")
    for words in (SIDE, "Vi har fått hem mindre lådor nu."):
        await anders.post(f"/staff/thanks/{one}/side", data={"side": words})
    found = await kept(shop, one)
    assert found.side == "Vi har fått hem mindre lådor nu."
    async with shop.desk.db.write() as conn:
        await rows.update_feedback(conn, shop.id, one, side_at=now_micros() - 15 * DAY)
    answer = await anders.post(f"/staff/thanks/{one}/side", data={"side": "Nej."})
    assert answer.status_code == 409 and (await kept(shop, one)).side == found.side
    text = (await anders.get("/staff/thanks")).text
    assert "mindre lådor nu" in text and 'name="side"' not in text


async def test_a_side_that_is_too_long_is_shown_again(shop: Shop, signed_in: SignIn) -> None:
    one, anders = await shared(shop), await signed_in("anders")
    answer = await anders.post(f"/staff/thanks/{one}/side", data={"side": "x" * 1001})
    assert answer.status_code == 422 and "x" * 1001 in answer.text and (await kept(shop, one)).side is None


async def test_a_side_goes_with_what_it_was_said_of_and_with_who_said_it(shop: Shop) -> None:
    one = await shared(shop)
    anders = await shop.person_id("anders")
    await sides.say_side(shop.desk, shop.id, one, by_person=anders, words=SIDE)
    assert (await privacy.export_person(shop.desk, shop.id, "anders"))["feedback"][0]["side"] == SIDE
    found = await kept(shop, one)
    await feedback.save_feedback(shop.desk, shop.id, found.order_id, found.event_id, Answer("thanks"))
    assert (await kept(shop, one)).side is None
    await feedback.save_feedback(shop.desk, shop.id, found.order_id, found.event_id, Answer("concern"))
    await concerns.share_now(shop.desk, shop.id, one)
    await sides.say_side(shop.desk, shop.id, one, by_person=anders, words=SIDE)
    await privacy.erase_person(shop.desk, shop.id, "anders")
    assert (await kept(shop, one)).side is None


async def test_a_side_may_name_the_customer_and_goes_when_they_are_erased(shop: Shop) -> None:
    one = await shared(shop)
    await sides.say_side(shop.desk, shop.id, one, by_person=await shop.person_id("anders"), words="Karin ringde.")
    await privacy.erase_customer(shop.desk, shop.id, number="1001")
    assert (await kept(shop, one)).side is None
