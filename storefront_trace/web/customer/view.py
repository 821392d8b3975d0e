"""The context of templates/customer/track.html."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup, escape

from storefront_trace.domain.clock import DAY
from storefront_trace.domain.moments import from_micros, local_day
from storefront_trace.domain.orders import FINAL_STATES, HOME_STATES
from storefront_trace.domain.timeline import Actor, Timeline, timeline
from storefront_trace.domain.tracked import TrackOrder
from storefront_trace.web.customer.after import after_context
from storefront_trace.web.customer.ahead import dated, plan_row, upcoming
from storefront_trace.web.customer.chain import step_context
from storefront_trace.web.customer.following import NO_OFFERS, Offers, following
from storefront_trace.web.customer.notice import notice
from storefront_trace.web.customer.parcels import count_parcels, parcel_contexts
from storefront_trace.web.customer.things import things_heading
from storefront_trace.web.customer.threads import ask_html, threads
from storefront_trace.web.customer.words import LONG_NAME, Face, Words
from storefront_trace.web.wording import day_html, day_text, since_text


def track_page(order: TrackOrder, words: Words, token: str, now: int, offers: Offers = NO_OFFERS) -> dict[str, Any]:
    """Everything the template shows. `now` (microseconds) says which day is today in the shop's zone."""
    cast, language = words.cast, words.language
    line = timeline(order, cast, now)
    today = local_day(from_micros(now), cast.shop.zone).isoformat()
    base = f"/t/{token}"
    final = order.state in FINAL_STATES
    parcels = parcel_contexts(order, line, words)
    after = after_context(order, line, words, base, now) if final else None
    return {
        **words.frame,
        "title": _title(order, line, words),
        "order_number": order.number,
        "version": order.version,
        "live_url": "" if final and not _recent(order, now) else f"{base}/live?since={order.version}",
        "json_url": f"{base}.json",
        "now": _now(order, line, words, base) | ({"faces": []} if after else {}),
        "after": after,
        "questions": threads(order, words, line.faded),
        "plan": [plan_row(place, ahead, words) for place, ahead in enumerate(dated(line.ahead)[:2])],
        "steps_intro": words.say("Everybody who has held your order, from the first click until today."),
        "steps": [step_context(shown, words, base, now, line.faded) for shown in line.steps],
        "today": None if final else words.say("Today, %(day)s", day=day_text(today, language)),
        "upcoming": [upcoming(ahead, words) for ahead in line.ahead],
        "chain_foot": _chain_foot(line, words),
        "things_heading": things_heading(order, count_parcels(order), words),
        "parcels": parcels,
        "mail": following(order, words, base, offers, final) if offers is not NO_OFFERS else "",
        "push": offers.push and not final,
    }


def _title(order: TrackOrder, line: Timeline, words: Words) -> str:
    if line.holder is None:
        return words.say("Order %(number)s", number=order.number)
    return words.say("Order %(number)s is with %(name)s", number=order.number, name=words.face(line.holder).in_sentence)


def _now(order: TrackOrder, line: Timeline, words: Words, base: str) -> dict[str, Any]:
    hello = words.say("Hello %(name)s!", name=order.first_name) if order.first_name else words.say("Hello!")
    shown: dict[str, Any] = {
        "greeting": hello,
        "line": words.sentence_html(line.latest) if line.latest else "",
        "notice": notice(order, line, words),
        "faces": [],
        "quote": None,
        "quote_by": "",
        "ask": ask_html(order, line, words, base),
        "contact": None,
    }
    if order.state in FINAL_STATES:
        last = line.latest
        if last is not None and last.event.note:
            shown |= {"quote": last.event.note, "quote_by": words.face(last.actor).wrote}
        return {**shown, **_ended(order, line, words)}
    face = words.face(line.holder or Actor("team"))
    voice = line.holder_shown if line.holder_shown and not line.holder_shown.corrected else None
    if voice is not None and voice.event.note:
        shown |= {"quote": voice.event.note, "quote_by": words.face(voice.actor).wrote}
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
    home, step = order.state in HOME_STATES, words.cast.steps[order.state]
    name = words.named(step.next_names if order.state == "delivered" else step.names)
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
        # Who called it off or took it back stands for it; at home nobody stands in front of the customer.
        "portrait": None if home or line.latest is None else words.face(line.latest.actor).portrait,
        "kind": "home" if home else "closed",
        "icon": step.icon if home else "undo",
        "faces": list(faces.values())[:6],
    }


def _role_since(face: Face, since: int | None, words: Words) -> Markup:
    """ "at the warehouse, since Thursday 19 November"."""
    place = words.say("at %(role)s", role=face.place) if face.place else ""
    parts = [str(escape(place)), str(_since(since, words))]
    return Markup(", ".join(part for part in parts if part))  # noqa: S704 - both are escaped


def _since(since: int | None, words: Words) -> Markup:
    if since is None:
        return Markup("")
    iso = local_day(from_micros(since), words.shop.zone).isoformat()
    day = day_html(iso, since_text(iso, words.language))
    return words.with_day("since %(day)s", day)


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
