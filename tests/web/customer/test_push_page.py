"""Web push in a real browser, up to the push service, which no test can reach: it is made up here."""

from __future__ import annotations

import json

from playwright.async_api import Browser, Page, expect

from tests.browser import PHONE, window
from tests.integrations.test_webpush import ENDPOINT, KEYS
from tests.web.tour import Demo, fresh_demo

__all__ = ["fresh_demo"]

SUBSCRIBED = f"""
  PushManager.prototype.getSubscription = async () => null;
  PushManager.prototype.subscribe = async (options) => {{
    window.asked = [options.userVisibleOnly, options.applicationServerKey.length];
    return {json.dumps({"endpoint": ENDPOINT, "keys": KEYS})};
  }};
"""
FOLLOWS = "En webbläsare visar ett meddelande vid varje steg."


async def opened(browser: Browser, demo: Demo, script: str, *, granted: bool = True) -> Page:
    context = await window(browser, viewport=PHONE, locale="sv-SE")
    await context.grant_permissions(["notifications"] if granted else [])
    page = await context.new_page()
    await page.add_init_script(script)
    await page.goto(demo.links.customers[0])
    return page


async def test_one_tap_and_this_browser_is_told_until_it_is_stopped_on_the_page(
    browser: Browser, fresh_demo: Demo
) -> None:
    page = await opened(browser, fresh_demo, SUBSCRIBED)
    button = page.get_by_role("button", name="Säg till i den här webbläsaren")
    await button.click()
    await expect(page.get_by_text(FOLLOWS)).to_be_visible()
    await expect(button).to_be_hidden()
    scope = "navigator.serviceWorker.getRegistration('/t/').then((one) => one.scope)"
    assert await page.evaluate(scope) == f"{fresh_demo.url}/t/"
    await page.locator("#follow").get_by_role("button", name="Avsluta").click()
    await expect(button).to_be_visible()
    await expect(page.get_by_text(FOLLOWS)).to_have_count(0)


async def test_who_says_no_to_messages_is_told_where_to_change_that(browser: Browser, fresh_demo: Demo) -> None:
    refuses = SUBSCRIBED + "Notification.requestPermission = async () => 'denied';"
    page = await opened(browser, fresh_demo, refuses, granted=False)
    await page.get_by_role("button", name="Säg till i den här webbläsaren").click()
    await expect(page.get_by_text("Webbläsaren låter oss inte skicka meddelanden.")).to_be_visible()


async def test_a_browser_without_push_sees_nothing_of_it(browser: Browser, fresh_demo: Demo) -> None:
    page = await opened(browser, fresh_demo, "delete window.PushManager;")
    await page.wait_for_load_state("load")
    await expect(page.locator("#follow")).to_be_hidden()  # nor of mails: the demo has no mail server
