"""A shop's own chips: words for thanks and for what could be better, beside those that everybody has."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from storefront_trace.domain.chips import CHIPS, Chip, ChipKind
from storefront_trace.domain.errors import N_, Invalid
from storefront_trace.domain.step_texts import Names
from storefront_trace.domain.texts import label_within

LONGEST = 40
MOST_OWN = 30
# Those taken away stay behind what was said with them: without an end to that they would grow for ever.
MOST_EVER = 120
_FULL = N_("There are thirty chips of your own. Take one away first.")
_WORN = N_("So many chips have come and gone that there is no room for another. Change one instead.")
_THERE = N_("There is such a chip already.")


def read_chips(stored: Iterable[Mapping[str, Any]] | None) -> dict[str, Chip]:
    """The shop's own by key, from the shop's row."""
    return {one["key"]: Chip(one["key"], one["kind"], one["names"], bool(one.get("gone"))) for one in stored or ()}


def store_chips(own: Mapping[str, Chip]) -> list[dict[str, Any]]:
    return [{"key": chip.key, "kind": chip.kind, "names": dict(chip.names), "gone": chip.gone} for chip in own.values()]


def with_chip(own: Mapping[str, Chip], key: str, kind: str, names: Names, needed: str) -> dict[str, Chip]:
    """`own` with one chip more, or with one changed; `needed` is the language that cannot be left empty.

    Raises Invalid with the field `kind`, or `word.LANGUAGE`.
    """
    if kind not in ("thanks", "concern"):
        raise Invalid("Choose one: thanks, or could be better.", errors=[("kind", "Choose one.")])
    if key not in own and sum(not chip.gone for chip in own.values()) >= MOST_OWN:
        raise Invalid(_FULL)
    if key not in own and len(own) >= MOST_EVER:
        raise Invalid(_WORN)
    chosen: ChipKind = "thanks" if kind == "thanks" else "concern"
    chip = Chip(key, chosen, _checked(names, needed))
    others = (*CHIPS.values(), *(one for one in own.values() if one.key != key and not one.gone))
    if any(one.kind == chosen and _same(one.names, chip.names) for one in others):
        raise Invalid(_THERE, errors=[(f"word.{needed}", _THERE)])
    return {**own, key: chip}


def without_chip(own: Mapping[str, Chip], key: str) -> dict[str, Chip]:
    """Nobody can choose it from now on; what was said with it keeps its word."""
    return {one.key: replace(one, gone=True) if one.key == key else one for one in own.values()}


def _checked(names: Names, needed: str) -> dict[str, str]:
    return {
        language: label_within(word, LONGEST, field=f"word.{language}")
        for language, word in names.items()
        if word.strip() or language == needed
    }


def _same(one: Names, other: Names) -> bool:
    return any(one.get(language, "").casefold() == word.casefold() for language, word in other.items())
