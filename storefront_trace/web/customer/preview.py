"""How somebody who works here stands on a customer's page: that page's own words, of an order that there never was.

For the staff's pages, which import nothing from here: they find it on `app.state`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TypedDict

from markupsafe import Markup

from storefront_trace.domain.errors import N_
from storefront_trace.domain.orders import SHIPPED
from storefront_trace.domain.people import Visibility
from storefront_trace.domain.shop import LANGUAGES, Cast, Person, ShopStep
from storefront_trace.domain.timeline import timeline
from storefront_trace.domain.tracked import TrackEvent, TrackLine, TrackOrder
from storefront_trace.web.customer.chain import chain_html
from storefront_trace.web.customer.view import now_context, on_top
from storefront_trace.web.customer.words import words_for
from storefront_trace.web.languages import NAMES
from storefront_trace.web.page import Pages

THING = N_("A parcel")


MADE_UP = "preview"


class Seen(TypedDict):
    """As a customer reads it in `lang`; `steps` are the items of a chain."""

    lang: str
    language: str
    lead: str
    name: str
    role: Markup
    quote: str | None
    quote_by: str
    answers: str
    steps: Markup


class Previews:
    def __init__(self, pages: Pages) -> None:
        self._pages = pages

    def seen(self, cast: Cast, person: Person, way: Visibility, now: int) -> list[Seen]:
        """In every language, with `way` as what the person lets customers see; what a connected system has lowered
        stays lowered."""
        shown = replace(person, visibility=way, visibility_chosen_at=now)
        step = _step(cast, person)
        quiet = {**cast.steps, step.key: replace(step, asks_feedback=False)}  # nobody thanks in a preview
        told = replace(cast, people={**cast.people, person.id: shown}, steps=quiet)
        return [self._seen(told, cast, _order(told, shown, step, now), one, now) for one in LANGUAGES]

    def _seen(self, told: Cast, cast: Cast, order: TrackOrder, language: str, now: int) -> Seen:
        # The words are those kept for the shop as it is: a face in them hangs on what it shows, not on who chose it.
        words = words_for(cast, language, self._pages)
        line = timeline(order, told, now)
        top = now_context(order, line, on_top(order, line, words), words, "", False)
        steps = chain_html(line, words, "", now, asked=True)
        return Seen(
            lang=language,
            language=NAMES[language],
            lead=top["lead"],
            name=top["name"],
            role=top["role"],
            quote=top["quote"],
            quote_by=top["quote_by"],
            answers=words.face(line.holder).answers if line.holder else "",
            steps=Markup(steps.replace("step-preview", f"preview-{language}")),  # noqa: S704 - its own markup
        )


def _step(cast: Cast, person: Person) -> ShopStep:
    """One that this person's team does, before anything is sent."""
    open_ones = [one for one in cast.standing if one.visible and one.effect == "advance"]
    ours = [one for one in open_ones if one.position < SHIPPED and one.team == person.team]
    return max(ours, key=lambda one: one.position) if ours else min(open_ones, key=lambda one: one.position)


def _order(cast: Cast, person: Person, step: ShopStep, now: int) -> TrackOrder:
    happened = made_up(step, cast.shop.zone, seq=2, person_id=person.id, team=person.team, at=now)
    thing = TrackLine("1", THING, None, None, 1, 0, 0, 0, None, True, None, 0, 0)
    nothing = dict.fromkeys(("revoked_at", "promise_from", "promise_to", "first_name", "locale", "email"))
    return TrackOrder(
        **nothing,
        shop_id=cast.shop.id,
        generation=cast.shop.generation,
        id="preview",
        number="1001",
        version=1,
        state=step.key,
        position=step.position,
        placed_at=now,
        placed_zone=cast.shop.zone,
        placed_precision="minute",
        holder_person_id=person.id,
        holder_team=person.team,
        holder_event_id="preview",
        holder_since=now,
        next_step=None,
        delivered_at=None,
        updated_at=now,
        method="parcel",
        events=[happened],
        lines=[thing],
        parcels=[],
        feedback=[],
        replies=[],
        questions=[],
        followers=[],
    )


def made_up(step: ShopStep, zone: str, *, seq: int, person_id: str | None, team: str | None, at: int) -> TrackEvent:
    """The step as if it had happened, which no table says: its id is MADE_UP."""
    return TrackEvent(
        seq=seq,
        id=MADE_UP,
        kind="step",
        step=step.key,
        position=step.position,
        effect=step.effect,
        at=at,
        zone=zone,
        precision="minute",
        person_id=person_id,
        team=team,
        hand_person_id=None,
        hand_team=None,
        note=None,
        photo=None,
        source="staff",
        recorded_at=at,
        detail=None,
    )
