"""Who works at Roliga Ting, in which team, and how each of them wants to be seen."""

from __future__ import annotations

from dataclasses import dataclass

from storefront_trace.actions.people import PersonTold
from storefront_trace.domain.shop import ShopStep, Team

SHOP = "Roliga Ting"
LOCALE = "sv"
ZONE = "Europe/Stockholm"
COUNTRY = "SE"
PICKUP = "Knappgatan 4, den gröna dörren mot gården\nVardagar 10–18. Ring på klockan med ankan."
OWNER, OWNER_EMAIL = "maria", "maria@example.com"
STAFF = "anders"


@dataclass(frozen=True)
class Member:
    handle: str
    told: PersonTold
    visibility: str


def _member(handle: str, team: str, visibility: str, sv: str, en: str, nb: str, da: str, fi: str, de: str) -> Member:
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

# A step of the shop's own, beside the ten that every shop starts with: something missing has been ordered.
ORDERED = ShopStep(
    key="ordered",
    position=0,
    effect="pause",
    icon="clock",
    team="service",
    names={
        "sv": "Beställd hem",
        "en": "Ordered for you",
        "nb": "Bestilt til deg",
        "da": "Bestilt hjem",
        "fi": "Tilattu sinulle",
        "de": "Nachbestellt",
    },
    next_names={
        "sv": "Beställs hem",
        "en": "To be ordered for you",
        "nb": "Bestilles til deg",
        "da": "Bestilles hjem",
        "fi": "Tilataan sinulle",
        "de": "Wird nachbestellt",
    },
    sentences={
        "sv": "{name}[ på {role}] beställde hem det som fattas i din beställning {when}.",
        "en": "{name}[ from {role}] ordered what your order is missing {when}.",
        "nb": "{name}[ fra {role}] bestilte det som mangler i bestillingen din {when}.",
        "da": "{name}[ fra {role}] bestilte det hjem, der mangler i din bestilling, {when}.",
        "fi": "{name}[ {role}] tilasi tilauksestasi puuttuvat tuotteet {when}.",
        "de": "{name}[ {role}] hat {when} für dich nachbestellt, was noch fehlt.",
    },
    chips=("clear", "kind", "fast", "late", "unclear"),
)
