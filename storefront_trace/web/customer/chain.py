"""The chain: one step after the other, with what can be said about each and what has been said."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from markupsafe import Markup, escape

from storefront_trace.domain.chips import chips_for
from storefront_trace.domain.errors import N_
from storefront_trace.domain.feedback import shares_at
from storefront_trace.domain.lifetimes import edit_ends_at
from storefront_trace.domain.moments import from_micros, local_day, to_micros, tz
from storefront_trace.domain.timeline import Shown, Timeline, actor
from storefront_trace.domain.tracked import TrackParcel
from storefront_trace.web.customer.face import Face
from storefront_trace.web.customer.holed import Holed, hole
from storefront_trace.web.customer.walled import wall_of
from storefront_trace.web.customer.words import Words
from storefront_trace.web.wording import clock_text, day_text


def chain_html(
    line: Timeline,
    words: Words,
    base: str,
    now: int,
    *,
    asked: bool,
    top: Shown | None = None,
    quoted: Shown | None = None,
) -> Markup:
    """Steps of one after the other are one stop: the first has the portrait, the last the thanks. With `asked` the
    thanks stand together elsewhere on the page. What stands on top is not said again: of the step `top` its sentence,
    of the `quoted` one what its author wrote."""
    found: list[str] = []
    faces = [words.face(shown.actor) for shown in line.steps]
    below, placed, marked = None, asked, False
    for shown, face, above in zip(reversed(line.steps), reversed(faces), [*reversed(faces), None][1:], strict=True):
        if face is not below:
            below, placed, marked = face, asked, False
        marked = marked or _said(shown, "thanks")
        place = Place(above is face, marked, placed, shown is top)
        placed = placed or shown.may_react
        note = None if shown.corrected or shown is quoted else shown.event.note
        told = Told(shown, face, place, note, f"{base}/steps/{shown.event.id}/feedback")
        found.append(_step_html(told, words, now, line.faded))
    return Markup("\n".join(reversed(found)))  # noqa: S704 - each rendered by its template


class Place(NamedTuple):
    """Where in a stop a step stands: `same` after another of it, `marked` when it was thanked for here or further down,
    `quiet` when the thanks have their place elsewhere, `above` when its sentence stands on top."""

    same: bool
    marked: bool
    quiet: bool
    above: bool


class Told(NamedTuple):
    """`note` is what its author wrote, unless that stands elsewhere; `form` the step's feedback URL."""

    shown: Shown
    face: Face
    place: Place
    note: str | None
    form: str


def _step_html(told: Told, words: Words, now: int, faded: bool) -> str:
    shown, face, place, note, form = told
    sentence = _short(shown, words) if place.above else words.sentence_html(shown)
    if shown.corrected or shown.feedback or shown.event.photo:
        return words.part("_step", step=_step(told, sentence, words, now, faded))
    link = _link(told, words)
    key = (place, shown.may_react, _sorry(shown), not note, not shown.scans, not link)
    plain = face.steps.get(key)
    if plain is None:
        plain = face.steps[key] = Holed(words.part("_step", step=_plain(told, words)))
    return plain.filled_raw(
        id=shown.event.id,
        sentence=sentence,
        form=form,
        voice=escape(note) if note else "",
        href=escape(link["href"]) if link else "",
        rows=_rows(shown, words) if shown.scans else "",
        num=str(len(shown.scans)),
    )


def _short(shown: Shown, words: Words) -> str:
    """ "Packed on 20 November at 10:30", where the sentence stands nearby."""
    return f"{escape(words.step_name(shown))} {words.when_html(shown.event)}"


def _plain(told: Told, words: Words) -> dict[str, Any]:
    """A step without a picture and with nothing said to it, with holes for what is the order's."""
    shown, face, place, note, _ = told
    link = _link(told, words)
    return _NOTHING | {
        "id": hole("id"),
        "anchor": f"step-{hole('id')}",
        **place._asdict(),
        "name": face.name,
        "stamp": face.stamp,
        "head": face.head,
        "sentence": hole("sentence"),
        "voice": hole("voice") if note else None,
        "voice_by": face.wrote,
        "react": _react(told).filled(form=hole("form")) if shown.may_react else None,
        "scans": _scans(face, hole("num"), hole("rows"), words) if shown.scans else None,
        "parcel_link": link | {"href": hole("href")} if link else None,
    }


_NOTHING = dict.fromkeys(("photo", "thanked", "concern", "corrected", "corrected_text"))


def _step(told: Told, sentence: str, words: Words, now: int, faded: bool) -> dict[str, Any]:
    shown, face, place, note, form = told
    return {
        "id": shown.event.id,
        "anchor": f"step-{shown.event.id}",
        **place._asdict(),
        "name": face.name,
        "stamp": face.stamp,
        "head": face.head,
        "sentence": Markup(sentence),  # noqa: S704 - escaped
        "voice": note,
        "voice_by": face.wrote,
        "photo": _photo(shown, face, words) if shown.event.photo and not shown.corrected else None,
        "react": _react(told).filled(form=form) if shown.may_react and shown.feedback is None else None,
        "thanked": _thanked(shown, face, form, words, now, faded) if _said(shown, "thanks") else None,
        "concern": _concern(shown, form, words, now, faded) if _said(shown, "concern") else None,
        "corrected": shown.corrected,
        "corrected_text": _corrected(shown, words) if shown.corrected else "",
        "scans": _scans(face, str(len(shown.scans)), _rows(shown, words), words) if shown.scans else None,
        "parcel_link": _link(told, words),
    }


