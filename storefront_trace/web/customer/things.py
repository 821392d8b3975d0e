"""The things of an order in words: how many are where, and what became of the others."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from storefront_trace.domain.promise import stock_day
from storefront_trace.domain.tracked import TrackLine, TrackOrder
from storefront_trace.web.customer.words import Words
from storefront_trace.web.wording import day_text, number_text

# A card shows so many things; when there are a few more, it shows these too rather than hiding two.
FIRST, MOST = 12, 15


def things_context(
    some: Sequence[tuple[TrackLine, int]],
    words: Words,
    *,
    waits: bool = False,
    today: str = "",
    exchanged: Collection[str] = (),
    anew: Collection[str] = (),
    noted: bool = True,
) -> dict[str, Any]:
    """`waits`: these are still here, so what is out of stock is said of them, with its day unless that is before
    `today`. `anew`: these go out in exchange, and which variant of them only who exchanged them knows. `noted`: what
    became of the others is said; else the card's own state is true of all. Of very many the rest is folded away."""
    shown = []
    for line, amount in some:
        new = line.key in anew
        thing = _thing(line, amount, words, new)
        thing["notes"] = _notes(line, words, line.key in exchanged, new) if noted else ()
        if waits and line.backordered:
            thing["state"], expected = _missing(line, amount, words, today)
            thing["notes"] = (*expected, *thing["notes"])
        shown.append(thing)
    if len(shown) <= MOST:
        return {"things": shown, "more": None}
    left = len(shown) - FIRST
    label = words.texts.ngettext("and %(num)s more", "and %(num)s more", left) % {"num": left}
    return {"things": shown[:FIRST], "more": {"label": label, "things": shown[FIRST:]}}


def things_heading(order: TrackOrder, parcels: int, cards: Sequence[Mapping[str, Any]], words: Words) -> str:
    """ "Fyra saker, två paket"; what is not several parcels is not counted. Empty when the first of the cards says it
    itself."""
    if parcels < 2:
        yours = words.say("Your things")
        return yours if len(cards) > 1 and cards[0]["title"] != yours else ""
    things = sum(max(0, line.quantity - line.cancelled) for line in order.lines)
    said = words.texts.ngettext("%(num)s thing", "%(num)s things", things)
    text = words.say("one thing") if things == 1 else said % {"num": number_text(things, words.language)}
    if not things:
        text = words.say("No things")
    said = words.texts.ngettext("%(num)s parcel", "%(num)s parcels", parcels)
    text = f"{text}, {said % {'num': number_text(parcels, words.language)}}"
    return text[0].upper() + text[1:]


def _thing(line: TrackLine, amount: int, words: Words, anew: bool) -> dict[str, Any]:
    if anew or amount == line.quantity:
        pieces = words.texts.ngettext("%(num)s pc", "%(num)s pcs", amount) % {"num": amount}
    else:
        said = words.texts.ngettext("%(num)s of %(total)s pc", "%(num)s of %(total)s pcs", line.quantity)
        pieces = said % {"num": amount, "total": line.quantity}
    picture = line.image_url if line.image_url and line.image_url.startswith("/media/") else None
    return {
        "title": line.title,
        "detail": f"{line.variant}, {pieces}" if line.variant and not anew else pieces,
        "pic": picture,
        "state": None,
    }


def _missing(line: TrackLine, amount: int, words: Words, today: str) -> tuple[str, tuple[str, ...]]:
    """That it is, and by itself the day on which it comes in."""
    missing, day = min(amount, line.backordered), stock_day(line, today)
    state = words.say("Out of stock for now")
    if missing < amount:
        state = words.say("%(num)s of them out of stock for now", num=number_text(missing, words.language))
    return state, (words.say("Expected in %(day)s", day=day_text(day, words.language)),) if day else ()


def _notes(line: TrackLine, words: Words, exchanged: bool, anew: bool) -> tuple[str, ...]:
    """What of the ordered pieces is not where this card says: each as a fact, with its count when it was not all."""
    if not (exchanged or anew or line.returned or line.cancelled):
        return ()
    found = []
    if anew:
        found.append(words.say("New instead"))
    if exchanged:
        found.append(words.say("Exchanged"))
    if line.returned:
        whole = line.returned >= line.quantity
        found.append(words.say("Sent back") if whole else words.say("%(num)s sent back", num=line.returned))
    if line.cancelled:
        whole = line.cancelled >= line.quantity
        found.append(words.say("Cancelled") if whole else words.say("%(num)s cancelled", num=line.cancelled))
    return tuple(found)
