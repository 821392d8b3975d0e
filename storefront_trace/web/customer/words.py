"""A timeline in words: names, portraits and sentences as one customer reads them, in one language.

The hot path. What does not depend on the order (who a person is on the page, a step's parsed sentence) is kept per
generation of the shop and language.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property
from typing import Any

from markupsafe import Markup, escape

from storefront_trace.domain.moments import day_of
from storefront_trace.domain.people import role_in_sentence
from storefront_trace.domain.sentences import TEXT, Sentence, parse
from storefront_trace.domain.shop import Cast, ShopStep, in_language
from storefront_trace.domain.step_texts import step_texts
from storefront_trace.domain.steps import CARRIER_TEAM, DEFAULT_TEAMS, standing_alone
from storefront_trace.domain.timeline import MOST_ACTORS, Actor, Shown, Timeline
from storefront_trace.domain.tracked import TrackEvent
from storefront_trace.web.customer.face import Face, with_own_words
from storefront_trace.web.customer.holed import Holed, hole
from storefront_trace.web.customer.safe import escaped
from storefront_trace.web.faces import BENT_ROLES, inside
from storefront_trace.web.front import shop_frame
from storefront_trace.web.languages import NAMES, Catalogue, catalogue
from storefront_trace.web.page import Pages
from storefront_trace.web.wording import capital, moment_html, moment_text, tied

_KEPT: dict[tuple[str, str], Words] = {}
_MOST = 200
_MOST_SENTENCES = 5000
HOLE, NUMBER = "\0", "\1"


class Words:
    """One shop's page furniture in one language."""

    def __init__(self, cast: Cast, language: str, pages: Pages) -> None:
        self._pages = pages
        self.cast = cast
        self.shop = cast.shop
        self.language = language
        self.texts: Catalogue = catalogue(language)
        self.say = self.texts.say
        self.could_be_better = self.say("Something could have been better")
        self._days: dict[tuple[Any, ...], Markup] = {}
        self._holed: dict[tuple[str, Face, Face | None, int | None, str | None, bool], str] = {}
        self.scan = Holed(self.part("_scan", scan={"name": hole("name"), "when": hole("when")}))
        self.follow_forms: dict[Any, Holed] = {}
        self.around: dict[Any, Holed] = {}  # see around.py
        self._known: dict[int, tuple[Actor, Face]] = {}
        self._faces: dict[tuple[str, str, str, str | None], Face] = {}
        self.asks: dict[tuple[str, str, bool, bool, bool], Holed] = {}  # see threads.py
        self._sentences = {key: self._parsed(step) for key, step in cast.steps.items()}
        self._safe_sentences = {key: escaped(sentence) for key, sentence in self._sentences.items()}

    def named(self, texts: Mapping[str, str]) -> str:
        return in_language(texts, self.language, self.shop.locale)

    def face(self, actor: Actor) -> Face:
        """The same object for the same somebody. Asked some twenty times a page, nearly always with an actor that was
        seen before: told by its identity, which its being kept here holds in place."""
        known = self._known.get(id(actor))
        if known is not None:
            return known[1]
        face = self._face_of(actor)
        if len(self._known) > MOST_ACTORS:
            self._known.clear()
        self._known[id(actor)] = (actor, face)
        return face

    def _face_of(self, actor: Actor) -> Face:
        key = (
            actor.person.id if actor.person else "",
            actor.team.key if actor.team else "",
            actor.shows if actor.person else actor.kind,
            actor.carrier,
        )
        found = self._faces.get(key)
        if found is None:
            if len(self._faces) > 2000:  # a carrier's name is the sender's text: never let it fill the memory
                self._faces.clear()
                self._known.clear()
                self._holed.clear()
            found = self._faces[key] = self._face(actor)
        return found

    def when(self, at: int, zone: str, precision: str) -> str:
        """ "den 19 november kl. 14.32", in the shop's zone; a day stays the day it was said to be."""
        return moment_text(at, zone if precision == "day" else self.shop.zone, precision, self.language)

    def sentence(self, shown: Shown) -> str:
        """As plain text."""
        return self._sentences[shown.step.key].render(self._values(shown, self.face(shown.actor), safe=False))

    def names_next(self, shown: Shown) -> bool:
        """Whether its sentence says whom it was passed on to."""
        return "{to" in self._sentences[shown.step.key].source

    def heading(self, shown: Shown) -> str:
        """ "Anders packade din beställning": the sentence without what a mail says beside it. One of the shop's own may
        not stand without its moment ("On {when} …"): then it is who did it, and the step's name."""
        face, sentence = self.face(shown.actor), self._sentences[shown.step.key]
        if sentence.source != step_texts(shown.step.key).sentences.get(self.language):
            return f"{face.name}: {self.named(shown.step.names)}"
        return self._short(shown, {"to": ""}, ends=". ").removesuffix(".")

    def moment(self, shown: Shown) -> str:
        """ "Den 20 november kl. 9.14", which is all that the sentence says beside the heading; else ""."""
        event = shown.event
        if self._short(shown, {}).removesuffix(".") != self.heading(shown):
            return ""
        return capital(self.when(event.at, event.zone, event.precision))

    def sentence_html(self, shown: Shown) -> str:
        """Escaped. All but the moment is the same for many orders, so it is kept with a hole where the moment goes."""
        face = self.face(shown.actor)
        to = self.face(shown.to) if shown.to else None
        carrier = shown.parcel.carrier if shown.parcel else None
        key = (shown.step.key, face, to, shown.parcel_number, carrier, shown.partly)
        holed = self._holed.get(key)
        if holed is None:
            if len(self._holed) > _MOST_SENTENCES:
                self._holed.clear()
            parts = self._safe_sentences[shown.step.key].render_parts(self._values(shown, face, safe=True))
            holes = {"when": HOLE, "number": NUMBER}
            holed = self._holed[key] = "".join(holes.get(kind, text) for kind, text in parts)
        if NUMBER in holed:
            holed = holed.replace(NUMBER, escape(shown.order_number))
        return holed.replace(HOLE, self.when_html(shown.event))

    def day_of(self, at: int, line: Timeline) -> str:
        """The ISO date of what happened then: in the shop's zone, but a day stays the day it was said to be."""
        told = (one.event for shown in line.steps for one in (shown, *shown.scans))
        days = (event.zone for event in told if event.at == at and event.precision == "day")
        return day_of(at, next(days, self.shop.zone))

    def when_html(self, event: TrackEvent) -> str:
        zone = event.zone if event.precision == "day" else self.shop.zone
        return moment_html(event.at, zone, event.precision, self.language)

    def part(self, name: str, **context: Any) -> Markup:
        text = self._pages.render(self.language, f"customer/{name}.html", **context)
        return Markup(text.strip())  # noqa: S704 - rendered and escaped by the template

    @cached_property
    def frame(self) -> dict[str, Any]:
        """What every customer page of this shop has around it. Shared: put it into a dict of your own."""
        return {
            "lang": self.language,
            "shop": shop_frame(self.shop),
            "languages": [
                {"lang": one, "name": name, "href": f"?lang={one}", "current": one == self.language}
                for one, name in NAMES.items()
            ],
            "links": [],
            "foot": self.say("Only you who have the link can see this page."),
            "order_number": None,
        }

    def with_day(self, text: str, day: Markup, **others: str) -> Markup:
        """The translation of a text with %(day)s, the day in its <time>."""
        key = (text, day, *others.items())
        found = self._days.get(key)
        if found is None:
            if len(self._days) > _MOST_SENTENCES:
                self._days.clear()
            found = self._days[key] = escape(self.say(text, day=HOLE, **others)).replace(HOLE, day)
        return found

    def parcel(self, number: int | None) -> str:
        return self.say("parcel %(number)s", number=number) if number is not None else ""

    def _what(self, shown: Shown) -> str:
        """Of which parcel a sentence speaks, or that it is not the whole order."""
        return self.say("part of your order") if shown.partly else self.parcel(shown.parcel_number)

    def step_name(self, shown: Shown) -> str:
        name = self.named(shown.step.names)
        called_off = shown.partly and shown.step.effect == "cancel"
        return self.say("%(step)s in part", step=name) if called_off else name

    def _values(self, shown: Shown, face: Face, *, safe: bool) -> dict[str, str]:
        event = shown.event
        when = self.when(event.at, event.zone, event.precision)
        to = self.face(shown.to) if shown.to else None
        carrier = shown.parcel.carrier or "" if shown.parcel else ""
        if safe:
            return {
                "name": face.safe_name,
                "role": face.safe_place,
                "when": tied(when),
                "to": to.safe_in_sentence if to else "",
                "parcel": self._what(shown),
                "carrier": str(escape(carrier)) if carrier else "",
                "number": str(escape(shown.order_number)),
                "shop": str(escape(self.shop.name)),
            }
        return {
            "name": face.name,
            "role": face.place,
            "when": when,
            "to": to.in_sentence if to else "",
            "parcel": self._what(shown),
            "carrier": carrier,
            "number": shown.order_number,
            "shop": self.shop.name,
        }

    def _short(self, shown: Shown, values: dict[str, str], ends: str = "\n") -> str:
        """The sentence without moment and role, as far as `ends`: looked for before there are names in it."""
        known = self._values(shown, self.face(shown.actor), safe=False) | {"when": "", "role": ""} | values
        parts = self._sentences[shown.step.key].render_parts(known)
        text = "".join(text if kind == TEXT else HOLE for kind, text in parts).partition(ends)[0]
        text = re.sub(r" +(?=[ ,.]|$)", "", text)
        for kind, value in parts:
            text = text if kind == TEXT else text.replace(HOLE, value, 1)
        return text

    def _parsed(self, step: ShopStep) -> Sentence:
        return parse(self.named(step.sentences) or "{name}: " + self.named(step.names))

    def _face(self, actor: Actor) -> Face:
        if actor.person is not None:
            name = actor.person.display_name
            place = role_in_sentence(actor.person.shown_roles.get(self.language, ""), self.language)
            joined = self.say("%(name)s at %(role)s", name=name, role=place) if place else name
            photo = actor.person.photo if actor.shows == "photo" else None
            found = portrait(photo, name, self)
            face = self._made("person", name, self._role(actor), joined, found, actor.shows, place)
            return with_own_words(face, actor.person, self.language)
        if actor.kind != "carrier":
            name = self.named(actor.team.names) if actor.team else self.shop.name
            joined = inside(self.cast, name, self.language)
            photo = actor.team.photo if actor.team else None
            return self._made("team", name, "", joined, portrait(photo, name, self), "team")
        name = actor.carrier or self.named(_CARRIER)
        return self._made("carrier", name, self.say("Carrier"), inside(self.cast, name, self.language), None, "team")

    def _role(self, actor: Actor) -> str:
        """What stands below a name. Roles are bent in some languages ("hankinnasta", "aus dem Einkauf"), which reads as
        torn off when it stands alone: there it is the team."""
        team = actor.team if self.language in BENT_ROLES else None
        names = team.names if team else actor.person.shown_roles if actor.person else {}
        return standing_alone(self.named(names), self.language)

    def _made(
        self, kind: str, name: str, role: str, joined: str, picture: Any, visibility: str, place: str = ""
    ) -> Face:
        thank = self.say("Thank %(name)s", name=joined if kind == "team" else name)
        step = {"kind": kind, "name": name, "role": role, "portrait": picture}
        react = {"action": hole("form"), "thank_label": thank, "concern_label": self.could_be_better, "calm": False}
        return Face(
            kind=kind,
            name=name,
            role=role,
            place=place,
            in_sentence=joined,
            portrait=picture,
            photo_url=picture["src"] if picture and kind == "person" else None,
            visibility=visibility,
            safe_name=str(escape(name)),
            safe_place=str(escape(place)),
            safe_in_sentence=str(escape(joined)),
            thank=thank,
            stamp=self.part("_stamp", step=step),
            head=self.part("_head", step=step),
            react=Holed(self.part("_react", react=react)),
            calm=Holed(self.part("_react", react=react | {"calm": True})),
            better=Holed(self.part("_react", react=react | {"thank_label": ""})),
            wrote=self.say("%(name)s wrote you a line", name=name),
        )


_CARRIER = next(team.names for team in DEFAULT_TEAMS if team.key == CARRIER_TEAM)


def words_for(cast: Cast, language: str, pages: Pages) -> Words:
    """Kept for some shops and languages, each with the cast that was asked for last; the oldest goes first."""
    key = (cast.shop.id, language)
    found = _KEPT.get(key)
    if found is None or found.cast is not cast:
        while len(_KEPT) >= _MOST and key not in _KEPT:
            _KEPT.pop(next(iter(_KEPT)))
        found = _KEPT[key] = Words(cast, language, pages)
    return found


def portrait(photo: str | None, name: str, words: Words) -> dict[str, str | None] | None:
    if photo is None:
        return None
    alt = words.say("Portrait of %(name)s", name=name)
    return {"src": f"/media/{photo}-196.webp", "src2x": f"/media/{photo}-392.webp", "alt": alt}
