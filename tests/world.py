"""A shop with something of everything in it, for the tests that ask who may see and do what."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from storefront_trace.actions import feedback, questions
from storefront_trace.actions.connections import connect
from storefront_trace.actions.feedback import Answer
from storefront_trace.actions.steps import StepToLog, log_step
from storefront_trace.web.page import look, static
from tests.people import Shop


@dataclass(frozen=True)
class World:
    shop: Shop
    names: dict[str, str]

    def path(self, template: str) -> str:
        return template.format_map(self.names)


@pytest.fixture
def database_url(sqlite_database: str) -> str:
    """Who may come in does not hang on the database, and the table is long."""
    return sqlite_database


@pytest.fixture
async def world(shop: Shop) -> World:
    order_id = await shop.order()
    event = (await log_step(shop.desk, shop.id, "1001", StepToLog("packed", "anders"))).event.id
    other = (await log_step(shop.desk, shop.id, "1001", StepToLog("picked", "anders"))).event.id
    thanks = await feedback.save_feedback(shop.desk, shop.id, order_id, event, Answer("thanks", words="Fint!"))
    concern = await feedback.save_feedback(
        shop.desk, shop.id, order_id, other, Answer("concern", words="Muggen var trasig")
    )
    question = await questions.ask(shop.desk, shop.id, order_id, "Muggen var trasig, vad gör jag?", locale="sv")
    connection = await connect(shop.desk, shop.id, "shopify", "s" * 32, name="Butiken")
    names = {
        "token": await shop.token(),
        "event": event,
        "thanks": thanks.id,
        "concern": concern.id,
        "question": question,
    }
    names |= {"wrong": "A" * 43, "css": static("app.css"), "look": look("#1f6b52"), "connection": connection.id}
    return World(shop, names)
