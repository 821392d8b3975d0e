"""`/t/{token}.json`: what the page shows, for programs. Field names are fixed by the contract."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from storefront_trace.domain.moments import from_micros, tz
from storefront_trace.domain.promise import told
from storefront_trace.domain.shop import Cast
from storefront_trace.domain.timeline import Actor, Shown, Timeline, timeline
from storefront_trace.domain.tracked import TrackLine, TrackOrder, TrackParcel
from storefront_trace.web.customer.chain import iso_text
from storefront_trace.web.customer.collect import where_to_collect
from storefront_trace.web.customer.threads import question_facts
from storefront_trace.web.customer.words import Words


def track_facts(order: TrackOrder, words: Words, token: str, now: int, public_url: str) -> dict[str, Any]:
    cast = words.cast
    line = timeline(order, cast, now)
    promise = told(order, line.outlook)
    return {
        "order": {
            "number": order.number,
            "state": line.state,
            "placed_at": _placed(order, cast),
            "method": order.method,
            "promise": {"from": promise.day_from, "to": promise.day_to, "source": promise.source} if promise else None,
            "late": line.outlook.late is not None,
            "collect": where_to_collect(order, line, words) or None,
            "version": order.version,
        },
        "holder": _actor(line.holder, words, public_url) if line.holder else None,
        "lines": [_line(one) for one in sorted(order.lines, key=lambda one: one.position)],
        "parcels": [_parcel(one) for one in order.parcels],
        "events": [_event(one, words, token, public_url) for one in _told(line)],
        "questions": [_question(*one, words, public_url) for one in question_facts(order, words, line.faded)],
        "next": _next(order, line, cast),
    }


def _question(told: dict[str, Any], who: Actor, words: Words, public_url: str) -> dict[str, Any]:
    """`who` answered it or, without an answer, is waited for."""
    shown = _actor(who, words, public_url)
    if told["answer"] is None:
        return told | {"waits_for": shown}
    return told | {"waits_for": None, "answer": told["answer"] | {"actor": shown}}


def _told(line: Timeline) -> list[Shown]:
    """Each scan by itself: a page folds a carrier's scans, a program counts them."""
    told = [one for shown in line.steps for one in shown.scans or (shown,)]
    return sorted(told, key=lambda one: (one.event.at, one.event.position or 0, one.event.seq))


def _next(order: TrackOrder, line: Timeline, cast: Cast) -> dict[str, Any] | None:
    """Of what happens inside the shop only, the first thing after it that the customer will see. `expected` is the day
    of this very step, None when nobody has said one: the day on which the order comes home is the promise's."""
    step = cast.steps.get(order.next_step or "")
    if step is not None and not step.visible:
        step = next((one.step for one in line.ahead if one.step is not None), None)
    if step is None:
        return None
    day = next((one.day_to for one in line.ahead if one.step is not None and one.step.key == step.key), None)
    return {"step": step.key, "expected": day}


def _placed(order: TrackOrder, cast: Cast) -> str:
    day = order.placed_precision == "day"
    at: datetime = from_micros(order.placed_at).astimezone(tz(order.placed_zone if day else cast.shop.zone))
    return at.date().isoformat() if day else at.isoformat()


def _actor(actor: Actor, words: Words, public_url: str) -> dict[str, Any]:
    face = words.face(actor)
    return {
        "name": face.name,
        "role": face.role or None,
        "photo_url": f"{public_url}{face.photo_url}" if face.photo_url else None,
        "visibility": face.visibility,
    }


def _line(line: TrackLine) -> dict[str, Any]:
    return {
        "title": line.title,
        "quantity": line.quantity,
        "shipped": line.shipped,
        "backordered": line.backordered,
        "cancelled": line.cancelled,
        "returned": line.returned,
        "expected": line.expected,
    }


def _parcel(parcel: TrackParcel) -> dict[str, Any]:
    return {
        "carrier": parcel.carrier,
        "tracking_number": parcel.tracking_number,
        "tracking_url": parcel.tracking_url,
        "expected": {"from": parcel.expected_from, "to": parcel.expected_to} if parcel.expected_to else None,
        "lines": [key for key, _ in parcel.lines],
    }


def _event(shown: Shown, words: Words, token: str, public_url: str) -> dict[str, Any]:
    event = shown.event
    form = f"{public_url}/t/{token}/steps/{event.id}/feedback"
    return {
        "id": event.id,
        "step": event.step,
        "at": iso_text(shown, words.shop.zone),
        "precision": event.precision,
        "actor": _actor(shown.actor, words, public_url),
        "sentence": words.sentence(shown),
        "note": None if shown.corrected else event.note,
        "photo_url": f"{public_url}/media/{event.photo}-640.webp" if event.photo and not shown.corrected else None,
        "feedback_url": form if shown.may_react else None,
        "corrected": shown.corrected,
    }
