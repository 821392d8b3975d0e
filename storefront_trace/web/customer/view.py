"""The context of templates/customer/_order.html and track.html."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup, escape

from storefront_trace.domain.clock import DAY
from storefront_trace.domain.errors import N_
from storefront_trace.domain.moments import from_micros, local_day
from storefront_trace.domain.orders import DELIVERED, FINAL_STATES, HOME_STATES, SHIPPED
from storefront_trace.domain.parcels import is_sent_on, reached
from storefront_trace.domain.timeline import Actor, Shown, Timeline, closed_by, timeline
from storefront_trace.domain.tracked import TrackOrder
from storefront_trace.web.customer.after import after_context
from storefront_trace.web.customer.ahead import dated, plan_row, upcoming
from storefront_trace.web.customer.chain import chain_html
from storefront_trace.web.customer.collect import ready_row, where_to_collect
from storefront_trace.web.customer.face import LONG_NAME, Face
from storefront_trace.web.customer.family import family
from storefront_trace.web.customer.following import NO_OFFERS, Offers, following
from storefront_trace.web.customer.notice import notice
from storefront_trace.web.customer.parcels import CLOSED_ICONS, parcel_contexts, parcels_told
from storefront_trace.web.customer.things import things_heading
from storefront_trace.web.customer.threads import ask_html, threads
from storefront_trace.web.customer.words import Words
from storefront_trace.web.wording import NBSP, day_html, day_text, paired, since_text


def track_page(order: TrackOrder, words: Words, token: str, now: int, offers: Offers = NO_OFFERS) -> dict[str, Any]:
    """Everything the template shows. `now` (microseconds) says which day is today in the shop's zone."""
    cast, language = words.cast, words.language
    line = timeline(order, cast, now)
    today = local_day(from_micros(now), cast.shop.zone).isoformat()
    base = f"/t/{token}"
    final = order.state in FINAL_STATES
    top = on_top(order, line, words)
    parcels = parcel_contexts(order, line, words)
    after = after_context(order, line, words, base, now) if final else None
    return {
        **words.frame,
        "title": _title(order, line, words),
        "order_number": order.number,
        "version": order.version,
        "live_url": "" if final and not _recent(order, now) else f"{base}/live?since={order.version}",
        "json_url": f"{base}.json",
        "now": now_context(order, line, top, words, base, offers.mail),
        "after": after,
        "questions": threads(order, words, line.faded, offers.mail),
        "plan": _plan(order, line, words),
        "collect": _collect(order, line, words),
        "steps_intro": _intro(order, words),
        "steps": chain_html(
            line, words, base, now, asked=after is not None, top=top, quoted=line.latest if final else line.holder_shown
        ),
        "count": len(line.steps),
        "today": None if final else words.say("Today, %(day)s", day=paired(day_text(today, language))),
        "upcoming": [upcoming(ahead, words) for ahead in line.ahead],
        "chain_foot": _chain_foot(order, line, words),
        "things_heading": things_heading(order, parcels_told(order, words), parcels, words),
        "parcels": parcels,
        "mail": following(order, words, base, offers, final) if offers is not NO_OFFERS else "",
        "push": offers.push and not final,
    }


def _title(order: TrackOrder, line: Timeline, words: Words) -> str:
    if line.holder is None:
        return words.say("Order %(number)s", number=order.number)
    text = N_("Order %(number)s is with %(name)s")
    if is_sent_on(order, words.cast):
        sent = N_("Order %(number)s was sent on by %(name)s")
        text = sent if _sent_it(line) else N_("Order %(number)s was last with %(name)s")
    return words.say(text, number=order.number, name=words.face(line.holder).in_sentence)


def on_top(order: TrackOrder, line: Timeline, words: Words) -> Shown | None:
    """The step whose sentence stands below the name: the latest, unless that is about somebody else than the one who
    has the order. Of what is on its way the carrier's latest is the news."""
    latest, voice = line.latest, line.holder_shown
    if latest is None or voice is None or voice.corrected or order.state in FINAL_STATES:
        return latest
    face = words.face(latest.actor)
    if line.holder is None or face is words.face(line.holder) or face is words.face(voice.actor):
        return latest
    return latest if latest.actor.kind == "carrier" and is_sent_on(order, words.cast) else voice


