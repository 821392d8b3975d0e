"""A customer's copy of what is kept about them: theirs, whole, and nobody else's."""

from __future__ import annotations

import json

import pytest

from storefront_trace.actions import concerns, feedback, hold, privacy, sides
from storefront_trace.actions.feedback import Answer
from storefront_trace.actions.steps import StepToLog, log_step
from storefront_trace.storage.customers_own import TABLES, THEIRS, WITHHELD
from tests.people import Shop

EMAIL = "karin@example.com"


@pytest.mark.parametrize("name", TABLES)
def test_each_column_is_the_customers_or_is_not(name: str) -> None:
    columns = set(TABLES[name].c.keys())
    assert columns == set(THEIRS[name]) | (columns & WITHHELD)
    assert not set(THEIRS[name]) & WITHHELD


async def test_the_copy_has_what_they_said_and_nothing_that_staff_keep_to_themselves(shop: Shop) -> None:
    order = await shop.order()
    told = StepToLog("packed", by="anders", note="Dubbelt bubbelplast", device="Anders telefon")
    logged = await log_step(shop.desk, shop.id, "1001", told)
    said = await feedback.save_feedback(
        shop.desk, shop.id, order, logged.event.id, Answer("concern", words="Lådan var stor.")
    )
    olga, anders = await shop.person_id("olga"), await shop.person_id("anders")
    await concerns.note_talk(shop.desk, shop.id, said.id, by_person=olga, notes={"thing": "Hemliga anteckningar"})
    await sides.say_side(shop.desk, shop.id, said.id, by_person=anders, words="Min hemliga sida")
    await hold.hand_order(shop.desk, shop.id, "1001", hold.Deed("anders"), to="lisa", words="Hemligt till Lisa")
    copy = await privacy.export_customer(shop.desk, shop.id, EMAIL)
    text = json.dumps(copy, ensure_ascii=False)
    assert "Lådan var stor." in text and "Dubbelt bubbelplast" in text and EMAIL in text
    for hidden in ("Hemlig", "hemlig", "Anders telefon", anders, olga):
        assert hidden not in text, hidden


async def test_a_persons_own_copy_has_the_talks_that_they_led(shop: Shop) -> None:
    order = await shop.order()
    logged = await log_step(shop.desk, shop.id, "1001", StepToLog("packed", by="anders"))
    said = await feedback.save_feedback(shop.desk, shop.id, order, logged.event.id, Answer("concern"))
    olga = await shop.person_id("olga")
    await concerns.note_talk(shop.desk, shop.id, said.id, by_person=olga, notes={"thing": "Lådan"})
    for handle in ("olga", "anders"):
        [talk] = (await privacy.export_person(shop.desk, shop.id, handle))["talks"]
        assert talk["notes"] == {"thing": "Lådan"}, handle
    assert (await privacy.export_person(shop.desk, shop.id, "lisa"))["talks"] == []


async def test_the_copy_of_one_customer_holds_nothing_of_another(shop: Shop) -> None:
    await shop.order("1001")
    await shop.order("1002", customer_email="leila@example.com", customer_first_name="Leila")
    text = json.dumps(await privacy.export_customer(shop.desk, shop.id, "leila@example.com"), ensure_ascii=False)
    assert "Leila" in text and "1002" in text
    for others in ("Karin", EMAIL, '"1001"'):
        assert others not in text, others
