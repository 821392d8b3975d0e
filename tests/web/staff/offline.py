"""A phone that can lose the network, its page and its life: Chromium as a process of its own, behind a wire that we
cut. Also for bench/offline.py."""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import shutil
import signal
from collections.abc import AsyncIterator, Callable, Collection, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.async_api import BrowserContext, Page, Playwright

from tests.browser import ARGUMENTS, find_browser
from tests.patience import PATIENCE

SENDING = b"POST /staff/sync"
# The list of what waits, as the page itself reads it.
WAITING = """async () => {
  const { list } = await import(document.querySelector("link[rel=modulepreload][href$='/unsent.js']").href);
  const step = (fields) => fields.find(([name]) => name === "step")?.[1];
  return (await list(document.body.dataset.me)).map(({ order, fields, refused, cancel }) =>
    ({ order, step: step(fields), refused: Boolean(refused), cancel: Boolean(cancel) }));
}"""
PRESS = """([step]) => {
  const form = document.querySelector("form[action$='/log']");
  const button = form.querySelector(`button[name=step][value="${step}"]`);
  if (!button) throw new Error(`no ${step} on ${location.pathname}: ${document.title}, ${document.body.dataset.kept}`);
  form.requestSubmit(button);
}"""
# Until the last line of the dock says it.
PRESS_AND_SEE = """async ([number, step]) => {
  const form = document.querySelector("form[action$='/log']");
  const button = form.querySelector(`button[name=step][value="${step}"]`);
  if (!button) throw new Error(`no ${step} on ${location.pathname}: ${JSON.stringify(document.body.dataset)}`);
  const pause = () => new Promise((done) => setTimeout(done, 5));
  while (form.dataset.sent) await pause();
  form.requestSubmit(button);
  const seen = `${number}: ${(button.querySelector("span")?.firstChild ?? button).textContent.trim()}`;
  while (document.querySelector(".unsent__now li:last-child b")?.textContent !== seen) await pause();
}"""
KEEP = "(keep) => navigator.serviceWorker.ready.then(({ active }) => active.postMessage({ keep }))"
KEPT = """async () => {
  const names = (await caches.keys()).filter((name) => name.startsWith("pages:"));
  const keys = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
  return keys.flat().map(({ url }) => new URL(url).pathname);
}"""


