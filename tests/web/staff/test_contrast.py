"""Readable in a dim hall and in the sun: seven to one for what is read, in the colours that a browser really draws."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser, Page

from tests.browser import PHONE, window
from tests.web.tour import Demo, built_demo, demo, visitor

__all__ = ["built_demo", "demo"]
PATHS = (
    "/staff",
    "/staff/orders",
    "/staff/orders/1001",
    "/staff/orders/1011",
    "/staff/orders/1002/pause/delayed",
    "/staff/scan",
    "/staff/row",
    "/staff/row?step=packed",
    "/staff/slips",
    "/staff/thanks",
    "/staff/questions",
    "/staff/me",
    "/staff/offline",
)
# On a colour that is no paper four and a half is enough: on the shop's own, and on those that say what has happened.
JUDGE = """() => {
  const canvas = Object.assign(document.createElement("canvas"), { width: 1, height: 1 });
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  const known = new Map();
  const rgba = (colour) => {
    if (!known.has(colour)) {
      pen.clearRect(0, 0, 1, 1);
      pen.fillStyle = colour;
      pen.fillRect(0, 0, 1, 1);
      const [r, g, b, a] = pen.getImageData(0, 0, 1, 1).data;
      known.set(colour, [r, g, b, a / 255]);
    }
    return known.get(colour);
  };
  const over = ([r, g, b, a], under) => [r, g, b].map((one, n) => one * a + under[n] * (1 - a));
  const light = (parts) => {
    const straight = (one) => (one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4);
    const [r, g, b] = parts.map((one) => straight(one / 255));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ratio = (one, other) => {
    const [more, less] = [light(one), light(other)].sort((a, b) => b - a);
    return (more + 0.05) / (less + 0.05);
  };
  const behind = (element) => {
    const layers = [];
    for (let one = element; one; one = one.parentElement) layers.unshift(rgba(getComputedStyle(one).backgroundColor));
    return layers.reduce((under, layer) => over(layer, under), rgba("Canvas").slice(0, 3));
  };
  const coloured = (parts) => Math.max(...parts) - Math.min(...parts) > 40;
  const words = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = [];
  let seen = 0;
  while (words.nextNode()) {
    const { parentElement: element, data } = words.currentNode;
    const range = document.createRange();
    range.selectNodeContents(words.currentNode);
    if (!data.trim() || !range.getClientRects().length) continue;
    if (!element.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
    if (element.closest("svg, .vh, :disabled, [aria-hidden=true]")) continue;
    const paper = behind(element);
    const ink = over(rgba(getComputedStyle(element).color), paper);
    const least = coloured(paper) ? 4.5 : 7;
    seen += 1;
    const there = ratio(ink, paper);
    const colours = `${ink.map(Math.round)} on ${paper.map(Math.round)}`;
    const where = `${element.tagName}.${element.className} "${data.trim().slice(0, 30)}"`;
    if (there < least - 0.005) found.push(`${there.toFixed(2)} ${where} ${colours}`);
  }
  return [seen, found];
}"""
UNFOLD = "() => document.querySelectorAll('details').forEach((one) => (one.removeAttribute('name'), (one.open = true)))"


async def faint(page: Page) -> tuple[int, list[str]]:
    await page.evaluate(UNFOLD)
    seen, found = await page.evaluate(JUDGE)
    return seen, found


async def test_the_judge_sees_what_is_faint(browser: Browser) -> None:
    page = await (await window(browser)).new_page()
    await page.set_content(
        "<body style='background:#fff;color:#000'><p style='color:#777'>grey</p>"
        "<p style='color:rgb(0 0 0 / 0.5)'>half</p>"
        "<p style='background:#00662e'><b style='color:#eee'>on green</b></p><p>black</p>"
    )
    seen, found = await faint(page)
    assert seen == 4 and [line.split('"')[1] for line in found] == ["grey", "half"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("wide", [390, 1280])
async def test_what_staff_read_stands_out_seven_to_one(browser: Browser, demo: Demo, scheme: str, wide: int) -> None:
    told = {"viewport": {**PHONE, "width": wide}, "color_scheme": scheme, "reduced_motion": "reduce"}
    context = await visitor(browser, demo, "staff", **told)
    page = await context.new_page()
    wrong: set[str] = set()
    for path in PATHS:
        answer = await page.goto(demo.url + path)
        assert answer is not None and answer.ok, path
        seen, found = await faint(page)
        assert seen > 5, path
        wrong |= {f"{path}: {line}" for line in found}
    assert not wrong, f"{len(wrong)} too faint:\n" + "\n".join(sorted(wrong))
