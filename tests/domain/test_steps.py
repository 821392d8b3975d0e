from __future__ import annotations

import re
from dataclasses import replace
from itertools import product

import pytest

from storefront_trace.domain.chips import CHIPS, chips_for
from storefront_trace.domain.sentences import parse
from storefront_trace.domain.shop import LANGUAGES, ShopStep, Team
from storefront_trace.domain.steps import (
    DEFAULT_STEPS,
    DEFAULT_TEAMS,
    FIRST_STEPS,
    ICONS,
    completed_step,
    completed_steps,
    completed_team,
    default_steps,
    first_steps,
    is_step_key,
    standing_alone,
    team_in_sentence,
)

BEGUN_WITH = (*DEFAULT_STEPS, *FIRST_STEPS)
HANDED_OVER = ("ready_for_pickup", "picked_up", "delivered")
PACKED = next(step for step in DEFAULT_STEPS if step.key == "packed")
VALUES = {
    "sv": {
        "name": ("Anders", "Lagerteamet", "PostNord"),
        "when": ("den 20 november kl. 9.14", "i dag kl. 9.14"),
        "role": ("lagret", ""),
        "to": ("Lisa på inköp", ""),
        "parcel": ("paket 1", ""),
        "carrier": ("PostNord", ""),
    },
    "en": {
        "name": ("Anders", "The warehouse team", "PostNord"),
        "when": ("on 20 November at 09:14", "today at 09:14"),
        "role": ("the warehouse", ""),
        "to": ("Lisa from purchasing", ""),
        "parcel": ("parcel 1", ""),
        "carrier": ("PostNord", ""),
    },
    "nb": {
        "name": ("Anders", "Lagerteamet", "PostNord"),
        "when": ("den 20. november kl. 09.14", "i dag kl. 09.14"),
        "role": ("lageret", ""),
        "to": ("Lisa fra innkjøp", ""),
        "parcel": ("pakke 1", ""),
        "carrier": ("PostNord", ""),
    },
    "da": {
        "name": ("Anders", "Lagerteamet", "PostNord"),
        "when": ("den 20. november kl. 9.14", "i dag kl. 9.14"),
        "role": ("lageret", ""),
        "to": ("Lisa fra indkøb", ""),
        "parcel": ("pakke 1", ""),
        "carrier": ("PostNord", ""),
    },
    "fi": {
        "name": ("Anders", "Varastotiimi", "PostNord"),
        "when": ("20. marraskuuta klo 9.14", "tänään klo 9.14"),
        "role": ("varastolta", ""),
        "to": ("Lisa hankinnasta", ""),
        "parcel": ("paketti 1", ""),
        "carrier": ("PostNord", ""),
    },
    "de": {
        "name": ("Anders", "Das Lagerteam", "PostNord"),
        "when": ("am 20. November um 9:14 Uhr", "heute um 9:14 Uhr"),
        "role": ("aus dem Lager", ""),
        "to": ("Lisa aus dem Einkauf", ""),
        "parcel": ("Paket 1", ""),
        "carrier": ("PostNord", ""),
    },
}
DANGLING = re.compile(
    r"\b(på|till|til|med|mit|och|og|und|ja|av|fra|from|with|and|to|för|for|att|at|om|an|von)"
    r"(?=[ ]*[.,]| (och|and|with|med|og)\b)"
)


def _renderings(language: str) -> list[str]:
    names = list(VALUES[language])
    combinations = [dict(zip(names, values, strict=True)) for values in product(*VALUES[language].values())]
    sentences = [parse(step.sentences[language]) for step in BEGUN_WITH]
    return [sentence.render(values) for sentence in sentences for values in combinations]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_default_sentence_is_a_sentence_whatever_is_missing(language: str) -> None:
    for text in _renderings(language):
        assert text[0].isupper(), text
        assert not re.search(r"\(\)|[.!?]\w", text.replace("9.14", "").replace("09.14", "")), text
        assert text.endswith("."), text
        assert not text.endswith(".."), text
        assert not re.search(r"\s\s|\s[.,]|[\[\]{}|]", text), text
        assert not DANGLING.search(text), text


