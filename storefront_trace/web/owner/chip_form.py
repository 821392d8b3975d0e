"""What stands in the section about the shop's own chips: templates/owner/_chips.html."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from storefront_trace.domain.chips import Chip
from storefront_trace.domain.own_chips import MOST_OWN
from storefront_trace.domain.shop import Cast, in_language
from storefront_trace.web.languages import AVAILABLE, NAMES


@dataclass(frozen=True)
class TypedChip:
    """As it was typed, to be shown again after a refusal; `key` is "" for a new one."""

    key: str
    kind: str
    words: Mapping[str, str]
    steps: tuple[str, ...] = ()

    def field_id(self, language: str) -> str:
        return f"word.{self.key or 'new'}.{language}"


def languages_for(cast: Cast) -> list[str]:
    """The shop's own first."""
    return list(dict.fromkeys((cast.shop.locale, *AVAILABLE)))


def chip_section(cast: Cast, language: str, typed: TypedChip | None) -> dict[str, Any]:
    own = [chip for chip in cast.own_chips.values() if not chip.gone]
    new = typed if typed is not None and not typed.key else TypedChip("", "thanks", {})
    return {
        "rows": [_row(cast, chip, language, typed) for chip in own],
        "room": len(own) < MOST_OWN,
        "kind": new.kind,
        "fields": [_field(cast, new, one) for one in languages_for(cast)],
        "steps": [
            {
                "key": step.key,
                "name": in_language(step.names, language, cast.shop.locale) or step.key,
                "on": step.key in new.steps,
            }
            for step in cast.steps_in_order
            if step.asks_feedback and step.visible
        ],
    }


def _row(cast: Cast, chip: Chip, language: str, typed: TypedChip | None) -> dict[str, Any]:
    again = typed is not None and typed.key == chip.key
    shown = typed if typed is not None and again else TypedChip(chip.key, chip.kind, chip.names)
    used = [step for step in cast.standing if chip.key in step.chips]
    return {
        "name": in_language(chip.names, language, cast.shop.locale),
        "kind": chip.kind,
        "action": f"/owner/chips/{chip.key}",
        "open": again,
        "steps": ", ".join(in_language(step.names, language, cast.shop.locale) or step.key for step in used),
        "fields": [_field(cast, shown, one) for one in languages_for(cast)],
    }


def _field(cast: Cast, shown: TypedChip, language: str) -> dict[str, Any]:
    return {
        "id": shown.field_id(language),
        "lang": language,
        "language": NAMES.get(language, language),
        "own": language == cast.shop.locale,
        "word": shown.words.get(language, ""),
    }
