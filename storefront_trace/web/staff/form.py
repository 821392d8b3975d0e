"""The form that logs a step: what it offers, and what of it somebody has filled in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from storefront_trace.domain.ids import new_id
from storefront_trace.domain.orders import (
    FINAL_STATES,
    HOME_STATES,
    SHIPPED,
    Event,
    Facts,
    Line,
    OrderState,
    Parcel,
    taken_back,
)
from storefront_trace.domain.questions import may_answer
from storefront_trace.domain.shop import ShopStep
from storefront_trace.domain.timeline import visible_as
from storefront_trace.domain.turns import OutOfTurn, out_of_turn
from storefront_trace.storage.orders import OrderRow
from storefront_trace.storage.questions import Question
from storefront_trace.web.faces import carrier_name, team_name
from storefront_trace.web.staff.lines import covered, left_out, line_tiles, offered_lines, thing_rows, things
from storefront_trace.web.staff.phrases import own_phrases
from storefront_trace.web.staff.receivers import follower, receiver, receivers
from storefront_trace.web.staff.turns import is_carried, only_for, question_text
from storefront_trace.web.staff.visit import Context, Visit, order_url

LONGEST_SHOWN = 240


@dataclass(frozen=True)
class Filled:
    """What somebody has typed and ticked; `lines` is None as long as nobody has touched them."""

    note: str = ""
    hand_to: str = ""
    lines: frozenset[str] | None = None
    parcel: str | None = None
    carrier: str = ""
    tracking_number: str = ""
    once: str = field(default_factory=new_id)


@dataclass(frozen=True)
class OrderInHand:
    """An order with what its form needs. A row far down in the queue has a short form: `events` is empty then. `asked`
    are its questions that wait for an answer, the longest wait first."""

    row: OrderRow
    lines: Sequence[Line] = ()
    parcels: Sequence[Parcel] = ()
    events: Sequence[Event] = ()
    asked: Sequence[Question] = ()


def carrier_of(order: OrderInHand) -> str:
    """By its name, when it is known of what is on its way; else ""."""
    known = {one.carrier for one in order.parcels if one.carrier and one.state not in HOME_STATES}
    return known.pop() if len(known) == 1 else ""


def log_form(visit: Visit, order: OrderInHand, filled: Filled | None = None) -> Context | None:
    """None when nothing more can happen to the order."""
    row, filled = order.row, filled or Filled()
    coming, others = next_step(visit, row), other_steps(visit, row, order.lines)
    if coming is None and not others:
        return None
    full = bool(order.events)
    lines = offered_lines(order.lines)
    likely = _likely(visit, row, others) if coming is None else None
    shipping = any(step.effect == "advance" and step.position >= SHIPPED for step in (coming, *others) if step)
    return {
        "number": row.number,
        "action": f"{order_url(row.number)}/log",
        "once": filled.once,
        "asks": asks(visit, order),
        "note_left": _note_left(visit, order) if coming else None,
        "things": thing_rows(visit, order.lines),
        "button": _button(visit, coming, order),
        "hand_to": receivers(visit, coming, row.method, order.parcels, filled.hand_to) if full else [],
        "lines": line_tiles(lines, filled.lines) if full and len(lines) > 1 else [],
        "lines_label": things(visit, lines),
        "left_out": left_out(visit, order.lines),
        "note": filled.note,
        "phrases": own_phrases(visit),
        "which": _which(visit, order, filled) if full and shipping else [],
        "note_label": visit.say("A line to %(name)s", name=_customer(visit, row)),
        "parcel": _parcel(order, filled) if full and shipping else None,
        "preview": seen_as(visit, row),
        "idle": _idle(visit, order) if coming is None else "",
        "likely": next((o for o in _others(visit, order, [likely]) if not o["after"]), None)
        if full and likely
        else None,
        "others": _others(visit, order, [step for step in others if step is not likely]) if full else [],
        "hold": hold_form(visit, row),
    }


def hold_form(visit: Visit, row: OrderRow) -> Context | None:
    """What can be done beside a step: take it, give it back, pass it on. None when it waits for nobody here."""
    if row.waiting_since is None:
        return None
    url, holder = order_url(row.number), visit.cast.people.get(row.waiting_person_id or "")
    name = visit.face(row.waiting_person_id, row.waiting_team)["name"] if holder else ""
    return {
        "hand": f"{url}/hand",
        "from": holder.handle if holder else "",
        "take": f"{url}/take" if holder is None or holder.id != visit.person.id else None,
        "take_label": visit.say("Take over from %(name)s", name=name) if holder else visit.say("I’m on it"),
        "back": f"{url}/back" if holder is not None and holder.id == visit.person.id else None,
    }


def next_step(visit: Visit, row: OrderRow) -> ShopStep | None:
    """The step on the big button. Never a carrier's, which nobody here has seen happen; but what our own people bring
    to the door they have."""
    step = visit.cast.steps.get(row.next_step or "")
    return None if step is None or (step.team is None and row.method != "local") or not visit.may_log(step) else step


def other_steps(visit: Visit, row: OrderRow, lines: Sequence[Line] = ()) -> list[ShopStep]:
    """Those of the order's way in the shop's order, then those beside it. Of a carrier's steps only the handing over,
    which a shop's own driver or somebody at the counter may have done."""
    coming = next_step(visit, row)
    steps = [s for s in visit.cast.standing if visit.may_log(s) and (coming is None or s.key != coming.key)]
    back = [s for s in steps if s.effect in ("return", "exchange")]
    aside = [s for s in steps if s.effect == "aside"]
    if row.state in FINAL_STATES:
        return [*(back if row.state in HOME_STATES else ()), *aside]
    light = any(not line.shippable for line in lines)
    ours = [s for s in steps if s.effect == "advance" and (s.is_on(row.method) or (light and s.is_on("digital")))]
    last = max((s.position for s in ours), default=0)
    ahead = [s for s in ours if s.team is not None or s.position == last or row.method == "local"]
    beside = [s for s in steps if s.effect in ("pause", "cancel")]
    return ahead + beside + (back if row.position >= SHIPPED else []) + aside


