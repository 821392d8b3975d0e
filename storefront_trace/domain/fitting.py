"""Whether an order can take a step now, where nobody looks at the order itself: in a row, or ticked in a list.

On an order's own page one sees what has happened and may log what one likes. Here a wrong code must not change
anything, a code that was read twice must not log twice, and what is out of stock must not be called packed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from storefront_trace.domain.errors import N_, Conflict
from storefront_trace.domain.orders import (
    DELIVERED,
    FINAL_STATES,
    HOME_STATES,
    SHIPPED,
    START,
    Event,
    Line,
    OrderState,
    came_in,
)
from storefront_trace.domain.shop import ShopStep

# done: it is logged already, by `event`; closed: nothing can happen any more; past: it is further on; elsewhere: not a
# step of its way to the customer; early: it has not left yet; stock: nothing of it is here; first: another step comes
# before, and the shop wants them in order.
Why = Literal["done", "closed", "past", "elsewhere", "early", "stock", "first"]
# What can be logged on many orders without looking at each: not what needs a reason or cannot be undone by itself.
IN_A_ROW = ("advance", "return")


class Unfit(Conflict):
    """The page says it in better words, which need the cast: see web/staff/fits.py."""

    def __init__(self, why: Why, event: Event | None = None) -> None:
        super().__init__(N_("This order cannot take that step now."))
        self.why, self.event = why, event


def check_fit(step: ShopStep, before: OrderState, after: OrderState, past: Sequence[Event], *, any_order: bool) -> None:
    """Raises Unfit. `after` is the state that logging the step would give, `past` what has happened until now."""
    done = _latest(step.key, past, before)
    if done is not None and _progress(before) == _progress(after):
        raise Unfit("done", done)
    if step.effect == "return":
        _check_return(before)
    else:
        _check_way(step, before, done, any_order)


def _check_return(order: OrderState) -> None:
    if order.state in FINAL_STATES and order.state not in HOME_STATES:
        raise Unfit("closed")
    if order.position < SHIPPED:
        raise Unfit("early")


def _check_way(step: ShopStep, order: OrderState, done: Event | None, any_order: bool) -> None:
    if order.state in FINAL_STATES:
        raise Unfit("closed")
    if not _is_on_the_way(step, order):
        raise Unfit("elsewhere")
    if step.position <= SHIPPED and is_out_of_stock(order.lines):
        raise Unfit("done", done) if done is not None else Unfit("stock")
    begins = step.key == START and order.position == step.position
    if order.position >= step.position and not begins:
        raise Unfit("past")
    if not (any_order or begins or order.next_step == step.key):
        raise Unfit("first")


def is_out_of_stock(lines: Sequence[Line]) -> bool:
    """Whether all that has not left yet is waited for."""
    left = [line for line in lines if line.shippable and line.open_quantity > line.shipped]
    return bool(left) and all(line.open_quantity - line.shipped <= line.backordered for line in left)


def _is_on_the_way(step: ShopStep, order: OrderState) -> bool:
    """Of a carrier's steps only the last, which a shop's own driver or somebody at the counter may have done."""
    method = order.facts.method
    light = any(not line.shippable for line in order.lines)
    if not step.is_on(method) and not (light and step.is_on("digital")):
        return False
    return step.team is not None or method == "local" or step.position >= DELIVERED


def _latest(key: str, past: Sequence[Event], order: OrderState) -> Event | None:
    """The order's own coming in is no step that somebody has logged."""
    live = [e for e in past if e.kind == "step" and e.step == key and e.id not in order.corrected]
    logged = [e for e in live if not came_in(e)]
    return max(logged, key=lambda e: (e.at, e.seq), default=None)


def _progress(order: OrderState) -> tuple[object, ...]:
    """Not who has it: the same step by somebody else is the same step."""
    return order.state, order.position, order.lines, order.parcels, order.next_step
