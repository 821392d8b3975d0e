"""What has happened to an order, as colleagues read it: real names, plain words, newest first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from markupsafe import Markup, escape

from storefront_trace.actions.corrections import UNDO
from storefront_trace.domain.corrections import may_correct
from storefront_trace.domain.orders import Event, came_in
from storefront_trace.photos.files import name_of
from storefront_trace.web.staff.form import OrderInHand
from storefront_trace.web.staff.origin import where_from
from storefront_trace.web.staff.visit import Context, Visit, order_url
from storefront_trace.web.wording import tied

PAGE = 40


def story(
    visit: Visit,
    order: OrderInHand,
    page: int,
    sent: Mapping[str, Sequence[str]],
    correcting: tuple[str, str] | None = None,
) -> tuple[list[Context], bool]:
    """(the steps of this page, whether there are older ones). `correcting` is a correction that was refused: of which
    event, and the reason that was typed."""
    steps = sorted((e for e in order.events if _is_told(e)), key=lambda e: (e.at, e.seq), reverse=True)
    falls = {e.corrects: e for e in order.events if e.kind == "correction"}
    start = (page - 1) * PAGE
    shown = [_told(visit, order, event, falls.get(event.id)) for event in steps[start : start + PAGE]]
    for told in shown:
        told["notified"] = sent.get(told["event"], ())
        told["reason"] = correcting[1] if correcting and correcting[0] == told["event"] else None
    return shown, len(steps) > start + PAGE


def may_undo(visit: Visit, event: Event, events: Sequence[Event]) -> bool:
    """Offered as long as `undo_step` would do it."""
    fallen = any(e.kind == "correction" and e.corrects == event.id for e in events)
    return (
        event.kind == "step"
        and event.person_id == visit.person.id
        and not fallen
        and visit.now - event.recorded_at <= UNDO
    )


def _is_told(event: Event) -> bool:
    """Steps, hands, and that the shop's system changed the order itself."""
    return event.kind in ("step", "hand") or (event.kind == "facts" and event.seq > 1)


def _told(visit: Visit, order: OrderInHand, event: Event, fall: Event | None) -> Context:
    face = visit.face(event.person_id, event.team, (event.parcel.carrier or "") if event.parcel else "")
    mine = event.person_id == visit.person.id
    undo = f"{order_url(order.row.number)}/undo" if may_undo(visit, event, order.events) else None
    return {
        "portrait": None if came_in(event) or event.kind == "facts" else face["portrait"],
        "kind": face["kind"] if event.kind != "facts" else "team",
        "sentence": _sentence(visit, order, event, face["name"]),
        "things": _things(order, event),
        "note": event.note,
        "photo": _photo(visit, event),
        "corrected": fall is not None,
        "corrected_text": _taken_back(visit, event, fall) if fall else "",
        "mine": mine,
        "event": event.id,
        "undo_action": undo,
        "from": " / ".join(filter(None, (where_from(visit, one) for one in (event, fall) if one is not None))),
        "correct_action": None if undo or fall else _correction(visit, order, event),
    }


def _sentence(visit: Visit, order: OrderInHand, event: Event, name: str) -> Markup:
    if event.kind == "hand":
        return _changed_hands(visit, event, name)
    step = visit.cast.steps.get(event.step or "")
    when = tied(visit.when(event.at, event.precision, event.zone))
    if event.kind == "facts":
        return escape(visit.say("The order itself was changed %(when)s", when=when))
    if came_in(event):
        return escape(visit.say("The order came in %(when)s", when=when))
    told = visit.say("%(name)s, %(when)s", name=name, when=when)
    if event.hand_person_id or event.hand_team:
        receiver = visit.receiver(event.hand_person_id, event.hand_team)
        told += ", " + visit.say("and on to %(name)s", name=receiver)
    return Markup("<b>{}</b> <span>{}</span>").format(visit.step_name(step) if step else event.step, told)


def _things(order: OrderInHand, event: Event) -> str:
    titles = {line.key: line.title for line in order.lines}
    return ", ".join(titles.get(key, key) for key, _ in event.lines[:10])


def _correction(visit: Visit, order: OrderInHand, event: Event) -> str | None:
    may = may_correct(event, visit.person, as_owner=visit.as_owner)
    return f"{order_url(order.row.number)}/correct" if may else None


def _changed_hands(visit: Visit, event: Event, name: str) -> Markup:
    when = tied(visit.when(event.at, event.precision, event.zone))
    if event.person_id is None:  # who had it has left
        receiver = visit.receiver(event.hand_person_id, event.hand_team)
        return escape(visit.say("It went on to %(name)s %(when)s", name=receiver, when=when))
    if event.person_id == event.hand_person_id:
        told = visit.say("took it on %(when)s", when=when)
    else:
        receiver = visit.receiver(event.hand_person_id, event.hand_team)
        told = visit.say("passed it on to %(name)s %(when)s", name=receiver, when=when)
    return Markup("<b>{}</b> {}").format(name, told)


def _photo(visit: Visit, event: Event) -> Context | None:
    if event.photo is None:
        return None
    width, height = event.photo_size or (640, 480)
    return {
        "src": f"/media/{name_of(event.photo, 640, 'webp')}",
        "width": width,
        "height": height,
        "alt": visit.say("Photo of the step"),
    }


def _taken_back(visit: Visit, event: Event, fall: Event) -> str:
    when = tied(visit.when(fall.at, fall.precision, fall.zone))
    if event.kind == "hand":
        return visit.say("Given back %(when)s", when=when)
    text = visit.say("Taken back %(when)s", when=when)
    if fall.person_id is not None:
        name = visit.face(fall.person_id, fall.team)["name"]
        text = visit.say("Taken back by %(name)s %(when)s", name=name, when=when)
    return f"{text}: {fall.reason}" if fall.reason and fall.corrects else text
