"""Which things are in which parcel, and where each of them is."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from storefront_trace.domain.ahead import Ahead
from storefront_trace.domain.orders import DELIVERED, FINAL_STATES, HOME_STATES, SHIPPED
from storefront_trace.domain.parcels import count_parcels, in_no_parcel, in_parts, reached, things_in
from storefront_trace.domain.pieces import exchanged, is_light_sent, loose, went_before
from storefront_trace.domain.promise import Expected
from storefront_trace.domain.shop import ShopStep
from storefront_trace.domain.timeline import Timeline, keeper_of
from storefront_trace.domain.tracked import TrackLine, TrackOrder, TrackParcel
from storefront_trace.web.customer.ahead import days_text, home_html
from storefront_trace.web.customer.chain import parcel_link
from storefront_trace.web.customer.notice import name_first
from storefront_trace.web.customer.things import things_context
from storefront_trace.web.customer.threads import asked_face
from storefront_trace.web.customer.words import Words
from storefront_trace.web.wording import day_html

CLOSED_ICONS = {"cancelled": "cross", "returned": "undo"}
Some = list[tuple[TrackLine, int]]


def parcel_contexts(order: TrackOrder, line: Timeline, words: Words) -> list[dict[str, Any]]:
    """Parcels; what has left without one; what is still here; what needs none; what was called off."""
    lines = {one.key: one for one in order.lines}
    several, closed = in_parts(order, words.cast), order.state in CLOSED_ICONS
    live = [one.event for one in line.steps if not one.corrected]
    swapped = exchanged(order, live)
    found = [
        _parcel(order, parcel, place if several else None, lines, line, swapped, words)
        for place, parcel in enumerate(order.parcels, 1)
    ]
    if closed and not found:
        return [_closed(order, [(one, one.quantity) for one in order.lines], words)]
    sent = loose(order)
    if sent:
        found.append(_sent(order, sent, line, swapped, words))
    rest = [] if closed else in_no_parcel(order, words.cast)
    if rest:
        found.append(_rest(order, line, rest, len(found) + 1 if several else None, swapped, words))
    light = [(one, one.quantity - one.cancelled) for one in order.lines if not one.shippable]
    if light and not closed:
        found.append(_light(light, is_light_sent(order, live), words))
    gone = [(one, one.cancelled) for one in order.lines if one.cancelled and one.cancelled >= one.quantity]
    if gone and not closed:
        found.append(_gone(gone, words))
    return found


def parcels_told(order: TrackOrder, words: Words) -> int:
    return len(order.parcels) if order.state in CLOSED_ICONS else count_parcels(order, words.cast)


def _card(title: str, state: str, icon: str, kind: str, things: dict[str, Any], **more: Any) -> dict[str, Any]:
    """`kind`: go, wait or done."""
    return {
        "title": title,
        "state": state,
        "state_icon": icon,
        "state_kind": kind,
        "day": "",
        "link": None,
        "number": "",
        "keeper": None,
        **things,
        **more,
    }


def _parcel(
    order: TrackOrder,
    parcel: TrackParcel,
    number: int | None,
    lines: dict[str, TrackLine],
    line: Timeline,
    swapped: frozenset[str],
    words: Words,
) -> dict[str, Any]:
    step, place = words.cast.steps.get(parcel.state), reached(parcel, words.cast)
    home, gone = place >= DELIVERED, place >= SHIPPED
    expected = line.outlook.parcels.get(parcel.key) if number else line.outlook.order
    title = words.say("Parcel %(number)s", number=number) if number else words.say("Your parcel")
    before = went_before(order, parcel, swapped)
    things = things_context(things_in(parcel, lines), words, exchanged=before, anew=swapped - before)
    if order.state in CLOSED_ICONS:
        return _card(title, *_ended(order, words), things, link=parcel_link(parcel, words))
    if parcel.state == "ready_for_pickup" and step:
        state, icon = words.named(step.names), step.icon
    else:
        state = words.say("At your home") if home else words.say("On its way") if gone else _packing(step, words)
        icon = "house" if home else "truck" if gone else "box"
    return _card(
        title,
        state,
        icon,
        "done" if home else "go" if gone else "wait",
        things,
        day=_day_html(order, expected, words) if expected and not home else "",
        link=parcel_link(parcel, words),
        number=_number(parcel, words),
    )


def _number(parcel: TrackParcel, words: Words) -> str:
    """For whoever has to look for it by hand: nobody gave us an address."""
    if parcel.tracking_url or not parcel.tracking_number:
        return ""
    carrier = parcel.carrier or words.say("the carrier")
    return words.say("Parcel number with %(carrier)s: %(number)s", carrier=carrier, number=parcel.tracking_number)


def _packing(step: ShopStep | None, words: Words) -> str:
    packed = step is not None and step.effect == "advance"
    return words.named(step.names) if packed and step else words.say("Is being packed")


def _sent(order: TrackOrder, sent: Some, line: Timeline, swapped: frozenset[str], words: Words) -> dict[str, Any]:
    """What has left without a parcel of its own: over the counter, by our own people, or nobody said how."""
    before = swapped & {one.key for one, _ in in_no_parcel(order, words.cast)} if swapped else swapped
    things = things_context(sent, words, exchanged=before, anew=swapped - before)
    if order.state in CLOSED_ICONS:
        return _card(words.say("Your things"), *_ended(order, words), things)
    step = words.cast.steps.get(line.state)
    there = order.state in HOME_STATES
    state = words.named(step.names) if step and step.position >= SHIPPED else words.say("On its way")
    icon = step.icon if step and step.position >= SHIPPED else "truck"
    ready = order.state == "ready_for_pickup"
    day = _day_html(order, line.outlook.order, words) if line.outlook.order and not there and not ready else ""
    return _card(words.say("Your things"), state, icon, "done" if there else "go", things, day=day)


def _rest(
    order: TrackOrder, line: Timeline, rest: Some, number: int | None, swapped: frozenset[str], words: Words
) -> dict[str, Any]:
    """What is not in a parcel yet, and who looks after what has to come in first."""
    title = words.say("Parcel %(number)s", number=number) if number else words.say("Your things")
    things = things_context(rest, words, waits=True, today=line.outlook.today, anew=swapped)
    if order.state in FINAL_STATES:
        return _card(title, *_ended(order, words), things)
    day = _day_html(order, line.outlook.order, words) if line.outlook.order and not number else ""
    keeper = _keeper(order, line, words)
    return _card(title, words.say("Waits"), "clock", "wait", things, day=day, keeper=keeper)


def _light(lines: Some, sent: bool, words: Words) -> dict[str, Any]:
    """Gift cards and the like: nothing to pack, and with the customer as soon as they have been sent."""
    things = things_context(lines, words)
    if not sent:
        return _card(words.say("By e-mail"), words.say("Waits"), "clock", "wait", things)
    emailed = words.cast.steps["emailed"]
    return _card(words.say("By e-mail"), words.named(emailed.names), emailed.icon, "done", things)


def _gone(lines: Some, words: Words) -> dict[str, Any]:
    """What was called off, told once: struck from no list, so that nobody has to remember what they ordered."""
    step = words.cast.steps["cancelled"]
    things = things_context(lines, words, noted=False)
    return _card(words.say("Not coming"), words.named(step.names), "cross", "wait", things)


def _closed(order: TrackOrder, lines: Some, words: Words) -> dict[str, Any]:
    return _card(words.say("Your things"), *_ended(order, words), things_context(lines, words, noted=False))


def _ended(order: TrackOrder, words: Words) -> tuple[str, str, str]:
    step = words.cast.steps[order.state]
    return words.named(step.names), CLOSED_ICONS.get(order.state, step.icon), "done"


def _day_html(order: TrackOrder, days: Expected, words: Words) -> Markup:
    ahead = Ahead("step", None, None, None, *days)
    if order.method == "pickup":
        return words.with_day("Ready to collect %(day)s", day_html(days.day_to, days_text(ahead, words)))
    return home_html(ahead, words)


def _keeper(order: TrackOrder, line: Timeline, words: Words) -> dict[str, Any] | None:
    """Who sees to it that what is out of stock comes in; of several such lines for the first that somebody does."""
    for waiting in (one for one in order.lines if one.backordered > 0):
        who = keeper_of(line, waiting.key)
        if who is not None:
            text = words.say(
                "%(name)s makes sure that %(title)s arrives.", name=name_first(who, words), title=waiting.title
            )
            face = words.face(who)
            asked, _ = asked_face(order, line, words)
            link = {"href": "#ask", "label": words.say("Ask %(name)s", name=face.called)} if asked is face else None
            return {"portrait": face.portrait, "text": text, "link": link}
    return None
