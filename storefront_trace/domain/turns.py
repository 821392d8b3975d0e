"""Whether a step is out of its turn: logged already, behind what has happened, or ahead of what has not.

Nobody is stopped by it: people forget to log, and things go back to the shelf. They are asked, where the shop allows
it; only systems are not, which report what they saw. See fitting.py for where nobody looks at the order itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from storefront_trace.domain.orders import RECEIVED, Event, OrderState, came_in
from storefront_trace.domain.shop import ShopStep

# again: `event` was it already; back: the things are further on; skip: the steps of `missing` come before.
Kind = Literal["again", "back", "skip"]


@dataclass(frozen=True)
class OutOfTurn:
    kind: Kind
    event: Event | None = None
    missing: tuple[str, ...] = ()


def out_of_turn(new: Event, past: Sequence[Event], order: OrderState, steps: Iterable[ShopStep]) -> OutOfTurn | None:
    """Of the step `new`, before it is appended. `order` is what `past` gives. Of what goes in two parcels, or is partly
    out of stock, only the things that the step is about are looked at."""
    if new.effect != "advance":
        return None
    things = _things(new, order)
    told = _told(past, order, things)
    same = [e for e in told if e.step == new.step and not came_in(e) and _is_same_parcel(e, new)]
    if same and all(any(_is_about(e, key) for e in same) for key in things):
        return OutOfTurn("again", event=max(same, key=lambda e: (e.at, e.seq)))
    reached = min(
        (max((e.position for e in told if _is_about(e, key)), default=RECEIVED) for key in things),
        default=max((e.position for e in told), default=RECEIVED),
    )
    if new.position < reached:
        return OutOfTurn("back")
    way = "digital" if _goes_by_mail(new, order) else order.facts.method
    ahead = [s for s in steps if s.effect == "advance" and s.team is not None and s.is_on(way)]
    over = [s.key for s in ahead if reached < s.position < new.position]
    # A step may have been moved since it was logged.
    missing = tuple(key for key in over if not _is_logged(key, told, things))
    return OutOfTurn("skip", missing=missing) if missing else None


def _things(new: Event, order: OrderState) -> list[str]:
    """The keys of the lines it is about: those it names, those in its parcel, else all that can go on."""
    inside = next((p.lines for p in order.parcels if new.parcel and p.key == new.parcel.key), ())
    named = [key for key, _ in new.lines or inside]
    left = [line for line in order.lines if line.shippable and line.open_quantity > line.shipped]
    here = [line.key for line in left if line.open_quantity - line.shipped > line.backordered]
    return named or here or [line.key for line in order.lines if line.shippable and line.open_quantity]


def _told(past: Sequence[Event], order: OrderState, things: Sequence[str]) -> list[Event]:
    """The steps that stand, since these things were exchanged last: what is exchanged begins anew."""
    live = [e for e in past if e.kind == "step" and e.id not in order.corrected]
    swaps = [e for e in live if e.effect == "exchange" and (not e.lines or any(_is_about(e, key) for key in things))]
    since = max((e.at for e in swaps), default=None)
    return [e for e in live if e.effect == "advance" and (since is None or e.at > since)]


def _is_logged(step: str, told: Sequence[Event], things: Sequence[str]) -> bool:
    mine = [e for e in told if e.step == step]
    return bool(mine) and all(any(_is_about(e, key) for e in mine) for key in things)


def _is_about(event: Event, key: str) -> bool:
    inside = event.lines or (event.parcel.lines if event.parcel else ())
    return not inside or any(one == key for one, _ in inside)


def _is_same_parcel(event: Event, new: Event) -> bool:
    return event.parcel is None or new.parcel is None or event.parcel.key == new.parcel.key


def _goes_by_mail(new: Event, order: OrderState) -> bool:
    light = {line.key for line in order.lines if not line.shippable}
    return bool(new.lines) and all(key in light for key, _ in new.lines)
