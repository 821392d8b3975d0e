"""What a customer may see of an order: which steps, who stands for each, who has it now and what is left.

Without words and dates: those are the page's. It takes an order as the hot read gives it, and the shop's cast.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from storefront_trace.domain.ahead import Ahead, what_is_left
from storefront_trace.domain.lifetimes import names_fade_at
from storefront_trace.domain.orders import FINAL_STATES, SHIPPED, START
from storefront_trace.domain.parcels import in_parts
from storefront_trace.domain.people import Visibility, shown_as
from storefront_trace.domain.promise import NOTHING, Outlook, outlook
from storefront_trace.domain.shop import Cast, Person, ShopStep, Team
from storefront_trace.domain.tracked import TrackEvent, TrackFeedback, TrackOrder, TrackParcel, TrackReply

SHOP_SYSTEMS = ("shopify", "woocommerce")
TAKEN_OVER = "in_transit"
MOST_ACTORS = 5000  # a carrier's name is the sender's text: never let it fill the memory


class Actor(NamedTuple):
    """Who stands for a step. `person` is set only when the person lets customers see at least the name."""

    kind: str  # person | team | carrier
    shows: Visibility = "team"
    person: Person | None = None
    team: Team | None = None
    carrier: str | None = None


# In a shop that brings things itself, or hands them over its counter, nobody named is the shop and not a carrier.
_OURS = Actor("team")


class Shown(NamedTuple):
    event: TrackEvent
    step: ShopStep
    actor: Actor
    to: Actor | None
    parcel: TrackParcel | None
    parcel_number: int | None
    corrected: bool
    reason: str | None
    may_react: bool
    feedback: TrackFeedback | None = None
    replies: tuple[TrackReply, ...] = ()
    # What the carrier told of the same parcel, oldest first and this among it; empty when this is all.
    scans: tuple[Shown, ...] = ()
    order_number: str = ""
    # About some of the order's lines only, and about no parcel.
    partly: bool = False


@dataclass(frozen=True, slots=True)
class Timeline:
    steps: tuple[Shown, ...]
    holder: Actor | None
    holder_since: int | None
    holder_shown: Shown | None
    latest: Shown | None
    ahead: tuple[Ahead, ...]
    faded: bool
    state: str
    outlook: Outlook = NOTHING


def timeline(order: TrackOrder, cast: Cast, now: int) -> Timeline:
    """`now` in microseconds decides whether the names have faded to the team, and which days are still ahead."""
    fades_at = names_fade_at(order, order.lines, cast.shop)
    faded = fades_at is not None and now >= fades_at
    steps = tuple(_folded(list(_shown(order, cast, faded))))
    live = [shown for shown in steps if not shown.corrected]
    holder, since = None, order.holder_since
    if order.holder_person_id or order.holder_team:
        holder = actor(cast, order.holder_person_id, order.holder_team, None, faded)
    voice = next((shown for shown in steps if shown.event.id == order.holder_event_id), None)
    if holder is not None and voice is None:
        voice = _last_in_hand(live)
        if voice is not None and any(event.id == order.holder_event_id for event in order.events):
            # What happens inside the shop only is not told by who has it, either; without a step it changed hands.
            holder, since = (voice.to or voice.actor), voice.event.at
    found = outlook(order, cast, now)
    return Timeline(
        steps=steps,
        holder=holder,
        holder_since=since,
        holder_shown=voice,
        latest=live[-1] if live else None,
        ahead=() if order.state in FINAL_STATES else tuple(what_is_left(order, cast, found)),
        faded=faded,
        state=_visible_state(order.state, cast, live),
        outlook=found,
    )


def shown_for(line: Timeline, event_id: str) -> Shown | None:
    """The step that this event told of, also when it is folded among a carrier's scans or has been told anew, with
    more about it: addresses that went out by mail name such events for as long as the link lives."""
    return by_event(line).get(event_id)


def by_event(line: Timeline) -> dict[str, Shown]:
    """See `shown_for`."""
    every = (one for shown in line.steps for one in shown.scans or (shown,))
    return {told: one for one in every for told in (*one.event.earlier, one.event.id)}


def helpers(line: Timeline) -> list[tuple[Actor, list[Shown]]]:
    """Everybody who helped, once each, in the order of their first step, with what they did. Namesakes are two; those
    who are shown as the team are one, the team."""
    found: dict[tuple[str | None, ...], tuple[Actor, list[Shown]]] = {}
    for shown in (one for one in line.steps if not one.corrected):
        who: Actor = shown.actor
        team = who.team.key if who.team else None
        key = ("person", who.person.id) if who.person else (who.kind, team, who.carrier)
        found.setdefault(key, (who, []))[1].append(shown)
    return list(found.values())


def keeper_of(line: Timeline, key: str) -> Actor | None:
    """Who sees to what is missing of this line of the order: whom it was passed on to last, else who did something
    about it. Only somebody who really did."""
    for shown in reversed(line.steps):
        if any(one == key for one, _ in shown.event.lines) and shown.step.effect == "pause" and not shown.corrected:
            who: Actor = shown.to or shown.actor
            return who
    return None


def closed_by(line: Timeline) -> Actor | None:
    """Who called it off or took it back, which a refund or a word after it does not change."""
    live = [shown for shown in line.steps if not shown.corrected]
    ended = [shown for shown in live if shown.step.effect in ("cancel", "return")] or live
    return ended[-1].actor if ended else None


def _last_in_hand(live: list[Shown]) -> Shown | None:
    """Of an order that somebody has in hand inside the shop only, the last one whom customers may know of."""
    seen = [one for one in live if one.actor.kind != "carrier" and one.step.effect != "aside"]
    return seen[-1] if seen else None


def _visible_state(state: str, cast: Cast, live: list[Shown]) -> str:
    """What happens inside the shop only leaves the last step that a customer may see standing: never a blank."""
    if _is_visible(cast, state):
        return state
    seen = [one for one in live if one.step.effect == "advance"]
    return max(seen, key=lambda one: (one.event.position or 0, one.event.at)).step.key if seen else START


def actor(cast: Cast, person_id: str | None, team: str | None, carrier: str | None, faded: bool) -> Actor:
    """How this person, this team or this carrier is shown now. Who is not known (any more) is a team without a name,
    which a page calls by the shop's: "the carrier" would be a false name."""
    key = (person_id, team, carrier, faded)
    found: Actor | None = cast.actors.get(key)
    if found is None:
        if len(cast.actors) > MOST_ACTORS:
            cast.actors.clear()
        found = cast.actors[key] = _actor(cast, person_id, team, carrier, faded)
    return found


