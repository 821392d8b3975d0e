"""In a real browser: how many taps it takes, that nothing jumps, that what fails is told. How long: bench/taps.py."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Locator, Page, Route, expect

from storefront_trace.actions.steps import StepToLog, log_step
from storefront_trace.storage import feedback as rows
from storefront_trace.storage.feedback import Feedback
from tests.browser import window
from tests.patience import PATIENCE
from tests.people import Shop
from tests.serving import served_shop
from tests.shops import Templates
from tests.web.test_axe import Judge

LINE = "Muggen var trasig."
COUNT = 'addEventListener("pointerdown", (event) => event.isTrusted && counted(), true);'
both_ways = pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])


@dataclass
class Phone:
    page: Page
    shop: Shop
    url: str
    steps: dict[str, str]
    scripts: bool = True
    taps: int = 0

    def step(self, key: str = "packed") -> Locator:
        return self.page.locator(f"#step-{self.steps[key]}")

    def form(self, choice: str, key: str = "packed") -> str:
        return f"{self.url}/steps/{self.steps[key]}/feedback?choice={choice}&from=mail"

    async def said(self) -> list[Feedback]:
        async with self.shop.desk.db.read() as conn:
            return await rows.list_feedback(conn, self.shop.id)


@pytest.fixture
async def served(sqlite_templates: Templates, tmp_path: Path) -> AsyncIterator[tuple[Shop, str, dict[str, str]]]:
    """The shop, and the page of order 1001, which Jocke has taken and Anders packed."""
    async with served_shop(tmp_path, sqlite_templates) as (shop, url):
        await shop.order()
        steps = {}
        for key, by in (("received", "jocke"), ("packed", "anders")):
            steps[key] = (await log_step(shop.desk, shop.id, "1001", StepToLog(key, by))).event.id
        yield shop, f"{url}/t/{await shop.token()}", steps


@asynccontextmanager
async def phone(
    browser: Browser, served: tuple[Shop, str, dict[str, str]], scripts: bool = True
) -> AsyncIterator[Phone]:
    shop, url, steps = served
    context = await window(
        browser,
        viewport={"width": 360, "height": 740},
        has_touch=True,
        java_script_enabled=scripts,
        locale="sv-SE",
        reduced_motion="reduce",
    )
    one = Phone(await context.new_page(), shop, url, steps, scripts)

    def count(_: object) -> None:
        one.taps += 1

    await context.expose_binding("counted", count)
    await context.add_init_script(COUNT)
    await one.page.goto(url)
    yield one
    await context.close()


async def tap(one: Phone, target: Locator) -> None:
    """Counted by the page itself, where it can count."""
    before = one.taps
    await target.tap()
    if not one.scripts:
        one.taps += 1
    async with asyncio.timeout(PATIENCE):
        while one.taps == before:
            await asyncio.sleep(0.01)


@both_ways
async def test_thanks_take_one_tap(browser: Browser, served: Any, scripts: bool) -> None:
    async with phone(browser, served, scripts) as one:
        await tap(one, one.step().locator(".btn--thanks"))
        await expect(one.step().get_by_text("Du tackade Anders")).to_be_visible()
        assert one.taps == 1
        assert [said.choice for said in await one.said()] == ["thanks"]


@both_ways
async def test_a_chip_takes_a_second_tap_and_without_scripts_one_more_to_send(
    browser: Browser, served: Any, scripts: bool
) -> None:
    async with phone(browser, served, scripts) as one:
        await tap(one, one.step().locator(".btn--thanks"))
        await tap(one, one.step().locator(".thanked .chip").first)
        if scripts:
            await expect(one.page.locator("#said")).to_have_text("Sparat.")
        else:
            await tap(one, one.step().get_by_role("button", name="Skicka"))
        assert one.taps == (2 if scripts else 3)
        await expect(one.step().locator(".thanked [name=chips]:checked")).to_have_count(1)
        assert [said.chips for said in await one.said()] == [("well_packed",)]


@both_ways
async def test_what_could_be_better_takes_two_taps_and_one_line(browser: Browser, served: Any, scripts: bool) -> None:
    async with phone(browser, served, scripts) as one:
        await tap(one, one.step().get_by_role("link", name="Något kunde varit bättre"))
        await expect(one.page.locator("#words")).to_be_focused()
        await one.page.keyboard.type(LINE)
        await tap(one, one.page.locator("form:has(#words) button[type=submit]:visible"))
        await expect(one.step().locator(".told")).to_contain_text(LINE)
        assert one.taps == 2
        assert [(said.choice, said.words) for said in await one.said()] == [("concern", LINE)]
        await expect(one.step().locator(".told")).to_contain_text(
            "Butikens ägare läser det först. Anders får ta del av det senast"
        )


@both_ways
async def test_from_a_mail_it_takes_two_taps(browser: Browser, served: Any, scripts: bool) -> None:
    async with phone(browser, served, scripts) as one:
        mail = f'<a href="{one.form("thanks")}">Tacka Anders</a>'
        await one.page.route("**/mail", lambda route: route.fulfill(body=mail, content_type="text/html"))
        await one.page.goto("http://mail.example/mail")
        await tap(one, one.page.get_by_role("link"))
        confirm = one.page.get_by_role("button", name="Tacka Anders")
        box = await confirm.bounding_box()
        assert box is not None and box["height"] >= 64 and box["y"] + box["height"] <= 740
        await tap(one, confirm)
        await expect(one.page.get_by_text("Du tackade Anders")).to_be_visible()
        assert one.taps == 2
        assert [said.choice for said in await one.said()] == ["thanks"]


async def test_one_stays_on_the_page_nothing_jumps_and_the_focus_goes_on(browser: Browser, served: Any) -> None:
    async with phone(browser, served) as one:
        loads: list[str] = []
        one.page.on("framenavigated", lambda frame: loads.append(frame.url))
        button = one.step().locator(".btn--thanks")
        await button.focus()
        top = (await one.step().bounding_box() or {})["y"]
        await one.page.keyboard.press("Enter")
        await expect(one.page.locator("#said")).to_have_text("Du tackade Anders")
        assert await one.page.locator("#said").get_attribute("role") == "status"
        assert abs((await one.step().bounding_box() or {})["y"] - top) < 1
        await expect(one.step().locator(".thanked input[type=checkbox]").first).to_be_focused()
        assert loads == []


async def test_a_double_tap_is_one_answer(browser: Browser, served: Any) -> None:
    async with phone(browser, served) as one:
        before = (await one.shop.row()).version
        await one.step().locator(".btn--thanks").dblclick()
        await expect(one.step().get_by_text("Du tackade Anders")).to_be_visible()
        assert (await one.shop.row()).version == before + 1
        assert len(await one.said()) == 1


async def test_chips_tapped_quickly_are_all_kept_and_a_sentence_half_written_stays(
    browser: Browser, served: Any
) -> None:
    async with phone(browser, served) as one:
        await one.step().locator(".btn--thanks").tap()
        await one.step().locator(".thanked textarea").fill("Det var så fi")
        for number in (0, 1, 2, 1):
            await one.step().locator(".thanked .chip").nth(number).tap()
        await expect(one.step().locator("form[aria-busy]")).to_have_count(0)
        (said,) = await one.said()
        assert (said.chips, said.words, said.history) == (("well_packed", "fast"), "", ())
        await expect(one.step().locator(".thanked textarea")).to_have_value("Det var så fi")
        await one.step().get_by_role("button", name="Skicka").tap()
        await expect(one.step().get_by_text("Det var så fi")).to_be_visible()


async def test_what_is_being_written_at_one_step_survives_thanks_at_another(browser: Browser, served: Any) -> None:
    async with phone(browser, served) as one:
        await one.step("packed").locator("a[data-better]").tap()
        await expect(one.page.locator("#words")).to_be_focused()
        await one.page.keyboard.type(LINE)
        await one.step("received").locator(".btn--thanks").tap()
        await expect(one.step("received").get_by_text("Du tackade Jocke")).to_be_visible()
        await expect(one.page.locator("#words")).to_have_value(LINE)


async def test_without_a_network_it_says_so_and_the_next_tap_works(browser: Browser, served: Any) -> None:
    async with phone(browser, served) as one:
        await one.page.route("**/feedback*", lambda route: route.abort())
        await one.step().locator(".btn--thanks").tap()
        await expect(one.step().get_by_role("alert")).to_have_text("Det kom inte fram till oss. Försök igen.")
        await one.page.unroute("**/feedback*")
        await one.step().locator(".btn--thanks").tap()
        await expect(one.step().get_by_text("Du tackade Anders")).to_be_visible()
        await expect(one.page.get_by_role("alert")).to_have_count(0)


async def test_after_a_refusal_the_next_tap_goes_the_plain_way(browser: Browser, served: Any) -> None:
    async def refuse(route: Route) -> None:
        await route.fulfill(status=429, body="later")

    async with phone(browser, served) as one:
        await one.page.route("**/feedback*", refuse)
        await one.step().locator(".btn--thanks").tap()
        await expect(one.step().get_by_role("alert")).to_be_visible()
        await one.page.unroute("**/feedback*")
        async with one.page.expect_navigation():
            await one.step().locator(".btn--thanks").tap()
        await expect(one.step().get_by_text("Du tackade Anders")).to_be_visible()


async def test_the_form_in_place_can_be_closed_and_the_focus_comes_back(browser: Browser, served: Any) -> None:
    async with phone(browser, served) as one:
        link = one.step().locator("a[data-better]")
        await link.tap()
        await expect(one.page.locator(".better")).to_have_count(1)
        await one.page.locator(".better a[data-back]").tap()
        await expect(one.page.locator(".better")).to_have_count(0)
        await expect(link).to_be_focused()
        assert await one.said() == []


async def test_a_page_that_sends_its_form_by_itself_is_not_believed(browser: Browser, served: Any) -> None:
    """As a mail scanner that runs pages does: nobody has tapped."""
    async with phone(browser, served) as one:
        await one.page.add_init_script(
            'addEventListener("load", () => !document.querySelector("[role=alert]") && '
            'document.querySelector("form.plain")?.submit());'
        )
        for choice in ("thanks", "concern"):
            await one.page.goto(one.form(choice))
            await expect(one.page.get_by_role("alert")).to_be_visible()
        assert await one.said() == []
        await one.page.locator("form.plain button[type=submit]:visible").last.tap()
        await expect(one.page.locator(".told")).to_be_visible()
        assert [said.choice for said in await one.said()] == ["concern"]


async def test_what_a_script_puts_on_the_page_is_as_accessible_as_the_rest(browser: Browser, served: Any) -> None:
    judge = Judge()
    async with phone(browser, served) as one:
        await one.page.route("**/feedback*", lambda route: route.abort())
        await one.step().locator(".btn--thanks").tap()
        await expect(one.step().get_by_role("alert")).to_be_visible()
        await judge.look(one.page, "what failed")
        await one.page.unroute("**/feedback*")
        await one.step().locator(".btn--thanks").tap()
        await one.step("received").locator("a[data-better]").tap()
        await expect(one.page.locator("#words")).to_be_focused()
        await judge.look(one.page, "thanks and the form in place")
        await expect(one.page.locator("#words")).to_be_focused()
        await one.page.keyboard.type(LINE)
        await one.page.locator(".better button[type=submit]:visible").tap()
        await expect(one.step("received").locator(".told")).to_be_visible()
        await judge.look(one.page, "what could be better")
    judge.verdict()
