"""Swedish. A role is a place in its definite form: "lagret"."""

from __future__ import annotations

ROLE_EXAMPLE = "lagret"

# The name on a button, the same while it is still to come, and the sentence when it has happened.
STEPS = {
    "received": (
        "Mottagen",
        "Tas emot",
        "{name}[ på {role}] tog emot din beställning {when}[ och lämnade den vidare till {to}].",
    ),
    "picked": (
        "Plockad",
        "Plockas",
        "{name}[ på {role}] plockade fram sakerna till [{parcel}|din beställning] {when}"
        "[ och lämnade dem vidare till {to}].",
    ),
    # "lämnade över till" needs no pronoun: ett paket is "det", en beställning "den".
    "packed": (
        "Packad",
        "Packas",
        "{name}[ på {role}] packade [{parcel}|din beställning] {when}[ och lämnade över till {to}].",
    ),
    "shipped": (
        "Skickad",
        "Skickas",
        "{name}[ på {role}] skickade [{parcel}|din beställning][ med {carrier}] {when}.",
    ),
    "in_transit": (
        "På väg",
        "På väg till dig",
        "[{carrier}|Fraktbolaget] tog hand om [{parcel}|paketet] {when}. Härifrån ser vi var det är, men inte"
        " vem som kör.",
    ),
    "out_for_delivery": (
        "Ute för leverans",
        "Körs ut till dig",
        "{name}[ på {role}] åkte ut med [{parcel}|paketet] {when} för att lämna det till dig.",
    ),
    "delivered": (
        "Levererad",
        "Hemma hos dig",
        "{name}[ på {role}] lämnade [{parcel}|paketet] till dig {when}.",
    ),
    "delayed": (
        "Försenad",
        "Blir försenad",
        "{name}[ på {role}] meddelade {when} att din beställning dröjer[, och lämnade den vidare till {to}].",
    ),
    "cancelled": (
        "Avbruten",
        "Avbryts",
        "{name}[ på {role}] avbröt [{parcel}|din beställning] {when}.",
    ),
    "returned": (
        "Returnerad",
        "Returen kommer fram",
        "{name}[ på {role}] tog emot din retur {when}[ och lämnade den vidare till {to}].",
    ),
    "ready_for_pickup": (
        "Redo att hämta",
        "Görs redo att hämta",
        "{name}[ på {role}] ställde fram [{parcel}|din beställning] {when}, redo att hämtas.",
    ),
    "picked_up": (
        "Hämtad",
        "Hämtas av dig",
        "{name}[ på {role}] lämnade ut [{parcel}|din beställning] till dig {when}.",
    ),
    "emailed": (
        "Mejlad",
        "Mejlas",
        "{name}[ på {role}] mejlade dig det digitala i din beställning {when}.",
    ),
    "ordered": (
        "Beställd hem",
        "Beställs hem",
        "{name}[ på {role}] beställde hem det som fattas i din beställning {when}.",
    ),
    "refunded": (
        "Återbetald",
        "Återbetalas",
        "{name}[ på {role}] gjorde en återbetalning till dig {when}.",
    ),
    "exchanged": (
        "Bytt",
        "Byts",
        "{name}[ på {role}] ordnade ett byte åt dig {when}[ och lämnade det vidare till {to}].",
    ),
}

TEAMS = {
    "orders": "Orderteamet",
    "warehouse": "Lagerteamet",
    "delivery": "Utkörningsteamet",
    "carrier": "Fraktbolaget",
}

CHIPS = {
    "well_packed": "väl packat",
    "fast": "snabbt",
    "kind": "vänligt",
    "clear": "tydligt",
    "careful": "omsorgsfullt",
    "on_time": "i tid",
    "late": "det tog tid",
    "damaged": "något var trasigt",
    "missing": "något saknades",
    "wrong_item": "fel sak",
    "unclear": "svårt att förstå",
    "packaging": "förpackningen",
}
