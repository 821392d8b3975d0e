"""A thumb in a glove finds everything: no target on the staff's pages is under 48 pixels, in short words or long."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser

from tests.web.tour import Demo, demo, visitor

__all__ = ["demo"]

PAGES = (
    "/staff",
    "/staff?q=leila",
    "/staff/orders/1011",
    "/staff/orders/1011/pause/delayed",
    "/staff/row",
    "/staff/row?step=packed",
    "/staff/scan",
    "/staff/orders",
    "/staff/slips",
    "/staff/me",
    "/staff/thanks",
    "/staff/questions",
)
# Everything unfolded. A link in a line of text may be as high as the line; a tick is as large as its label.
SMALL = """() => {
  document.querySelectorAll("details").forEach((box) => { box.removeAttribute("name"); box.open = true; });
  const words = ({ previousSibling, nextSibling }) => [previousSibling, nextSibling].some((near) => near?.data?.trim());
  const found = [];
  for (const one of document.querySelectorAll("a[href], button, summary, select, input:not([type=hidden]), textarea")) {
    const shown = one.checkVisibility({ visibilityProperty: true });
    const inText = getComputedStyle(one).display === "inline" && words(one);
    if (!shown || inText || one.closest("dialog:not([open]), .vh, .skip")) continue;
    const whole = one.matches("[type=checkbox], [type=radio], [type=file]") ? one.closest("label") ?? one : one;
    const { width, height } = whole.getBoundingClientRect();
    if (width && (width < 47.5 || height < 47.5))
      found.push(`${Math.round(width)} by ${Math.round(height)}: ${whole.outerHTML.slice(0, 110)}`);
  }
  return found;
}"""


@pytest.mark.parametrize("language", ["sv", "fi"])
async def test_every_target_is_large_enough(browser: Browser, demo: Demo, language: str) -> None:
    phone = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True, "locale": language}
    context = await visitor(browser, demo, "staff", **phone, service_workers="block")
    page = await context.new_page()
    small = {}
    for path in PAGES:
        answer = await page.goto(demo.url + path, wait_until="domcontentloaded")
        assert answer is not None and answer.ok, path
        small[path] = await page.evaluate(SMALL)
    assert {path: found for path, found in small.items() if found} == {}
