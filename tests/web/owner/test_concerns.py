from __future__ import annotations

from datetime import timedelta
from typing import Any

import time_machine

from storefront_trace.actions.feedback import Answer, save_feedback
from storefront_trace.actions.steps import StepToLog, log_step
from storefront_trace.domain.clock import now_micros
from storefront_trace.domain.moments import from_micros
from storefront_trace.storage import feedback, reports
from storefront_trace.storage.feedback import Feedback
from tests.people import Shop
from tests.web.owner.answers import put_answer

PATH = "/owner/concerns"
WORDS = "Lådan var onödigt stor."


async def concern(shop: Shop, by: str | None = "anders", **changes: Any) -> Feedback:
    """Karin's, about the packing of her order."""
    order = await shop.order()
    logged = await log_step(shop.desk, shop.id, "1001", StepToLog("packed", by=by))
    told = Answer(**{"choice": "concern", "words": WORDS, "chips": ("packaging",), **changes})
    return await save_feedback(shop.desk, shop.id, order, logged.event.id, told)


async def test_a_concern_comes_with_words_order_step_and_person(shop: Shop, signed_in: Any) -> None:
    await concern(shop)
    html = (await (await signed_in("olga")).get(f"{PATH}?lang=en")).text
    for told in (WORDS, "the packaging", "Karin", 'href="/staff/orders/1001"', "Packed, Anders"):
        assert told in html


async def test_a_shared_concern_reaches_the_person_at_once(shop: Shop, signed_in: Any) -> None:
    said = await concern(shop)
    anders, owner = await signed_in("anders"), await signed_in("olga")
    assert WORDS not in (await anders.get("/staff/thanks")).text
    answer = await owner.post(f"{PATH}/{said.id}/share")
    assert (answer.status_code, answer.headers["location"].split("#")[0]) == (303, f"{PATH}?said=shared")
    assert WORDS in (await anders.get("/staff/thanks")).text
    assert f"{said.id}/share" not in (await owner.get(PATH)).text


async def test_left_alone_it_reaches_the_person_by_itself_after_fourteen_days(shop: Shop, signed_in: Any) -> None:
    said = await concern(shop)
    now = from_micros(said.created_at)
    with time_machine.travel(now + timedelta(days=14) - timedelta(minutes=1), tick=False):
        anders, owner = await signed_in("anders"), await signed_in("olga")
        assert WORDS not in (await anders.get("/staff/thanks")).text
        assert "at the latest" in (await owner.get(f"{PATH}?lang=en")).text
    with time_machine.travel(now + timedelta(days=14, minutes=1), tick=False):
        assert WORDS in (await anders.get("/staff/thanks")).text
        html = (await owner.get(f"{PATH}?lang=en")).text
    assert "at the latest" not in html and "Shared with Anders" in html


async def test_thanks_changed_into_a_concern_leave_the_owner_all_the_days(shop: Shop, signed_in: Any) -> None:
    """Or a customer could put words before the person that the owner has never had a day to read."""
    said = await concern(shop, choice="thanks", chips=(), words="Fint!")
    first = from_micros(said.created_at)
    with time_machine.travel(first + timedelta(days=13), tick=False):
        edited = await save_feedback(
            shop.desk, shop.id, said.order_id, said.event_id, Answer("concern", words=WORDS, chips=())
        )
        assert (edited.created_at, edited.concern_at) == (said.created_at, now_micros())
    with time_machine.travel(first + timedelta(days=26, hours=23), tick=False):
        anders, owner = await signed_in("anders"), await signed_in("olga")
        assert WORDS not in (await anders.get("/staff/thanks")).text
        assert "at the latest" in (await owner.get(f"{PATH}?lang=en")).text
    with time_machine.travel(first + timedelta(days=27, minutes=1), tick=False):
        assert WORDS in (await anders.get("/staff/thanks")).text
        assert "at the latest" not in (await owner.get(f"{PATH}?lang=en")).text


async def test_a_shop_that_shares_sooner_says_so(shop: Shop, signed_in: Any) -> None:
    await concern(shop)
    owner = await signed_in("olga")
    assert "14 days" in (await owner.get(f"{PATH}?lang=en")).text
    await owner.post("/owner/shop", data={"share_days": "3"})
    html = (await owner.get(f"{PATH}?lang=en")).text
    assert "3 days" in html and "14 days" not in html


