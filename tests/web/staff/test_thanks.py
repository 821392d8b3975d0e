from __future__ import annotations

from typing import Any

import pytest

from storefront_trace.actions import concerns, feedback, steps
from storefront_trace.actions.feedback import Answer
from storefront_trace.actions.steps import StepToLog
from storefront_trace.domain.errors import Invalid
from storefront_trace.storage import feedback as rows
from tests.people import Shop

SignIn = Any


async def said(shop: Shop, choice: str, words: str, *, by: str | None = "anders", number: str = "1001") -> str:
    order_id = await shop.order(number)
    logged = await steps.log_step(shop.desk, shop.id, number, StepToLog("packed", by=by))
    answer = Answer(choice, chips=("well_packed",) if choice == "thanks" else (), words=words)
    return (await feedback.save_feedback(shop.desk, shop.id, order_id, logged.event.id, answer)).id


async def test_thanks_are_read_in_the_customers_own_words(shop: Shop, signed_in: SignIn) -> None:
    await said(shop, "thanks", "Vilket <fint> paket!")
    text = (await (await signed_in("anders")).get("/staff/thanks?lang=sv")).text
    assert '<blockquote class="voice">Vilket &lt;fint&gt; paket!</blockquote>' in text
    assert "<li>väl packat</li>" in text and "Karin, order 1001" in text


async def test_a_concern_is_the_owners_until_it_is_shared(shop: Shop, signed_in: SignIn) -> None:
    one = await said(shop, "concern", "Lådan var onödigt stor.")
    anders = await signed_in("anders")
    assert "onödigt stor" not in (await anders.get("/staff/thanks")).text
    assert (await anders.post(f"/staff/thanks/{one}/reply", data={"words": "Oj"})).status_code == 404
    await concerns.share_now(shop.desk, shop.id, one)
    assert "onödigt stor" in (await anders.get("/staff/thanks")).text


@pytest.mark.parametrize("words", ["", "x" * 1001])
@pytest.mark.parametrize("handle", ["anders", "lisa"])
async def test_a_reply_that_is_refused_shows_nothing_that_was_not_shared(
    shop: Shop, signed_in: SignIn, handle: str, words: str
) -> None:
    one = await said(shop, "concern", "Lådan var onödigt stor.")
    answer = await (await signed_in(handle)).post(f"/staff/thanks/{one}/reply", data={"words": words})
    assert answer.status_code == 404 and "onödigt stor" not in answer.text


async def test_the_page_asks_again_whether_a_refused_reply_may_be_shown(
    shop: Shop, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = await said(shop, "concern", "Lådan var onödigt stor.")

    async def refuse(*_: object, **__: object) -> None:
        raise Invalid("Write a line.")

    monkeypatch.setattr(feedback, "reply", refuse)
    answer = await (await signed_in("anders")).post(f"/staff/thanks/{one}/reply", data={"words": "Oj"})
    assert answer.status_code == 404 and "onödigt stor" not in answer.text


async def test_nobody_reads_what_was_said_to_a_colleague(shop: Shop, signed_in: SignIn) -> None:
    one = await said(shop, "thanks", "Vilket fint paket!")
    for handle in ("lisa", "jocke", "nora"):
        other = await signed_in(handle)
        assert "fint paket" not in (await other.get("/staff/thanks")).text
        assert (await other.post(f"/staff/thanks/{one}/reply", data={"words": "Tack"})).status_code == 404


async def test_an_answer_stands_on_the_customers_page(shop: Shop, signed_in: SignIn) -> None:
    one = await said(shop, "thanks", "Vilket fint paket!")
    anders = await signed_in("anders")
    answer = await anders.post(f"/staff/thanks/{one}/reply", data={"words": "Tack Karin, det värmer!"})
    assert (answer.status_code, answer.headers["location"]) == (303, f"/staff/thanks?done=1#feedback-{one}")
    assert "Tack Karin, det värmer!" in (await anders.get(f"/t/{await shop.token()}")).text
    text = (await anders.get("/staff/thanks")).text
    assert "Tack Karin, det värmer!" in text and f"{one}/reply" not in text


@pytest.mark.parametrize("words", ["", "   ", "x" * 1001])
async def test_an_answer_that_is_refused_keeps_its_words(shop: Shop, signed_in: SignIn, words: str) -> None:
    one = await said(shop, "thanks", "Vilket fint paket!")
    answer = await (await signed_in("anders")).post(f"/staff/thanks/{one}/reply", data={"words": words})
    assert answer.status_code == 422 and f">{words}</textarea>" in answer.text
    async with shop.desk.db.read() as conn:
        assert await rows.list_replies(conn, shop.id, [one]) == {}


async def test_thanks_come_in_pages(shop: Shop, signed_in: SignIn) -> None:
    for number in range(1001, 1013):
        by = "anders" if number % 2 else None
        await said(shop, "thanks", f"Tack {number}", by=by, number=str(number))
    anders = await signed_in("anders")
    first = (await anders.get("/staff/thanks")).text
    older = first.split('href="/staff/thanks?before=')[1].split('"')[0]
    second = (await anders.get(f"/staff/thanks?before={older}")).text
    assert [first.count("<article"), second.count("<article")] == [10, 2]
    assert all((f"Tack {n}<" in first) != (f"Tack {n}<" in second) for n in range(1001, 1013))
    assert "before=" not in second


async def test_hidden_concerns_do_not_hide_older_thanks(shop: Shop, signed_in: SignIn) -> None:
    await said(shop, "thanks", "Först av alla", number="1000")
    for number in range(1001, 1023):
        await said(shop, "concern", f"Nja {number}", number=str(number))
    text = (await (await signed_in("anders")).get("/staff/thanks")).text
    assert "Först av alla" in text and "Nja" not in text
