"""A step that a scan passes over: said with the scan, and in the list as long as it is true."""

from __future__ import annotations

from typing import Any

from storefront_trace.actions import corrections, steps
from storefront_trace.actions.steps import StepToLog
from tests.people import Shop
from tests.web.staff.test_row import heard

SignIn = Any


async def test_a_step_that_is_skipped_is_named_with_the_scan(shop: Shop, signed_in: SignIn) -> None:
    await shop.order()
    await steps.log_step(shop.desk, shop.id, "1001", StepToLog("received", by="jocke"))
    anders = await signed_in("anders")
    said = await heard(anders, "1001")
    assert said["kind"] == "logged" and said["said"].endswith("Hoppades över: Plockad")
    page = await anders.get("/staff/row?step=packed&lang=sv")
    assert page.text.count(said["said"]) == 1
    said = await heard(anders, "1001", once="b", step="shipped")
    assert said["kind"] == "logged" and "Hoppades" not in said["said"]
    assert "Hoppades" not in (await anders.get("/staff/row?step=shipped&lang=sv")).text


async def test_what_was_skipped_is_said_no_more_once_the_scan_or_the_gap_is_gone(shop: Shop, signed_in: SignIn) -> None:
    await shop.order()
    await steps.log_step(shop.desk, shop.id, "1001", StepToLog("picked", by="jocke"))
    anders = await signed_in("anders")
    assert "Hoppades" not in (await heard(anders, "1001"))["said"]
    picked = next(one for one in await shop.events() if one.step == "picked")
    await corrections.correct_event(shop.desk, shop.id, "1001", picked.id, by="jocke", source="staff")
    assert "Hoppades över: Plockad" in (await anders.get("/staff/row?step=packed&lang=sv")).text
    form = {"step": "packed", "number": "1001", "event": (await shop.events())[-2].id}
    assert (await anders.post("/staff/row/undo", data=form)).status_code == 303
    assert "Hoppades" not in (await anders.get("/staff/row?step=packed&lang=sv")).text
