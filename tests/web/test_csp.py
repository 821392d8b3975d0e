"""Nothing is asked from elsewhere, nothing on a page breaks the policy, and every answer carries the safe headers."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import httpx2
import pytest
from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Request, Response, Route
from starlette.routing import BaseRoute, Mount
from starlette.routing import Route as Page

from storefront_trace.routes import ROUTES
from storefront_trace.web.frame import HEADERS
from storefront_trace.web.page import STATIC, TEMPLATES
from tests.browser import PHONE
from tests.patience import PATIENCE
from tests.web.tour import Demo, demo, load_pictures, visitor, wander

__all__ = ["demo"]

STARTS = {
    "customer": ("/track", "/signin", "/t/unknown"),
    "staff": ("/staff", "/staff/welcome", "/owner"),
    "owner": ("/owner", "/owner/concerns?all=1", "/owner/teams/warehouse"),
}
REFUSALS = {"/t/unknown": 404, "/owner": 403}


@dataclass
class Ears:
    """Writes down whatever a window does that it should not do."""

    own: str
    wrong: list[str] = field(default_factory=list)
    answers: list[Response] = field(default_factory=list)
    pages: set[str] = field(default_factory=set)

    async def put_on(self, context: BrowserContext) -> None:
        context.on("request", self._asked)
        context.on("response", lambda response: self.answers.append(response))
        context.on("console", self._said)
        context.on("weberror", lambda error: self.wrong.append(str(error.error)))
        await context.route(re.compile(f"^(?!{re.escape(self.own)})"), _refuse)

    def _asked(self, request: Request) -> None:
        if not request.url.startswith(f"{self.own}/"):
            self.wrong.append(f"asked elsewhere: {request.url}")

    def _said(self, message: ConsoleMessage) -> None:
        # Said of a page that is itself a refusal; the parts of a page are held by `check_answers`.
        if not message.text.startswith("Failed to load resource"):
            self.wrong.append(message.text)

    async def check_answers(self) -> None:
        assert self.answers
        for answer in self.answers:
            request = answer.request
            if answer.status >= 400 and not request.is_navigation_request():
                self.wrong.append(f"{answer.status} for a part of a page: {answer.url}")
            self.wrong += missing_headers(answer.url, await answer.all_headers())


async def _refuse(route: Route) -> None:
    await route.abort()


@pytest.mark.parametrize("who", STARTS)
async def test_a_visit_stays_here_and_within_the_policy(browser: Browser, demo: Demo, who: str) -> None:
    context = await visitor(browser, demo, who, viewport=PHONE, worker=True)
    starts = (*demo.customers, *STARTS[who]) if who == "customer" else STARTS[who]
    paths = await wander(context, demo, *starts)
    ears = Ears(demo.url)
    await ears.put_on(context)
    page = await context.new_page()
    for path in paths:
        answer = await page.goto(demo.url + path, wait_until="load")
        assert answer is not None
        if not (who == "owner" and path == "/owner"):
            assert answer.status == REFUSALS.get(path, 200), path
        await load_pictures(page)
        ears.wrong += [f"{path}: {tag}" for tag in forbidden(await page.content())]
    await ears.check_answers()
    assert ears.wrong == []
    assert len(paths) >= 15


async def test_the_ears_hear(browser: Browser, demo: Demo) -> None:
    """What the visits look for, done on purpose."""
    context = await visitor(browser, demo)
    ears = Ears(demo.url)
    await ears.put_on(context)
    page = await context.new_page()
    await page.goto(f"{demo.url}/track")
    await page.evaluate(
        """async () => {
          document.body.insertAdjacentHTML("beforeend", "<p style='color: red'>!</p><img src='/static/none.png'>");
          const foreign = document.createElement("img");
          foreign.src = "https://elsewhere.invalid/x.png";
          document.body.append(foreign);
          setTimeout(() => { throw new Error("broke") });
          await new Promise((done) => document.images[document.images.length - 2].addEventListener("error", done));
        }"""
    )
    async with asyncio.timeout(PATIENCE):
        while not all(any(word in line for line in ears.wrong) for word in ("style-src", "img-src", "broke")):
            await page.evaluate("new Promise(requestAnimationFrame)")
    await ears.check_answers()
    assert any("404 for a part" in line for line in ears.wrong)
    assert forbidden(await page.content())


async def test_every_route_answers_with_the_safe_headers(demo: Demo) -> None:
    """By nobody in particular, with nothing in hand: refusals are answers too."""
    wrong: list[str] = []
    asked = 0
    async with httpx2.AsyncClient(base_url=demo.url, timeout=PATIENCE) as client:
        for method, path in [*_doors(ROUTES), ("GET", "/nowhere"), ("PROPFIND", "/track"), ("GET", demo.customers[0])]:
            answer = await client.request(method, path)
            wrong += missing_headers(f"{method} {path}", answer.headers)
            asked += 1
        for headers in ({"host": "evil.example"}, {"sec-fetch-site": "cross-site"}):
            answer = await client.post("/track", headers=headers)
            assert answer.status_code in (400, 403)
            wrong += missing_headers(f"{headers}", answer.headers)
    assert wrong == []
    assert asked > 60


async def test_the_live_stream_has_the_safe_headers(demo: Demo) -> None:
    async with (
        httpx2.AsyncClient(base_url=demo.url, timeout=PATIENCE) as client,
        client.stream("GET", f"{demo.customers[0]}/live") as answer,
    ):
        assert answer.headers["content-type"].startswith("text/event-stream")
        assert missing_headers("live", answer.headers) == []


@pytest.mark.parametrize("path", sorted(TEMPLATES.rglob("*.html")), ids=lambda path: path.stem)
def test_a_template_has_no_style_and_no_script_inside(path: object) -> None:
    assert isinstance(path, type(TEMPLATES))
    if path.parent.name != "email":  # a mail has no style sheet to bring along
        assert forbidden(path.read_text()) == []


def test_style_sheets_and_scripts_name_no_other_host() -> None:
    for path in (*STATIC.rglob("*.css"), *STATIC.rglob("*.js"), *TEMPLATES.rglob("*.html")):
        hosts = re.findall(r"(?:https?:)?//[a-z0-9-]+\.[a-z0-9.-]+", path.read_text())
        examples = {host for host in hosts if host.endswith(".example.com")}  # a setting as one may write it
        assert set(hosts) - examples <= {"http://www.w3.org"}, path


def forbidden(text: str) -> list[str]:
    """What the policy would refuse, or another's address."""
    text = re.sub(r"\{#.*?#\}", "", text, flags=re.DOTALL)
    tags = re.findall(r"<[a-zA-Z][^>]*>", text)
    found = [tag for tag in tags if re.search(r"\s(style|on[a-z]+)\s*=|javascript:", tag, re.IGNORECASE)]
    found += [tag for tag in tags if re.match(r"<(style|base|iframe|object|embed)\b", tag)]
    found += [tag for tag in tags if tag.startswith("<script") and " src=" not in tag]
    return found


def missing_headers(where: str, headers: object) -> list[str]:
    """Of the answer that came from `where`."""
    found = dict(headers)  # type: ignore[call-overload]
    return [f"{where}: no {name.decode()}" for name, value in HEADERS if not found.get(name.decode())]


def _doors(routes: list[BaseRoute], before: str = "") -> Iterator[tuple[str, str]]:
    for route in routes:
        if isinstance(route, Mount):
            yield from _doors(route.routes, before + route.path)
        elif isinstance(route, Page):
            path = before + re.sub(r"\{[^}]*\}", "x", route.path)
            yield from ((method, path) for method in sorted(route.methods or {"GET", "POST", "PUT", "DELETE"}))
