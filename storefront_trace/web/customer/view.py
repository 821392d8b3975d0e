"""The context of templates/customer/track.html."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from markupsafe import Markup, escape

from storefront_trace.domain.clock import DAY
from storefront_trace.domain.feedback import EDIT_DAYS
from storefront_trace.domain.moments import from_micros, local_day, tz
from storefront_trace.domain.orders import DELIVERED, FINAL_STATES, SHIPPED
from storefront_trace.domain.shop import Cast
from storefront_trace.domain.steps import chips_for
from storefront_trace.domain.timeline import (
    Actor,
    Ahead,
    Shown,
    Timeline,
    TrackLine,
    TrackOrder,
    TrackParcel,
    actor,
    things_in,
    timeline,
    unshipped,
)
from storefront_trace.web.customer.words import LONG_NAME, Face, Words, portrait, words_for
from storefront_trace.web.languages import NAMES
from storefront_trace.web.wording import clock_text, day_text

CLOSED = ("cancelled", "returned")


def track_page(order: TrackOrder, cast: Cast, token: str, language: str, now: int) -> dict[str, Any]:
    """Everything the template shows. `now` (microseconds) says which day is today in the shop's zone."""
    words = words_for(cast, language)
    line = timeline(order, cast, now)
    today = local_day(from_micros(now), cast.shop.zone).isoformat()
    base = f"/t/{token}"
    final = order.state in FINAL_STATES
    parcels = _parcels(order, line, words)
    return {
        **frame(cast, language),
        "title": _title(order, line, words),
        "order_number": order.number,
        "version": order.version,
        "live_url": "" if final and not _recent(order, now) else f"{base}/live?since={order.version}",
        "json_url": f"{base}.json",
        "now": _now(order, line, words),
        "plan": [_plan_row(place, ahead, words) for place, ahead in enumerate(_dated(line.ahead)[:2])],
        "steps_intro": words.say("Everybody who has held your order, from the first click until today."),
        "steps": [_step(shown, words, base, now) for shown in line.steps],
        "today": None if final else words.say("Today, %(day)s", day=day_text(today, language)),
        "upcoming": [_upcoming(ahead, words) for ahead in line.ahead],
        "chain_foot": _chain_foot(line, words),
        "things_heading": words.texts.ngettext("%(num)s thing", "%(num)s things", _count(order))
        % {"num": _count(order)},
        "parcels": parcels,
        "mail": None,
    }


def frame(cast: Cast, language: str, query: str = "?lang=") -> dict[str, Any]:
    """What every customer page of a shop has around it."""
    shop = cast.shop
    texts = words_for(cast, language)
    return {
        "lang": language,
        "shop": {
            "name": shop.name,
            "logo_url": f"/media/{shop.logo}-320.webp" if shop.logo else None,
            "brand_css": f"/brand/{shop.brand[1:]}.css",
        },
        "languages": [
            {"lang": one, "name": name, "href": f"{query}{one}", "current": one == language}
            for one, name in NAMES.items()
        ],
        "links": [],
        "foot": texts.say("Only you who have the link can see this page."),
        "order_number": None,
    }


def _title(order: TrackOrder, line: Timeline, words: Words) -> str:
    if line.holder is None:
        return words.say("Order %(number)s", number=order.number)
    return words.say("Order %(number)s is with %(name)s", number=order.number, name=words.face(line.holder).in_sentence)


def _now(order: TrackOrder, line: Timeline, words: Words) -> dict[str, Any]:
    hello = words.say("Hello %(name)s!", name=order.first_name) if order.first_name else words.say("Hello!")
    shown: dict[str, Any] = {
        "greeting": hello,
        "line": _html(line.latest, words) if line.latest else "",
        "notice": _notice(order, line, words),
        "faces": [],
        "quote": None,
        "quote_by": "",
        "ask": None,
        "contact": None,
    }
    if order.state in FINAL_STATES:
        return {**shown, **_ended(order, line, words)}
    face = words.face(line.holder or Actor("team"))
    voice = line.holder_shown if line.holder_shown and not line.holder_shown.corrected else None
    if voice is not None and voice.event.note:
        shown |= {"quote": voice.event.note, "quote_by": _wrote(words.face(voice.actor), words)}
    return {
        **shown,
        "lead": words.say("Right now your order is with"),
        "name": face.name,
        "long": len(face.name) >= LONG_NAME,
        "role": _role_since(face, line.holder_since, words),
        "portrait": face.portrait,
        "kind": face.kind,
    }


