"""Twelve weeks of finished orders before the fourteen, so that the owner's page has something to count.

How often each was thanked is set out so that every rung of the ladder is to be seen on it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from storefront_trace.actions.history import PastAnswer, PastOrder, PastStep
from storefront_trace.actions.steps import StepToLog
from storefront_trace.demo.stories import THINGS, Teller, dhl, order, postnord
from storefront_trace.domain.incoming import IncomingOrder
from storefront_trace.domain.moments import Moment

LAST, ORDERS = 1000, 100
NEWEST, OLDEST = 6, 60  # working days back
YUSUF = 998  # his words about the team stay the newest

NAMES = (
    "Ahmed Alva Anna Astrid Bengt Birger Bo Cecilia Dragana Ebba Elin Erik Fredrik Greta Gunnar Hanna Hassan Helena "
    "Ida Inger Ivan Johanna Kerstin Kim Lars Lea Linnea Malin Marcus Maja Mikael Nora Olof Omar Petra Rut Selma Siv "
    "Tove Ulla Viktor Wilma Yasmin Zoltan Åke Örjan"
).split()

# (order, step): first name, thanks or concern, chip, words, whether the owner has taken care of it.
NAMED = {
    (YUSUF, "picked"): ("Yusuf", "thanks", "careful", "Allt låg precis som på bilden. Tack hela gänget!", True),
    (996, "picked"): ("Moa", "thanks", "fast", "Så snabbt framplockat.", True),
    (994, "received"): ("Per", "concern", "late", "Bekräftelsen kom först dagen efter.", False),
    (989, "ordered"): ("Ingrid", "thanks", "clear", "Skönt att få veta dagen, inte bara slut i lager.", True),
    (991, "packed"): ("Tyra", "thanks", "well_packed", "Minsta saken, största omsorgen.", True),
}


@dataclass(frozen=True)
class Share:
    """What customers have said of one person's steps, or the team's: newest words first, the rest without any."""

    step: str
    thanks: int
    concerns: tuple[tuple[str, str], ...]  # chip, words
    words: tuple[tuple[str, str], ...]


SHARES = (
    Share(
        "packed",  # Anders
        58,
        (
            ("damaged", "Ett hörn av lådan var intryckt."),
            ("missing", "En sak saknades, men den kom dagen efter."),
            ("packaging", "Mycket papper till så små saker."),
        ),
        (
            ("well_packed", "Helt hela vägen till Kiruna."),
            ("careful", "Man ser att någon har tänkt efter."),
            ("well_packed", "Jag sparade lådan, den var så fin."),
            ("fast", "Beställde på morgonen, packat till lunch!"),
            ("well_packed", "Inte en skråma på något."),
            ("careful", "Roligt att se vem som packar."),
            ("well_packed", "Silkespapper! Som att få present av sig själv."),
            ("fast", ""),
        ),
    ),
    Share(
        "picked",  # Lagerteamet
        39,
        (
            ("late", "Det tog tre dagar innan något hände."),
            ("wrong_item", "Jag fick fel färg först."),
            ("late", ""),
        ),
        (
            ("careful", "Rätt sak, rätt färg, rätt storlek."),
            ("fast", "Gick undan!"),
            ("careful", "Ni hittade den sista på hyllan, tack."),
            ("fast", ""),
        ),
    ),
    Share(
        "received",  # Jocke
        18,
        (("unclear", "Jag förstod inte riktigt när den skulle skickas."),),
        (
            ("kind", "Trevligt med en hälsning från en riktig människa."),
            ("clear", "Nu vet jag vem jag ska fråga."),
            ("fast", ""),
        ),
    ),
    Share(
        "ordered",  # Samira
        6,
        (("late", "Den kom en vecka senare än det stod."),),
        (("clear", "Bra att ni säger som det är."), ("kind", "Hon höll vad hon lovade.")),
    ),
)


def past(tell: Teller) -> tuple[PastOrder, ...]:
    said = _answers()
    return tuple(_order(tell, number, said) for number in range(LAST - ORDERS + 1, LAST + 1))


@dataclass(frozen=True)
class _Says:
    choice: str
    chip: str
    words: str
    done: bool = True


def _answers() -> dict[tuple[int, str], _Says]:
    said = {key: _Says(choice, chip, words, done) for key, (_, choice, chip, words, done) in NAMED.items()}
    for share in SHARES:
        free = [n for n in range(LAST, LAST - ORDERS, -1) if _counts(n, share.step) and (n, share.step) not in said]
        chosen = _spread(free, share.thanks + len(share.concerns))
        worst = _spread(chosen[len(chosen) // 6 :], len(share.concerns))
        glad = [number for number in chosen if number not in worst]
        for number, (chip, words) in zip(worst, share.concerns, strict=True):
            said[number, share.step] = _Says("concern", chip, words)
        for place, number in enumerate(glad):
            chip, words = (
                share.words[place] if place < len(share.words) else (share.words[place % len(share.words)][0], "")
            )
            said[number, share.step] = _Says("thanks", chip, words)
    return said


def _counts(number: int, step: str) -> bool:
    """Whether it is the step of the one whose share it is: Elias packs some, and little is ever out of stock."""
    mine = {"packed": not _by_elias(number), "ordered": _was_missing(number), "picked": number < YUSUF}
    return mine.get(step, True)


def _by_elias(number: int) -> bool:
    return number % 12 == 7


def _was_missing(number: int) -> bool:
    return number % 9 == 8


def _with_dhl(number: int) -> bool:
    return number % 3 == 0


def _sent(number: int) -> int:
    """The working day after the order on which it left: now and then the day fills up before it does."""
    return 2 if number % 9 == 5 else 1


def _home(number: int) -> int:
    """The working day after the order on which it came: with DHL one or two later, with PostNord two, or three."""
    travels = 1 + number % 2 if _with_dhl(number) else (3 if number % 10 == 1 else 2)
    return _sent(number) + travels


def _spread(numbers: Sequence[int], count: int) -> list[int]:
    """So many of them, evenly."""
    return [numbers[place * len(numbers) // count] for place in range(count)]


def _order(tell: Teller, number: int, said: dict[tuple[int, str], _Says]) -> PastOrder:
    back = NEWEST + (LAST - number) * (OLDEST - NEWEST) // (ORDERS - 1)
    steps = tuple(_step(tell, number, back, told, said) for told in _steps(tell, number, back))
    return PastOrder(_told(tell, number, back), steps)


def _told(tell: Teller, number: int, back: int) -> IncomingOrder:
    things = list(THINGS)
    lines = (tell.line(str(key), things[(number + 3 * key) % len(things)]) for key in range(1, 2 + number % 3))
    named = [name for (about, _), (name, *_) in NAMED.items() if about == number]
    name = named[0] if named else NAMES[number * 7 % len(NAMES)]
    return order(str(number), name, tell.days.day(back, f"8.{10 + number * 7 % 23}"), *lines)


def _steps(tell: Teller, number: int, back: int) -> Iterable[StepToLog]:
    days, minute, packer = tell.days, 10 + number * 11 % 47, "elias" if _by_elias(number) else "anders"

    def at(later: int, hour: int) -> Moment:
        return days.day(back - later, f"{hour}.{minute}")

    yield StepToLog("received", "jocke", at(0, 9), hand_to="warehouse")
    if _was_missing(number):
        yield StepToLog("ordered", "samira", at(0, 11), lines=(("1", None),))
    yield StepToLog("picked", None, at(0, 14), hand_to=packer)
    sent, home = _sent(number), _home(number)
    parcel = dhl(str(number)) if _with_dhl(number) else postnord(str(number))
    yield StepToLog("packed", packer, at(0, 18) if packer == "elias" else at(sent, 8))
    yield StepToLog("shipped", None, at(sent, 15), parcel=parcel)
    yield StepToLog("delivered", None, at(home, 13), parcel=parcel, carrier_scan=True)


def _step(tell: Teller, number: int, back: int, told: StepToLog, said: dict[tuple[int, str], _Says]) -> PastStep:
    says = said.get((number, told.step))
    if says is None:
        return PastStep(told)
    # On the evening of the day on which the parcel came.
    evening = tell.days.day(back - _home(number), "17.40").instant + timedelta(minutes=number * 37 % 190)
    return PastStep(told, PastAnswer(says.choice, evening, (says.chip,), says.words, says.done))
