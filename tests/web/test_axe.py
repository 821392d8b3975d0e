"""Every page a person can meet, held against axe: narrow and wide, light and dark, with everything unfolded."""

from __future__ import annotations

import contextlib
import hashlib
import re
import sqlite3
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, BrowserContext, Page

from storefront_trace.domain.mailing import OWN_MAILS, OwnMail, own_mail_token
from storefront_trace.domain.silence import silence_token
from storefront_trace.routes import CUSTOMER, OWNER, STAFF
from tests.browser import window
from tests.web.tour import SECRET, Demo, demo, kind_of, refused, visitor, wander

__all__ = ["demo"]
pytestmark = pytest.mark.timeout(600)

VENDOR = Path(__file__).parents[1] / "vendor"
AXE = VENDOR / "axe-core-4.14.1" / "axe.min.js"
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}
# Each is a test of its own, so that two workers share the longest of all tests.
at_both_sizes = pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
COLOURS = ["color-contrast", "link-in-text-block"]

# Elements inside a closed box are judged too; boxes of one name would close one another.
UNFOLD = """() => document.querySelectorAll("details").forEach((box) => {
  box.removeAttribute("name");
  box.open = true;
})"""
JUDGE = """async ([tags, rules]) => {
  const runOnly = rules.length ? { type: "rule", values: rules } : { type: "tag", values: tags };
  const found = await axe.run(document, { runOnly, resultTypes: ["violations"], elementRef: false });
  const told = ({ target, failureSummary }) =>
    `${target.join(" ")}: ${failureSummary.split("\\n").slice(1).join("; ")}`;
  return found.violations.flatMap(({ id, help, nodes }) => nodes.map((node) => `${id}: ${help}: ${told(node)}`));
}"""


@dataclass
class Judge:
    """Collects what is wrong, so that one run tells everything."""

    wrong: list[str] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)

    async def look(self, page: Page, name: str, *, dark: bool = True) -> None:
        """Everything in light; in dark only what colours can break."""
        await page.wait_for_load_state()
        await page.evaluate(UNFOLD)
        await page.evaluate(AXE.read_text() + "; 0")
        width = page.viewport_size["width"] if page.viewport_size else 0
        for scheme, rules in (("light", []), ("dark", COLOURS))[: 1 + dark]:
            await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
            for line in await page.evaluate(JUDGE, [TAGS, rules]):
                self.wrong.append(f"{name} at {width}, {scheme}: {line}")
        await page.emulate_media(color_scheme="light")
        self.seen.add(kind_of(name))

    def verdict(self) -> None:
        assert not self.wrong, f"{len(self.wrong)} violations:\n" + "\n".join(self.wrong)


def test_the_vendored_axe_is_the_one_that_was_published() -> None:
    assert hashlib.sha512(AXE.read_bytes()).hexdigest() in (VENDOR / "README.md").read_text()


async def test_axe_finds_what_is_wrong(browser: Browser) -> None:
    """The judge itself: a page with faults of each kind is not let through."""
    page = await (await window(browser)).new_page()
    await page.set_content("<html><body style='color:#aaa;background:#fff'><img src='x.png'>Grey<input></body></html>")
    judge = Judge()
    await judge.look(page, "/bad")
    found = " ".join(judge.wrong)
    for rule in ("image-alt", "label", "html-has-lang", "color-contrast"):
        assert rule in found
    assert "dark: color-contrast" in found


@at_both_sizes
async def test_customers_pages_are_accessible(
    browser: Browser, demo: Demo, built_demo: Path, size: dict[str, int]
) -> None:
    never = silence_token(SECRET.encode(), _shop_of(built_demo), "annika@example.org")
    ends = [f"/mails/{mail}/{token}" for mail, token in _own_mails(built_demo)]

    async def look(context: BrowserContext, page: Page, judge: Judge) -> None:
        forms = [*await _feedback_forms(context, demo), f"{demo.customers[0]}/questions", f"/silence/{never}"]
        for path in [*demo.customers, f"{demo.customers[0]}/embed", *forms, *ends, "/track", "/signin", *DEAD]:
            await visit(page, judge, demo, path)
        for path in (demo.customers[0], "/track"):
            await visit(page, judge, demo, f"{path}?lang=en")

    judge = await tour(browser, demo, "customer", size, look)
    missing = _kinds(CUSTOMER) - judge.seen
    assert not missing, f"no page was seen of {missing}"
    judge.verdict()


