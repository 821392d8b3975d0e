"""The shop's colour as browsers show it: finished values, readable whichever it is."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.async_api import Page

from storefront_trace.domain.colours import CONTROL, SCHEMES, TEXT, contrast, palette
from storefront_trace.web.files import BRAND_NAMES, brand_sheet
from storefront_trace.web.page import STATIC

CSS = (STATIC / "app.css").read_text()
# By eye the worst ones: pale, glaring, grey, near paper, near ink.
COLOURS = ("#ffff00", "#ffffff", "#000000", "#ff0000", "#00ff00", "#0000ff", "#7f7f7f", "#faf6ed", "#231c16", "#ff9ecb")
BODY = """<body><main>
  <a href="#" class="text">link</a> <p class="state state--go text">under way</p>
  <button class="btn btn--primary text control">Ask</button> <button class="btn btn--thanks text control">Thank</button>
  <label class="chip"><input type="checkbox" checked><span class="chip__face text control">fast</span></label>
  <section class="thanked"><p class="thanked__head text">You thanked</p><p class="by text">you wrote</p>
    <p class="text">Your words</p><a href="#" class="text">change</a></section>
  <p class="said text">Done</p><span class="portrait portrait--name text">A</span>
</main></body>"""
READ = """() => {
  const channels = (text) => text.match(/[\\d.]+/g).map(Number);
  const ground = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const found = getComputedStyle(at).backgroundColor;
      if (channels(found)[3] !== 0) return found;
    }
    return getComputedStyle(document.body).backgroundColor;
  };
  const all = (name) => [...document.querySelectorAll(name)];
  return {
    text: all(".text").map((one) => [one.className, getComputedStyle(one).color, ground(one)]),
    control: all(".control").map((one) =>
      [one.className, getComputedStyle(one).borderTopColor, ground(one.parentElement)]),
  };
}"""


def test_the_style_sheets_own_values_are_those_of_its_own_colour() -> None:
    """What is in app.css is what app-1f6b52.css says, in both schemes."""
    light, dark = CSS[: CSS.index("prefers-color-scheme: dark")], CSS[CSS.index("prefers-color-scheme: dark") :]
    for text, scheme in ((light, "light"), (dark, "dark")):
        for name, value in zip(BRAND_NAMES, palette("#1f6b52", scheme), strict=True):
            assert _declared(text, name) == value
        for name, value in SCHEMES[scheme].items():
            assert _declared(text, f"--{name}") == value


def test_no_style_makes_letters_of_the_colour_itself() -> None:
    for sheet in STATIC.glob("*.css"):
        assert "var(--brand)" not in sheet.read_text()


@pytest.mark.parametrize("colour", COLOURS)
async def test_a_browser_shows_readable_letters_and_edges(page: Page, colour: str) -> None:
    await page.set_content(f"<style>{CSS}</style><style>{brand_sheet(colour)}</style>{BODY}")
    for scheme in ("light", "dark"):
        await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
        found: dict[str, Any] = await page.evaluate(READ)
        assert len(found["text"]) >= 10 and len(found["control"]) == 3
        for kind, least in (("text", TEXT), ("control", CONTROL)):
            for name, front, ground in found[kind]:
                assert contrast(_hex(front), _hex(ground)) >= least, f"{name} in {scheme}: {front} on {ground}"


def _declared(css: str, name: str) -> str:
    found = re.search(rf"{name}:\s*(#[0-9a-f]{{6}});", css)
    assert found is not None, name
    return found[1]


def _hex(text: str) -> str:
    return "#" + "".join(f"{int(float(one)):02x}" for one in re.findall(r"[\d.]+", text)[:3])
