"""Scanning in a real browser: a camera that sees a slip, a scanner that types, and what is said when there is none."""

from __future__ import annotations

import hashlib
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from PIL import Image
from playwright.async_api import Browser, Page, Playwright, expect

from storefront_trace.web.page import STATIC
from tests.browser import ARGUMENTS, find_browser
from tests.web.tour import Demo, fresh_demo, visitor

__all__ = ["fresh_demo"]
WIDE, TALL = 640, 480
VENDOR = STATIC / "vendor" / "barcode-detector-3.2.2"


def film(picture: Path, target: Path) -> Path:
    """What a camera sees that is held over the picture, a little askew, as a video of a few frames."""
    seen = Image.open(picture).convert("RGB").resize((300, 300)).rotate(7, expand=True, fillcolor="white")
    frame = Image.new("RGB", (WIDE, TALL), "#b9a98c")
    frame.paste(seen, ((WIDE - seen.width) // 2, (TALL - seen.height) // 2))
    light, blue, red = frame.convert("YCbCr").split()
    half = (WIDE // 2, TALL // 2)
    bits = light.tobytes() + blue.resize(half).tobytes() + red.resize(half).tobytes()
    target.write_bytes(f"YUV4MPEG2 W{WIDE} H{TALL} F10:1 Ip A1:1 C420jpeg\n".encode() + (b"FRAME\n" + bits) * 4)
    return target


# The fake camera has no lamp: what a real one is asked for.
LAMP = """globalThis.lamps = [];
MediaStreamTrack.prototype.getCapabilities = () => ({ torch: true });
MediaStreamTrack.prototype.applyConstraints = async ({ advanced: [{ torch }] }) => void lamps.push(torch);"""
# Three seconds of the film.
PLAYED = "video => new Promise((done) => (video.ontimeupdate = () => video.currentTime > 3 && done()))"


@asynccontextmanager
async def camera(playwright: Playwright, demo: Demo, *arguments: str) -> AsyncIterator[Page]:
    """A phone in Anders's hand, in a browser with these arguments."""
    browser = await playwright.chromium.launch(executable_path=find_browser(), args=[*ARGUMENTS, *arguments])
    async with phone(browser, demo) as page:
        yield page
    await browser.close()


async def before_a_slip(browser: Browser, demo: Demo, folder: Path) -> tuple[str, ...]:
    """The arguments of a browser whose camera is held over the slip of 1012."""
    async with phone(browser, demo) as page:
        await page.goto(f"{demo.url}/staff/orders/1012/slip")
        await page.locator(".slip__code").screenshot(path=folder / "code.png")
    video = film(folder / "code.png", folder / "slip.y4m")
    fake = ("--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream")
    return (*fake, f"--use-file-for-fake-video-capture={video}")


@asynccontextmanager
async def phone(browser: Browser, demo: Demo, **options: object) -> AsyncIterator[Page]:
    context = await visitor(browser, demo, "staff", viewport={"width": 390, "height": 844}, has_touch=True, **options)
    page = await context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("request", lambda asked: None if asked.url.startswith((demo.url, "blob:")) else wrong.append(asked.url))
    yield page
    await context.close()
    assert wrong == []


async def test_the_camera_reads_a_real_slip_and_one_more_tap_logs_the_step(
    browser: Browser, playwright: Playwright, fresh_demo: Demo, tmp_path: Path
) -> None:
    """With the reader that we ship, since Debian's browser has none of its own; nothing is asked from elsewhere."""
    arguments = await before_a_slip(browser, fresh_demo, tmp_path)
    async with camera(playwright, fresh_demo, *arguments) as page:
        said: list[str] = []
        page.on("console", lambda message: said.append(message.text))
        await page.goto(f"{fresh_demo.url}/staff/scan")
        await page.get_by_role("button", name="Använd kameran").tap()
        await page.wait_for_url("**/staff/orders/1012?scanned=1")
        await page.get_by_role("button", name="Packad").tap()
        await expect(page.locator(".undo")).to_contain_text("1012: Packad")
        await page.wait_for_url(f"{fresh_demo.url}/staff/scan?done=*")
        assert said == []


async def test_who_used_the_camera_the_last_time_need_not_ask_for_it(
    browser: Browser, playwright: Playwright, fresh_demo: Demo, tmp_path: Path
) -> None:
    arguments = await before_a_slip(browser, fresh_demo, tmp_path)
    async with camera(playwright, fresh_demo, *arguments) as page:
        await page.context.grant_permissions(["camera"])
        await page.goto(f"{fresh_demo.url}/staff/scan")
        await page.evaluate("localStorage.setItem('camera', 'on')")
        await page.goto(f"{fresh_demo.url}/staff")
        await page.get_by_role("link", name="Skanna").tap()
        await page.wait_for_url("**/staff/orders/1012?scanned=1")


async def test_in_a_row_the_camera_stays_open_and_a_slip_in_view_is_one_scan(
    browser: Browser, playwright: Playwright, fresh_demo: Demo, tmp_path: Path
) -> None:
    arguments = await before_a_slip(browser, fresh_demo, tmp_path)
    async with camera(playwright, fresh_demo, *arguments) as page:
        await page.add_init_script(LAMP)
        await page.goto(f"{fresh_demo.url}/staff/row?step=packed")
        await page.get_by_role("button", name="Använd kameran").tap()
        await expect(page.locator("#scans .scan--logged")).to_have_count(1)
        await expect(page.locator("#scans .scan--logged")).to_contain_text("1012")
        await page.locator("video").evaluate(PLAYED)
        assert await page.locator("#scans li").count() == 1
        await expect(page.locator(".camera__view")).to_be_visible()
        lamp = page.get_by_role("button", name="Lampa")
        for lit in ("true", "false"):
            await lamp.tap()
            await expect(lamp).to_have_attribute("aria-pressed", lit)
        assert await page.evaluate("lamps") == [True, False]


async def test_a_device_without_a_camera_says_so_and_the_box_still_works(browser: Browser, fresh_demo: Demo) -> None:
    async with phone(browser, fresh_demo, permissions=["camera"]) as page:
        await page.goto(f"{fresh_demo.url}/staff/scan")
        await page.get_by_role("button", name="Använd kameran").tap()
        await expect(page.locator(".camera__said")).to_have_text(
            "Enheten har ingen kamera som webbläsaren kan använda."
        )
        await page.get_by_label("Kod eller ordernummer").fill("1012")
        await page.keyboard.press("Enter")
        await page.wait_for_url("**/staff/orders/1012?scanned=1")


async def test_a_browser_that_may_not_use_the_camera_says_what_to_do(playwright: Playwright, fresh_demo: Demo) -> None:
    async with camera(
        playwright, fresh_demo, "--use-fake-device-for-media-stream", "--deny-permission-prompts"
    ) as page:
        await page.goto(f"{fresh_demo.url}/staff/scan")
        await page.get_by_role("button", name="Använd kameran").tap()
        await expect(page.locator(".camera__said")).to_contain_text("Webbläsaren får inte använda kameran.")


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
async def test_a_scanner_alone_logs_and_never_the_wrong_order(
    browser: Browser, fresh_demo: Demo, scripts: bool
) -> None:
    """It types and sends Enter, and nobody touches anything: 1012, then 1011 before 1012 was logged, and 1011 again."""
    base = fresh_demo.url
    async with phone(browser, fresh_demo, java_script_enabled=scripts) as page:
        await page.goto(f"{base}/staff/scan")
        await shoot(page, f"{base}/staff/scan?code=1012")
        await page.wait_for_url("**/staff/orders/1012?scanned=1")
        await shoot(page, f"{base}/staff/scan?code=1011")
        await page.wait_for_url("**/staff/orders/1011?scanned=1")
        assert await page.locator(".undo").count() == 0, "1012 was only looked at"
        await shoot(page, "1011")
        await page.wait_for_url("**/staff/scan?done=*")
        await expect(page.locator(".undo")).to_contain_text("1011: Skickad")
        await shoot(page, "nothing-like-it")
        await page.wait_for_url("**/staff/scan?code=nothing-like-it")
        await shoot(page, "1012")
        await page.wait_for_url("**/staff/orders/1012?scanned=1")
        await shoot(page, "")
        await expect(page.locator(".undo")).to_contain_text("1012: Packad")


async def shoot(page: Page, code: str) -> None:
    """As a hardware scanner does, wherever the focus is."""
    await page.wait_for_selector("#code:focus, .rescan input:focus, .btn--go:focus")
    await page.keyboard.type(code)
    await page.keyboard.press("Enter")


async def test_the_next_step_is_one_big_button_that_has_the_focus(browser: Browser, fresh_demo: Demo) -> None:
    async with phone(browser, fresh_demo) as page:
        await page.goto(f"{fresh_demo.url}/staff/orders/1012?scanned=1")
        button = page.locator(".btn--go")
        await expect(button).to_be_focused()
        box, dock = await button.bounding_box(), await page.locator(".dock").bounding_box()
        assert box is not None and dock is not None
        assert box["height"] >= 64 and box["y"] + box["height"] < dock["y"]


def test_the_shipped_reader_is_whole_and_names_no_other_host() -> None:
    wasm, script = (VENDOR / "zxing_reader.wasm").read_bytes(), (VENDOR / "zxing-exported.js").read_text()
    digest = hashlib.sha256(wasm).hexdigest()
    assert digest in script and digest in (STATIC / "vendor" / "README.md").read_text()
    assert list(hosts()) == []
    assert (VENDOR / "LICENSE.txt").is_file() and (VENDOR / "LICENSE-zxing-cpp.txt").is_file()


def hosts() -> Iterator[str]:
    for path in VENDOR.glob("*.js"):
        yield from re.findall(r"(?:https?:)?//[a-z0-9-]+\.[a-z0-9.-]+", path.read_text())