async def test_every_order_is_accessible_in_english(browser: Browser, demo: Demo) -> None:
    """The words are other words; the page is the same, so one width is enough."""
    judge = Judge()
    context = await visitor(browser, demo, viewport=PHONE, locale="en-GB")
    page = await context.new_page()
    for path in [*demo.customers, *(await _feedback_forms(context, demo))[:2]]:
        await visit(page, judge, demo, path)
    judge.verdict()


@at_both_sizes
async def test_refusals_are_accessible(browser: Browser, demo: Demo, size: dict[str, int]) -> None:
    async def look(context: BrowserContext, page: Page, judge: Judge) -> None:
        form = (await _feedback_forms(context, demo))[0].split("?")[0]
        await refused(page, demo, 422, form, choice="")
        await judge.look(page, "422")
        await refused(page, demo, 413, "/track", number="1" * 300_000)
        await judge.look(page, "413")
        await refused(page, demo, 404, "/signin/used", x="y")
        await judge.look(page, "a used sign-in link")
        await page.goto(demo.links.staff)
        await judge.look(page, "a sign-in link")

    (await tour(browser, demo, "customer", size, look)).verdict()


async def test_too_many_tries_and_the_answer_to_a_search_are_accessible(browser: Browser, demo: Demo) -> None:
    judge = Judge()
    context = await visitor(browser, demo, viewport=PHONE)
    page = await context.new_page()
    await refused(page, demo, 200, "/track", number="1001", email="karin@example.com")
    await judge.look(page, "the answer of /track")
    for _ in range(10):
        answer = await context.request.post(f"{demo.url}/track", form={"number": "1", "email": "a@example.com"})
        if answer.status == 429:
            break
    await refused(page, demo, 429, "/track", number="1001", email="karin@example.com")
    await judge.look(page, "429")
    judge.verdict()


@at_both_sizes
async def test_staff_pages_are_accessible(browser: Browser, demo: Demo, size: dict[str, int]) -> None:
    async def look(context: BrowserContext, page: Page, judge: Judge) -> None:
        pages = await wander(context, demo, "/staff", "/staff/welcome", "/staff/orders/1002", "/staff/orders/1005")
        more = (
            "/staff?q=zzz",
            "/staff?q=10",
            "/staff/scan?code=zzz",
            "/staff/orders/1012?scanned=1",
            "/staff/orders/1012/pause/delayed",
        )
        paper = ("/staff/orders/1012/slip", "/staff/slips/print?number=1011&number=1012&kind=label", "/staff/offline")
        for path in [*(p for p in pages if p.startswith("/staff")), *more, *paper]:
            await visit(page, judge, demo, path)
        answer = await visit(page, judge, demo, "/owner")
        assert answer == 403

    judge = await tour(browser, demo, "staff", size, look)
    missing = {f"/staff{kind}" for kind in _kinds(STAFF)} - judge.seen
    assert not missing, f"no page was seen of {missing}"
    judge.verdict()


@at_both_sizes
async def test_a_form_that_a_colleague_had_opened_is_accessible(
    browser: Browser, demo: Demo, built_demo: Path, size: dict[str, int]
) -> None:
    async def look(context: BrowserContext, page: Page, judge: Judge) -> None:
        told = {"step": "packed", "note": "Dubbelt bubbelplast."}
        for whose in (_person_of(built_demo, "lisa"), "x" * 32):
            await refused(page, demo, 409, "/staff/orders/1011/log", person=whose, **told)
            await judge.look(page, "a colleague's form")
            await refused(page, demo, 409, "/staff/me/pin", person=whose, pin="2580")
            await judge.look(page, "a form about a colleague alone")

    (await tour(browser, demo, "staff", size, look)).verdict()


