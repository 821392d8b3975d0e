"""By keyboard alone, with scripts and without: the three things that people come here to do."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Browser, Page, expect

from tests.web.tour import Demo, fresh_demo, visitor

__all__ = ["fresh_demo"]
pytestmark = [
    pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"]),
]

# Where the keyboard is, whether one sees it there, and whether something lies on top of it.
WHERE = """() => {
  const here = document.activeElement;
  const drawn = [here, here.nextElementSibling, here.closest("label")].filter(Boolean);
  const outlined = drawn.some((one) => {
    const { outlineStyle, outlineWidth, opacity } = getComputedStyle(one);
    return outlineStyle !== "none" && parseFloat(outlineWidth) >= 2 && opacity === "1";
  });
  const { left, top, width, height } = here.getBoundingClientRect();
  const hit = document.elementFromPoint(left + width / 2, top + height / 2);
  const covered = !(hit && (here.contains(hit) || hit.contains(here) || drawn.some((one) => one.contains(hit))));
  return { name: here.outerHTML.slice(0, 120), nowhere: here === document.body, outlined, covered };
}"""


async def test_a_customer_thanks_and_says_what_could_be_better(
    browser: Browser, fresh_demo: Demo, scripts: bool
) -> None:
    page = await opened(browser, fresh_demo, "customer", fresh_demo.customers[0], scripts)
    await skip_to_the_content(page)
    await tab_to(page, "button:has-text('Tacka Jocke')")
    await press_and_see(page, scripts)
    thanked = page.locator(".step", has_text="Du tackade Jocke")
    await expect(thanked).to_be_visible()
    if scripts:
        await expect(page.locator("#main .thanked input[type=checkbox]").first).to_be_focused()
    await tab_to(page, "#main .thanked input[type=checkbox]")
    await page.keyboard.press("Space")
    await tab_to(page, "#main .thanked textarea")
    await page.keyboard.type("Så snabbt det gick!")
    await tab_to(page, "#main .thanked form button")
    await press_and_see(page, scripts)
    await expect(thanked.get_by_text("Så snabbt det gick!")).to_be_visible()

    await tab_to(page, ".step:has-text('Samira') a[href*=concern]")
    await press_and_see(page, scripts)
    form = ".better" if scripts else "main"
    await expect(page.locator("#words")).to_be_focused()
    await tab_to(page, f"{form} .for-concern input[type=checkbox]")
    await page.keyboard.press("Space")
    await tab_to(page, "#words")
    await page.keyboard.type("Mejlet kom en dag för sent.")
    await tab_to(page, f"{form} button[type=submit]")
    await press_and_see(page, scripts)
    told = page.locator(".step", has_text="Mejlet kom en dag för sent.")
    await expect(told).to_be_visible()
    await expect(told.get_by_role("heading")).to_have_text("Samira")


async def press_and_see(page: Page, scripts: bool) -> None:
    """With scripts one stays where one is."""
    if scripts:
        await page.keyboard.press("Enter")
    else:
        await press_and_arrive(page, "Enter")


async def test_whoever_opens_the_question_can_write_at_once(browser: Browser, fresh_demo: Demo, scripts: bool) -> None:
    page = await opened(browser, fresh_demo, "customer", fresh_demo.customers[0], scripts)
    await skip_to_the_content(page)
    await tab_to(page, "#ask > summary")
    await page.keyboard.press("Enter")
    if not scripts:
        await page.keyboard.press("Tab")
    await expect(page.locator("#ask-text")).to_be_focused()
    await expect(page.locator("#ask form button")).to_be_in_viewport()
    await page.keyboard.type("Tål den disk?")
    await tab_to(page, "#ask form button")
    await press_and_see(page, scripts)
    await expect(page.locator(".thread").get_by_text("Tål den disk?")).to_be_visible()


async def test_staff_log_a_step_from_the_queue(browser: Browser, fresh_demo: Demo, scripts: bool) -> None:
    page = await opened(browser, fresh_demo, "staff", "/staff", scripts)
    await skip_to_the_content(page)
    second = page.locator(".queue > li").nth(1)
    number = await second.locator(".order__no").inner_text()
    await tab_to(page, ".queue > li:nth-child(2) summary")
    await page.keyboard.press("Enter")
    go = second.locator(".btn--go")
    label = re.split(r"\s{2,}|\n", (await go.inner_text()).strip())[0]
    await tab_to(page, ".queue > li:nth-child(2) .btn--go")
    await press_and_arrive(page, "Enter")
    await expect(page.locator(".undo")).to_contain_text(f"{number}: {label}")


async def test_the_owner_answers_a_concern_and_takes_it_off_the_list(
    browser: Browser, fresh_demo: Demo, scripts: bool
) -> None:
    page = await opened(browser, fresh_demo, "owner", "/owner", scripts)
    await tab_to(page, "nav a[href='/owner/concerns']")
    await press_and_arrive(page, "Enter")
    await skip_to_the_content(page)
    first = page.locator(".words").first.locator(":scope > li").first
    words = await first.locator(".voice").first.inner_text()
    anchor = f"#{await first.get_attribute('id')}"
    await tab_to(page, f"{anchor} summary")
    await page.keyboard.press("Enter")
    await tab_to(page, f"{anchor} textarea")
    await page.keyboard.type("Tack, vi ändrar det.")
    await tab_to(page, f"{anchor} details button")
    await press_and_arrive(page, "Enter")
    await expect(page.locator(anchor)).to_contain_text("Tack, vi ändrar det.")
    await tab_to(page, f"{anchor} details.more > summary")
    await page.keyboard.press("Enter")
    await tab_to(page, f"{anchor} form[action$='/done'] button")
    await press_and_arrive(page, "Enter")
    await expect(page.locator(".words").first).not_to_contain_text(words)
    await tab_to(page, "a[href='/owner/concerns?stage=closed']")
    await press_and_arrive(page, "Enter")
    await expect(page.locator("section[aria-labelledby=done]")).to_contain_text(words)


async def test_every_stop_on_the_main_pages_can_be_seen(browser: Browser, fresh_demo: Demo, scripts: bool) -> None:
    """From the first stop round to the first again: none is unseen, none lies behind the dock, none holds one fast."""
    stops = {
        "customer": (fresh_demo.customers[0], fresh_demo.customers[1], "/track"),
        "staff": ("/staff", "/staff/me", "/staff/thanks"),
        "owner": ("/owner", "/owner/people/anders", "/owner/people/anders/about", "/owner/shop"),
    }
    for who, paths in stops.items():
        page = await opened(browser, fresh_demo, who, paths[0], scripts)
        for path in paths:
            await page.goto(fresh_demo.url + path)
            seen = 0
            for _ in range(200):
                await page.keyboard.press("Tab")
                if await stop(page) == "nowhere":
                    break
                seen += 1
            else:
                raise AssertionError(f"{path}: the keyboard does not get through")
            assert seen >= 4, path


async def opened(browser: Browser, demo: Demo, who: str, path: str, scripts: bool) -> Page:
    """On a phone, where the dock and the narrow page hide most."""
    size = {"width": 390, "height": 844}
    options = {"viewport": size, "java_script_enabled": scripts, "reduced_motion": "reduce"}
    context = await visitor(browser, demo, who, **options)
    page = await context.new_page()
    await page.goto(demo.url + path)
    return page


async def skip_to_the_content(page: Page) -> None:
    """The first stop of every page, which leads past its head."""
    await page.keyboard.press("Tab")
    assert await page.locator("a.skip").evaluate("one => one === document.activeElement")
    await stop(page)
    await page.keyboard.press("Enter")
    await expect(page.locator("#main")).to_be_focused()


async def tab_to(page: Page, selector: str) -> None:
    """Forwards, round the page if need be; everything on the way is looked at."""
    target = page.locator(selector).first
    await expect(target).to_be_attached()
    for _ in range(200):
        if await target.evaluate("one => one === document.activeElement"):
            return
        await page.keyboard.press("Tab")
        await stop(page)
    raise AssertionError(f"the keyboard does not reach {selector}")


async def stop(page: Page) -> str:
    """Where the keyboard stands now; fails when one cannot see it."""
    where = await page.evaluate(WHERE)
    if where["nowhere"]:
        return "nowhere"
    assert where["outlined"], f"no outline on {where['name']}"
    assert not where["covered"], f"something covers {where['name']}"
    return str(where["name"])


async def press_and_arrive(page: Page, key: str) -> None:
    async with page.expect_navigation() as going:
        await page.keyboard.press(key)
    answer = await going.value
    assert answer is not None and answer.status == 200, page.url
