from __future__ import annotations

import asyncio

from structlog.testing import capture_logs

from storefront_trace import background
from tests.patience import PATIENCE


async def test_what_fails_is_logged_by_its_kind_alone_and_the_next_round_comes() -> None:
    stop, rounds = asyncio.Event(), 0

    async def work() -> None:
        nonlocal rounds
        rounds += 1
        if rounds == 3:
            stop.set()
        raise ValueError("karin@example.com")

    with capture_logs() as logged:
        await asyncio.wait_for(background.again(work, stop, 0, trouble="something waits"), PATIENCE)
    assert logged == [{"event": "something waits", "kind": "ValueError", "log_level": "error"}] * 3


async def test_a_pause_ends_at_once_when_the_server_stops() -> None:
    stop = asyncio.Event()
    pausing = asyncio.create_task(background.pause(stop, 3_600))
    await asyncio.sleep(0)
    stop.set()
    await asyncio.wait_for(pausing, PATIENCE)
