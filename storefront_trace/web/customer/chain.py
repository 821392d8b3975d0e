"""The chain: one step after the other, with what can be said about each and what has been said."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from markupsafe import Markup

from storefront_trace.domain.chips import chips_for
from storefront_trace.domain.feedback import shares_at
from storefront_trace.domain.lifetimes import edit_ends_at
from storefront_trace.domain.moments import from_micros, local_day, to_micros, tz
from storefront_trace.domain.timeline import Shown, Timeline, actor
from storefront_trace.domain.tracked import TrackParcel
from storefront_trace.web.customer.holed import Holed, hole
from storefront_trace.web.customer.words import Face, Words
from storefront_trace.web.wording import clock_text, day_text


def chain_html(
    line: Timeline, words: Words, base: str, now: int, *, asked: bool, quoted: Shown | None = None
) -> Markup:
    """Steps of one after the other are one stop: the first has the portrait, the last the thanks. With `asked` the
    thanks stand together elsewhere on the page. What stands on top is not said again: of the latest step its sentence,
    of the `quoted` one what its author wrote."""
    found: list[str] = []
    faces = [words.face(shown.actor) for shown in line.steps]
    below, placed, marked = None, asked, False
    for shown, face, above in zip(reversed(line.steps), reversed(faces), [*faces[-2::-1], None], strict=True):
        if face is not below:
            below, placed, marked = face, asked, False
        marked = marked or _said(shown, "thanks")
        place = Place(above is face, marked, placed, shown is line.latest)
        placed = placed or shown.may_react
        note = None if shown.corrected or shown is quoted else shown.event.note
        found.append(_step_html(shown, face, place, note, words, base, now, line.faded))
    return Markup("\n".join(reversed(found)))  # noqa: S704 - each rendered by its template


class Place(NamedTuple):
    """Where in a stop a step stands: `same` after another of it, `marked` when it was thanked for here or further down,
    `quiet` when the thanks have their place elsewhere, `above` when its sentence stands on top."""

    same: bool
    marked: bool
    quiet: bool
    above: bool


def _step_html(
    shown: Shown, face: Face, place: Place, note: str | None, words: Words, base: str, now: int, faded: bool
) -> Markup:
    event = shown.event
    form = f"{base}/steps/{event.id}/feedback"
    sentence = words.short_html(shown) if place.above else words.sentence_html(shown)
    if shown.corrected or shown.feedback or shown.scans or event.photo or face.kind == "carrier":
        return words.part("_step", step=_step(shown, face, place, note, sentence, form, words, now, faded))
    key = (place, shown.may_react, not note)
    plain = face.steps.get(key)
    if plain is None:
        plain = face.steps[key] = Holed(words.part("_step", step=_plain(face, place, shown.may_react, note)))
    return plain.filled(id=event.id, sentence=sentence, form=form, voice=note or "")


def _plain(face: Face, place: Place, may_react: bool, note: str | None) -> dict[str, Any]:
    """A step with a sentence and perhaps a line, with holes for what is the order's."""
    return {
        "id": hole("id"),
        "anchor": f"step-{hole('id')}",
        "same": place.same,
        "marked": place.marked,
        "above": place.above,
        "name": face.name,
        "stamp": face.stamp,
        "head": face.head,
        "sentence": hole("sentence"),
        "voice": hole("voice") if note else None,
        "voice_by": face.wrote,
        "react": _react(face, place).filled(form=hole("form")) if may_react else None,
        **_NOTHING_MORE,
    }


def _react(face: Face, place: Place) -> Holed:
    return face.better if place.quiet else face.react


_NOTHING_MORE = dict.fromkeys(("photo", "thanked", "concern", "corrected", "corrected_text", "scans", "parcel_link"))


def _step(
    shown: Shown,
    face: Face,
    place: Place,
    note: str | None,
    sentence: Markup,
    form: str,
    words: Words,
    now: int,
    faded: bool,
) -> dict[str, Any]:
    event = shown.event
    return _plain(face, place, False, note) | {
        "id": event.id,
        "anchor": f"step-{event.id}",
        "sentence": sentence,
        "voice": note,
        "react": _react(face, place).filled(form=form) if shown.may_react and shown.feedback is None else None,
        "photo": _photo(shown, face, words) if event.photo and not shown.corrected else None,
        "thanked": _thanked(shown, face, form, words, now, faded) if _said(shown, "thanks") else None,
        "concern": _concern(shown, form, words, now, faded) if _said(shown, "concern") else None,
        "corrected": shown.corrected,
        "corrected_text": _corrected(shown, words) if shown.corrected else "",
        "scans": _scans(shown, words) if shown.scans else None,
        "parcel_link": parcel_link(shown.parcel, words) if face.kind == "carrier" and shown.parcel else None,
    }


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
        "src2x": f"/media/{shown.event.photo}-1600.webp",
        "large": f"/media/{shown.event.photo}-1600.webp",
        "large_label": words.say("See the picture larger"),
        "width": round(width * scale),
        "height": round(height * scale),
        "alt": words.say("Photo of your parcel"),
        "by": words.say("Photo: %(name)s", name=face.name),
    }


def _scans(shown: Shown, words: Words) -> dict[str, Any]:
    carrier = words.face(shown.actor).in_sentence
    rows = [{"name": words.named(one.step.names), "when": words.when_html(one.event)} for one in shown.scans]
    return {"label": words.say("What %(carrier)s has told us (%(num)s)", carrier=carrier, num=len(rows)), "rows": rows}


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
    if now >= to_micros(shared_at):
        return ""
    day = day_text(local_day(shared_at, words.shop.zone).isoformat(), words.language)
    name = words.face(shown.actor).name
    return words.say("The owner reads it first. %(name)s sees it on %(day)s at the latest.", name=name, day=day)


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
    return at.date().isoformat() if event.precision == "day" else at.isoformat(timespec="minutes")
