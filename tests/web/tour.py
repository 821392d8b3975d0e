"""The demo shop behind a real server, and every page in it that a person can meet: for tests with a browser's eyes."""

from __future__ import annotations

import asyncio
import re
import shutil
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from playwright.async_api import Browser, BrowserContext, Page

from storefront_trace import config
from storefront_trace.config import Settings
from storefront_trace.demo.build import DemoLinks, build_demo
from storefront_trace.demo.gallery import show_gallery
from storefront_trace.storage.database import Database
from storefront_trace.storage.schema import upgrade
from tests.browser import PATIENT, WITHOUT_WORKER, window
from tests.patience import PATIENCE
from tests.shops import SECRET, started


@dataclass(frozen=True)
class Demo:
    url: str
    links: DemoLinks

    @property
    def customers(self) -> list[str]:
        return [link.removeprefix(self.url) for link in self.links.customers]


@pytest.fixture(scope="session")
def built_demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the demo in it, made once: served from copies."""
    folder = tmp_path_factory.mktemp("tour")
    with serving(folder):
        pass
    return folder


@pytest.fixture(scope="module")
def demo(built_demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """For tests that only look: shared by a module."""
    with serving(shutil.copytree(built_demo, tmp_path_factory.mktemp("served") / "data")) as served:
        yield served


@pytest.fixture
def fresh_demo(built_demo: Path, tmp_path: Path) -> Iterator[Demo]:
    """For tests that change something."""
    with serving(shutil.copytree(built_demo, tmp_path / "data")) as served:
        yield served


@contextmanager
def serving(folder: Path, *, gallery: bool = False, host: str = "127.0.0.1") -> Iterator[Demo]:
    """In a thread of its own, since every test has another event loop; with /demo/states if the test asks."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        url = f"http://{host}:{door.getsockname()[1]}"
        settings = config.load({"SECRET_KEY": SECRET, "PUBLIC_URL": url}, folder)
        ready = _Ready()
        thread = threading.Thread(target=lambda: asyncio.run(_serve(settings, door, ready, gallery)))
        thread.start()
        try:
            yield Demo(url, ready.wait())
        finally:
            ready.stop()
            thread.join(PATIENCE)


class _Ready:
    """What the thread tells, and how it is told to stop."""

    def __init__(self) -> None:
        self.told = threading.Event()
        self.links: DemoLinks | None = None
        self.stop: Callable[[], None] = lambda: None

    def wait(self) -> DemoLinks:
        assert self.told.wait(PATIENCE) and self.links is not None, "the demo's server did not start"
        return self.links


async def _serve(settings: Settings, door: socket.socket, ready: _Ready, gallery: bool) -> None:
    try:
        db = Database(settings.database_url)
        await upgrade(db)
        await db.close()
        async with started(settings) as app:
            links = await build_demo(app.state.desk, settings, app.state.media, app.state.photo_worker)
            if gallery:
                await show_gallery(app, asyncio.Event())
            server = uvicorn.Server(
                uvicorn.Config(app, log_level="critical", lifespan="off", timeout_graceful_shutdown=1)
            )
            ready.stop = lambda: setattr(server, "should_exit", True)
            ready.links = links
            door.listen(64)
            ready.told.set()
            await server.serve(sockets=[door])
    finally:
        ready.told.set()


async def visitor(
    browser: Browser, demo: Demo, who: str = "customer", *, worker: bool = False, **options: Any
) -> BrowserContext:
    """A window of somebody's own: "customer", "staff" or "owner", signed in with the demo's link. The staff's is as
    patient as `phone` in tests/web/staff/phone.py."""
    context = await window(browser, **{"locale": "sv-SE", **options})
    if who != "customer":
        link = {"staff": demo.links.staff, "owner": demo.links.owner}[who]
        answer = await context.request.post(link, max_redirects=0)
        assert answer.status == 303, await answer.text()
    if who == "staff":
        await context.add_init_script(PATIENT + ("" if worker else WITHOUT_WORKER))
    return context


async def wander(context: BrowserContext, demo: Demo, *starts: str) -> list[str]:
    """The paths of every page that links lead to from `starts`, the pages themselves included: of each kind of page
    that lists other pages of one kind, the first few."""
    found: dict[str, None] = dict.fromkeys(starts)
    kinds: dict[str, int] = {}
    ahead = list(starts)
    while ahead:
        answer = await context.request.get(demo.url + ahead.pop(0))
        if not answer.headers.get("content-type", "").startswith("text/html"):
            continue
        for path in re.findall(r'<a [^>]*?href="(/[^"#]*)', await answer.text()):
            path = path.replace("&amp;", "&")
            kind = kind_of(path)
            if path in found or kinds.get(kind, 0) >= MOST.get(kind, 3) or is_file(path):
                continue
            kinds[kind] = kinds.get(kind, 0) + 1
            found[path] = None
            ahead.append(path)
    return list(found)


MOST = {"/owner/people/*": 9, "/owner/steps/*": 2, "/t/*": 14}


def is_file(path: str) -> bool:
    """What a browser keeps instead of showing it."""
    return path.split("?")[0].endswith((".pdf", ".csv", ".json"))


def kind_of(path: str) -> str:
    """The page without whose it is: "/owner/people/*"."""
    path = path.split("?")[0]
    path = re.sub(r"^/t/[^/]+", "/t/*", path)
    path = re.sub(r"/steps/[^/]+/feedback", "/steps/*/feedback", path)
    path = re.sub(r"^/staff/orders/.+/(slip|pause/[^/]+)$", r"/staff/orders//\1", path)
    one_of = "follow|unfollow|silence|mails|staff/orders|owner/concerns|owner/people|owner/steps|owner/teams|signin"
    path = re.sub(r"^/(owner/(?:people|teams))/[^/]+/(about|answers)$", r"/\1//\2", path)
    path = re.sub(rf"^/({one_of}|owner/privacy/papers)/[^/].*", r"/\1/*", path)
    return re.sub(r"/pause/[^/]+$", "/pause/*", re.sub("/(orders|people|teams)//", r"/\1/*/", path))


async def load_pictures(page: Page) -> None:
    """Those far below as well, which wait until one comes near. (`wait_for_function` needs eval, which we refuse.)"""
    await page.evaluate("""() => Promise.all([...document.images].map((picture) => {
      picture.loading = "eager";
      return picture.complete || new Promise((done) => { picture.onload = picture.onerror = done; });
    }))""")


async def refused(page: Page, demo: Demo, status: int, path: str, **fields: str) -> None:
    """Posts a form from the page, as a person would, and waits for the page that refuses it."""
    await page.goto(f"{demo.url}/track")
    async with page.expect_navigation() as leaving:
        await page.evaluate(SEND, [path, fields])
    answer = await leaving.value
    assert answer.status == status, f"{path}: {answer.status}"


SEND = """([path, fields]) => {
  const form = document.createElement("form");
  form.method = "post";
  form.action = path;
  for (const [name, value] of Object.entries(fields)) {
    const field = document.createElement("textarea");
    field.name = name;
    field.value = value;
    form.append(field);
  }
  document.body.append(form);
  form.submit();
}"""