def test_no_default_sentence_has_a_hole() -> None:
    for step in BEGUN_WITH:
        assert all(not parse(text).unguarded for text in step.sentences.values()), step.key


def test_no_name_is_inflected() -> None:
    for step in BEGUN_WITH:
        for text in step.sentences.values():
            assert not re.search(r"\{(name|to|carrier|shop)\}['’\w]", text), text


def test_every_text_is_there_in_every_language() -> None:
    for step in BEGUN_WITH:
        for texts in (step.names, step.next_names, step.sentences):
            assert sorted(texts) == sorted(LANGUAGES) and all(texts.values()), step.key
    for names in [chip.names for chip in CHIPS.values()] + [team.names for team in DEFAULT_TEAMS]:
        assert sorted(names) == sorted(LANGUAGES) and all(names.values())


def test_the_steps_are_those_that_the_contract_names_in_their_order() -> None:
    way = [step.key for step in sorted(DEFAULT_STEPS, key=lambda step: step.position) if step.effect == "advance"]
    assert way == ["received", "picked", "packed", "emailed", "shipped", "in_transit", "out_for_delivery", *HANDED_OVER]
    beside = {step.key: step.effect for step in DEFAULT_STEPS if step.position == 0}
    ends = {"delayed": "pause", "cancelled": "cancel", "returned": "return"}
    assert beside == {**ends, "exchanged": "exchange", "refunded": "aside"}
    assert all(is_step_key(step.key) for step in DEFAULT_STEPS)


def test_every_step_points_to_icons_chips_and_teams_that_exist() -> None:
    teams = {team.key for team in DEFAULT_TEAMS}
    for step in BEGUN_WITH:
        assert step.icon in ICONS
        assert step.team in teams
        assert set(step.chips) <= set(CHIPS)


def test_no_two_steps_share_a_drawing() -> None:
    icons = [step.icon for step in BEGUN_WITH]
    assert len(icons) == len(set(icons))


def test_a_step_that_asks_offers_chips_for_both_choices_and_the_carriers_scans_do_not_ask() -> None:
    for step in BEGUN_WITH:
        offered = (chips_for(step.chips, "thanks", CHIPS), chips_for(step.chips, "concern", CHIPS))
        assert all(offered) if step.asks_feedback else not any(offered), step.key
    assert {step.key for step in DEFAULT_STEPS if not step.asks_feedback} == {
        "in_transit",
        "out_for_delivery",
        "cancelled",
    }


def test_chips_that_a_shop_has_since_dropped_are_left_out() -> None:
    assert [chip.key for chip in chips_for(("fast", "gone", "late", "kind"), "thanks", CHIPS)] == ["fast", "kind"]


def test_a_teams_article_is_small_inside_a_sentence() -> None:
    assert team_in_sentence("Das Lagerteam", "de") == "das Lagerteam"
    assert team_in_sentence("Dasein", "de") == "Dasein"
    assert team_in_sentence("The warehouse team", "en") == "the warehouse team"
    assert team_in_sentence("Theo & co", "en") == "Theo & co"


@pytest.mark.parametrize(
    ("name", "language", "text"),
    [
        ("Lagerteamet", "sv", "lagerteamet"),
        ("Ordremottaket", "nb", "ordremottaket"),
        ("Ordremodtagelsen", "da", "ordremodtagelsen"),
        ("Tilauspalvelu", "fi", "tilauspalvelu"),
        ("Team Blå", "sv", "Team Blå"),
        ("Lagerteam", "de", "Lagerteam"),
    ],
)
def test_a_team_is_a_common_noun_unless_it_has_a_name_of_its_own(name: str, language: str, text: str) -> None:
    assert team_in_sentence(name, language) == text


