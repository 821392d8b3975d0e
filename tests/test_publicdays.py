from __future__ import annotations

from datetime import date

import pytest

from storefront_trace.publicdays import countries, public_days


def test_the_whole_of_sweden_is_off_at_midsummer_by_law_and_by_custom() -> None:
    days = public_days("SE", 2026, 2027)
    assert {date(2026, 6, 19), date(2026, 6, 20), date(2026, 12, 24), date(2027, 1, 6)} <= days
    assert date(2026, 11, 20) not in days
    assert {day.year for day in days} == {2026, 2027}


@pytest.mark.parametrize("country", ["SE", "NO", "DK", "FI", "DE", "GB", "US"])
def test_christmas_day_is_off_wherever_our_languages_are_spoken(country: str) -> None:
    assert country in countries()
    assert date(2026, 12, 25) in public_days(country, 2026, 2026)


def test_no_days_are_made_up_for_a_country_that_is_not_known() -> None:
    with pytest.raises(KeyError):
        public_days("XX", 2026, 2026)
