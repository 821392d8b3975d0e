"""Orders with a day, or none, and what page and facts say of it at a given hour."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import time_machine

from storefront_trace.actions.steps import StepToLog, log_step
from storefront_trace.domain.incoming import IncomingLine
from storefront_trace.domain.moments import Moment
from tests.people import Shop
from tests.web.customer.karin import text_of

SV, EN = {"Accept-Language": "sv"}, {"Accept-Language": "en"}
MUG = (IncomingLine("1", "Skrattande mugg", 1),)
NO_PROMISE: dict[str, Any] = {"promise_from": None, "promise_to": None, "lines": MUG}


def moment(day: int, hour: int, minute: int = 0) -> Moment:
    """In November 2026, on the wall in Stockholm."""
    wall = datetime(2026, 11, day, hour, minute, tzinfo=UTC)
    return Moment(wall - timedelta(hours=1), "Europe/Stockholm", "minute")


def at(day: int, hour: int, minute: int = 0) -> time_machine.travel:
    return time_machine.travel(moment(day, hour, minute).instant, tick=False)


async def step(shop: Shop, key: str, by: str | None, when: Moment, **more: Any) -> str:
    return (await log_step(shop.desk, shop.id, "1001", StepToLog(key, by, when, **more))).event.id


async def page(shop: Shop, client: httpx2.AsyncClient, headers: dict[str, str] = SV) -> str:
    answer = await client.get(f"/t/{await shop.token()}", headers=headers)
    assert answer.status_code == 200
    return text_of(answer.text)


async def facts(shop: Shop, client: httpx2.AsyncClient) -> dict[str, Any]:
    found: dict[str, Any] = (await whole(shop, client))["order"]
    return found


async def whole(shop: Shop, client: httpx2.AsyncClient) -> dict[str, Any]:
    found: dict[str, Any] = (await client.get(f"/t/{await shop.token()}.json")).json()
    return found


async def placed(shop: Shop, **changes: Any) -> None:
    """Karin's order, of Monday 16 November at ten, taken by Jocke who gave it to Anders."""
    await shop.order(**(NO_PROMISE | {"placed_at": moment(16, 10).instant} | changes))
    await step(shop, "received", "jocke", moment(16, 10, 5), hand_to="anders")
