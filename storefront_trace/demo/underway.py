"""The orders that somebody still has in hand."""

from __future__ import annotations

from storefront_trace.demo.stories import Asked, Said, Story, Teller, Told, dhl, order, postnord, scan, step
from storefront_trace.domain.incoming import IncomingLine
from storefront_trace.domain.orders import Parcel


def underway(tell: Teller) -> tuple[Story, ...]:
    return (_karin(tell), _emily(tell), _amina(tell), _hedvig(tell), _sven(tell), _sara(tell), *_waiting(tell))


def _karin(tell: Teller) -> Story:
    """Four things in two parcels: one on its way, the lamp a week ahead."""
    days, parcel = tell.days, postnord("1001")
    placed = order(
        "1001",
        "Karin",
        days.day(4, "14.05"),
        tell.line("1", "socks", variant="Storlek 39–42"),
        tell.line("2", "mug", variant="Röd"),
        tell.line("3", "puzzle", variant="500 bitar"),
        tell.line("4", "lamp", variant="Varmt ljus", expected=days.ahead(6)),
        promise=days.ahead(2),
    )
    took = "Kul att du valde pusslet! Himlen är svårare än man tror."
    picked = "Igelkottslampan var slut på hyllan, så den frågan gick till inköp."
    bought = "Jag har pratat med tillverkaren och en lampa är undanlagd åt dig. Ändras dagen hör jag av mig."
    packed = "Muggen ligger mitt i, inbäddad i silkespapper. Skaka gärna, den rör sig inte."
    thanks = Said(
        "thanks",
        ("well_packed", "fast"),
        "Vilket fint paket! Jag blev glad redan av bilden.",
        replies=(("anders", "Tack Karin, det värmer! Hoppas muggen blir en favorit."),),
    )
    steps = (
        Told(step("received", "jocke", days.day(4, "14.32"), took, to="anders")),
        Told(step("picked", None, days.day(3, "14.10"), picked, to="anders", lines="123")),
        Told(step("ordered", "samira", days.day(3, "14.40"), bought, lines="4")),
        Told(
            step(
                "packed",
                "anders",
                days.day(2, "8.55"),
                packed,
                lines="123",
                parcel=Parcel("1"),
                photo=tell.pictures["parcel-open-box"],
            ),
            thanks,
        ),
        scan("in_transit", days.day(2, "16.05"), parcel),
    )
    answer = "Ja, med vredet på sladden. I svagt ljus ser igelkotten ut att sova."
    return Story(placed, steps, (Asked("Går det att dimma igelkottslampan?", ("anders", answer)),))


def _emily(tell: Teller) -> Story:
    days = tell.days
    placed = order(
        "1004",
        "Emily",
        days.day(3, "9.48"),
        tell.line("1", "duck", 3),
        tell.line("2", "card"),
        promise=days.ahead(2),
        locale="en",
    )
    took = "Hi Emily! Three ducks it is. They have asked to sit together."
    packed = "Wrapped one by one, with the card on top. Nobody gets squeezed."
    return Story(
        placed,
        (
            Told(step("received", "jocke", days.day(3, "10.12"), took, to="anders")),
            Told(step("picked", None, days.day(3, "13.35"), to="anders")),
            Told(step("packed", "anders", days.day(2, "9.30"), packed)),
            Told(step("shipped", "anders", days.day(2, "15.40"), parcel=dhl("1004"))),
        ),
    )


