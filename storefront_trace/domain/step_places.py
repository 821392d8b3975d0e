"""Where a step of the shop's own stands among the others: its position, between those that every shop has.

Orders are under way meanwhile. An order has come as far as the position that its latest step had when it was logged; a
step is asked for when it stands behind that. So whoever changes places moves to a later position, never an earlier one,
where there is room: then no order that is under way misses a step. What it has done already is not asked for again
(holding.py).
"""

from __future__ import annotations

from collections.abc import Sequence

from storefront_trace.domain.errors import N_, Invalid
from storefront_trace.domain.orders import DELIVERED, RECEIVED
from storefront_trace.domain.shop import Cast, ShopStep
from storefront_trace.domain.steps import DEFAULT_STEPS, EVERY_SHOPS

NO_ROOM = N_("There is no room for a step there. Choose another place.")
NO_PLACE = N_("Choose the step that it comes after.")
FIXED = N_(
    "This step keeps its place: shop systems and carriers tell of it. Your own steps can stand before or after it."
)

_FIXED = sorted({step.position for step in DEFAULT_STEPS if step.position})


def is_movable(step: ShopStep) -> bool:
    return step.key not in EVERY_SHOPS and step.position > 0


def places(cast: Cast) -> list[ShopStep]:
    """After which a step of the shop's own can stand: one of each position, the last of them by its key."""
    way = {step.position: step for step in cast.steps_in_order if RECEIVED <= step.position < DELIVERED}
    return list(way.values())


def place_after(cast: Cast, key: str, after: str) -> dict[str, int]:
    """The positions that change when the step `key`, which may be new, comes to stand after `after`: its own, and where
    it gets tight that of neighbours."""
    anchor = cast.steps.get(after)
    if anchor is None or anchor.gone or after == key or not RECEIVED <= anchor.position < DELIVERED:
        raise Invalid(NO_PLACE, errors=[("after", NO_PLACE)])
    if key in EVERY_SHOPS:
        raise Invalid(FIXED, errors=[("after", FIXED)])
    low = max(place for place in _FIXED if place <= anchor.position)
    high = min(place for place in _FIXED if place > low)
    inside = [step for step in cast.standing if low < step.position < high and step.key != key]
    place = next((n for n, step in enumerate(inside, 1) if step.key == after), 0)
    old = {step.key: step.position for step in inside}
    mine = cast.steps.get(key)
    if mine is not None and low < mine.position < high:
        old[key] = mine.position
    row = [step.key for step in inside]
    new = _spread([*row[:place], key, *row[place:]], old, low, high)
    return {one: position for one, position in new.items() if old.get(one) != position}


def place_back(cast: Cast, step: ShopStep) -> dict[str, int]:
    """As `place_after`, where it stood before it was taken away."""
    before = [one for one in places(cast) if (one.position, one.key) < (step.position, step.key)]
    return place_after(cast, step.key, before[-1].key) if before and is_movable(step) else {}


def moves(cast: Cast, step: ShopStep) -> tuple[str | None, str | None]:
    """(after which step it stands when it goes up by one, and when it goes down by one); None: it cannot."""
    if not is_movable(step):
        return None, None
    others = [one for one in places(cast) if one.key != step.key]
    before = [one for one in others if (one.position, one.key) < (step.position, step.key)]
    behind = [one for one in others if (one.position, one.key) > (step.position, step.key)]
    last = step.position > DELIVERED  # only the API puts a step there
    up = before[-1] if last else before[-2] if len(before) > 1 else None
    return up.key if up else None, behind[0].key if behind else None


def _spread(row: Sequence[str], old: dict[str, int], low: int, high: int) -> dict[str, int]:
    """Rising positions between the two: each its old one where that fits, else a later one, with room to its sides."""
    if len(row) > high - low - 1:
        raise Invalid(NO_ROOM, errors=[("after", NO_ROOM)])
    found: dict[str, int] = {}
    last = low
    for n, key in enumerate(row):
        least, most = last + 1, high - (len(row) - n)
        kept = [old[one] for one in row[n + 1 :] if old.get(one, 0) > least]
        wish = old.get(key, 0)
        if wish < least and key not in old:
            wish = (last + min(kept, default=high)) // 2
        found[key] = last = min(max(wish, least), most)
    return found
