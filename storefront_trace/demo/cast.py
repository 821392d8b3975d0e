"""Who works at Roliga Ting, in which team, and how each of them wants to be seen."""

from __future__ import annotations

from dataclasses import dataclass

from storefront_trace.actions.people import PersonTold
from storefront_trace.domain.shop import ShopStep, Team

SHOP = "Roliga Ting"
LOCALE = "sv"
ZONE = "Europe/Stockholm"
OWNER, OWNER_EMAIL = "maria", "maria@example.com"
STAFF = "anders"


@dataclass(frozen=True)
class Member:
    handle: str
    told: PersonTold
    visibility: str


def _member(handle: str, sv: str, en: str, team: str, visibility: str) -> Member:
    told = PersonTold(handle.capitalize(), {"sv": sv, "en": en}, team, f"{handle}@example.com")
    return Member(handle, told, visibility)


MEMBERS = (
    _member("anders", "lagret", "the warehouse", "warehouse", "photo"),
    # Elias has a portrait, and has chosen that customers see the team.
    _member("elias", "kvällspasset", "the evening shift", "warehouse", "team"),
    _member("jocke", "ordermottagningen", "the order desk", "orders", "photo"),
    _member("lisa", "kundtjänst", "customer service", "service", "photo"),
    _member("samira", "inköp", "purchasing", "service", "photo"),
    _member("maria", "kontoret", "the office", "service", "name"),
)

# The team and the stem of its drawing.
TEAMS = (
    (Team("orders", {"sv": "Ordermottagningen", "en": "The order desk"}, None, 0), "portrait-ordermottagningen"),
    (Team("warehouse", {"sv": "Lagerteamet", "en": "The warehouse team"}, None, 1), "portrait-lagerteamet"),
    (Team("service", {"sv": "Kundtjänst", "en": "Customer service"}, None, 2), "portrait-kundtjanst"),
)

# A step of the shop's own, beside the ten that every shop starts with: something missing has been ordered.
ORDERED = ShopStep(
    key="ordered",
    position=0,
    effect="pause",
    icon="clock",
    team="service",
    names={"sv": "Beställd hem", "en": "Ordered for you"},
    next_names={"sv": "Beställs hem", "en": "Is ordered for you"},
    sentences={
        "sv": "{name}[ på {role}] beställde hem det som saknas till dig {when}.",
        "en": "{name}[ from {role}] ordered what is missing for you {when}.",
    },
    chips=("clear", "kind", "fast", "late", "unclear"),
)
