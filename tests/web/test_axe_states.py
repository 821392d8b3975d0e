"""Every state that an order can be in, on a phone, held against axe: /demo/states shows them to us, this to nobody."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from playwright.async_api import Browser

from storefront_trace.demo.states import TITLES
from storefront_trace.web.languages import AVAILABLE
from tests.web.test_axe import PHONE, Judge
from tests.web.tour import Demo, serving, visitor

pytestmark = pytest.mark.timeout(600)

# Between them they have all that a page can have: reasons, promises, several parcels, ways to collect, what a customer
# and the shop said, what came back. In another language only the words are others, so these will do.
FULLEST = (
    "Delayed, with a reason",
    "Out of stock",
    "Two parcels, two carriers",
    "Ready to collect",
    "Thanked, answered, and a concern",
    "Some sent back",
    "A step taken back",
)


@pytest.fixture(scope="module")
def gallery(built_demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    with serving(shutil.copytree(built_demo, tmp_path_factory.mktemp("gallery") / "data"), gallery=True) as served:
        yield served


async def test_every_state_is_accessible_by_day_and_by_night(browser: Browser, gallery: Demo) -> None:
    judge = await looked_at(browser, gallery, [title for _, title in TITLES.values()], "sv", dark=True)
    assert len(judge.seen) == len(TITLES)
    judge.verdict()


@pytest.mark.parametrize("language", [one for one in AVAILABLE if one != "sv"])
async def test_the_fullest_states_are_accessible_in_every_other_language(
    browser: Browser, gallery: Demo, language: str
) -> None:
    (await looked_at(browser, gallery, FULLEST, language, dark=False)).verdict()


async def looked_at(
    browser: Browser, gallery: Demo, titles: tuple[str, ...] | list[str], language: str, *, dark: bool
) -> Judge:
    judge = Judge()
    context = await visitor(browser, gallery, viewport=PHONE)
    page = await context.new_page()
    links = states(gallery, await (await context.request.get(f"{gallery.url}/demo/states")).text())
    for title in titles:
        answer = await page.goto(f"{links[title]}?lang={language}")
        assert answer is not None and answer.status == 200, title
        assert await page.locator("html").get_attribute("lang") == language
        await judge.look(page, f"“{title}” in {language}", dark=dark)
    await context.close()
    return judge


def states(gallery: Demo, html: str) -> dict[str, str]:
    """The address of each state's order, by its title."""
    found = re.findall(r'href="(/t/[^"]+)">([^<]+)</a>', html)
    return {unescape(title).strip(): gallery.url + path for path, title in found}