def _idle(visit: Visit, order: OrderInHand) -> str:
    """What stands in the button's place when nothing here is next."""
    if order.row.state in FINAL_STATES:
        return visit.say("All is done here. Nothing waits for you.")
    waits = visit.cast.steps.get(order.row.next_step or "")
    if waits is not None and not visit.may_log(waits):
        return only_for(visit, waits)
    if is_carried(visit, order.row):
        name = carrier_of(order) or carrier_name(visit.cast, visit.language)
        return visit.say("%(name)s is bringing it. Nothing waits for you.", name=name)
    return visit.say("Nothing waits for you.")


def _likely(visit: Visit, row: OrderRow, steps: Sequence[ShopStep]) -> ShopStep | None:
    """What is carried has come, as customers say at the counter or on the phone."""
    ahead = [step for step in steps if step.effect == "advance"]
    return max(ahead, key=lambda step: step.position, default=None) if is_carried(visit, row) else None


def asks(visit: Visit, order: OrderInHand) -> Context | None:
    """What the customer waits to hear, before anybody goes on. A long text is read on the order's page, whole."""
    if not order.asked:
        return None
    one, as_owner = order.asked[0], visit.as_owner
    may = may_answer(one, visit.person, as_owner=as_owner)
    return {
        "by": visit.say("%(name)s asks:", name=_customer(visit, order.row)),
        "words": one.words if len(one.words) <= LONGEST_SHOWN else None,
        "url": f"{order_url(order.row.number)}#{'answer' if may else 'question'}-{one.id}",
        "label": visit.say("Answer") if may else visit.say("Read it"),
    }


def _note_left(visit: Visit, order: OrderInHand) -> Context | None:
    """The last thing that a colleague wrote along the way: one's own words are not news, the rest is in the story."""
    fallen = taken_back(order.events)
    said = [e for e in order.events if e.note and e.person_id != visit.person.id and e.id not in fallen]
    if not said:
        return None
    face = visit.face(said[-1].person_id, said[-1].team)
    by = visit.say("%(name)s wrote:", name=face["name"])
    return {"portrait": face["portrait"], "by": by, "words": said[-1].note}


def _button(visit: Visit, step: ShopStep | None, order: OrderInHand) -> Context | None:
    if step is None:
        return None
    label, after = visit.step_name(step), follower(visit, step, order.row.method)
    if after is None:
        return {"step": step.key, "label": label, "sub": ""}
    if _stays_here(visit, after, order):
        return {"step": step.key, "label": label, "sub": visit.say("and then: %(step)s", step=visit.step_name(after))}
    return {
        "step": step.key,
        "label": label,
        "sub": visit.say("and on to %(name)s", name=visit.inside(receiver(visit, after, order.parcels))),
    }


