"""Four digits on a shared tablet are no key to a shop: there the owner is a colleague among others."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest

from storefront_trace.actions import feedback, questions, steps
from storefront_trace.actions.feedback import Answer
from storefront_trace.actions.steps import StepToLog
from tests.people import Shop
from tests.web.test_kiosk import PIN, set_pin, shared

SignIn = Any
CORRECT = "/staff/orders/1001/correct"


@pytest.fixture
async def tablet(shop: Shop, client: httpx2.AsyncClient, signed_in: SignIn) -> httpx2.AsyncClient:
    """With Olga at it."""
    tablet = await shared(client, signed_in)
    assert (await tablet.post(await set_pin(shop, "olga"), data={"pin": PIN})).status_code == 303
    return tablet


async def packed(shop: Shop) -> tuple[str, str]:
    """(the order, Anders's step)."""
    order_id = await shop.order()
    return order_id, (await steps.log_step(shop.desk, shop.id, "1001", StepToLog("packed", by="anders"))).event.id


async def test_a_concern_that_the_owner_has_not_shared_is_not_told_there(
    shop: Shop, tablet: httpx2.AsyncClient, signed_in: SignIn
) -> None:
    order_id, event = await packed(shop)
    await feedback.save_feedback(shop.desk, shop.id, order_id, event, Answer("concern", words="Trasig"))
    found = 'name="orders" value="1001"'
    assert found in (await (await signed_in("olga")).get("/staff/orders?problem=concern")).text
    assert found not in (await tablet.get("/staff/orders?problem=concern")).text
    assert 'state--wait">Could' not in (await tablet.get("/staff/orders")).text


async def test_another_teams_step_is_not_corrected_there(
    shop: Shop, tablet: httpx2.AsyncClient, signed_in: SignIn
) -> None:
    _, event = await packed(shop)
    assert CORRECT in (await (await signed_in("olga")).get("/staff/orders/1001")).text
    assert CORRECT not in (await tablet.get("/staff/orders/1001")).text
    assert (await tablet.post(CORRECT, data={"event": event, "reason": "Nej"})).status_code == 403
    assert len(await shop.events()) == 2


async def test_a_question_for_somebody_else_is_not_answered_there(
    shop: Shop, tablet: httpx2.AsyncClient, signed_in: SignIn
) -> None:
    order_id, _ = await packed(shop)
    asked = await questions.ask(shop.desk, shop.id, order_id, "När kommer den?", locale="sv")
    answer = f"/staff/questions/{asked}/answer"
    assert answer in (await (await signed_in("olga")).get("/staff/orders/1001")).text
    assert answer not in (await tablet.get("/staff/orders/1001")).text
    assert (await tablet.post(answer, data={"words": "I morgon"})).status_code == 404
