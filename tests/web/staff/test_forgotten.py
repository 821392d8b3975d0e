"""A page that was being fetched when everything kept was forgotten is not kept after."""

from __future__ import annotations

import asyncio

from playwright.async_api import Browser, Page, Worker

from tests.patience import until
from tests.web.staff.away import World, sign_in, signed_in, waiting, waits, world
from tests.web.staff.offline import KEPT

__all__ = ["waiting", "waits", "world"]
FETCH = """() => {
  globalThis.asked = 0;
  const plain = fetch;
  globalThis.fetch = (...told) => ((asked += 1), plain(...told));
  globalThis.keeping = keepAll(["/staff/orders/1003", "/staff/orders/1004"]);
}"""
KEPT_JS = """document.querySelector("script[src$='/kept.js']").src"""
FORGET = "(address) => import(address).then(() => true)"


async def fetching(page: Page, waiting: World) -> Worker:
    """The worker, which has asked for one more page and is not answered."""
    await waiting.shop.order("1003")
    [worker] = page.context.service_workers
    waiting.wire.holds = asyncio.Event()
    await worker.evaluate(FETCH)

    async def asked() -> bool:
        return bool(await worker.evaluate("asked"))

    await until(asked)
    return worker


async def answered(waiting: World, worker: Worker) -> None:
    assert waiting.wire.holds is not None
    waiting.wire.holds.set()
    await worker.evaluate("keeping.then(() => true)")


async def test_a_page_on_its_way_when_somebody_signs_out_is_not_kept(browser: Browser, waiting: World) -> None:
    async with signed_in(browser, waiting, "anders") as page:
        address = await page.evaluate(KEPT_JS)
        worker = await fetching(page, waiting)
        await page.evaluate(FORGET, address.replace("kept.js", "forget.js"))
        await answered(waiting, worker)
        assert await page.evaluate(KEPT) == []
        assert await worker.evaluate("asked") == 1


async def test_a_page_on_its_way_is_still_kept_when_nobody_leaves(browser: Browser, waiting: World) -> None:
    async with signed_in(browser, waiting, "anders") as page:
        worker = await fetching(page, waiting)
        await answered(waiting, worker)
        assert "/staff/orders/1003" in await page.evaluate(KEPT)


async def test_a_page_on_its_way_for_one_person_is_not_kept_once_another_has_the_phone(
    browser: Browser, waiting: World
) -> None:
    async with signed_in(browser, waiting, "anders") as page:
        worker = await fetching(page, waiting)
        await sign_in(page.context, waiting, "lisa")
        holds, waiting.wire.holds = waiting.wire.holds, None
        await page.goto(f"{waiting.url}/staff")
        lisa = await waiting.shop.person_id("lisa")
        assert holds is not None
        holds.set()
        await worker.evaluate("keeping.then(() => true)")
        names = await page.evaluate("caches.keys()")
        assert [name for name in names if name.startswith("pages:")] in ([], [f"pages:{lisa}"])
