"""What a demo order is told with: things on its lines, steps by people, and what the customer said of a step."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from storefront_trace.actions.photos import Stored
from storefront_trace.actions.steps import StepToLog
from storefront_trace.demo.cast import LOCALE, ZONE
from storefront_trace.demo.pictures import Pictures, line_url
from storefront_trace.demo.workdays import Workdays
from storefront_trace.domain.incoming import IncomingLine, IncomingOrder
from storefront_trace.domain.moments import Moment
from storefront_trace.domain.orders import Parcel

SOURCE = "demo"
DHL = "https://www.dhl.com/se-sv/home/tracking.html?tracking-id="
POSTNORD = "https://tracking.postnord.com/se/?id="

# What the shop sells: title and drawing. A gift card has neither a drawing nor a parcel.
THINGS = {
    "socks": ("Oststrumpor", "product-oststrumpor"),
    "mug": ("Mugg med två öron", "product-mugg-med-tva-oron"),
    "puzzle": ("Pussel ”Bara himmel”", "product-pussel-bara-himmel"),
    "lamp": ("Igelkottslampa", "product-igelkottslampa"),
    "laugh": ("Skrattande mugg", "product-skrattande-mugg"),
    "sun": ("Soltavla", "product-soltavla"),
    "candles": ("Två ljus", "product-tva-ljus"),
    "card": ("Kort", "product-kort"),
    "duck": ("Badanka", "product-badanka"),
    "cactus": ("Kaktus med hatt", "product-kaktus-med-hatt"),
}


@dataclass(frozen=True)
class Said:
    """`replies` are (handle, words)."""

    choice: str
    chips: tuple[str, ...] = ()
    words: str = ""
    contact: bool = False
    replies: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Told:
    """`taken_back` is why the same person took the step back later."""

    step: StepToLog
    said: Said | None = None
    taken_back: str | None = None


@dataclass(frozen=True)
class Asked:
    """A question, and (handle, words) of its answer."""

    words: str
    answer: tuple[str, str] | None = None


@dataclass(frozen=True)
class Story:
    order: IncomingOrder
    steps: tuple[Told, ...] = ()
    asked: tuple[Asked, ...] = ()


@dataclass(frozen=True)
class Teller:
    days: Workdays
    pictures: Pictures

    def line(
        self,
        key: str,
        thing: str,
        quantity: int = 1,
        variant: str | None = None,
        *,
        expected: date | None = None,
    ) -> IncomingLine:
        """With `expected` all of it is out of stock until that day."""
        title, drawing = THINGS[thing]
        return IncomingLine(
            key,
            title,
            quantity,
            variant=variant,
            image_url=line_url(self.pictures, drawing),
            backordered=quantity if expected else 0,
            expected=expected,
        )


def order(
    number: str,
    first_name: str,
    placed: Moment,
    *lines: IncomingLine,
    promise: date | None = None,
    locale: str = LOCALE,
) -> IncomingOrder:
    return IncomingOrder(
        number,
        None,
        placed.instant,
        ZONE,
        placed.precision,
        customer_first_name=first_name,
        customer_email=f"{first_name.lower()}@example.com",
        locale=locale,
        lines=lines,
        promise_from=promise,
        promise_to=promise,
    )


def step(
    key: str,
    by: str | None,
    at: Moment,
    note: str | None = None,
    *,
    to: str | None = None,
    lines: str = "",
    parcel: Parcel | None = None,
    photo: Stored | None = None,
) -> StepToLog:
    """`lines` are the keys, one character each; without `by` it is the team's."""
    return StepToLog(
        key,
        by,
        at,
        note,
        to,
        tuple((one, None) for one in lines),
        parcel,
        photo.photo_id if photo else None,
        (photo.width, photo.height) if photo else None,
        source=SOURCE,
    )


def scan(key: str, at: Moment, parcel: Parcel) -> Told:
    """A carrier's: nobody in the shop has done it."""
    return Told(StepToLog(key, at=at, parcel=parcel, source=SOURCE, carrier_scan=True))


def postnord(number: str, key: str = "1") -> Parcel:
    tracking = f"0037340{number}{key}SE"
    return Parcel(key, "PostNord", tracking, POSTNORD + tracking)


def dhl(number: str, key: str = "1") -> Parcel:
    tracking = f"JD01{number}{key}4600"
    return Parcel(key, "DHL", tracking, f"{DHL}{tracking}")
