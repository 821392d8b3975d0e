"""Takes docs/screenshot.png, the README's picture, from the demo shop. For developers only.

    .venv/bin/python scripts/screenshot.py

Builds the demo in a folder of its own, serves it, photographs the customer's page and the staff's queue on a phone and
the owner's page at a desk, and lays the three beside one another. Look at what came out, then commit it.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.async_api import Browser, async_playwright

ROOT = Path(__file__).resolve().parents[1]
FONTS = ROOT / "storefront_trace" / "static" / "fonts"
TARGET = ROOT / "docs" / "screenshot.png"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
PHONE, DESK = (390, 844), (1075, 1122)
PICTURE = (1280, 750)

LAYOUT = """<!doctype html><meta charset="utf-8"><style>
  @font-face {{ font-family: Inter; font-weight: 100 900; src: url({fonts}/inter-5.3.0-latin.woff2); }}
  * {{ box-sizing: border-box; margin: 0; }}
  body {{ width: 1280px; height: 750px; padding: 40px 40px 0; background: #efe7d8; color: #221c17;
          font: 17px/1.35 Inter; display: grid; grid-template-columns: auto auto 1fr; gap: 30px;
          align-content: start; }}
  figure {{ display: grid; gap: 14px; align-content: start; }}
  img {{ display: block; height: 600px; border: 2px solid #221c17; border-radius: 14px; }}
  .phone img {{ border-radius: 30px; border-width: 5px; }}
  b {{ display: block; font-size: 20px; font-weight: 700; letter-spacing: -.02em; }}
  span {{ color: #51473c; }}
</style>
<figure class="phone"><img src="customer.png"><figcaption><b>The customer</b>
  <span>Who has my order now?</span></figcaption></figure>
<figure class="phone"><img src="staff.png"><figcaption><b>The staff</b>
  <span>A step in two taps.</span></figcaption></figure>
<figure><img src="owner.png"><figcaption><b>The owner</b>
  <span>What customers say of each person’s work, in words first.</span></figcaption></figure>
"""


def main() -> None:
    browser = os.environ.get("CHROME_PATH") or next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        sys.exit("Install Chromium first: apt-get install chromium")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        server, links = serve(folder)
        try:
            asyncio.run(photograph(browser, links, folder))
        finally:
            server.terminate()
            server.wait()
        with Image.open(folder / "whole.png") as whole:
            # Flat colours: a palette keeps every edge smooth at a third of the bytes.
            small = whole.convert("RGB").quantize(256, kmeans=2, dither=Image.Dither.NONE)
    TARGET.parent.mkdir(exist_ok=True)
    small.save(TARGET, optimize=True)
    print(f"{TARGET.name}\t{TARGET.stat().st_size} bytes")


def serve(folder: Path) -> tuple[subprocess.Popen[str], dict[str, str]]:
    """The running demo, and its first link for each audience."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        port = door.getsockname()[1]
    command = [sys.executable, "-m", "storefront_trace", "demo", "--quiet-shop"]
    command += ["--port", str(port), "--data", str(folder / "data")]
    server = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    links: dict[str, str] = {}
    assert server.stdout is not None
    for line in server.stdout:
        if "\t" in line:
            who, link = line.strip().split("\t")[:2]
            links.setdefault(who, link)
        if "startup complete" in line:
            return server, links
    sys.exit("The demo did not start.")


async def photograph(browser: str, links: dict[str, str], folder: Path) -> None:
    async with async_playwright() as playwright:
        chrome = await playwright.chromium.launch(executable_path=browser, args=["--no-sandbox"])
        await shoot(chrome, links["customer"], PHONE, folder / "customer.png")
        await shoot(chrome, links["staff"], PHONE, folder / "staff.png", signin=True)
        await shoot(chrome, links["owner"], DESK, folder / "owner.png", signin=True)
        layout = folder / "layout.html"
        layout.write_text(LAYOUT.format(fonts=FONTS.as_uri()))
        await shoot(chrome, layout.as_uri(), PICTURE, folder / "whole.png", scale=1)
        await chrome.close()


async def shoot(
    chrome: Browser, url: str, size: tuple[int, int], target: Path, *, signin: bool = False, scale: int = 2
) -> None:
    context = await chrome.new_context(
        viewport={"width": size[0], "height": size[1]},
        device_scale_factor=scale,
        locale="sv-SE",
        color_scheme="light",
        reduced_motion="reduce",
    )
    page = await context.new_page()
    await page.goto(url)
    if signin:
        async with page.expect_navigation():
            await page.get_by_role("button").click()
    await page.evaluate("() => document.fonts.ready.then(() => 0)")
    await page.reload()  # a font that came too late for the first look is there for the second
    await page.evaluate("() => document.fonts.ready.then(() => 0)")
    await page.screenshot(path=target)
    await context.close()


if __name__ == "__main__":
    main()