def _ended(order: TrackOrder, line: Timeline, words: Words) -> dict[str, Any]:
    home = order.state == "delivered"
    name = words.named(words.cast.steps[order.state].next_names if home else words.cast.steps[order.state].names)
    faces: dict[str, Any] = {}
    for shown in line.steps:
        face = words.face(shown.actor)
        if face.portrait and not shown.corrected:
            faces.setdefault(str(face.portrait["src"]), face.portrait)
    return {
        "lead": words.say("Your order is"),
        "name": name,
        "long": len(name) >= LONG_NAME,
        "role": _since(order.delivered_at, words) if home else "",
        "portrait": None,
        "kind": "home" if home else "closed",
        "faces": list(faces.values())[:6],
    }


def _role_since(face: Face, since: int | None, words: Words) -> Markup:
    """ "at the warehouse, since Thursday 19 November"."""
    place = words.say("at %(role)s", role=face.role) if face.kind == "person" and face.role else ""
    parts = [str(escape(place)), str(_since(since, words))]
    return Markup(", ".join(part for part in parts if part))  # noqa: S704 - both are escaped


def _since(since: int | None, words: Words) -> Markup:
    if since is None:
        return Markup("")
    iso = local_day(from_micros(since), words.shop.zone).isoformat()
    day = Markup('<time datetime="{}">{}</time>').format(iso, day_text(iso, words.language))
    return Markup(escape(words.say("since %(day)s", day="\0"))).replace("\0", day)  # noqa: S704


def _notice(order: TrackOrder, line: Timeline, words: Words) -> str | None:
    """What is not as it should be, said first: a delay somebody has told of, or things that are out of stock."""
    if order.state == "delayed" and line.latest is not None and line.latest.event.note is None:
        return words.say("Your order is delayed.")
    waiting = [one for one in order.lines if one.backordered > 0]
    if not waiting or order.state in FINAL_STATES:
        return None
    first = waiting[0]
    if first.expected:
        day = day_text(first.expected, words.language)
        return words.say("%(title)s is out of stock for now. It is expected %(day)s.", title=first.title, day=day)
    return words.say("%(title)s is out of stock for now.", title=first.title)


def _dated(ahead: tuple[Ahead, ...]) -> list[Ahead]:
    """What has a day, soonest first; without any, the next step alone."""
    dated = sorted((one for one in ahead if one.day_to), key=lambda one: one.day_to or "")
    return dated or list(ahead[:1])


def _plan_row(place: int, ahead: Ahead, words: Words) -> dict[str, Any]:
    return {
        "term": words.say("Next") if place == 0 else words.say("Then"),
        "day": _days(ahead, words) or _ahead_title(ahead, words),
        "iso": ahead.day_to or "",
        "text": _ahead_title(ahead, words) if ahead.day_to else "",
    }


def _days(ahead: Ahead, words: Words) -> str:
    if not ahead.day_to:
        return ""
    last = day_text(ahead.day_to, words.language)
    if ahead.day_from and ahead.day_from != ahead.day_to:
        return words.say("%(first)s to %(last)s", first=day_text(ahead.day_from, words.language), last=last)
    return last


def _ahead_title(ahead: Ahead, words: Words) -> str:
    if ahead.line is not None:
        return words.say("%(title)s comes in to us", title=ahead.line.title)
    if ahead.kind == "parcel":
        return words.say("Parcel %(number)s is at your home", number=ahead.parcel_number)
    return words.named(ahead.step.next_names) if ahead.step else ""


def _upcoming(ahead: Ahead, words: Words) -> dict[str, Any]:
    expected: Markup | str = ""
    if ahead.day_to:
        day = Markup('<time datetime="{}">{}</time>').format(ahead.day_to, _days(ahead, words))
        expected = Markup(escape(words.say("Expected %(day)s", day="\0"))).replace("\0", day)  # noqa: S704
    icon = "box" if ahead.line else "house" if ahead.kind == "parcel" else (ahead.step.icon if ahead.step else "box")
    return {"icon": icon, "title": _ahead_title(ahead, words), "expected": expected}


