"""What customers can tap to say why they thank, or what could be better."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from storefront_trace.domain.step_texts import Names, chip_names

ChipKind = Literal["thanks", "concern"]


@dataclass(frozen=True, slots=True)
class Chip:
    """`gone`: the shop has taken it away, and it stands only behind what was said with it."""

    key: str
    kind: ChipKind
    names: Names
    gone: bool = False


def chips_for(keys: tuple[str, ...], kind: ChipKind, known: Mapping[str, Chip]) -> tuple[Chip, ...]:
    """The chips of a step that go with one choice, in the step's order. Unknown keys are left out, and those that the
    shop has taken away."""
    return tuple(known[key] for key in keys if key in known and known[key].kind == kind and not known[key].gone)


def _chips(kind: ChipKind, *keys: str) -> dict[str, Chip]:
    return {key: Chip(key, kind, chip_names(key)) for key in keys}


CHIPS: Mapping[str, Chip] = {
    **_chips("thanks", "well_packed", "fast", "kind", "clear", "careful", "on_time"),
    **_chips("concern", "late", "damaged", "missing", "wrong_item", "unclear", "packaging"),
}
