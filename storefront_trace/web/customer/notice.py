"""What is not as it should be, said first: an order that is late, or things that are out of stock.

Never whose fault it is; always who has it, and the next day that somebody can stand for.
"""

from __future__ import annotations

from storefront_trace.domain.errors import N_
from storefront_trace.domain.orders import FINAL_STATES, SAMPLE, SHIPPED
from storefront_trace.domain.promise import Expected, Late, stock_day
from storefront_trace.domain.timeline import Actor, Timeline, keeper_of
from storefront_trace.domain.tracked import TrackLine, TrackOrder
from storefront_trace.web.customer.words import Words
from storefront_trace.web.wording import day_text, number_text, paired


def notice(order: TrackOrder, line: Timeline, words: Words) -> str | None:
    told = _notice(order, line, words)
    if not is_sample(order):
        return told
    return f"{words.say('This is a sample order: nobody has bought anything.')} {told or ''}".strip()


def is_sample(order: TrackOrder) -> bool:
    """Nobody's address stands on it, which is asked first: it costs nothing."""
    return order.email is None and any(event.seq == 1 and event.source == SAMPLE for event in order.events)


def _notice(order: TrackOrder, line: Timeline, words: Words) -> str | None:
    if order.state in FINAL_STATES:
        return None
    found = _not_yet(order, line, words)
    gone = [one for one in order.lines if one.cancelled and one.cancelled >= one.quantity]
    return f"{found or ''} {_not_coming(gone, words)}".strip() if gone else found


def _not_coming(gone: list[TrackLine], words: Words) -> str:
    """What was called off while the rest still comes."""
    if len(gone) == 1:
        return words.say("Not coming: %(title)s.", title=gone[0].title)
    pieces = sum(one.quantity for one in gone)
    said = words.texts.ngettext("%(num)s thing is not coming.", "%(num)s things are not coming.", pieces)
    text = said % {"num": number_text(pieces, words.language)}
    return text[0].upper() + text[1:]


def _not_yet(order: TrackOrder, line: Timeline, words: Words) -> str | None:
    late = line.outlook.late
    if late is not None:
        return f"{_lateness(late, words)} {_who(order, line, late, words)}"
    if order.state == "delayed":
        return _delayed(line.outlook.order, words)
    waiting = next((one for one in order.lines if one.backordered > 0), None)
    if waiting is None:
        return None
    keeper = keeper_of(line, waiting.key)
    text = out_of_stock(waiting, line.outlook.today, words)
    return f"{text} {words.say('%(name)s is on it.', name=name_first(keeper, words))}" if keeper else text


def out_of_stock(line: TrackLine, today: str, words: Words) -> str:
    """The title stands alone: nobody says whether it is one thing or many."""
    expected = stock_day(line, today)
    if expected:
        day = paired(day_text(expected, words.language))
        return words.say("Out of stock for now: %(title)s. Expected in %(day)s.", title=line.title, day=day)
    return words.say("Out of stock for now: %(title)s.", title=line.title)


def _delayed(expected: Expected | None, words: Words) -> str:
    """With the day that the shop or the carrier now stands for."""
    if expected is None or expected.source == "estimate":
        return words.say("Your order is delayed.")
    return words.say(
        "Your order is delayed: expected by %(day)s.", day=paired(day_text(expected.day_to, words.language))
    )


def looked_after(holder: Actor | None, words: Words) -> str:
    return words.say("%(name)s has your order and looks after it.", name=name_first(holder, words))


def _lateness(late: Late, words: Words) -> str:
    say = words.say
    if late.kind == "slow":
        return say("Your order is taking longer than usual.")
    day = paired(day_text(late.day, words.language))
    if late.line is not None:
        return say(
            "%(title)s should have come in to us by %(day)s and is not here yet.", title=late.line.title, day=day
        )
    if late.kind == "likely":
        return say("It looks as if your order will not be with you by %(day)s.", day=day)
    if late.carrier:
        text = N_("%(carrier)s had expected to be with you by %(day)s, and your parcel has not come yet.")
        return say(text, carrier=late.carrier, day=day)
    return say("Late: it should have been with you by %(day)s. We are sorry.", day=day)


def _who(order: TrackOrder, line: Timeline, late: Late, words: Words) -> str:
    """Who has it now; once it is on its way, whom in the shop to ask. Never a promise in a person's name."""
    if late.line is not None:
        return words.say("%(name)s is on it.", name=name_first(keeper_of(line, late.line.key) or line.holder, words))
    if order.position < SHIPPED:
        return looked_after(line.holder, words)
    name = words.face(line.holder or Actor("team")).in_sentence
    carrier = next((one.carrier for one in order.parcels if one.carrier), None)
    if carrier is None:
        return words.say("If you wonder about anything, ask %(name)s.", name=name)
    return words.say("%(carrier)s has it now. If you wonder about anything, ask %(name)s.", carrier=carrier, name=name)


def name_first(actor: Actor | None, words: Words) -> str:
    """As the first word of a sentence."""
    face = words.face(actor or Actor("team"))
    return face.in_sentence if face.kind == "person" else face.name
