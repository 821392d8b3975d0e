"""What every staff page starts from: who asks, in which language, and the frame around the answer."""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from secrets import randbelow
from typing import Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response

from storefront_trace.actions.desk import Desk
from storefront_trace.domain.clock import now_micros
from storefront_trace.domain.colours import palette
from storefront_trace.domain.errors import DomainError, TooMany
from storefront_trace.domain.moments import from_micros, local_day
from storefront_trace.domain.shop import Cast, Person, Shop, ShopStep, Words, in_language
from storefront_trace.photos.initials import initials
from storefront_trace.storage.accounts import Session
from storefront_trace.web import wording
from storefront_trace.web.errors import status_of
from storefront_trace.web.faces import Face, face_of, inside, person_face
from storefront_trace.web.languages import Catalogue, catalogue
from storefront_trace.web.page import look, page, static

Context = dict[str, Any]
REDIRECT = {"Cache-Control": "no-store"}
MOST_HIDDEN = 100
# Somebody's own words are set in it. Asked for only when they are laid out, it comes too late to be used.
SERIF = f'<{static("fonts/noto-serif-5.3.0-latin.woff2")}>; rel=preload; as=font; type="font/woff2"; crossorigin'


@dataclass(frozen=True)
class Visit:
    """One request of somebody who is signed in; `now` is the same for the whole page."""

    request: Request
    cast: Cast
    person: Person
    session: Session
    language: str
    now: int

    @classmethod
    def of(cls, request: Request) -> Visit:
        state = request.state
        return cls(request, state.cast, state.person, state.session, request.scope["language"], now_micros())

    @property
    def desk(self) -> Desk:
        found: Desk = self.request.app.state.desk
        return found

    @property
    def shop_id(self) -> str:
        return self.cast.shop.id

    @property
    def as_owner(self) -> bool:
        """On a shared tablet nobody is more than a colleague: four digits are no key to a shop."""
        return self.session.role == "owner" and self.session.kiosk_id is None

    def may_log(self, step: ShopStep) -> bool:
        return self.as_owner or step.is_for(self.person)

    @property
    def texts(self) -> Catalogue:
        return catalogue(self.language)

    def say(self, text: str, **params: object) -> str:
        return self.texts.say(text, **params)

    def named(self, names: Words) -> str:
        return in_language(names, self.language, self.cast.shop.locale)

    def step_name(self, step: ShopStep) -> str:
        return self.named(step.names) or step.key

    def face(self, person_id: str | None, team: str | None, carrier: str = "") -> Face:
        return face_of(self.cast, person_id, team, self.language, carrier=carrier)

    def inside(self, name: str) -> str:
        """A team's or carrier's name after another word: "and on to the warehouse team"."""
        return inside(self.cast, name, self.language)

    def receiver(self, person_id: str | None, team: str | None) -> str:
        face = self.face(person_id, team)
        return face["name"] if face["kind"] == "person" else self.inside(face["name"])

    def when(self, micros: int, precision: str = "minute", zone: str | None = None) -> str:
        """In the shop's zone; a day stays in the zone it was given in."""
        there = zone if zone and precision == "day" else self.cast.shop.zone
        return wording.recent_text(micros, there, precision, self.language, now=self.now)

    def day(self, iso_day: str) -> str:
        return wording.day_text(iso_day, self.language, local_day(from_micros(self.now), self.cast.shop.zone).year)

    def wait(self, since: int) -> str:
        return wording.wait_text(max(0, self.now - since) // 60_000_000, self.language)

    def _questions(self) -> Context | None:
        """What waits for this person's answer; the gate has counted it."""
        n: int = self.request.state.questions
        if n == 0:
            return None
        label = self.texts.ngettext("%(n)s question waits for an answer", "%(n)s questions wait for an answer", n)
        return {"label": label % {"n": n}, "count": n, "href": "/staff/questions"}

    def _tablet(self) -> Context | None:
        """On a shared one: after how many seconds without a tap the portraits come back."""
        if self.session.kiosk_id is None or self.session.idle_minutes is None:
            return None
        return {"name": self.session.device, "seconds": self.session.idle_minutes * 60}

    def errors(self, error: DomainError) -> dict[str, str]:
        """By field, in the reader's language; "" is the field of what is about none."""
        found = error.field_errors or (("", error.message),)
        return {field: error.render(self.texts.gettext(message)) for field, message in found}

    def show(self, template: str, title: str, *, error: DomainError | None = None, **context: Any) -> Response:
        """With `error` the page is the answer to a POST that was refused, and says why."""
        shop = self.cast.shop
        frame: Context = {
            "lang": self.language,
            "path": self.request.url.path,
            "clock": wording.clock_form(self.language),
            "title": title,
            "shop": {
                "name": shop.name,
                "logo_url": f"/media/{shop.logo}-320.webp" if shop.logo else None,
                "look_css": look(shop.brand),
            },
            "me": person_face(self.cast, self.person, self.language),
            "person": self.person.id,
            "app_icon": app_icon(shop),
            "theme": {scheme: palette(shop.brand, scheme).wash for scheme in ("light", "dark")},
            "owner": self.as_owner,
            "starting": self.as_owner and shop.starting,
            "manager": self.session.role == "manager" and self.session.kiosk_id is None,
            "reader": self.session.role == "reader",
            "tablet": self._tablet(),
            "questions": self._questions(),
            "said": None,
            "errors": self.errors(error) if error else {},
        }
        status = status_of(error) if error else 200
        response = page(self.request, template, status, page=frame | context)
        if isinstance(error, TooMany):
            response.headers["Retry-After"] = str(error.retry_after)
        if b'class="voice"' in bytes(response.body):
            response.headers["Link"] = SERIF
        if "gzip" in self.request.headers.get("accept-encoding", ""):
            _pack(response)
        if self.session.kiosk_id is None:  # a shared tablet keeps nobody's pages
            response.headers["Keep-For"] = self.person.id
        return response


def _pack(response: Response) -> None:
    """A seventh to send on a slow network. No page that shows a key repeats what its address brings (SECURITY.md), and
    a file's name of any length in gzip's head, which nobody reads, hides how well the rest could be packed."""
    packed = gzip.compress(bytes(response.body), 5, mtime=0)
    name = b"a" * randbelow(MOST_HIDDEN)
    response.body = packed[:3] + b"\x08" + packed[4:10] + name + b"\0" + packed[10:]
    response.headers["Content-Encoding"] = "gzip"
    response.headers["Content-Length"] = str(len(response.body))
    response.headers["Vary"] = "Accept-Language, Accept-Encoding"


def order_url(number: str) -> str:
    return f"/staff/orders/{quote(number, safe='')}"


def page_number(request: Request, most: int = 1000) -> int:
    """`?page=` from 1; anything else is the first page."""
    text = request.query_params.get("page", "")
    return min(int(text), most) if text.isascii() and text.isdigit() and 0 < len(text) < 6 and int(text) else 1


def app_icon(shop: Shop, kind: str = "180") -> str:
    """The shop's letter in its colour, as a phone shows it among its applications."""
    return f"/icon/{shop.brand.removeprefix('#')}/{kind}/{quote(initials(shop.name)[:1], safe='')}.png"