def _react(told: Told) -> Holed:
    face = told.face
    return face.better if told.place.quiet else face.calm if _sorry(told.shown) else face.react


def _sorry(shown: Shown) -> bool:
    """Bad news: who brings it can be thanked, but no button begs for it."""
    return shown.step.key == "delayed"


def _link(told: Told, words: Words) -> dict[str, str] | None:
    parcel = told.shown.parcel if told.face.kind == "carrier" else None
    return parcel_link(parcel, words) if parcel else None


def _said(shown: Shown, choice: str) -> bool:
    return shown.feedback is not None and shown.feedback.choice == choice


def _corrected(shown: Shown, words: Words) -> str:
    text = words.say("This step was taken back.")
    return f"{text} {shown.reason}" if shown.reason else text


def _photo(shown: Shown, face: Face, words: Words) -> dict[str, Any]:
    width, height = shown.event.photo_size or (640, 480)
    scale = min(1.0, 640 / width)
    return {
        "src": f"/media/{shown.event.photo}-640.webp",
        "large": f"/media/{shown.event.photo}-1600.webp",
        "large_label": words.say("See the picture larger"),
        "width": round(width * scale),
        "height": round(height * scale),
        "alt": words.say("Photo of your parcel"),
        "by": words.say("Photo: %(name)s", name=face.name),
    }


def _scans(face: Face, num: str, rows: str, words: Words) -> dict[str, Any]:
    label = words.say("What %(carrier)s has told us (%(num)s)", carrier=face.in_sentence, num=num)
    return {"label": label, "rows": Markup(rows)}  # noqa: S704 - rendered by its template


def _rows(shown: Shown, words: Words) -> str:
    rows = [(escape(words.named(one.step.names)), words.when_html(one.event)) for one in shown.scans]
    return "".join([words.scan.filled_raw(name=name, when=when) for name, when in rows])


def _thanked(shown: Shown, face: Face, form: str, words: Words, now: int, faded: bool) -> dict[str, Any]:
    said = shown.feedback
    assert said is not None
    name = face.called
    chips = chips_for(shown.step.chips, "thanks", words.cast.chips)
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
        "replies": _replies(shown, words, faded),
        "wall": wall_of(shown, form, words),
    }


def _concern(shown: Shown, form: str, words: Words, now: int, faded: bool) -> dict[str, Any]:
    said = shown.feedback
    assert said is not None
    return {
        "head": words.say("You told us what could have been better. Thank you."),
        "words": said.words or None,
        "reader": _reader(shown, words, now),
        "edit_url": f"{form}?choice=concern" if _editable(said.created_at, now) else None,
        "replies": _replies(shown, words, faded),
    }


def _reader(shown: Shown, words: Words, now: int) -> str:
    said = shown.feedback
    assert said is not None
    shared_at = shares_at(from_micros(said.concern_at or said.created_at), words.shop.share_days)
    found = cared_for(shown, words)
    if found or now >= to_micros(shared_at):
        return found
    day = day_text(local_day(shared_at, words.shop.zone).isoformat(), words.language)
    text = N_("The owner reads it first. %(name)s sees it on %(day)s at the latest.")
    if said.done_at is not None or shown.replies:
        text = N_("The owner has read it. %(name)s sees it on %(day)s at the latest.")
    return words.say(text, name=words.face(shown.actor).name, day=day)


def cared_for(shown: Shown, words: Words) -> str:
    """Who has read it, once the owner has decided who does; "" before that."""
    said = shown.feedback
    if said is not None and said.outside_at is not None:
        return words.say("The owner has read it.")
    if said is not None and said.shared_at is not None:
        return words.say("The owner has read it. %(name)s sees it now.", name=words.face(shown.actor).name)
    return ""


def _editable(created_at: int, now: int) -> bool:
    return now < edit_ends_at(created_at)


def _replies(shown: Shown, words: Words, faded: bool) -> list[dict[str, Any]]:
    """Who answers by name has chosen to be seen; others answer as their team, and so do all once names have faded."""
    found = []
    for reply in sorted(shown.replies, key=lambda one: one.created_at):
        person = words.cast.people.get(reply.person_id)
        team = person.team if person else shown.event.team
        face = words.face(actor(words.cast, reply.person_id, team, None, faded))
        clock = clock_text(reply.created_at, words.shop.zone, words.language)
        by = words.say("%(name)s replied at %(clock)s", name=face.name, clock=clock)
        found.append({"portrait": face.portrait, "words": reply.words, "by": by})
    return found


def parcel_link(parcel: TrackParcel, words: Words) -> dict[str, str] | None:
    if not parcel.tracking_url:
        return None
    carrier = parcel.carrier or words.say("the carrier")
    return {"href": parcel.tracking_url, "label": words.say("Follow the parcel with %(carrier)s", carrier=carrier)}


def iso_text(shown: Shown, zone: str) -> str:
    """For machines: an instant with the shop's offset, or a date when that is all there is."""
    event = shown.event
    at: datetime = from_micros(event.at).astimezone(tz(event.zone if event.precision == "day" else zone))
    return at.date().isoformat() if event.precision == "day" else at.isoformat(timespec="seconds")
