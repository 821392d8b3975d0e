"""Passkeys in a real browser, with the authenticator that Chromium has for tests."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, CDPSession, Page, expect

from tests.web.test_axe import Judge
from tests.web.tour import Demo, serving, visitor

AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
WINDOW: Any = {"width": 390, "height": 844}


@pytest.fixture
def demo(built_demo: Path, tmp_path: Path) -> Iterator[Demo]:
    """At a name: browsers make no passkeys for a number."""
    with serving(shutil.copytree(built_demo, tmp_path / "data"), host="localhost") as served:
        yield served


async def authenticator(page: Page) -> tuple[CDPSession, str]:
    devtools = await page.context.new_cdp_session(page)
    await devtools.send("WebAuthn.enable")
    added = await devtools.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    return devtools, str(added["authenticatorId"])


async def test_a_passkey_is_added_used_and_removed(browser: Browser, demo: Demo) -> None:
    context = await visitor(browser, demo, "staff", viewport=WINDOW, locale="en-GB")
    page = await context.new_page()
    devtools, device = await authenticator(page)
    await page.goto(f"{demo.url}/staff/me")
    await page.locator("#passkeys summary").click()
    add = page.get_by_role("button", name="Add a passkey")
    await add.click()
    await page.wait_for_url("**/staff/me?done=passkey#passkeys")
    await expect(page.locator(".said")).to_contain_text("The passkey is added")
    await expect(page.locator("#passkeys li")).to_have_count(1)

    judge = Judge()
    await judge.look(page, "/staff/me with a passkey")
    await add.click()  # the same device keeps one for each account
    await expect(page.locator("#passkeys [role=status]")).to_contain_text("has a passkey of yours already")

    await page.locator('.stafffoot form[action="/signout"] button').click()
    await page.wait_for_url("**/signin")
    await judge.look(page, "/signin with a passkey's button")
    judge.verdict()
    await page.get_by_role("button", name="Sign in with a passkey").click()
    await page.wait_for_url("**/staff")
    kept = await devtools.send("WebAuthn.getCredentials", {"authenticatorId": device})
    assert [one["signCount"] for one in kept["credentials"]] == [2]

    await page.goto(f"{demo.url}/staff/me")
    await page.locator("#passkeys summary").click()
    await expect(page.locator("#passkeys li")).to_contain_text("Last used")
    await page.locator("#passkeys li button").click()
    await page.wait_for_url("**/staff/me?done=passkey-gone#passkeys")
    await page.locator('.stafffoot form[action="/signout"] button').click()
    await page.get_by_role("button", name="Sign in with a passkey").click()
    await expect(page.locator(".passkey [role=status]")).to_contain_text("opens nothing here")
    await context.close()


async def test_a_finger_that_is_not_known_changes_nothing(browser: Browser, demo: Demo) -> None:
    context = await visitor(browser, demo, "staff", viewport=WINDOW, locale="en-GB")
    page = await context.new_page()
    devtools, device = await authenticator(page)
    await devtools.send("WebAuthn.setUserVerified", {"authenticatorId": device, "isUserVerified": False})
    await page.goto(f"{demo.url}/staff/me")
    await page.locator("#passkeys summary").click()
    await page.get_by_role("button", name="Add a passkey").click()
    await expect(page.locator("#passkeys [role=status]")).to_contain_text("Nothing has changed")
    await page.reload()
    await expect(page.locator("#passkeys li")).to_have_count(0)
    await context.close()


async def test_no_button_is_there_that_does_nothing(browser: Browser, demo: Demo) -> None:
    """Without scripts, and for who came by another name."""
    still = await visitor(browser, demo, "staff", viewport=WINDOW, java_script_enabled=False)
    other = await visitor(browser, demo, viewport=WINDOW)
    paths = [(still, f"{demo.url}/staff/me"), (still, f"{demo.url}/signin")]
    for context, url in [*paths, (other, demo.url.replace("localhost", "127.0.0.1") + "/signin")]:
        page = await context.new_page()
        await page.goto(url)
        await page.wait_for_load_state("networkidle")
        await expect(page.locator("main h1")).to_be_visible()
        await expect(page.locator(".passkey")).to_have_count(1)
        assert await page.locator(".passkey:visible, #passkeys:visible").count() == 0
    page = await other.new_page()
    await page.goto(f"{demo.url}/signin")
    await expect(page.locator(".passkey button")).to_be_visible()
    await still.close()
    await other.close()


async def test_an_owner_who_came_by_a_link_shows_her_passkey_before_she_adds_another(
    browser: Browser, demo: Demo
) -> None:
    context = await visitor(browser, demo, "owner", viewport=WINDOW, locale="en-GB")
    page = await context.new_page()
    await authenticator(page)
    await page.goto(f"{demo.url}/owner/safety")
    add = page.get_by_role("button", name="Add a passkey")
    await add.click()
    await page.wait_for_url("**/owner/safety?said=passkey")
    await page.goto(demo.links.owner)
    await page.locator(".plain form button").click()
    await page.wait_for_url("**/owner")
    await page.goto(f"{demo.url}/owner/safety")
    await add.click()
    await page.wait_for_url("**/owner/safety/prove?then=safety")
    judge = Judge()
    await judge.look(page, "/owner/safety/prove with a passkey's button")
    judge.verdict()
    await page.get_by_role("button", name="Use your passkey").click()
    await page.wait_for_url("**/owner/safety")
    await add.click()  # let through now, and the device says that it has one
    await expect(page.locator("#passkeys [role=status]")).to_contain_text("has a passkey of yours already")
    await context.close()
