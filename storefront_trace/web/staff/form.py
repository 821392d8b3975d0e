"""The form that logs a step: what it offers, and what of it somebody has filled in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from storefront_trace.domain.ids import new_id
from storefront_trace.domain.orders import FINAL_STATES, SHIPPED, Event, Line, Parcel
from storefront_trace.domain.shop import ShopStep
from storefront_trace.domain.steps import CARRIER_TEAM
from storefront_trace.domain.timeline import visible_as
from storefront_trace.storage.orders import OrderRow
from storefront_trace.web.faces import person_face, team_face, team_name
from storefront_trace.web.staff.visit import Context, Visit, order_url

MOST_LINES = 60
MOST_PEOPLE = 60


@dataclass(frozen=True)
class Filled:
    """What somebody has typed and ticked; `lines` is None as long as nobody has touched them."""

    note: str = ""
    hand_to: str = ""
    lines: frozenset[str] | None = None
    carrier: str = ""
    tracking_number: str = ""
    once: str = field(default_factory=new_id)


@dataclass(frozen=True)
class OrderInHand:
    """An order with what its form needs. A row far down in the queue has a short form: `events` is empty then."""

    row: OrderRow
    lines: Sequence[Line] = ()
    parcels: Sequence[Parcel] = ()
    events: Sequence[Event] = ()


def log_form(visit: Visit, order: OrderInHand, filled: Filled | None = None) -> Context | None:
    """None when nothing more can happen to the order."""
    row, filled = order.row, filled or Filled()
    coming, others = next_step(visit, row), other_steps(visit, row)
    if coming is None and not others:
        return None
    full = bool(order.events)
    lines = offered_lines(order.lines)
    shipping = any(step.effect == "advance" and step.position >= SHIPPED for step in (coming, *others) if step)
    return {
        "number": row.number,
        "action": f"{order_url(row.number)}/log",
        "once": filled.once,
        "notes": _notes(visit, order),
        "button": _button(visit, coming),
        "hand_to": _receivers(visit, coming, filled) if full else [],
        "lines": [_line(line, filled, lines) for line in lines] if len(lines) > 1 else [],
        "lines_label": _lines_label(visit, lines),
        "note": filled.note,
        "note_label": visit.say("A line to %(name)s", name=_customer(visit, row)),
        "parcel": _parcel(order, filled) if full and shipping else None,
        "preview": _preview(visit, row),
        "others": [_other(visit, step) for step in others] if full else [],
    }


def next_step(visit: Visit, row: OrderRow) -> ShopStep | None:
    """The step on the big button. Never a carrier's: nobody here has seen it happen."""
    step = visit.cast.steps.get(row.next_step or "")
    return None if step is None or step.team == CARRIER_TEAM else step


def other_steps(visit: Visit, row: OrderRow) -> list[ShopStep]:
    """In the shop's order, then those beside the way. Of a carrier's steps only the handing over, which a shop's own
    driver or somebody at the counter may have done."""
    steps = [s for s in visit.cast.steps.values() if s.key != row.next_step or s.team == CARRIER_TEAM]
    back = [s for s in steps if s.effect == "return"]
    if row.state in FINAL_STATES:
        return back if row.state == "delivered" else []
    last = max((s.position for s in steps), default=0)
    ahead = [s for s in steps if s.effect == "advance" and (s.team != CARRIER_TEAM or s.position == last)]
    beside = [s for s in steps if s.effect in ("pause", "cancel")]
    return ahead + beside + (back if row.position >= SHIPPED else [])


def offered_lines(lines: Sequence[Line]) -> list[Line]:
    """What has not left yet. Too many to tick are not offered: the step is then about all of them."""
    left = [line for line in lines if line.shippable and line.open_quantity > line.shipped]
    return left if len(left) <= MOST_LINES else []


def ticked_at_first(lines: Sequence[Line]) -> frozenset[str]:
    """Everything that is here; what is out of stock only when nothing else is left."""
    here = frozenset(line.key for line in lines if line.open_quantity - line.shipped > line.backordered)
    return here or frozenset(line.key for line in lines)


def chosen_lines(lines: Sequence[Line], ticked: Sequence[str]) -> tuple[tuple[str, int | None], ...]:
    """For `StepToLog.lines`: empty means the whole order, which is what ticking everything that is here means.

    Once a part has left, "the whole order" would claim that part again, so the rest is named line by line.
    """
    offered = offered_lines(lines)
    untouched = all(line.shipped == 0 for line in lines)
    if untouched and frozenset(ticked) in (ticked_at_first(offered), frozenset()):
        return ()
    left = {line.key: line.open_quantity - line.shipped for line in offered}
    return tuple((key, left.get(key)) for key in (ticked or ticked_at_first(offered)))