@pytest.mark.parametrize("key", ["", "Packed", "gift wrap", "1st", "a" * 41, "packed\n", "påse"])
def test_a_step_key_is_short_and_plain(key: str) -> None:
    assert not is_step_key(key)


def test_a_stored_step_speaks_our_words_in_the_languages_that_the_shop_has_not_written() -> None:
    own = ShopStep(
        "packed", 30, "advance", "box", "warehouse", {"sv": "Inslagen"}, {"sv": "Slås in"}, {"sv": "{name} slog in."}
    )
    shown = completed_step(own)
    assert shown.names == {**PACKED.names, "sv": "Inslagen"}
    assert shown.sentences["sv"] == "{name} slog in." and shown.sentences["fi"] == PACKED.sentences["fi"]


def test_a_step_of_the_shops_own_gets_no_words_of_ours() -> None:
    own = ShopStep("engraved", 35, "advance", "box", "warehouse", {"sv": "Graverad"}, {}, {})
    assert completed_step(own) is own


def test_a_team_that_the_shop_renamed_keeps_its_name_everywhere() -> None:
    assert completed_team(Team("warehouse", {"en": "The warehouse team"})).names["de"] == "Das Lagerteam"
    renamed = Team("warehouse", {"sv": "Packgänget", "en": "The packing crew"})
    assert completed_team(renamed) is renamed


def test_a_shop_that_is_older_than_a_step_has_it_all_the_same() -> None:
    own = ShopStep("engraved", 35, "advance", "box", "warehouse", {"sv": "Graverad"}, {}, {})
    renamed = replace(next(step for step in default_steps() if step.key == "picked_up"), names={"sv": "Utlämnad"})
    found = completed_steps([own, renamed])
    assert found["picked_up"].names["sv"] == "Utlämnad"
    assert set(found) == {"engraved", *(step.key for step in DEFAULT_STEPS)}
    assert [step.position for step in found.values()] == sorted(step.position for step in found.values())


def test_a_shop_begins_with_a_step_for_who_gets_what_is_out_of_stock() -> None:
    ordered = next(step for step in first_steps() if step.key == "ordered")
    assert (ordered.effect, ordered.position, ordered.team, ordered.visible) == ("pause", 0, "orders", True)
    assert ordered.names["sv"] == "Beställd hem"


def test_a_shop_that_is_older_than_what_shops_begin_with_is_left_alone() -> None:
    own = ShopStep("ordered", 25, "advance", "box", "warehouse", {"sv": "Beställd från fabriken"}, {}, {})
    assert "ordered" not in completed_steps(())
    assert completed_steps([own])["ordered"] is own


def test_each_way_to_the_customer_has_its_own_steps() -> None:
    def way(method: str) -> list[str]:
        on = [step for step in completed_steps(()).values() if step.effect == "advance" and step.is_on(method)]
        return [step.key for step in on]

    assert way("parcel") == ["received", "picked", "packed", "shipped", "in_transit", "out_for_delivery", "delivered"]
    assert way("pickup") == ["received", "picked", "packed", "ready_for_pickup", "picked_up"]
    assert way("local") == ["received", "picked", "packed", "out_for_delivery", "delivered"]
    assert way("digital") == ["received", "emailed"]


def test_the_carriers_steps_stay_its_own_when_a_shop_stored_them_before_there_were_other_ways() -> None:
    stored = replace(next(step for step in default_steps() if step.key == "shipped"), methods=None)
    assert completed_steps([stored])["shipped"].methods == ("parcel",)


def test_a_role_below_a_name_has_no_article() -> None:
    assert standing_alone("Das Lagerteam", "de") == "Lagerteam"
    assert standing_alone("the warehouse", "en") == "warehouse"
    assert standing_alone("aus dem Lager", "de") == "aus dem Lager"
    assert standing_alone("The", "en") == "The"