def _html(shown: Shown, words: Words) -> Markup:
    return words.sentence_html(shown, iso_text(shown, words.shop.zone))


def iso_text(shown: Shown, zone: str) -> str:
    """For machines: an instant with the shop's offset, or a date when that is all there is."""
    event = shown.event
    at: datetime = from_micros(event.at).astimezone(tz(event.zone if event.precision == "day" else zone))
    return at.date().isoformat() if event.precision == "day" else at.isoformat(timespec="minutes")


def _step(shown: Shown, words: Words, base: str, now: int) -> dict[str, Any]:
    face = words.face(shown.actor)
    event = shown.event
    form = f"{base}/steps/{event.id}/feedback"
    return {
        "id": event.id,
        "anchor": f"step-{event.id}",
        "kind": face.kind,
        "name": face.name,
        "role": face.role,
        "portrait": face.portrait,
        "sentence": _html(shown, words),
        "voice": None if shown.corrected else event.note,
        "voice_by": _wrote(face, words) if event.note else "",
        "photo": _photo(shown, face, words) if event.photo and not shown.corrected else None,
        "react": _react(face, form, words) if shown.may_react and shown.feedback is None else None,
        "thanked": _thanked(shown, face, form, words, now) if _said(shown, "thanks") else None,
        "concern": _concern(shown, form, words, now) if _said(shown, "concern") else None,
        "corrected": shown.corrected,
        "corrected_text": _corrected(shown, words) if shown.corrected else "",
        "parcel_link": _parcel_link(shown.parcel, words) if face.kind == "carrier" and shown.parcel else None,
    }


def _said(shown: Shown, choice: str) -> bool:
    return shown.feedback is not None and shown.feedback.choice == choice


def _wrote(face: Face, words: Words) -> str:
    return words.say("%(name)s wrote you a line", name=face.name)


def _corrected(shown: Shown, words: Words) -> str:
    text = words.say("This step was taken back.")
    return f"{text} {shown.reason}" if shown.reason else text


def _photo(shown: Shown, face: Face, words: Words) -> dict[str, Any]:
    width, height = shown.event.photo_size or (640, 480)
    scale = min(1.0, 640 / width)
    return {
        "src": f"/media/{shown.event.photo}-640.webp",
        "src2x": f"/media/{shown.event.photo}-1600.webp",
        "width": round(width * scale),
        "height": round(height * scale),
        "alt": words.say("Photo of your parcel"),
        "by": words.say("Photo: %(name)s", name=face.name),
    }


def _react(face: Face, form: str, words: Words) -> dict[str, str]:
    return {
        "thank_action": form,
        "thank_label": words.say("Thank %(name)s", name=face.in_sentence if face.kind == "team" else face.name),
        "concern_url": f"{form}?choice=concern",
        "concern_label": words.say("Something could have been better"),
    }


def _thanked(shown: Shown, face: Face, form: str, words: Words, now: int) -> dict[str, Any]:
    said = shown.feedback
    assert said is not None
    name = face.in_sentence if face.kind == "team" else face.name
    chips = chips_for(shown.step.chips, "thanks")
    return {
        "head": words.say("You thanked %(name)s", name=name),
        "action": form,
        "edit_url": f"{form}?choice=thanks" if _editable(said.created_at, now) else None,
        "chips": [{"key": c.key, "label": words.named(c.names), "on": c.key in said.chips} for c in chips],
        "chips_label": words.say("What was good?"),
        "words": said.words or None,
        "words_by": words.say("You wrote to %(name)s.", name=name),
        "words_label": words.say("A line to %(name)s (if you like)", name=name),
        "send_label": words.say("Send"),
        "replies": _replies(shown, words),
    }


def _concern(shown: Shown, form: str, words: Words, now: int) -> dict[str, Any]:
    said = shown.feedback
    assert said is not None
    return {
        "head": words.say("You told us what could have been better. Thank you."),
        "words": said.words or None,
        "edit_url": f"{form}?choice=concern" if _editable(said.created_at, now) else None,
        "replies": _replies(shown, words),
    }


