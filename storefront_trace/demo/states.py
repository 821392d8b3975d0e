"""The stories behind /demo/states, one for each state; shorter than the fourteen, and only as long as they need be."""

from __future__ import annotations

from dataclasses import dataclass, replace

from storefront_trace.actions.steps import StepToLog
from storefront_trace.demo.stories import Teller, dhl, order, postnord, scan, step
from storefront_trace.domain.incoming import IncomingLine, IncomingOrder

# By number: the group and the name of the state.
TITLES = {
    "G01": ("Before it leaves", "Just received"),
    "G02": ("Before it leaves", "Early, with a promised day"),
    "G03": ("Before it leaves", "Packed, with a picture"),
    "G04": ("Before it leaves", "Late"),
    "G05": ("Before it leaves", "Delayed, with a reason"),
    "G06": ("Before it leaves", "Out of stock"),
    "G07": ("On its way", "Two parcels, two carriers"),
    "G08": ("On its way", "Partly shipped: two of three"),
    "G09": ("On its way", "A carrier's scans"),
    "G10": ("Other ways", "Ready to collect"),
    "G11": ("Other ways", "Collected"),
    "G12": ("Other ways", "Brought by our own people"),
    "G13": ("Other ways", "A gift card alone"),
    "G14": ("Other ways", "A gift card beside a mug"),
    "G15": ("Other ways", "Two hundred lines"),
    "G16": ("With the customer", "Delivered"),
    "G17": ("With the customer", "Thanked, answered, and a concern"),
    "G18": ("With the customer", "Names have faded"),
    "G19": ("With the customer", "Everybody is the team"),
    "G20": ("Not as planned", "Cancelled"),
    "G21": ("Not as planned", "One line cancelled"),
    "G22": ("Not as planned", "Some sent back"),
    "G23": ("Not as planned", "All sent back"),
    "G24": ("Not as planned", "Refunded"),
    "G25": ("Not as planned", "Exchanged"),
    "G26": ("Not as planned", "A step taken back"),
}
GIFT = IncomingLine("9", "Presentkort 300 kr", 1, shippable=False)


@dataclass(frozen=True)
class State:
    """`talks`: its customer thanks and complains; `takes_back`: its packing is taken back and done again."""

    order: IncomingOrder
    steps: tuple[StepToLog, ...] = ()
    talks: bool = False
    takes_back: bool = False


def states(tell: Teller) -> tuple[State, ...]:
    return (*_waiting(tell), *_underway(tell), *_other_ways(tell), *_home(tell), *_not_as_planned(tell))


def _waiting(tell: Teller) -> tuple[State, ...]:
    days, mug, socks = tell.days, tell.line("1", "mug"), tell.line("2", "socks", 2, "Storlek 39–42")
    soon, took = days.ahead(4), "Välkommen! Muggen är redan på väg till packbordet."
    late = "Tryckpressen stod still i går. Vi kör i natt, och jag håller ett öga på just din."
    lamp = tell.line("3", "lamp", 1, expected=days.ahead(6))
    box = tell.pictures["parcel-closed-box"]
    return (
        State(order("G01", "Wilma", days.ago(20), mug, socks, promise=soon)),
        State(
            order("G02", "Anton", days.ago(120), mug, promise=soon),
            (step("received", "jocke", days.ago(90), took, to="jocke"),),
        ),
        State(
            order("G03", "Elsa", days.ago(300), mug, socks, promise=days.ahead(2)),
            (
                step("received", "jocke", days.ago(280), to="anders"),
                step("packed", "anders", days.ago(45), "Strumporna ligger runt muggen.", to="elias", photo=box),
            ),
        ),
        State(
            order("G04", "Hugo", days.day(6, "9.10"), mug, promise=days.behind(1)),
            (
                step("received", "jocke", days.day(5, "9.40"), to="elias"),
                step("picked", "elias", days.ago(60), to="lisa"),
            ),
        ),
        State(
            order("G05", "Alma", days.day(3, "11.20"), tell.line("1", "sun"), promise=days.ahead(3)),
            (
                step("received", "jocke", days.day(3, "11.50"), to="samira"),
                step("delayed", "samira", days.ago(70), late, to="samira"),
            ),
        ),
        State(
            order("G06", "Leo", days.day(2, "8.15"), mug, lamp, promise=days.ahead(7)),
            (
                step("received", "jocke", days.day(2, "8.40"), to="samira"),
                step("ordered", "samira", days.ago(150), "En lampa är undanlagd åt dig.", to="samira", lines="3"),
            ),
        ),
    )


