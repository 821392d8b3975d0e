"""Two hundred steps where there is no network, in a browser that is killed, over a wire that loses answers."""

from __future__ import annotations

import random

from playwright.async_api import Playwright

from tests.web.staff.away import World, waits, world
from tests.web.staff.offline import WAITING, keep_pages, log_all, phone, send_all

__all__ = ["waits", "world"]
WAY = ("picked", "packed", "shipped", "delivered")
SEED = 20261122


async def test_two_hundred_steps_are_two_hundred_events(world: World, playwright: Playwright) -> None:
    """Pages are killed while it is logged and while it is sent, the browser too, and answers get lost on their way."""
    chance = random.Random(SEED)
    numbers = [str(1000 + n) for n in range(50)]
    for number in numbers:
        await world.shop.order(number)
    session = await world.shop.session("anders")
    async with phone(playwright, world.folder / "phone", world.url, session) as one:
        page = await one.start()
        await keep_pages(page, world.url, {f"/staff/orders/{number}" for number in numbers})
        world.wire.cut()
        page = await log_all(one, page, numbers, WAY, chance, kills={25})
        assert len(await page.evaluate(WAITING)) == 200
        assert [len(await world.shop.events(number)) for number in numbers] == [1] * 50
        await one.kill()

        world.wire.loses = lambda: chance.random() < 0.15
        world.wire.up = True
        await send_all(one, chance)
    assert world.wire.lost > 10
    anders = await world.shop.person_id("anders")
    for number in numbers:
        told = (await world.shop.events(number))[1:]
        assert [event.step for event in told] == list(WAY)
        assert {event.person_id for event in told} == {anders}
        assert [event.at for event in told] == sorted(event.at for event in told)
        assert all(event.at < event.recorded_at for event in told)
