"""Icons: each drawing stands in one place, and a page is sent those that its audience uses."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from storefront_trace.domain.steps import ICONS
from storefront_trace.web.page import TEMPLATES, Pages

SPRITES = ("customer", "staff", "owner", "plain")
# Of whose templates; a customer's short pages have the plain one.
FOLDERS = {
    "customer": {"customer", "plain"},
    "staff": {"staff"},
    "kiosk": {"staff"},
    "owner": {"owner"},
    "errors": {"plain"},
}


def sprite(pages: Pages, name: str) -> list[str]:
    return re.findall(r'^<\w+ id="i-([a-z-]+)"', pages.render("en", f"icons/{name}.html"), re.MULTILINE)


def used(folder: str) -> set[str]:
    return {
        one for path in (TEMPLATES / folder).rglob("*.html") for one in re.findall(r'"#i-([a-z-]+)"', path.read_text())
    }


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_page_finds_every_drawing_that_it_points_to(folder: str) -> None:
    assert used(folder) <= {one for name in FOLDERS[folder] for one in sprite(Pages(), name)}


@pytest.mark.parametrize("name", SPRITES)
def test_a_sprite_has_each_drawing_once_and_those_of_every_step(name: str) -> None:
    found = sprite(Pages(), name)
    assert len(found) == len(set(found))
    assert name == "plain" or set(ICONS) <= set(found)


def test_no_drawing_stands_in_two_places_and_none_is_left_over() -> None:
    drawn = re.findall(r'id="i-([a-z-]+)"', (TEMPLATES / "icons" / "drawings.html").read_text())
    others = [path for path in TEMPLATES.rglob("*.html") if path.name != "drawings.html"]
    assert len(drawn) == len(set(drawn))
    assert not [path for path in others if 'id="i-' in path.read_text()]
    assert set(drawn) == {one for name in SPRITES for one in sprite(Pages(), name)}


def test_a_customers_page_is_sent_no_drawing_of_the_others() -> None:
    assert not {"camera", "scan", "phone", "upload"} & set(sprite(Pages(), "customer"))


def test_a_shop_may_draw_its_own(tmp_path: Path) -> None:
    (tmp_path / "icons").mkdir()
    known = (TEMPLATES / "icons" / "drawings.html").read_text()
    own = re.sub(r'<path id="i-check".*', '<path id="i-check" d="M0 0h9"/>', known)
    (tmp_path / "icons" / "drawings.html").write_text(own)
    assert 'd="M0 0h9"' in Pages(tmp_path).render("sv", "icons/customer.html")
