"""The one question, when all is at home: what would you say to those who helped? Before that nobody is asked."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from markupsafe import Markup

from storefront_trace.domain.lifetimes import asked_until
from storefront_trace.domain.orders import HOME_STATES
from storefront_trace.domain.timeline import Shown, Timeline, helpers
from storefront_trace.domain.tracked import TrackOrder
from storefront_trace.web.customer.face import Face
from storefront_trace.web.customer.holed import Holed, hole
from storefront_trace.web.customer.words import Words


def is_asked(order: TrackOrder, now: int) -> bool:
    """For two weeks after delivery. Who has said that something could be better is not asked for thanks."""
    home = order.state in HOME_STATES and order.delivered_at is not None
    return (
        home and now < asked_until(order.delivered_at or 0) and not any(f.choice == "concern" for f in order.feedback)
    )


def after_context(order: TrackOrder, line: Timeline, words: Words, base: str, now: int) -> dict[str, Any] | None:
    """Everybody who helped, once each, in the order of their first step; None when the question is not to be put."""
    if not is_asked(order, now):
        return None
    asked = [(face, _not_thanked(steps)) for face, steps in by_helper(line, words)]
    if not asked:
        return None
    left = sum(bool(events) for _, events in asked)
    action = f"{base}/thanks"
    return {
        "head": words.say("Something you would like to say to those who helped?")
        if left
        else words.say("Your thanks have arrived."),
        "action": action,
        "people": Markup("\n".join([_helper(face, events, action, words) for face, events in asked])),  # noqa: S704 - rendered
        "all": words.say("Thank everybody") if left > 1 else "",
        "better": words.say("Say it at the step that it is about") if left else "",
    }


def by_helper(line: Timeline, words: Words) -> Iterable[tuple[Face, list[Shown]]]:
    """Of everybody who helped those who can be thanked, with the steps that they can be thanked for."""
    for who, steps in helpers(line):
        asked = [shown for shown in steps if shown.may_react]
        if asked:
            yield words.face(who), asked


def _not_thanked(steps: list[Shown]) -> list[str]:
    return [shown.event.id for shown in steps if shown.feedback is None]


def _thanked(face: Face, words: Words) -> str:
    return words.say("You thanked %(name)s", name=face.called)


def _helper(face: Face, events: list[str], action: str, words: Words) -> str:
    if len(events) != 1:
        return _rendered(face, events, action, words)
    if not face.helper:
        face.helper.append(Holed(_rendered(face, [hole("event")], hole("action"), words)))
    return face.helper[0].filled_raw(event=events[0], action=action)


def _rendered(face: Face, events: list[str], action: str, words: Words) -> Markup:
    thanked = "" if events else _thanked(face, words)
    one = {"stamp": face.stamp, "events": events, "thanked": thanked, "label": face.thank, "action": action}
    return words.part("_helper", one=one)
