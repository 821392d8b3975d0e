"""Which things are in which parcel, and where each of them is."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from storefront_trace.domain.orders import DELIVERED, FINAL_STATES, SHIPPED
from storefront_trace.domain.promise import Expected
from storefront_trace.domain.timeline import Ahead, Timeline, in_parts, things_in, unshipped
from storefront_trace.domain.tracked import TrackLine, TrackOrder, TrackParcel
from storefront_trace.web.customer.ahead import home_html
from storefront_trace.web.customer.chain import parcel_link
from storefront_trace.web.customer.words import Words

CLOSED = ("cancelled", "returned")


def parcel_contexts(order: TrackOrder, line: Timeline, words: Words) -> list[dict[str, Any]]:
    lines = {one.key: one for one in order.lines}
    several = in_parts(order)
    found = [
        _parcel(parcel, place if several else None, lines, line, words) for place, parcel in enumerate(order.parcels, 1)
    ]
    rest = [(one, n) for one, n in unshipped(order)] if order.state not in CLOSED else []
    if order.state in CLOSED and not found:
        rest = [(one, one.quantity) for one in order.lines]
    if rest:
        found.append(_rest(order, line, rest, len(found) + 1 if several else None, words))
    light = [(one, one.quantity - one.cancelled) for one in order.lines if not one.shippable]
    if light and order.state not in CLOSED:
        found.append(_light(order, light, words))
    return found


def _parcel(
    parcel: TrackParcel, number: int | None, lines: dict[str, TrackLine], line: Timeline, words: Words
) -> dict[str, Any]:
    reached = words.cast.steps[parcel.state].position if parcel.state in words.cast.steps else 0
    home, gone = reached >= DELIVERED, reached >= SHIPPED
    state = words.say("At your home") if home else words.say("On its way") if gone else words.say("Is being packed")
    expected = line.outlook.parcels.get(parcel.key) if number else line.outlook.order
    return {
        "title": words.say("Parcel %(number)s", number=number) if number else words.say("Your parcel"),
        "state": state,
        "state_icon": "house" if home else "truck" if gone else "box",
        "state_kind": "done" if home else "go" if gone else "wait",
        "day": _day_html(expected, words) if expected and not home else "",
        "link": parcel_link(parcel, words),
        "things": [_thing(one, amount, words) for one, amount in things_in(parcel, lines)],
        "keeper": None,
    }


def _day_html(days: Expected, words: Words) -> Markup:
    return home_html(Ahead("step", None, None, None, *days), words)


def _rest(
    order: TrackOrder, line: Timeline, rest: list[tuple[TrackLine, int]], number: int | None, words: Words
) -> dict[str, Any]:
    """What is not in a parcel yet, and who looks after what has to come in first."""
    closed = order.state in FINAL_STATES
    return {
        "title": words.say("Parcel %(number)s", number=number) if number else words.say("Your things"),
        "state": words.named(words.cast.steps[order.state].names) if closed else words.say("Waits"),
        "state_icon": "clock" if not closed else "check",
        "state_kind": "done" if closed else "wait",
        "day": _day_html(line.outlook.order, words) if line.outlook.order and not closed and not number else "",
        "link": None,
        "things": [_thing(one, amount, words) for one, amount in rest],
        "keeper": None if closed else _keeper(order, line, words),
    }


def _light(order: TrackOrder, lines: list[tuple[TrackLine, int]], words: Words) -> dict[str, Any]:
    """Gift cards and the like: nothing to pack, and with the customer as soon as they have been sent."""
    sent = order.delivered_at is not None
    return {
        "title": words.say("Nothing to pack"),
        "state": words.named(words.cast.steps["emailed"].names) if sent else words.say("Waits"),
        "state_icon": "check" if sent else "clock",
        "state_kind": "done" if sent else "wait",
        "day": "",
        "link": None,
        "things": [_thing(one, amount, words) for one, amount in lines],
        "keeper": None,
    }


def _keeper(order: TrackOrder, line: Timeline, words: Words) -> dict[str, Any] | None:
    """The last person who did something about a line that has to come in: only somebody who really did."""
    waiting = {one.key: one for one in order.lines if one.backordered > 0}
    for shown in reversed(line.steps):
        about = [key for key, _ in shown.event.lines if key in waiting]
        if about and shown.step.effect == "pause" and not shown.corrected:
            face = words.face(shown.actor)
            title = waiting[about[0]].title
            text = words.say("%(name)s makes sure that %(title)s arrives.", name=face.in_sentence, title=title)
            return {"portrait": face.portrait, "text": text, "link": None}
    return None


def _thing(line: TrackLine, amount: int, words: Words) -> dict[str, Any]:
    pieces = words.say("%(num)s pcs", num=amount)
    picture = line.image_url if line.image_url and line.image_url.startswith("/media/") else None
    return {
        "title": line.title,
        "detail": ", ".join(part for part in (line.variant, pieces) if part),
        "pic": picture,
        "state": words.say("Out of stock for now") if line.backordered > 0 and line.shipped == 0 else None,
    }


def count_things(order: TrackOrder) -> int:
    return sum(max(0, line.quantity - line.cancelled) for line in order.lines)