def _notes(visit: Visit, order: OrderInHand) -> list[Context]:
    """What the colleague wrote who passed it on; one's own words are not news."""
    last = next((e for e in order.events if e.id == order.row.holder_event_id), None)
    if last is None or not last.note or last.person_id == visit.person.id:
        return []
    face = visit.face(last.person_id, last.team)
    by = visit.say("%(name)s wrote:", name=face["name"])
    return [{"portrait": face["portrait"], "by": by, "words": last.note}]


def _button(visit: Visit, step: ShopStep | None) -> Context | None:
    if step is None:
        return None
    label, after = visit.step_name(step), follower(visit, step)
    if after is None:
        return {"step": step.key, "label": label, "sub": ""}
    if after.team and after.team == visit.person.team:
        return {"step": step.key, "label": label, "sub": visit.say("and then: %(step)s", step=visit.step_name(after))}
    name = team_name(visit.cast, after.team, visit.language)
    return {"step": step.key, "label": label, "sub": visit.say("and on to %(name)s", name=name)}


def follower(visit: Visit, step: ShopStep) -> ShopStep | None:
    """What comes after this step when it is handed to nobody by name."""
    ahead = [s for s in visit.cast.steps.values() if s.effect == "advance" and s.position > step.position]
    return ahead[0] if step.effect == "advance" and ahead else None


def _receivers(visit: Visit, coming: ShopStep | None, filled: Filled) -> list[Context]:
    """First whoever is next anyway, then colleagues by the alphabet, then teams."""
    if coming is None:
        return []
    after = follower(visit, coming)
    carrier = after is not None and after.team == CARRIER_TEAM
    name = team_name(visit.cast, after.team, visit.language) if after else visit.say("Nobody")
    team = visit.cast.teams.get(after.team or "") if after and not carrier else None
    picture = team_face(visit.cast, team, visit.language)["portrait"] if team and team.photo else None
    first = {"value": "", "label": name, "portrait": picture, "icon": "truck" if carrier else "people"}
    offered = [first, *_colleagues(visit), *_teams(visit, after)]
    known = any(to["value"] == filled.hand_to for to in offered)
    return [{**to, "checked": to["value"] == (filled.hand_to if known else "")} for to in offered]


def _colleagues(visit: Visit) -> list[Context]:
    here = [p for p in visit.cast.people.values() if p.left_at is None and p.id != visit.person.id]
    here.sort(key=lambda person: (person.display_name.casefold(), person.id))
    faces = [(p.handle, person_face(visit.cast, p, visit.language)) for p in here[:MOST_PEOPLE]]
    return [{"value": h, "label": f["name"], "portrait": f["portrait"], "icon": "person"} for h, f in faces]


def _teams(visit: Visit, after: ShopStep | None) -> list[Context]:
    others = [t for t in visit.cast.teams.values() if t.key != CARRIER_TEAM and not (after and t.key == after.team)]
    faces = [(team, team_face(visit.cast, team, visit.language)) for team in others]
    return [
        {"value": t.key, "label": f["name"], "portrait": f["portrait"] if t.photo else None, "icon": "people"}
        for t, f in faces
    ]


def _line(line: Line, filled: Filled, offered: Sequence[Line]) -> Context:
    ticked = ticked_at_first(offered) if filled.lines is None else filled.lines
    left = line.open_quantity - line.shipped
    own = (line.image_url or "").startswith("/") and not (line.image_url or "").startswith("//")
    return {
        "key": line.key,
        "label": line.title if left == 1 else f"{left} × {line.title}",
        "pic": line.image_url if own else None,  # another host's picture would tell that host who packs what
        "checked": line.key in ticked,
    }


def _lines_label(visit: Visit, lines: Sequence[Line]) -> str:
    n = sum(line.open_quantity - line.shipped for line in lines)
    return visit.texts.ngettext("%(n)s thing", "%(n)s things", n) % {"n": n}


def _parcel(order: OrderInHand, filled: Filled) -> Context:
    known = order.parcels[0].carrier if len(order.parcels) == 1 else None
    return {"carrier": filled.carrier or known or "", "tracking_number": filled.tracking_number}


def _preview(visit: Visit, row: OrderRow) -> str:
    name, shows = _customer(visit, row), visible_as(visit.person)
    if shows == "photo" and visit.person.photo:
        return visit.say("%(name)s sees your name and your picture.", name=name)
    if shows != "team":
        return visit.say("%(name)s sees your name.", name=name)
    team = team_name(visit.cast, visit.person.team, visit.language)
    return visit.say("%(name)s sees %(team)s, not your name.", name=name, team=team)


def _customer(visit: Visit, row: OrderRow) -> str:
    return row.first_name or visit.say("the customer")


def _other(visit: Visit, step: ShopStep) -> Context:
    return {"step": step.key, "label": visit.step_name(step), "icon": step.icon}