def _stays_here(visit: Visit, after: ShopStep, order: OrderInHand) -> bool:
    """With the same team, or with our own people who bring it: there is no carrier to pass it on to."""
    return after.team == visit.person.team if after.team is not None else order.row.method == "local"


def _parcel(order: OrderInHand, filled: Filled) -> Context:
    known = order.parcels[0].carrier if len(order.parcels) == 1 else None
    return {"carrier": filled.carrier or known or "", "tracking_number": filled.tracking_number}


def _which(visit: Visit, order: OrderInHand, filled: Filled) -> list[Context]:
    """Of several parcels, which one a step is about: those on their way, the next one chosen once all has left."""
    going = [parcel for parcel in order.parcels if parcel.state not in HOME_STATES]
    if len(order.parcels) < 2 or not going:
        return []
    titles = {line.key: line.title for line in order.lines}
    left = order.row.position >= SHIPPED
    keys = {parcel.key for parcel in going[:12]} | (set() if left else {""})
    chosen = filled.parcel if filled.parcel in keys else going[0].key if left else ""
    rest = {"key": "", "label": visit.say("What is left"), "detail": "", "checked": chosen == ""}
    return [
        *([] if left else [rest]),
        *(
            {
                "key": parcel.key,
                "label": " ".join(filter(None, (parcel.carrier, parcel.tracking_number)))
                or visit.say("Parcel %(n)s", n=order.parcels.index(parcel) + 1),
                "detail": ", ".join(titles.get(key, key) for key, _ in parcel.lines[:5]),
                "checked": parcel.key == chosen,
            }
            for parcel in going[:12]
        ),
    ]


def seen_as(visit: Visit, row: OrderRow) -> str:
    name, shows = _customer(visit, row), visible_as(visit.person)
    if shows == "photo" and visit.person.photo:
        return visit.say("%(name)s sees your name and your picture.", name=name)
    if shows != "team":
        return visit.say("%(name)s sees your name.", name=name)
    team = visit.inside(team_name(visit.cast, visit.person.team, visit.language))
    return visit.say("%(name)s sees %(team)s, not your name.", name=name, team=team)


def _customer(visit: Visit, row: OrderRow) -> str:
    return row.first_name or visit.say("the customer")


def _others(visit: Visit, order: OrderInHand, steps: Sequence[ShopStep]) -> list[Context]:
    """Where the shop wants its steps in order, those out of turn are not there; what follows on the next one is hidden
    until that waits on the phone for the network."""
    turns = [(step, _turn(visit, order, step)) for step in steps]
    free = visit.cast.shop.any_order
    return [_other(visit, order, s, turn) for s, turn in turns if turn is None or free or turn.kind == "skip"]


def _turn(visit: Visit, order: OrderInHand, step: ShopStep) -> OutOfTurn | None:
    """Of the things that are ticked at first."""
    row, about = order.row, covered(step, order.lines, order.parcels, [])
    facts = Facts(row.placed_at, row.placed_zone, row.placed_precision, method=row.method)
    state = OrderState(
        version=row.version,
        state=row.state,
        position=row.position,
        facts=facts,
        lines=tuple(order.lines),
        parcels=tuple(order.parcels),
        corrected=taken_back(order.events),
    )
    new = Event(
        id="",
        seq=0,
        kind="step",
        at=visit.now,
        recorded_at=visit.now,
        step=step.key,
        position=step.position,
        effect=step.effect,
        lines=about.lines,
        parcel=Parcel(about.parcel) if about.parcel else None,
    )
    return out_of_turn(new, order.events, state, visit.cast.standing)


def _other(visit: Visit, order: OrderInHand, step: ShopStep, turn: OutOfTurn | None) -> Context:
    """What is put off is asked more of, on a page of its own. The question is for who logs it without network."""
    url = f"{order_url(order.row.number)}/pause/{step.key}" if step.effect == "pause" else None
    label, free = visit.step_name(step), visit.cast.shop.any_order
    return {
        "step": step.key,
        "label": label,
        "icon": step.icon,
        "url": url,
        "after": " ".join(turn.missing) if turn and not free else "",
        "question": question_text(visit, order.row, step, turn) if turn and free else "",
        "yes": visit.say("Log %(step)s anyway", step=label),
    }
