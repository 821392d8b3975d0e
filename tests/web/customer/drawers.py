"""Who draws nothing and keeps what was to be drawn."""

from __future__ import annotations

import asyncio

import pytest
from starlette.applications import Starlette

from storefront_trace.actions.steps import StepToLog, log_step
from storefront_trace.photos.sheets import PNG, Sheet
from tests.people import Shop


class Desk:
    """Draws nothing and remembers what it was asked to draw. Waits while `open` is not set."""

    def __init__(self) -> None:
        self.sheets: list[Sheet] = []
        self.open = asyncio.Event()
        self.open.set()

    async def draw(self, sheet: Sheet) -> bytes:
        self.sheets.append(sheet)
        await self.open.wait()
        return PNG + repr(sheet).encode()

    async def close(self) -> None:
        pass


@pytest.fixture
def desk_of_drawers(app: Starlette) -> Desk:
    app.state.card_worker = Desk()
    found: Desk = app.state.card_worker
    return found


async def packed(shop: Shop, by: str = "anders", hand_to: str | None = None) -> str:
    """The URL of order 1001, packed."""
    await shop.order()
    await log_step(shop.desk, shop.id, "1001", StepToLog("packed", by, hand_to=hand_to))
    return f"/t/{await shop.token()}"