def _editable(created_at: int, now: int) -> bool:
    return now < created_at + EDIT_DAYS * DAY


def _replies(shown: Shown, words: Words) -> list[dict[str, Any]]:
    """Who answers by name has chosen to be seen; others answer as their team."""
    found = []
    for reply in sorted(shown.replies, key=lambda one: one.created_at):
        person = words.cast.people.get(reply.person_id)
        face = words.face(actor(words.cast, reply.person_id, person.team if person else shown.event.team, None, False))
        clock = clock_text(reply.created_at, words.shop.zone, words.language)
        by = words.say("%(name)s replied at %(clock)s", name=face.name, clock=clock)
        found.append({"portrait": face.portrait, "words": reply.words, "by": by})
    return found


def _parcel_link(parcel: TrackParcel, words: Words) -> dict[str, str] | None:
    if not parcel.tracking_url:
        return None
    carrier = parcel.carrier or words.say("the carrier")
    return {"href": parcel.tracking_url, "label": words.say("Follow the parcel with %(carrier)s", carrier=carrier)}


def _chain_foot(line: Timeline, words: Words) -> str:
    if line.faded:
        return words.say("The names have been taken away: it is a while since your order came home.")
    days = words.shop.fade_days
    return words.say(
        "Everybody shown by name or picture has chosen it. The names are taken away %(days)s days after delivery.",
        days=days,
    )


def _recent(order: TrackOrder, now: int) -> bool:
    return now < order.updated_at + 2 * DAY


def _count(order: TrackOrder) -> int:
    return sum(max(0, line.quantity - line.cancelled) for line in order.lines)


def _parcels(order: TrackOrder, line: Timeline, words: Words) -> list[dict[str, Any]]:
    lines = {one.key: one for one in order.lines}
    several = len(order.parcels) + bool(unshipped(order) and order.parcels) > 1
    found = [
        _parcel(order, parcel, place if several else None, lines, words)
        for place, parcel in enumerate(order.parcels, 1)
    ]
    rest = [(one, n) for one, n in unshipped(order)] if order.state not in CLOSED else []
    rest += [(one, one.quantity - one.cancelled) for one in order.lines if not one.shippable]
    if order.state in CLOSED and not found:
        rest = [(one, one.quantity) for one in order.lines]
    if rest:
        found.append(_rest(order, line, rest, len(found) + 1 if several else None, words))
    return found


def _parcel(
    order: TrackOrder, parcel: TrackParcel, number: int | None, lines: dict[str, TrackLine], words: Words
) -> dict[str, Any]:
    reached = words.cast.steps[parcel.state].position if parcel.state in words.cast.steps else 0
    home, gone = reached >= DELIVERED, reached >= SHIPPED
    state = words.say("At your home") if home else words.say("On its way") if gone else words.say("Is being packed")
    day: Markup | str = ""
    if not home and order.promise_to:
        day = _day_html(order, words)
    return {
        "title": words.say("Parcel %(number)s", number=number) if number else words.say("Your parcel"),
        "state": state,
        "state_icon": "house" if home else "truck" if gone else "box",
        "state_kind": "done" if home else "go" if gone else "wait",
        "day": day,
        "link": _parcel_link(parcel, words),
        "things": [_thing(one, amount, words) for one, amount in things_in(parcel, lines)],
        "keeper": None,
    }


def _day_html(order: TrackOrder, words: Words) -> Markup:
    ahead = Ahead("step", day_from=order.promise_from, day_to=order.promise_to)
    day = Markup('<time datetime="{}">{}</time>').format(order.promise_to, _days(ahead, words))
    return Markup(escape(words.say("At your home %(day)s", day="\0"))).replace("\0", day)  # noqa: S704


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
        "day": "" if closed or number or not order.promise_to else _day_html(order, words),
        "link": None,
        "things": [_thing(one, amount, words) for one, amount in rest],
        "keeper": None if closed else _keeper(order, line, words),
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


__all__ = ["frame", "iso_text", "portrait", "track_page"]
