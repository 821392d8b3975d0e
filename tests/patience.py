"""How long anything may take before it counts as broken: the machine may be old, and busy with other tests."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

PATIENCE = 60  # seconds


async def until(what: Callable[[], bool | Awaitable[bool]]) -> None:
    """Waits for what comes by itself, however long the machine takes for it."""
    async with asyncio.timeout(PATIENCE):
        while not (found if isinstance(found := what(), bool) else await found):
            await asyncio.sleep(0.01)
