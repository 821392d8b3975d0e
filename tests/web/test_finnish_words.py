"""Finnish bends what it names; a name, a day and a number are put in where they can stand as they are."""

from __future__ import annotations

import pytest

from storefront_trace.web.languages import catalogue
from storefront_trace.web.owner.needs import WORDS
from storefront_trace.web.wording import day_text, wait_text

DAY = 24 * 60


def test_who_thanked_whom_is_said_without_an_arrow() -> None:
    assert catalogue("fi").say("%(customer)s to %(name)s", customer="Olle", name="Lisa") == "Olle, saajana Lisa"


@pytest.mark.parametrize(("days", "told"), [(1, "on 1 päivä."), (5, "on 5 päivää.")])
def test_a_wait_stands_as_it_is_in_any_size(days: int, told: str) -> None:
    time = wait_text(days * DAY, "fi")
    text = catalogue("fi").gettext(WORDS["still"])
    assert told in text % {"order": "1001", "time": time, "name": "Lisa", "day": ""}


def test_a_promised_day_is_part_of_the_sentence() -> None:
    told = {"order": "1001", "day": day_text("2026-11-20", "fi"), "name": "Lisa"}
    text = catalogue("fi").gettext(WORDS["late"]) % told
    assert text.startswith("1001 luvattiin perille viimeistään perjantaina 20. marraskuuta, ja")
