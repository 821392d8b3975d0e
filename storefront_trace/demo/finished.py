"""The orders that have come to an end: delivered, cancelled, returned."""

from __future__ import annotations

from storefront_trace.demo.stories import Said, Story, Teller, Told, dhl, order, postnord, scan, step
from storefront_trace.domain.orders import Parcel


def finished(tell: Teller) -> tuple[Story, ...]:
    return (_nils(tell), _jonas(tell), _ali(tell), _margareta(tell), _lena(tell))


def _nils(tell: Teller) -> Story:
    """Delivered, with thanks and an answer."""
    days, parcel = tell.days, postnord("1002")
    placed = order(
        "1002",
        "Nils",
        days.day(7, "9.22"),
        tell.line("1", "laugh", 2),
        tell.line("2", "card"),
        promise=days.behind(5),
    )
    saved = Said(
        "thanks",
        ("fast", "kind"),
        "Ni räddade presenten!",
        replies=(("jocke", "Vad roligt att höra! Hälsa födelsedagsbarnet från oss."),),
    )
    box = Said("thanks", ("well_packed", "careful"), "Så fin låda att jag inte ens behövde slå in den.")
    hurry = "Jag såg att det är bråttom, så din beställning ligger överst i högen."
    packed = "Två muggar med två lager papper emellan. De hör inte varandra skratta."
    return Story(
        placed,
        (
            Told(step("received", "jocke", days.day(7, "9.40"), hurry, to="anders"), saved),
            Told(step("picked", None, days.day(7, "10.15"), to="anders")),
            Told(step("packed", "anders", days.day(7, "10.50"), packed, photo=tell.pictures["parcel-closed-box"]), box),
            Told(step("shipped", "anders", days.day(7, "15.30"), parcel=parcel)),
            scan("in_transit", days.day(6, "6.10"), parcel),
            scan("out_for_delivery", days.day(5, "8.05"), parcel),
            scan("delivered", days.day(5, "11.42"), parcel),
        ),
    )


def _jonas(tell: Teller) -> Story:
    """Two parcels with two carriers."""
    days, small, large = tell.days, postnord("1003", "1"), dhl("1003", "2")
    placed = order(
        "1003",
        "Jonas",
        days.day(9, "12.31"),
        tell.line("1", "sun", variant="70 × 100 cm"),
        tell.line("2", "candles"),
        tell.line("3", "cactus"),
        promise=days.behind(5),
    )
    rang = "Tavlan är för stor för paketboxen, så jag ringde dig och bokade hemleverans."
    thanks = Said(
        "thanks",
        ("careful",),
        "Så omtänksamt att ni ringde mig.",
        replies=(("elias", "Det var trevligt att pratas vid. Hoppas solen hamnade på rätt vägg!"),),
    )
    hat = "Kaktusen har fått behålla hatten på hela vägen."
    return Story(
        placed,
        (
            Told(step("received", "jocke", days.day(9, "13.05"), to="warehouse")),
            Told(step("picked", "elias", days.day(9, "16.20"))),
            Told(step("packed", "elias", days.day(9, "17.10"), hat, lines="23", parcel=Parcel("1"))),
            Told(step("packed", "elias", days.day(9, "17.50"), rang, lines="1", parcel=Parcel("2")), thanks),
            Told(step("shipped", None, days.day(8, "15.30"), lines="23", parcel=small)),
            Told(step("shipped", None, days.day(8, "15.55"), lines="1", parcel=large)),
            scan("delivered", days.day(6, "10.20"), small),
            scan("out_for_delivery", days.day(5, "9.15"), large),
            scan("delivered", days.day(5, "14.05"), large),
        ),
    )


def _ali(tell: Teller) -> Story:
    days = tell.days
    note = "Du hann ångra dig innan vi packade. Pengarna är tillbaka hos dig inom tre bankdagar."
    return Story(
        order("1005", "Ali", days.day(4, "10.58"), tell.line("1", "cactus", 2), promise=days.behind(1)),
        (
            Told(step("received", "jocke", days.day(4, "11.20"), to="warehouse")),
            Told(step("cancelled", "lisa", days.day(4, "13.05"), note)),
        ),
    )


def _margareta(tell: Teller) -> Story:
    days, parcel = tell.days, postnord("1008")
    note = "Strumporna är framme och pengarna är på väg. Säg till om du vill prova en annan storlek."
    thanks = Said(
        "thanks",
        ("fast", "kind"),
        "Enklaste returen jag har gjort.",
        replies=(("lisa", "Så ska det vara. Välkommen tillbaka, med vilka fötter du vill!"),),
    )
    placed = order(
        "1008",
        "Margareta",
        days.day(12, "19.12"),
        tell.line("1", "socks", variant="Storlek 43–46"),
        promise=days.behind(9),
    )
    return Story(
        placed,
        (
            Told(step("received", "jocke", days.day(11, "8.25"), to="anders")),
            Told(step("packed", "anders", days.day(11, "11.05"))),
            Told(step("shipped", "anders", days.day(11, "15.30"), parcel=parcel)),
            scan("delivered", days.day(9, "13.18"), parcel),
            Told(step("returned", "lisa", days.day(2, "13.20"), note), thanks),
        ),
    )


def _lena(tell: Teller) -> Story:
    """Delivered, and something could have been better: for Maria first."""
    days, parcel = tell.days, postnord("1009")
    big = Said("concern", ("packaging",), "Lådan var onödigt stor.", contact=True)
    placed = order("1009", "Lena", days.day(8, "16.37"), tell.line("1", "card", 4), promise=days.behind(5))
    return Story(
        placed,
        (
            Told(step("received", "jocke", days.day(7, "8.31"), to="warehouse")),
            Told(step("picked", None, days.day(7, "9.05"), to="anders")),
            Told(step("packed", "anders", days.day(7, "9.35"), "Korten ligger plant och torrt."), big),
            Told(step("shipped", None, days.day(7, "15.30"), parcel=parcel)),
            scan("in_transit", days.day(6, "5.50"), parcel),
            scan("delivered", days.day(5, "15.26"), parcel),
        ),
    )