async def test_a_reply_stands_on_the_customers_page(shop: Shop, signed_in: Any, client: Any) -> None:
    said = await concern(shop)
    owner = await signed_in("olga")
    answer = await owner.post(f"{PATH}/{said.id}/reply", data={"words": "Det ska vi göra bättre."})
    assert answer.status_code == 303
    assert "Det ska vi göra bättre." in (await owner.get(PATH)).text
    assert "Det ska vi göra bättre." in (await client.get(f"/t/{await shop.token()}")).text


async def test_a_refused_reply_keeps_what_was_typed(shop: Shop, signed_in: Any) -> None:
    said = await concern(shop)
    long = "Förlåt! " * 200
    answer = await (await signed_in("olga")).post(f"{PATH}/{said.id}/reply?lang=en", data={"words": long})
    assert answer.status_code == 422
    assert long.strip() in answer.text
    assert f'href="#reply-{said.id}"' in answer.text


async def test_outside_the_persons_control_leaves_their_view_and_stays_marked_in_the_shops(
    shop: Shop, signed_in: Any
) -> None:
    said = await concern(shop)
    anders, owner = await signed_in("anders"), await signed_in("olga")
    await owner.post(f"{PATH}/{said.id}/share")
    await owner.post(f"{PATH}/{said.id}/outside")
    assert WORDS not in (await anders.get("/staff/thanks")).text
    html = (await owner.get(f"{PATH}?lang=en")).text
    assert WORDS in html and "Outside the control of Anders" in html
    async with shop.desk.db.read() as conn:
        assert await reports.count_choice(conn, shop.id, "concern", 0) == 1


async def test_what_is_taken_care_of_has_a_tab_of_its_own_and_all_of_it_is_shown_on_demand(
    shop: Shop, signed_in: Any
) -> None:
    said = await concern(shop)
    for place in range(12):
        await put_answer(
            shop, "lisa", "concern", words=f"Gammalt {place:02}", done_at=now_micros(), created_at=place + 1
        )
    owner = await signed_in("olga")
    assert (await owner.post(f"{PATH}/{said.id}/done")).headers["location"] == f"{PATH}?said=done"
    open_ones = (await owner.get(PATH)).text
    assert WORDS not in open_ones and "Gammalt" not in open_ones
    html = (await owner.get(f"{PATH}?stage=closed")).text
    assert f"{said.id}/done" not in html and WORDS in html
    assert "Gammalt 11" in html and "Gammalt 00" not in html
    assert f"{PATH}?all=1&amp;stage=closed" in html
    assert "Gammalt 00" in (await owner.get(f"{PATH}?all=1")).text


async def test_open_concerns_come_twenty_at_a_time(shop: Shop, signed_in: Any) -> None:
    for place in range(21):
        await put_answer(shop, "lisa", "concern", words=f"Nummer {place:02}", created_at=now_micros() + place)
    owner = await signed_in("olga")
    first = (await owner.get(PATH)).text
    assert "Nummer 20" in first and "Nummer 00" not in first
    async with shop.desk.db.read() as conn:
        last = (await feedback.list_feedback(conn, shop.id, choice="concern"))[1]
    second = (await owner.get(f"{PATH}?before={last.created_at}-{last.id}")).text
    assert "Nummer 00" in second and "Nummer 01" not in second
    assert f"before={last.created_at}-{last.id}" in first
    assert (await owner.get(f"{PATH}?before=nonsense")).status_code == 200


async def test_a_concern_about_a_team_is_shared_with_the_team(shop: Shop, signed_in: Any) -> None:
    said = await concern(shop, by=None)
    owner, sam = await signed_in("olga"), await signed_in("sam")
    assert "Shared with the warehouse team" in (await owner.get(f"{PATH}?lang=en")).text
    await owner.post(f"{PATH}/{said.id}/share")
    assert WORDS in (await sam.get("/staff/thanks")).text


async def test_thanks_cannot_be_shared_or_marked(shop: Shop, signed_in: Any) -> None:
    thanks = await put_answer(shop, "anders")
    owner = await signed_in("olga")
    assert (await owner.post(f"{PATH}/{thanks}/share")).status_code == 403
    assert (await owner.post(f"{PATH}/{'0' * 32}/share")).status_code == 404