def now_context(
    order: TrackOrder, line: Timeline, top: Shown | None, words: Words, base: str, mails: bool
) -> dict[str, Any]:
    hello = words.say("Hello %(name)s!", name=order.first_name) if order.first_name else words.say("Hello!")
    shown: dict[str, Any] = {
        "greeting": hello,
        "line": _line(order, top, words),
        "notice": notice(order, line, words),
        "family": (),
        "quote": None,
        "quote_by": "",
        "quote_face": None,
        "ask": ask_html(order, line, words, base, mails),
        "contact": None,
    }
    if order.state in FINAL_STATES:
        ended = _ended(order, line, words)
        return {**shown, **ended, **_quote(line.latest, ended["portrait"], words)}
    face = words.face(line.holder or Actor("team"))
    return {
        **shown,
        **(_quote(line.holder_shown, face.portrait, words) or _greeting(order, face, shown["notice"], words)),
        **_lead(order, line, face, words),
        "name": face.name,
        "long": len(face.name) >= LONG_NAME,
        "portrait": face.portrait,
        "kind": face.kind,
    }


def _line(order: TrackOrder, top: Shown | None, words: Words) -> Markup:
    """Its sentence; when that has no place for whom it was passed on to, who has it now, they have one of their own."""
    sentence = words.sentence_html(top) if top else ""
    if top and top.to and order.state not in FINAL_STATES and not words.names_next(top):
        face = words.face(top.to)
        if face is not words.face(top.actor):
            passed = words.say("The order was then passed on to %(name)s.", name=face.in_sentence)
            sentence = f"{sentence} {escape(passed)}"
    return Markup(sentence)  # noqa: S704 - escaped


def _lead(order: TrackOrder, line: Timeline, face: Face, words: Words) -> dict[str, Any]:
    """What is with a carrier is with nobody here: then it is which one, who sent it on, or had it last, and when."""
    if not is_sent_on(order, words.cast):
        since = _since(line.holder_since, line, words)
        return {"lead": words.say("Right now your order is with"), "role": _role(face, since, words)}
    say, sent, there = words.say, _sent_it(line), _with_carrier(order, words)
    if there:
        lead = f"{there} {say('Sent on by') if sent else say('Before that with')}"
    else:
        lead = say("Your order was sent on by") if sent else say("Your order was last with")
    return {"lead": lead, "role": _role(face, _day(line.holder_since, line, words), words)}


def _with_carrier(order: TrackOrder, words: Words) -> str:
    """Who has what is not with the customer yet, when that is one and its name is known."""
    there = [one for one in order.parcels if reached(one, words.cast) < DELIVERED]
    names = {one.carrier for one in there}
    name = names.pop() if len(names) == 1 else None
    if name is None:
        return ""
    if len(there) < len(order.parcels):
        return words.say("The rest is with %(carrier)s now.", carrier=name)
    return words.say("Your order is with %(carrier)s now.", carrier=name)


def _quote(shown: Shown | None, portrait: Any, words: Words) -> dict[str, Any]:
    """A line from somebody else than who is on top has its own face with it."""
    if shown is None or shown.corrected or not shown.event.note:
        return {}
    face = words.face(shown.actor)
    own = face.portrait if face.portrait is not portrait else None
    return {"quote": shown.event.note, "quote_by": face.wrote, "quote_face": own}


def _greeting(order: TrackOrder, face: Face, notice: Any, words: Words) -> dict[str, Any]:
    """The holder's own line to everybody, where there is none about this order. Never beside bad news, and not once it
    has been sent on: then it is with somebody else."""
    if not face.greeting or notice or is_sent_on(order, words.cast):
        return {}
    by = words.say("%(name)s, to everybody who orders here", name=face.name)
    return {"quote": face.greeting, "quote_by": by, "quote_face": None}


