"""Two hundred steps where there is no network, in a browser that is killed, over a wire that loses answers."""

from __future__ import annotations

import asyncio
import random

from playwright.async_api import Playwright

from tests.web.staff.away import World, waits, world
from tests.web.staff.offline import WAITING, keep_pages, log, phone, press_and_die

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
        for place, number in enumerate(numbers):
            for step in WAY:
                if chance.random() < 0.05:
                    await page.goto(f"{world.url}/staff/orders/{number}")
                    await press_and_die(page, number, step, chance)
                    page = await one.page()
                await log(page, world.url, number, step)
            if place == 25:
                await one.kill()
                page = await one.start()
        assert len(await page.evaluate(WAITING)) == 200
        assert [len(await world.shop.events(number)) for number in numbers] == [1] * 50
        await one.kill()

        world.wire.loses = lambda: chance.random() < 0.15
        world.wire.up = True
        page = await one.start()
        await page.goto(f"{world.url}/staff/me")
        while await page.evaluate(WAITING):
            await asyncio.sleep(0.3)
            if chance.random() < 0.3:
                await page.close()
                page = await one.page()
                await page.goto(f"{world.url}/staff/me")
            else:
                await page.evaluate("dispatchEvent(new Event('online'))")
    assert world.wire.lost > 10
    anders = await world.shop.person_id("anders")
    for number in numbers:
        told = (await world.shop.events(number))[1:]
        assert [event.step for event in told] == list(WAY)
        assert {event.person_id for event in told} == {anders}
        assert [event.at for event in told] == sorted(event.at for event in told)
        assert all(event.at < event.recorded_at for event in told)
