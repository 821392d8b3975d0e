from __future__ import annotations

import pytest

from storefront_trace.domain.chips import Chip
from storefront_trace.domain.errors import Invalid
from storefront_trace.domain.own_chips import MOST_EVER, MOST_OWN, read_chips, store_chips, with_chip, without_chip


def many(number: int, gone: int = 0) -> dict[str, Chip]:
    return {f"own_{n}": Chip(f"own_{n}", "thanks", {"sv": f"ord {n}"}, n < gone) for n in range(number)}


def test_a_chip_is_stored_and_read_as_it_was() -> None:
    own = with_chip({}, "own_ribbon", "thanks", {"sv": "fint  band", "en": "the ribbon", "nb": ""}, "sv")
    assert own["own_ribbon"].names == {"sv": "fint band", "en": "the ribbon"}
    assert read_chips(store_chips(without_chip(own, "own_ribbon")))["own_ribbon"].gone
    assert read_chips(store_chips(own)) == own
    assert read_chips(None) == {}


def test_thirty_are_the_most_and_those_taken_away_make_room() -> None:
    with pytest.raises(Invalid):
        with_chip(many(MOST_OWN), "own_more", "thanks", {"sv": "mer"}, "sv")
    assert "own_more" in with_chip(many(MOST_OWN, gone=1), "own_more", "thanks", {"sv": "mer"}, "sv")
    with pytest.raises(Invalid):
        with_chip(many(MOST_EVER, gone=MOST_EVER), "own_more", "thanks", {"sv": "mer"}, "sv")
    assert "own_3" in with_chip(many(MOST_OWN), "own_3", "thanks", {"sv": "annat"}, "sv")


@pytest.mark.parametrize(
    ("kind", "words", "field"),
    [
        ("praise", {"sv": "fint"}, "kind"),
        ("thanks", {"sv": ""}, "word.sv"),
        ("thanks", {"sv": "a" * 41}, "word.sv"),
        ("thanks", {"sv": "fint", "en": "a" * 41}, "word.en"),
        ("thanks", {"sv": "osynlig\u200b"}, "word.sv"),
        ("thanks", {"sv": "Snabbt"}, "word.sv"),
        ("thanks", {"sv": "Ord 1"}, "word.sv"),
    ],
)
def test_what_cannot_be_a_chip_is_refused_at_its_field(kind: str, words: dict[str, str], field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        with_chip(many(2), "own_new", kind, words, "sv")
    assert field in [name for name, _ in refusal.value.field_errors]


def test_the_same_word_may_stand_for_thanks_and_for_what_could_be_better() -> None:
    assert with_chip({}, "own_pack", "thanks", {"sv": "förpackningen"}, "sv")["own_pack"].kind == "thanks"
