from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import time_machine

from storefront_trace.actions import steps
from storefront_trace.actions.steps import StepToLog
from tests.people import Shop

SignIn = Any
CORRECT = "/staff/orders/1001/correct"
LATER = timedelta(minutes=11)


async def packed(shop: Shop, by: str | None = "anders") -> str:
    await shop.order()
    return (await steps.log_step(shop.desk, shop.id, "1001", StepToLog("packed", by=by))).event.id


async def test_after_ten_minutes_ones_own_step_is_corrected_with_a_reason(shop: Shop, signed_in: SignIn) -> None:
    event = await packed(shop)
    anders = await signed_in("anders")
    assert CORRECT not in (await anders.get("/staff/orders/1001")).text  # undo is enough
    with time_machine.travel(datetime.now(UTC) + LATER, tick=True):
        text = (await anders.get("/staff/orders/1001?lang=en")).text
        assert f'action="{CORRECT}"' in text and "Why was it wrong?" in text
        refused = await anders.post("/staff/orders/1001/undo?lang=en", data={"event": event})
        assert refused.status_code == 409 and "more than ten minutes ago" in refused.text
        answer = await anders.post(CORRECT, data={"event": event, "reason": "Fel låda."})
        assert answer.headers["location"] == "/staff/orders/1001?said=corrected"
        text = (await anders.get("/staff/orders/1001?said=corrected&lang=en")).text
    assert "Taken back by Anders" in text and "Fel låda." in text
    fall = (await shop.events())[-1]
    assert (fall.kind, fall.person_id, fall.reason) == ("correction", await shop.person_id("anders"), "Fel låda.")


async def test_the_customer_reads_what_was_corrected_and_why(shop: Shop, signed_in: SignIn) -> None:
    event = await packed(shop)
    lisa = await signed_in("lisa")
    await lisa.post(CORRECT, data={"event": event, "reason": "Fel låda."})
    token = await shop.token()
    told = (await lisa.get(f"/t/{token}.json")).json()
    assert [one["corrected"] for one in told["events"]] == [False, True]
    assert "Fel låda." in (await lisa.get(f"/t/{token}")).text


async def test_without_a_reason_nothing_is_corrected(shop: Shop, signed_in: SignIn) -> None:
    event = await packed(shop)
    lisa = await signed_in("lisa")
    refused = await lisa.post(CORRECT + "?lang=en", data={"event": event, "reason": " "})
    assert refused.status_code == 422 and "Say in a few words why" in refused.text
    assert '<details class="correct" open>' in refused.text
    assert len(await shop.events()) == 2


async def test_another_teams_step_is_theirs_and_the_owner_can_correct_all(shop: Shop, signed_in: SignIn) -> None:
    event = await packed(shop, by=None)
    jocke, olga = await signed_in("jocke"), await signed_in("olga")
    assert CORRECT not in (await jocke.get("/staff/orders/1001")).text
    refused = await jocke.post(CORRECT, data={"event": event, "reason": "Nej"})
    assert refused.status_code == 403
    assert (await olga.post(CORRECT, data={"event": event, "reason": "Fel order"})).status_code == 303
    assert (await olga.post(CORRECT, data={"event": event, "reason": "En gång till"})).status_code == 303
    assert len(await shop.events()) == 3  # told twice it is one


async def test_the_orders_own_coming_in_is_nobodys_to_take_back(shop: Shop, signed_in: SignIn) -> None:
    await shop.order()
    [came] = await shop.events()
    olga = await signed_in("olga")
    assert CORRECT not in (await olga.get("/staff/orders/1001")).text
    assert (await olga.post(CORRECT, data={"event": came.id, "reason": "Nej"})).status_code == 403