def _amina(tell: Teller) -> Story:
    days, parcel = tell.days, postnord("1006")
    placed = order(
        "1006",
        "Amina",
        days.day(3, "8.50"),
        tell.line("1", "puzzle", variant="500 bitar"),
        tell.line("2", "socks", variant="Storlek 36–38"),
        promise=days.ahead(1),
    )
    took = "Du skrev att du råkat välja fel storlek. Jag bytte till 36–38, inga extra pengar, bara mindre ost."
    thanks = Said(
        "thanks",
        ("fast", "kind"),
        "Snabbt svar och ett skratt på köpet.",
        replies=(("jocke", "Det bjuder vi på. Hälsa fötterna!"),),
    )
    return Story(
        placed,
        (
            Told(step("received", "jocke", days.day(3, "9.15"), took, to="warehouse"), thanks),
            Told(step("picked", "elias", days.day(3, "16.40"))),
            Told(
                step("packed", "elias", days.day(3, "17.25"), "Strumporna ligger runt pusslet, så skallrar det inte.")
            ),
            Told(step("shipped", "anders", days.day(2, "8.20"), parcel=parcel)),
            scan("in_transit", days.day(2, "19.30"), parcel),
            scan("out_for_delivery", days.ago(125), parcel),
        ),
    )


def _hedvig(tell: Teller) -> Story:
    """Late, with a reason; and it has stood still with Jocke since."""
    days = tell.days
    placed = order(
        "1007", "Hedvig", days.day(6, "14.20"), tell.line("1", "sun", expected=days.ahead(4)), promise=days.ahead(6)
    )
    late = (
        "Tryckeriet fick göra om din tavla, för solen hade blivit grön. "
        "Vi skriver till dig samma dag som den nya är här."
    )
    thanks = Said("thanks", ("clear",), "Tråkigt att vänta, men skönt att få veta varför.")
    return Story(
        placed,
        (
            Told(step("received", "jocke", days.day(6, "14.50"), to="warehouse")),
            Told(step("delayed", "samira", days.day(4, "10.30"), late, to="jocke"), thanks),
        ),
    )


def _sven(tell: Teller) -> Story:
    """A gift card: nothing to pack, nothing to carry."""
    days = tell.days
    gift = IncomingLine("1", "Presentkort 300 kr", 1, shippable=False)
    note = "Presentkortet ligger i din mejl. Skriv ut det eller visa det i telefonen, det går lika bra."
    sent = Told(step("emailed", "lisa", days.day(2, "10.05"), note))
    return Story(order("1010", "Sven", days.day(2, "9.41"), gift), (sent,))


def _sara(tell: Teller) -> Story:
    """Packed twice: the first time Anders took back."""
    days = tell.days
    placed = order(
        "1011", "Sara", days.day(2, "14.44"), tell.line("1", "sun"), tell.line("2", "candles"), promise=days.ahead(2)
    )
    note = "Nu är båda ljusen med. Jag räknade två gånger."
    return Story(
        placed,
        (
            Told(step("received", "jocke", days.day(2, "15.10"), to="warehouse")),
            Told(step("picked", "elias", days.day(2, "17.30"), to="anders")),
            Told(step("packed", "anders", days.ago(95)), taken_back="Ljusen låg kvar på packbordet."),
            Told(step("packed", "anders", days.ago(35), note, photo=tell.pictures["parcel-candles-and-print"])),
        ),
    )


def _waiting(tell: Teller) -> tuple[Story, ...]:
    """For Anders, or for whoever in the warehouse comes first."""
    days = tell.days
    leila = order(
        "1012",
        "Leila",
        days.ago(230),
        tell.line("1", "sun"),
        tell.line("2", "candles"),
        tell.line("3", "card"),
        promise=days.ahead(3),
    )
    farid = order(
        "1013", "Farid", days.ago(80), tell.line("1", "cactus"), tell.line("2", "laugh"), promise=days.ahead(3)
    )
    # Nobody has promised him a day, so the page says what we think.
    oskar = order("1014", "Oskar", days.ago(12), tell.line("1", "duck", 2))
    gift = "Det är en present. Lägg inte med kvittot."
    window = "Kaktusen trivs bäst i ett fönster. Hatten också."
    return (
        Story(
            leila,
            (
                Told(step("received", "jocke", days.ago(190), gift, to="warehouse")),
                Told(step("picked", None, days.ago(100), to="anders")),
            ),
            (Asked("Hej! Kan du skriva ”Grattis, mormor” på kortet?"),),
        ),
        Story(farid, (Told(step("received", "jocke", days.ago(55), window, to="warehouse")),)),
        Story(oskar),
    )