@dataclass
class Wire:
    """Between the browser and the server, on a port of its own. `up`: whether anything goes through; `loses`: whether
    the server's answer to a step gets lost on its way, asked once for each; `holds`: answers wait until it is set;
    `breaks`: the answer to a request that begins like this ends in its middle."""

    port: int = 0
    up: bool = True
    loses: Callable[[], bool] = bool
    holds: asyncio.Event | None = None
    breaks: bytes = b""
    lost: int = 0
    _open: set[asyncio.StreamWriter] = field(default_factory=set)
    _to: int = 0

    @asynccontextmanager
    async def running(self, to: int) -> AsyncIterator[Wire]:
        self._to = to
        async with await asyncio.start_server(self._called, "127.0.0.1", self.port) as server:
            self.port = server.sockets[0].getsockname()[1]
            yield self
            self.cut()

    def cut(self) -> None:
        self.up = False
        for one in list(self._open):
            one.transport.abort()

    async def _called(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not self.up:
            writer.transport.abort()
            return
        there, back = await asyncio.open_connection("127.0.0.1", self._to)
        self._open |= {writer, back}
        asked = [b""]
        try:
            async with asyncio.TaskGroup() as both:
                both.create_task(self._forth(reader, back, asked))
                both.create_task(self._back(there, writer, asked))
        except* (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            self._open -= {writer, back}
            writer.transport.abort()
            back.transport.abort()

    async def _forth(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, asked: list[bytes]) -> None:
        while data := await reader.read(65536):
            asked[0] = asked[0] or data[:200]
            writer.write(data)
            await writer.drain()
        raise ConnectionResetError

    async def _back(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, asked: list[bytes]) -> None:
        while data := await reader.read(65536):
            if asked[0].startswith(SENDING) and self.loses():
                self.lost += 1
                raise ConnectionResetError
            if self.breaks and asked[0].startswith(self.breaks):
                return await self._half(data, reader, writer)
            asked[0] = b""
            if self.holds is not None:
                await self.holds.wait()
            writer.write(data)
            await writer.drain()
        raise ConnectionResetError

    async def _half(self, data: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """The head of the answer and the first of what follows, and no more."""
        while b"\r\n\r\n" not in data or data.endswith(b"\r\n\r\n"):
            data += await reader.read(65536)
        writer.write(data[: data.index(b"\r\n\r\n") + 100])
        await writer.drain()
        writer.close()
        await writer.wait_closed()
        raise ConnectionResetError


@dataclass
class Phone:
    """One browser on one folder: what is on its disk outlives it."""

    playwright: Playwright
    folder: Path
    url: str
    session: str
    context: BrowserContext | None = None
    process: asyncio.subprocess.Process | None = None

    async def start(self) -> Page:
        self.folder.mkdir(exist_ok=True)
        told = self.folder / "DevToolsActivePort"
        told.unlink(missing_ok=True)
        arguments: tuple[str, ...] = (
            *ARGUMENTS,
            "--headless=new",
            f"--user-data-dir={self.folder}",
            "--remote-debugging-port=0",
        )
        arguments += ("--window-size=390,844", "--lang=sv", "about:blank")
        self.process = await asyncio.create_subprocess_exec(
            find_browser(), *arguments, stderr=asyncio.subprocess.DEVNULL, start_new_session=True
        )
        async with asyncio.timeout(PATIENCE):
            while not (told.exists() and "\n" in told.read_text()):
                await asyncio.sleep(0.02)
        port = told.read_text().split()[0]
        browser = await self.playwright.chromium.connect_over_cdp(f"http://127.0.0.1:{port}")
        self.context = browser.contexts[0]
        self.context.set_default_timeout(PATIENCE * 1000)
        cookie: Any = {"name": "session", "value": self.session, "url": self.url}
        await self.context.add_cookies([cookie])
        return await self.context.new_page()

    async def page(self) -> Page:
        assert self.context is not None
        return await self.context.new_page()

    async def kill(self) -> None:
        """As a dead battery does: nothing is told, nothing is put away."""
        if self.process is not None and self.process.returncode is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            await self.process.wait()
        self.process = self.context = None
        for lock in self.folder.glob("Singleton*"):
            lock.unlink(missing_ok=True)


@asynccontextmanager
async def phone(playwright: Playwright, folder: Path, url: str, session: str) -> AsyncIterator[Phone]:
    one = Phone(playwright, folder, url, session)
    try:
        yield one
    finally:
        await one.kill()
        shutil.rmtree(folder, ignore_errors=True)


async def keep_pages(page: Page, url: str, paths: set[str]) -> None:
    """Looks at the queue until these pages are on the phone."""
    await page.goto(f"{url}/staff")
    await page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    while paths - set(await page.evaluate(KEPT)):
        await page.evaluate(KEEP, sorted(paths))
        await page.wait_for_timeout(200)


async def log(page: Page, url: str, number: str, step: str) -> None:
    """Pressed until it is shown as waiting, as a person would. On a busy machine the browser may give up starting its
    worker, once: then the page is opened again."""
    form = page.locator("form[action$='/log']")
    for _ in range(3):
        if page.url == f"{url}/staff/orders/{number}" and await form.count():
            break
        await page.goto(f"{url}/staff/orders/{number}")
    await page.evaluate(PRESS_AND_SEE, [number, step])


async def press_and_die(page: Page, number: str, step: str, chance: random.Random) -> None:
    """The page is closed at any moment around the press."""
    with contextlib.suppress(Exception):
        await page.evaluate(PRESS, [step])
        await asyncio.sleep(chance.random() * 0.03)
    await page.close()


async def log_all(
    one: Phone, page: Page, numbers: Sequence[str], way: Sequence[str], chance: random.Random, kills: Collection[int]
) -> Page:
    """Every step of `way` on every order, of which one in twenty is pressed on a page that is closed then, too; the
    browser is killed after the orders in these places. The page that is open at the end."""
    for place, number in enumerate(numbers):
        for step in way:
            if chance.random() < 0.05:
                await page.goto(f"{one.url}/staff/orders/{number}")
                await press_and_die(page, number, step, chance)
                page = await one.page()
            await log(page, one.url, number, step)
        if place in kills:
            await one.kill()
            page = await one.start()
    return page


async def send_all(one: Phone, chance: random.Random, kills: float = 0) -> None:
    """Until nothing waits, while pages are closed and, as often as `kills` says, the browser is killed."""
    page = await one.start()
    await page.goto(f"{one.url}/staff/me")
    while await page.evaluate(WAITING):
        await asyncio.sleep(0.3)
        if chance.random() < kills:
            await one.kill()
            page = await one.start()
            await page.goto(f"{one.url}/staff/me")
        elif chance.random() < 0.3:
            await page.close()
            page = await one.page()
            await page.goto(f"{one.url}/staff/me")
        else:
            await page.evaluate("dispatchEvent(new Event('online'))")
