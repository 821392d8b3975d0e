"""Schemathesis tries what the OpenAPI document allows, and what it forbids, on every operation."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import strategies as st
from schemathesis.engine import from_schema

from storefront_trace import config
from storefront_trace.actions.desk import Desk
from storefront_trace.actions.tokens import create_token
from storefront_trace.api.document import document
from storefront_trace.app import create_app
from storefront_trace.routes import API
from storefront_trace.storage.database import Database
from storefront_trace.storage.schema import upgrade
from tests.api.callers import ALL_SCOPES
from tests.people import open_shops

SECRET = "a-secret-for-tests-that-is-long-enough-0123456789"
# No schema can say that a step exists, a portrait is a picture, or fewer pieces are waiting than were ordered.
RULES_BEYOND_THE_SCHEMA = {
    "PUT /orders/{number}",
    "POST /orders/{number}/events",
    "POST /orders/{number}/events/{id}/correction",
    "PUT /people/{handle}",
    "PUT /people/{handle}/photo",
    "PUT /steps/{key}",
}
# Random bytes are no picture, and no random id is an event's. tests/api/test_people.py and test_orders.py do these.
NEVER_LUCKY = {"PUT /people/{handle}/photo", "POST /orders/{number}/events/{id}/correction"}
YEARS = (date(2000, 1, 2), date(2026, 11, 1))
CONFIG: dict[str, Any] = {
    "generation": {"max-examples": 12, "deterministic": True, "database": "none", "allow-x00": False},
}


@pytest.fixture
def schema(tmp_path: Path) -> Any:
    url = f"sqlite:///{tmp_path}/test.db"
    # Schemathesis calls the application in its own thread, as http://testserver.
    settings = config.load({"DATABASE_URL": url, "SECRET_KEY": SECRET, "PUBLIC_URL": "http://testserver"}, tmp_path)
    token = asyncio.run(_prepared(settings))
    schemathesis.openapi.format("date", st.dates(*YEARS).map(str))
    schemathesis.openapi.format("date-time", st.dates(*YEARS).map(lambda day: f"{day}T09:14:00+01:00"))
    told = schemathesis.Config.from_dict({**CONFIG, "headers": {"Authorization": f"Bearer {token}"}})
    return schemathesis.openapi.from_asgi("/api/v1/openapi.json", create_app(settings), config=told)


def test_nothing_that_is_sent_breaks_a_promise_of_the_document(schema: Any) -> None:
    failures: list[str] = []
    fine: Counter[str] = Counter()
    for event in from_schema(schema).execute():
        if type(event).__name__ in ("NonFatalError", "FatalError"):
            failures.append(repr(event))
        if type(event).__name__ == "ScenarioFinished":
            failures += _failures(event)
            fine.update(_went_well(event))
    assert failures == []
    assert _labels() - NEVER_LUCKY - {"GET /openapi.json"} <= set(fine)


def _failures(event: Any) -> list[str]:
    found = []
    for case_id, checks in event.recorder.checks.items():
        for check in checks:
            if str(check.status) != "success" and not _is_a_rule(event, case_id, check):
                failure = check.failure_info
                found.append(f"{_label(event, case_id)}: {failure.failure.title}\n{failure.code_sample}")
    return found


def _is_a_rule(event: Any, case_id: str, check: Any) -> bool:
    """A refusal with a reason, of what only the shop's own rules can judge. Our own examples have to pass."""
    answer, label = event.recorder.interactions[case_id].response, _label(event, case_id)
    ours = str(getattr(event.phase, "name", event.phase)).upper() == "EXAMPLES" and label not in NEVER_LUCKY
    judged = check.name == "positive_data_acceptance" and label in RULES_BEYOND_THE_SCHEMA
    return judged and answer.status_code == 422 and not ours


def _went_well(event: Any) -> list[str]:
    answered = ((case_id, each.response) for case_id, each in event.recorder.interactions.items())
    return [_label(event, case_id) for case_id, answer in answered if answer and answer.status_code < 300]


def _label(event: Any, case_id: str) -> str:
    return str(event.recorder.cases[case_id].value.operation.label)


def _labels() -> set[str]:
    paths = document(tuple(API), "").get("paths", {}).items()
    return {f"{method.upper()} {path}" for path, methods in paths for method in methods if method != "parameters"}


async def _prepared(settings: config.Settings) -> str:
    db = Database(settings.database_url)
    await upgrade(db)
    shop = await open_shops(Desk(db, settings.secrets))
    await shop.order()
    token = await create_token(shop.desk, shop.id, "schemathesis", ALL_SCOPES)
    await db.close()
    return token
