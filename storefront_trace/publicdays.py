"""The public holidays of a country, from the `holidays` library, which nobody else imports.

It takes 20 MB and a tenth of a second to import, so that is put off until a shop really has a country, and what comes
out is kept with the shop's calendar: a page never asks here.
"""

from __future__ import annotations

from datetime import date
from functools import cache

# Of the countries whose languages we speak: the country that a clock there tells of.
OF_ZONE = {
    "Europe/Stockholm": "SE",
    "Europe/Oslo": "NO",
    "Europe/Copenhagen": "DK",
    "Europe/Helsinki": "FI",
    "Europe/Berlin": "DE",
}


@cache
def countries() -> frozenset[str]:
    """ISO 3166 codes of all that are known."""
    import holidays

    return frozenset(holidays.list_supported_countries())


def public_days(country: str, first_year: int, last_year: int) -> frozenset[date]:
    """Days on which nearly everybody there is off: by law, or by custom, as on Midsummer Eve in Sweden.

    Of the whole country: what is a holiday in one of its regions alone is for the shop to add. KeyError for a country
    that is not known.
    """
    import holidays

    if country not in countries():
        raise KeyError(country)
    years = range(first_year, last_year + 1)
    known = holidays.country_holidays(country).supported_categories
    asked = tuple(name for name in ("public", "de_facto") if name in known)
    return frozenset(holidays.country_holidays(country, years=years, categories=asked or None))
