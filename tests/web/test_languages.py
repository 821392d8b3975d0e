from __future__ import annotations

import pytest

from storefront_trace.domain.shop import LANGUAGES
from storefront_trace.languages import AVAILABLE, spoken
from storefront_trace.web.languages import choose

both = pytest.mark.parametrize("language", AVAILABLE)


@both
def test_what_is_asked_for_wins_over_everything(language: str) -> None:
    assert choose(language, "en,sv", "sv", "en") == language


def test_then_the_browsers_wishes_count_then_the_order_then_the_shop() -> None:
    assert choose(None, "fr;q=0.9, sv-SE;q=0.8, en;q=0.7", "en", "en") == "sv"
    assert choose("fr", "fr", "sv", "en") == "sv"
    assert choose(None, "", None, "sv") == "sv"
    assert choose(None, "", "tlh", "tlh") == "en"


def test_a_language_that_is_not_wanted_at_all_is_not_taken() -> None:
    assert choose(None, "sv;q=0, en;q=0.1", "sv", "sv") == "en"


@pytest.mark.parametrize(
    ("tag", "language"),
    [
        ("no", "nb"),
        ("nn-NO", "nb"),
        ("nb_NO", "nb"),
        ("da-DK", "da"),
        ("fi-FI", "fi"),
        ("de-AT", "de"),
        ("SV-fi", "sv"),
    ],
)
def test_a_tag_of_a_country_means_its_language(tag: str, language: str) -> None:
    assert spoken(tag) == (language if language in AVAILABLE else None)


@pytest.mark.parametrize("tag", [None, "", "*", "fr", "svenska", "x" * 500])
def test_other_tags_mean_none_of_ours(tag: str | None) -> None:
    assert spoken(tag) is None


def test_every_language_we_offer_is_one_that_a_shop_may_choose() -> None:
    assert set(AVAILABLE) <= set(LANGUAGES)