@at_both_sizes
async def test_owners_pages_are_accessible(browser: Browser, demo: Demo, size: dict[str, int]) -> None:
    async def look(context: BrowserContext, page: Page, judge: Judge) -> None:
        pages = await wander(context, demo, "/owner", "/owner/concerns?all=1", "/owner/needs", "/owner/teams/warehouse")
        pages += ["/owner/start/steps"]  # no link leads there once there are orders
        pages.append("/owner/safety/prove?then=privacy")
        for path in [p for p in pages if p.startswith("/owner")]:
            await visit(page, judge, demo, path)
        await page.goto(f"{demo.url}/owner/people/elias/about")
        async with page.expect_navigation():
            await page.locator("form[action$='/link'] button").click()
        await judge.look(page, "/owner/invited")
        await page.goto(f"{demo.url}/owner/sheet")
        await page.locator("input[name=handle]").first.check()
        async with page.expect_navigation():
            await page.locator("main form button").click()
        await judge.look(page, "cards to sign in with")
        await refused(page, demo, 422, "/owner/people", name="")
        await judge.look(page, "a person without a name")

    judge = await tour(browser, demo, "owner", size, look)
    judge.seen.add("/owner/safety/app")  # changes how the demo is signed in to: owner/test_safety_browser.py
    missing = {f"/owner{kind}" for kind in _kinds(OWNER)} - judge.seen
    assert not missing, f"no page was seen of {missing}"
    judge.verdict()


Look = Callable[[BrowserContext, Page, Judge], Awaitable[None]]


async def tour(browser: Browser, demo: Demo, who: str, size: dict[str, int], look: Look) -> Judge:
    judge = Judge()
    context = await visitor(browser, demo, who, viewport=size)
    await look(context, await context.new_page(), judge)
    await context.close()
    return judge


async def visit(page: Page, judge: Judge, demo: Demo, path: str) -> int:
    answer = await page.goto(demo.url + path, wait_until="load")
    assert answer is not None
    expected = dict.fromkeys(DEAD, 404)
    assert answer.status in (expected.get(path, 200), 403), f"{path}: {answer.status}"
    await judge.look(page, path)
    return answer.status


async def _feedback_forms(context: BrowserContext, demo: Demo) -> list[str]:
    """A form to say something with, each of its two choices, and one to edit what was said."""
    found = []
    for path in demo.customers[:2]:
        text = await (await context.request.get(demo.url + path)).text()
        found += re.findall(r'href="(/t/[^"]+/feedback[^"#]*)"', text)
    concern = next(path for path in found if "concern" in path)
    edit = next(path for path in found if "concern" not in path)
    return [concern, concern.replace("concern", "thanks"), edit]


def _shop_of(folder: Path) -> str:
    """The demo's one shop."""
    with contextlib.closing(sqlite3.connect(folder / "storefront-trace.db")) as conn:
        return str(conn.execute("SELECT id FROM shop").fetchone()[0])


def _own_mails(folder: Path) -> list[tuple[OwnMail, str]]:
    """By mail, the token that ends the owner's: there is none in the morning, and one on Fridays."""
    with contextlib.closing(sqlite3.connect(folder / "storefront-trace.db")) as db:
        account = str(db.execute("SELECT id FROM account WHERE role = 'owner'").fetchone()[0])
    return [(mail, own_mail_token(SECRET.encode(), mail, _shop_of(folder), account)) for mail in OWN_MAILS]


def _person_of(folder: Path, handle: str) -> str:
    with contextlib.closing(sqlite3.connect(folder / "storefront-trace.db")) as db:
        return str(db.execute("select id from person where handle = ?", [handle]).fetchone()[0])


# What stands there when a link is too old, or the shop is no demo.
DEAD = ("/t/unknown", "/follow/unknown", "/unfollow/unknown", "/silence/unknown", "/demo/states")


def _kinds(routes: list[Any]) -> set[str]:
    """The pages among the routes: what answers GET, and is not read by a machine."""
    paths = {route.path for route in routes if "GET" in (route.methods or ())}
    pages = {
        path
        for path in paths
        if not path.endswith((".json", ".csv", "/live", ".js", ".png", ".jpg", ".pdf", ".webmanifest", "/push"))
    }
    return {re.sub(r"\{[^}]*\}", "*", path) for path in pages}
