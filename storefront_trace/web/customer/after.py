"""The one question, when all is at home: what would you say to those who helped? Before that nobody is asked."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from storefront_trace.domain.lifetimes import asked_until
from storefront_trace.domain.orders import HOME_STATES
from storefront_trace.domain.timeline import Shown, Timeline, helpers
from storefront_trace.domain.tracked import TrackOrder
from storefront_trace.web.customer.words import Face, Words
from storefront_trace.web.wording import listed


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
    asked = [_helper(face, steps, words) for face, steps in by_helper(line, words)]
    if not asked:
        return None
    left = sum(not one["thanked"] for one in asked)
    return {
        "head": words.say("Something you would like to say to those who helped?") if left else _done(asked, words),
        "action": f"{base}/thanks",
        "people": asked,
        "all": words.say("Thank everybody") if left > 1 else "",
        "better": words.say("Say it at the step that it is about") if left else "",
    }


def _done(asked: list[dict[str, Any]], words: Words) -> str:
    if len(asked) == 1:
        return str(asked[0]["thanked"])
    return words.say("You have thanked %(names)s.", names=listed([one["name"] for one in asked], words.language))


def by_helper(line: Timeline, words: Words) -> Iterable[tuple[Face, list[Shown]]]:
    """Of everybody who helped those who can be thanked, with the steps that they can be thanked for."""
    for who, steps in helpers(line):
        asked = [shown for shown in steps if shown.may_react]
        if asked:
            yield words.face(who), asked


def _helper(face: Face, steps: list[Shown], words: Words) -> dict[str, Any]:
    name = face.called
    return {
        "name": name,
        "stamp": face.stamp,
        "events": [shown.event.id for shown in steps if shown.feedback is None],
        "thanked": words.say("You thanked %(name)s", name=name) if all(s.feedback for s in steps) else "",
        "label": face.thank,
    }