def _actor(cast: Cast, person_id: str | None, team: str | None, carrier: str | None, faded: bool) -> Actor:
    person = cast.people.get(person_id or "")
    if person is not None:
        shows = visible_as(person, faded)
        own = cast.teams.get(team or person.team or "")
        return Actor("person", shows, person, own) if shows != "team" else Actor("team", team=own)
    if team is not None or person_id is not None:
        return Actor("team", team=cast.teams.get(team or ""))
    return Actor("carrier", carrier=carrier)


def visible_as(person: Person, faded: bool = False) -> Visibility:
    chosen: Any = person.visibility
    ceiling: Any = person.visibility_ceiling
    return shown_as(chosen, person.visibility_chosen_at, ceiling, person.left_at, faded)


def photo_of(actor: Actor) -> str | None:
    """The picture that customers may see of who stands for a step: the person, or the team when it is the team."""
    if actor.person is not None:
        return actor.person.photo if actor.shows == "photo" else None
    return actor.team.photo if actor.team else None


def _shown(order: TrackOrder, cast: Cast, faded: bool) -> Iterable[Shown]:
    fallen = {e.corrects: e for e in order.events if e.kind == "correction"}
    happened = [e for e in order.events if e.kind == "step" and _is_visible(cast, e.step)]
    happened.sort(key=lambda e: (e.at, e.position or 0, e.seq))
    numbers = {parcel.key: place for place, parcel in enumerate(order.parcels, 1)} if in_parts(order, cast) else {}
    parcels = {parcel.key: parcel for parcel in order.parcels}
    only = order.parcels[0] if len(order.parcels) == 1 else None
    said = {one.event_id: one for one in order.feedback}
    refined = set(_refined(happened, fallen))
    hidden = {_automatic_start(happened, fallen), *refined}
    ours = order.method in ("local", "pickup")
    for event in happened:
        if event.seq in hidden:
            continue
        step = cast.steps[event.step or ""]
        parcel = parcels.get(event.parcel_key or "") if event.detail else None
        if parcel is None and only is not None and (event.position or 0) >= SHIPPED:
            parcel = only
        carrier = parcel.carrier if parcel else None
        # Who keeps it is not whom it was passed on to.
        kept = event.hand_person_id is not None and event.hand_person_id == event.person_id
        handed = not kept and (event.hand_person_id or event.hand_team)
        corrected = event.id in fallen
        feedback = said.get(event.id) or (_said_before(event, said) if refined else None)
        yield Shown(
            event=event,
            step=step,
            actor=_OURS
            if ours and carrier is None and not (event.person_id or event.team)
            else actor(cast, event.person_id, event.team, carrier, faded),
            to=actor(cast, event.hand_person_id, event.hand_team, None, faded) if handed else None,
            parcel=parcel,
            parcel_number=numbers.get(parcel.key) if parcel else None,
            corrected=corrected,
            reason=fallen[event.id].reason if corrected else None,
            may_react=step.asks_feedback and not corrected and bool(event.person_id or event.team),
            feedback=feedback,
            replies=tuple(r for r in order.replies if r.feedback_id == feedback.id) if feedback else (),
            order_number=order.number,
            partly=parcel is None and bool(event.detail) and _is_partly(order, event),
        )