def _sent_it(line: Timeline) -> bool:
    shown = line.holder_shown
    return shown is not None and shown.step.effect == "advance" and shown.step.position >= SHIPPED and shown.to is None


def _ended(order: TrackOrder, line: Timeline, words: Words) -> dict[str, Any]:
    home, step = order.state in HOME_STATES, words.cast.steps[order.state]
    name = words.named(step.next_names if order.state == "delivered" else step.names)
    by = None if home else closed_by(line)
    closed = words.face(by).portrait if by else None
    return {
        "lead": NBSP.join(words.say("Your order is").rsplit(" ", 1)),  # never "is" alone on a line
        "name": name,
        "long": len(name) >= LONG_NAME,
        "role": _home_since(order, line, words) if home else "",
        **(family(line, words) if home else {"portrait": closed}),
        "kind": "home" if home else "closed",
        "icon": step.icon if home else CLOSED_ICONS[order.state],
    }


def _plan(order: TrackOrder, line: Timeline, words: Words) -> list[dict[str, Any]]:
    """Two rows at most. What can be fetched needs no further step, but what has yet to come in is still told."""
    ready = ready_row(order, line, words)
    ahead = tuple(one for one in line.ahead if one.kind == "restock") if ready else line.ahead
    return ready + [plan_row(place, one, words) for place, one in enumerate(dated(ahead)[: 2 - len(ready)])]


def _collect(order: TrackOrder, line: Timeline, words: Words) -> dict[str, str] | None:
    where = where_to_collect(order, line, words)
    return {"text": where, "lang": words.shop.locale} if where else None


def _role(face: Face, when: Markup, words: Words) -> Markup:
    """ "at the warehouse, since Thursday 19 November"."""
    place = words.say("at %(role)s", role=face.place) if face.place else ""
    parts = [str(escape(place)), str(when)]
    return Markup(", ".join(part for part in parts if part))  # noqa: S704 - both are escaped


def _since(since: int | None, line: Timeline, words: Words) -> Markup:
    if since is None:
        return Markup("")
    iso = words.day_of(since, line)
    day = day_html(iso, since_text(iso, words.language))
    return words.with_day("since %(day)s", day)


def _home_since(order: TrackOrder, line: Timeline, words: Words) -> Markup:
    """ "With you, since Thursday"; what was mailed or fetched was so at a moment, and has its day alone."""
    say = _since if order.state == "delivered" else _day
    return say(order.delivered_at, line, words)


def _day(at: int | None, line: Timeline, words: Words) -> Markup:
    if at is None:
        return Markup("")
    iso = words.day_of(at, line)
    return day_html(iso, day_text(iso, words.language))


def _intro(order: TrackOrder, words: Words) -> str:
    if order.state not in FINAL_STATES:
        return words.say("Everybody who has held your order, from the first click until today.")
    if order.state in HOME_STATES:
        return words.say("Everybody who held your order, from the first click until it was with you.")
    return words.say("Everybody who held your order.")


def _chain_foot(order: TrackOrder, line: Timeline, words: Words) -> str:
    brought = order.method in ("parcel", "local") and order.state not in ("cancelled", "returned")
    if not line.faded and not any(shown.actor.person for shown in line.steps):
        return ""
    if line.faded:
        home = N_("The names have been taken away: it is a while since your order came home.")
        return words.say(home if brought else N_("The names have been taken away: your order is long finished."))
    days = words.shop.fade_days
    said = words.texts.ngettext(
        "Everybody shown by name or picture has chosen it. The names are taken away %(days)s day after delivery.",
        "Everybody shown by name or picture has chosen it. The names are taken away %(days)s days after delivery.",
        days,
    )
    if not brought:
        said = words.texts.ngettext(
            "Everybody shown by name or picture has chosen it. "
            "The names are taken away %(days)s day after your order is finished.",
            "Everybody shown by name or picture has chosen it. "
            "The names are taken away %(days)s days after your order is finished.",
            days,
        )
    return said % {"days": days}


def _recent(order: TrackOrder, now: int) -> bool:
    return now < order.updated_at + 2 * DAY