def _underway(tell: Teller) -> tuple[State, ...]:
    days, small, large = tell.days, postnord("2007", "1"), dhl("2007", "2")
    two, scanned = postnord("2008"), postnord("2009")
    mug, socks, ducks = tell.line("1", "mug"), tell.line("2", "socks"), tell.line("1", "duck", 3)
    half = StepToLog("shipped", "anders", days.ago(200), lines=(("1", 2),), parcel=two, hand_to="samira")
    terminals = ("in_transit", 2, "20.15"), ("in_transit", 1, "5.40"), ("out_for_delivery", 1, "8.05")
    return (
        State(
            order("G07", "Maja", days.day(4, "10.00"), mug, socks, promise=days.ahead(1)),
            (
                step("received", "jocke", days.day(4, "10.20")),
                step("packed", "anders", days.day(3, "9.00"), "Strumporna åkte före, muggen ville ha mer bubbel."),
                step("shipped", "elias", days.day(3, "15.30"), lines="2", parcel=small),
                step("shipped", "elias", days.day(3, "15.40"), lines="1", parcel=large),
                scan("delivered", days.day(2, "11.10"), small).step,
                scan("in_transit", days.day(1, "6.25"), large).step,
            ),
        ),
        State(
            order("G08", "Liam", days.day(3, "13.00"), replace(ducks, backordered=1, expected=days.ahead(5))),
            (
                step("received", "jocke", days.day(3, "13.20"), to="samira"),
                step("ordered", "samira", days.day(2, "9.15"), "Den tredje ankan simmar hit.", lines="1"),
                half,
            ),
        ),
        State(
            order("G09", "Saga", days.day(4, "9.30"), mug, promise=days.ahead(1)),
            (
                step("received", "jocke", days.day(4, "10.00")),
                step("packed", "anders", days.day(3, "10.10")),
                step("shipped", "anders", days.day(3, "15.30"), parcel=scanned),
                *(scan(key, days.day(back, clock), scanned).step for key, back, clock in terminals),
            ),
        ),
    )


def _other_ways(tell: Teller) -> tuple[State, ...]:
    days, mug, sun = tell.days, tell.line("1", "mug"), tell.line("1", "sun")
    counter = "Den står i hyllan bakom kassan. Säg ditt ordernummer, så hämtar jag den."
    by_bike = "Jag cyklar förbi och ringer på. Tavlan har fått regnrock."
    card = "Presentkortet ligger i din inkorg. Skriv ut det eller visa det i telefonen."
    ready = (
        step("received", "jocke", days.day(2, "12.00")),
        step("packed", "anders", days.day(1, "10.30"), to="lisa"),
        step("ready_for_pickup", "lisa", days.day(1, "11.00"), counter),
    )
    many = [replace(tell.line(str(n), list(_THINGS)[n % len(_THINGS)]), variant=f"Nr {n}") for n in range(1, 201)]
    return (
        State(replace(order("G10", "Ebba", days.day(2, "11.40"), mug), method="pickup"), ready),
        State(
            replace(order("G11", "Noah", days.day(2, "11.40"), mug), method="pickup"),
            (*ready, step("picked_up", "lisa", days.ago(30))),
        ),
        State(
            replace(order("G12", "Vera", days.day(1, "9.00"), sun, promise=days.ahead(0)), method="local"),
            (
                step("received", "jocke", days.day(1, "9.20")),
                step("packed", "anders", days.ago(120)),
                step("out_for_delivery", "anders", days.ago(25), by_bike),
            ),
        ),
        State(order("G13", "Nils", days.day(1, "9.41"), GIFT), (step("emailed", "lisa", days.day(1, "10.05"), card),)),
        State(
            order("G14", "Iris", days.day(1, "13.00"), mug, GIFT, promise=days.ahead(3)),
            (
                step("received", "jocke", days.day(1, "13.20"), to="lisa"),
                StepToLog("emailed", "lisa", days.ago(50), lines=(("9", None),), hand_to="elias"),
            ),
        ),
        State(
            order("G15", "Gustav", days.day(2, "10.00"), *many, promise=days.ahead(5)),
            (
                step("received", "jocke", days.day(2, "10.30"), "Tvåhundra! Vi har kokat kaffe.", to="anders"),
                step("packed", "anders", days.ago(40), "Allt räknat två gånger.", to="elias"),
            ),
        ),
    )