def _is_partly(order: TrackOrder, event: TrackEvent) -> bool:
    named = {key for key, _ in event.lines}
    return bool(named) and not named >= {line.key for line in order.lines}


def _automatic_start(happened: list[TrackEvent], fallen: Mapping[str | None, Any]) -> int | None:
    """The order's coming in stands for "received" until somebody logs that they took it."""
    first = next((e for e in happened if e.seq == 1 and e.step == START), None)
    logged = any(e.step == START and e.seq != 1 and e.id not in fallen for e in happened)
    return first.seq if first is not None and logged else None


def _refined(happened: list[TrackEvent], fallen: Mapping[str | None, TrackEvent]) -> Iterable[int]:
    """A shop system that tells more of a step later takes the former telling back: nobody made a mistake there."""
    for event in happened:
        fall = fallen.get(event.id) if fallen else None
        told_by_shop_system = event.source.split(":")[0] in SHOP_SYSTEMS
        if fall is not None and told_by_shop_system and fall.source == event.source and fall.person_id is None:
            yield event.seq


def _said_before(event: TrackEvent, said: Mapping[str, TrackFeedback]) -> TrackFeedback | None:
    """What the customer said of the step before the shop system told more of it."""
    found = [said[one] for one in event.earlier if one in said]
    return found[-1] if found else None


def _folded(steps: list[Shown]) -> Iterable[Shown]:
    """What a carrier tells of one parcel is one step, the latest: nobody reads the same name five times."""
    scans: dict[str, list[Shown]] = {}
    for one in steps:
        if one.actor.kind == "carrier" and not one.corrected:
            scans.setdefault(one.parcel.key if one.parcel else "", []).append(one)
    for one in steps:
        told = scans.get(one.parcel.key if one.parcel else "", ()) if one.actor.kind == "carrier" else ()
        if one.corrected or len(told) < 2:
            yield one
        elif one is told[-1]:
            # When it was taken over does not move with where it was seen since.
            first = next(scan for scan in told if scan.step.key == one.step.key) if one.step.key == TAKEN_OVER else one
            yield first._replace(scans=tuple(told))


def _is_visible(cast: Cast, key: str | None) -> bool:
    step = cast.steps.get(key or "")
    return step is not None and step.visible
