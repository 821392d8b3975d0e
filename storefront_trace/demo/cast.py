"""Who works at Roliga Ting, in which team, and how each of them wants to be seen."""

from __future__ import annotations

from dataclasses import dataclass, replace

from storefront_trace.actions.people import PersonTold
from storefront_trace.domain.people import Visibility
from storefront_trace.domain.shop import ShopStep, Team
from storefront_trace.domain.steps import first_steps

SHOP = "Roliga Ting"
LOCALE = "sv"
ZONE = "Europe/Stockholm"
COUNTRY = "SE"
PICKUP = "Knappgatan 4, den gröna dörren mot gården\nVardagar 10–18. Ring på klockan med ankan."
OWNER, OWNER_EMAIL = "maria", "maria@example.com"
STAFF = "anders"
# Lisa looks after customer service.
MANAGER, MANAGES = "lisa", "service"


@dataclass(frozen=True)
class Member:
    handle: str
    told: PersonTold
    visibility: Visibility | None
    """None: they have nothing to choose."""


def _member(
    handle: str, team: str | None, visibility: Visibility | None, sv: str, en: str, nb: str, da: str, fi: str, de: str
) -> Member:
    roles = {"sv": sv, "en": en, "nb": nb, "da": da, "fi": fi, "de": de}
    return Member(handle, PersonTold(handle.capitalize(), roles, team, f"{handle}@example.com"), visibility)


# fmt: off
MEMBERS = (
    _member("anders", "warehouse", "photo",
            "lagret", "the warehouse", "lageret", "lageret", "varastolta", "aus dem Lager"),
    # Elias has a portrait, and has chosen that customers see the team.
    _member("elias", "warehouse", "team",
            "kvällspasset", "the evening shift", "kveldsskiftet", "aftenholdet", "iltavuorosta", "aus der Spätschicht"),
    _member("jocke", "orders", "photo",
            "ordermottagningen", "the order desk", "ordremottaket", "ordremodtagelsen", "tilauspalvelusta",
            "aus dem Bestellteam"),
    _member("lisa", "service", "photo",
            "kundtjänst", "customer service", "kundeservice", "kundeservice", "asiakaspalvelusta", "vom Kundenservice"),
    _member("samira", "service", "photo",
            "inköp", "purchasing", "innkjøp", "indkøb", "hankinnasta", "aus dem Einkauf"),
    _member("maria", "service", "name",
            "kontoret", "the office", "kontoret", "kontoret", "toimistolta", "aus dem Büro"),
)
# She reads the figures, and has no part in the orders.
BOOKKEEPER = _member("ulla", None, None,
                     "bokföringen", "the accounts", "regnskapet", "bogholderiet", "kirjanpidosta",
                     "aus der Buchhaltung")


def _team(key: str, position: int, *names: str) -> Team:
    return Team(key, dict(zip(("sv", "en", "nb", "da", "fi", "de"), names, strict=True)), None, position)


# The team and the stem of its drawing.
TEAMS = (
    (_team("orders", 0, "Ordermottagningen", "The order desk", "Ordremottaket", "Ordremodtagelsen",
           "Tilauspalvelu", "Das Bestellteam"), "portrait-ordermottagningen"),
    (_team("warehouse", 1, "Lagerteamet", "The warehouse team", "Lagerteamet", "Lagerteamet",
           "Varastotiimi", "Das Lagerteam"), "portrait-lagerteamet"),
    (_team("service", 2, "Kundtjänst", "Customer service", "Kundeservice", "Kundeservice",
           "Palvelutiimi", "Das Serviceteam"), "portrait-kundtjanst"),
)
# fmt: on

# Here purchasing gets what is out of stock, and sits with customer service; a shop that has just begun has neither.
ORDERED = replace(next(step for step in first_steps() if step.key == "ordered"), team="service")

# A step of the shop's own, where its people bring things themselves.
LOADED = ShopStep(
    key="loaded",
    position=45,
    effect="advance",
    icon="out",
    team="warehouse",
    names={"sv": "Lastad", "en": "Loaded", "nb": "Lastet", "da": "Læsset", "fi": "Lastattu", "de": "Aufgeladen"},
    next_names={
        "sv": "Lastas på cykeln",
        "en": "To be loaded onto the bike",
        "nb": "Lastes på sykkelen",
        "da": "Læsses på cyklen",
        "fi": "Lastataan pyörään",
        "de": "Wird aufs Rad geladen",
    },
    sentences={
        "sv": "{name}[ på {role}] lastade [{parcel}|din beställning] på cykeln {when}[ och lämnade över till {to}].",
        "en": "{name}[ from {role}] loaded [{parcel}|your order] onto the bike {when}[ and passed it on to {to}].",
        "nb": "{name}[ fra {role}] lastet [{parcel}|bestillingen din] på sykkelen {when}[ og ga den videre til {to}].",
        "da": "{name}[ fra {role}] læssede [{parcel}|din bestilling] på cyklen {when}[ og gav den videre til {to}].",
        "fi": "{name}[ {role}] lastasi tilauksesi[ ({parcel})] pyörään {when}.[ Seuraavaksi vuorossa on {to}.]",
        "de": "{name}[ {role}] hat [{parcel}|deine Bestellung] {when} aufs Rad geladen.[ Als Nächstes kümmert sich {to}"
        " darum.]",
    },
    chips=("careful", "fast", "late"),
    expected_minutes=60,
    methods=("local",),
)
