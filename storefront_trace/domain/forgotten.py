"""What is left of an order's things and parcels once its customer is forgotten.

A title can name her ("Mugg med texten Till Karin") and a tracking number opens her parcel at the carrier. How many
things there were, in how many parcels and with which carrier, stays: the figures are made of it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import replace

from storefront_trace.domain.errors import N_
from storefront_trace.domain.incoming import IncomingParcel, IncomingStep
from storefront_trace.domain.orders import Event, Facts, Line, Parcel

THING = N_("A thing")  # stands where the title was, in the shop's language
# A shop system's own count of a parcel says nothing of it, and is what it tells of the same parcel by later on.
_OWN_COUNT = re.compile(r"fulfillment:\d{1,20}|(?:parcel:)?~[0-9a-f]{6}", re.ASCII)
_NUMBERED = (
    "parcel:"  # see integrations/woocommerce_parcels.py: the rest can be the tracking number, in the event's key
)


def is_forgotten(past: Sequence[Event]) -> bool:
    return any(event.forgotten for event in past[:1])


def without_customer(past: Sequence[Event], word: str) -> list[Event]:
    """The events as they are kept from now on. Twice is once."""
    return [_plain_event(event, past[0].id, word) for event in past]


def plain_facts(facts: Facts, word: str, known: Facts | None = None) -> Facts:
    titles = {line.key: line.title for line in known.lines} if known else {}
    return replace(facts, lines=tuple(_plain_line(line, titles.get(line.key, word)) for line in facts.lines))


def plain_parcel(parcel: Parcel, past: Sequence[Event]) -> Parcel:
    """Of what is told of a forgotten order later. Its number still says which of the parcels it is."""
    by_number = _plain_key(parcel.tracking_number or "", past[0].id)
    known = {event.parcel.key for event in past if event.parcel is not None}
    key = parcel.key or (by_number if by_number in known else "")
    return replace(parcel, key=_plain_key(key, past[0].id), tracking_number=None, tracking_url=None)


def plain_step(fact: IncomingStep, past: Sequence[Event]) -> IncomingStep:
    """A late webhook's: it is compared with what is kept, and so must lack the same."""
    parcel = fact.parcel
    if parcel is None:
        return fact
    told = plain_parcel(Parcel(parcel.key, tracking_number=parcel.tracking_number), past)
    bare: IncomingParcel = replace(parcel, key=told.key, tracking_number=None, tracking_url=None)
    return replace(fact, parcel=bare, source_key=_plain_source_key(fact.source_key, parcel.key, past[0].id) or "")


def _plain_event(event: Event, salt: str, word: str) -> Event:
    parcel, facts = event.parcel, event.facts
    return replace(
        event,
        forgotten=event.forgotten or event.seq == 1,
        facts=plain_facts(facts, word) if facts else None,
        parcel=replace(parcel, key=_plain_key(parcel.key, salt), tracking_number=None, tracking_url=None)
        if parcel
        else None,
        source_key=_plain_source_key(event.source_key, parcel.key, salt) if parcel else event.source_key,
    )


def _plain_line(line: Line, title: str) -> Line:
    return replace(line, title=title, variant=None, sku=None, image_url=None)


def _plain_key(key: str, salt: str) -> str:
    """A hash so short that many a number has the same: it tells an order's parcels apart and cannot be turned back."""
    if not key or _OWN_COUNT.fullmatch(key):
        return key
    head = _NUMBERED if key.startswith(_NUMBERED) else ""
    return f"{head}~{hashlib.sha256(f'{salt} {key}'.encode()).hexdigest()[:6]}"


def _plain_source_key(source_key: str | None, parcel_key: str, salt: str) -> str | None:
    if not source_key or not parcel_key.startswith(_NUMBERED):
        return source_key
    return source_key.replace(f":{parcel_key}:", f":{_plain_key(parcel_key, salt)}:")