def _home(tell: Teller) -> tuple[State, ...]:
    days, mug = tell.days, tell.line("1", "mug")

    def came(number: str, back: int, packer: str | None = "lisa") -> tuple[StepToLog, ...]:
        parcel = postnord(number)
        return (
            step("received", "jocke" if packer else None, days.day(back, "9.30")),
            step("packed", packer, days.day(back - 1, "10.15"), "Inbäddad i silkespapper." if packer else None),
            step("shipped", packer, days.day(back - 1, "15.30"), parcel=parcel),
            scan("in_transit", days.day(back - 2, "6.00"), parcel).step,
            scan("delivered", days.day(back - 3, "13.20"), parcel).step,
        )

    def placed(number: str, name: str, back: int) -> IncomingOrder:
        return order(number, name, days.day(back, "9.05"), mug)

    return (
        State(placed("G16", "Astrid", 5), came("2016", 5, "anders")),
        State(placed("G17", "Olle", 6), came("2017", 6), talks=True),
        State(placed("G18", "Tuva", 34), came("2018", 34)),
        State(placed("G19", "Milo", 5), came("2019", 5, None)),
    )


def _not_as_planned(tell: Teller) -> tuple[State, ...]:
    days, mug, socks = tell.days, tell.line("1", "mug"), tell.line("2", "socks", 2, "Storlek 39–42")

    def came(number: str) -> tuple[StepToLog, ...]:
        parcel = postnord(number)
        return (
            step("received", "jocke", days.day(8, "9.30")),
            step("packed", "anders", days.day(7, "10.15")),
            step("shipped", "anders", days.day(7, "15.30"), parcel=parcel),
            scan("delivered", days.day(5, "13.20"), parcel).step,
        )

    def placed(number: str, name: str) -> IncomingOrder:
        return order(number, name, days.day(8, "9.05"), mug, socks)

    sent_back = StepToLog("returned", "lisa", days.day(2, "10.40"), "Ett par är framme.", lines=(("2", 1),))
    money = "149 kr är på väg till ditt kort."
    swap = "Du får ett par i 36–38 i stället. Behåll inte de gamla, men skynda inte."
    return (
        State(
            placed("G20", "Sixten"),
            (
                step("received", "jocke", days.day(8, "9.30")),
                step("cancelled", "lisa", days.day(7, "9.00"), "Du hann ångra dig. Inget är draget från ditt kort."),
            ),
        ),
        State(
            order("G21", "Freja", days.day(2, "9.05"), mug, replace(socks, cancelled=2), promise=days.ahead(2)),
            (
                step("received", "jocke", days.day(2, "9.30"), to="anders"),
                step("packed", "anders", days.ago(80), to="elias"),
            ),
        ),
        State(placed("G22", "Vilgot"), (*came("2022"), sent_back)),
        State(placed("G23", "Signe"), (*came("2023"), step("returned", "jocke", days.day(2, "10.40")))),
        State(placed("G24", "Adam"), (*came("2024"), step("refunded", "lisa", days.day(3, "14.00"), money))),
        State(
            placed("G25", "Julia"),
            (*came("2025"), step("exchanged", "lisa", days.day(1, "13.00"), swap, to="elias", lines="2")),
        ),
        State(
            order("G26", "Tage", days.day(2, "14.44"), mug, promise=days.ahead(2)),
            (
                step("received", "jocke", days.day(2, "15.10"), to="elias"),
                step("packed", "elias", days.ago(95), to="elias"),
            ),
            takes_back=True,
        ),
    )


_THINGS = ("socks", "mug", "puzzle", "laugh", "sun", "candles", "card", "duck", "cactus")
