"""Danish. A role is a place in its definite form: "lageret"."""

from __future__ import annotations

ROLE_EXAMPLE = "lageret"

# The name on a button, the same while it is still to come, and the sentence when it has happened.
STEPS = {
    "received": (
        "Modtaget",
        "Modtages",
        "{name}[ fra {role}] tog imod din bestilling {when}[ og gav den videre til {to}].",
    ),
    "picked": (
        "Plukket",
        "Plukkes",
        "{name}[ fra {role}] fandt varerne til [{parcel}|din bestilling] frem {when}[ og gav dem videre til {to}].",
    ),
    "packed": (
        "Pakket",
        "Pakkes",
        "{name}[ fra {role}] pakkede [{parcel}|din bestilling] {when}[ og gav den videre til {to}].",
    ),
    "shipped": (
        "Afsendt",
        "Sendes",
        "{name}[ fra {role}] sendte [{parcel}|din bestilling][ med {carrier}] {when}.",
    ),
    "in_transit": (
        "På vej",
        "På vej til dig",
        "[{carrier}|Fragtfirmaet] overtog [{parcel}|pakken] {when}. Herfra kan vi se, hvor den er, men ikke,"
        " hvem der kører.",
    ),
    "out_for_delivery": (
        "Ude til levering",
        "Køres ud til dig",
        "{name}[ fra {role}] kørte ud med [{parcel}|pakken] {when} for at aflevere den hos dig.",
    ),
    "delivered": (
        "Leveret",
        "Hjemme hos dig",
        "{name}[ fra {role}] afleverede [{parcel}|pakken] hos dig {when}.",
    ),
    "delayed": (
        "Forsinket",
        "Bliver forsinket",
        "{name}[ fra {role}] meddelte {when}, at din bestilling er forsinket[, og gav den videre til {to}].",
    ),
    "cancelled": (
        "Annulleret",
        "Annulleres",
        "{name}[ fra {role}] annullerede [{parcel}|din bestilling] {when}.",
    ),
    "returned": (
        "Returneret",
        "Din retur kommer frem",
        "{name}[ fra {role}] tog imod din retur {when}[ og gav den videre til {to}].",
    ),
    "ready_for_pickup": (
        "Klar til afhentning",
        "Gøres klar til afhentning",
        "{name}[ fra {role}] stillede [{parcel}|din bestilling] frem {when}, klar til at blive hentet.",
    ),
    "picked_up": (
        "Afhentet",
        "Du henter den",
        "{name}[ fra {role}] udleverede [{parcel}|din bestilling] til dig {when}.",
    ),
    "emailed": (
        "Sendt på mail",
        "Sendes på mail",
        "{name}[ fra {role}] sendte dig det digitale i din bestilling på mail {when}.",
    ),
    "ordered": (
        "Bestilt hjem",
        "Bestilles hjem",
        "{name}[ fra {role}] bestilte det hjem, der mangler i din bestilling, {when}.",
    ),
    "refunded": (
        "Refunderet",
        "Refunderes",
        "{name}[ fra {role}] betalte penge tilbage til dig {when}.",
    ),
    "exchanged": (
        "Byttet",
        "Byttes",
        "{name}[ fra {role}] ordnede en ombytning for dig {when}[ og gav den videre til {to}].",
    ),
}

TEAMS = {
    "orders": "Ordreteamet",
    "warehouse": "Lagerteamet",
    "delivery": "Udbringningsteamet",
    "carrier": "Fragtfirmaet",
}

CHIPS = {
    "well_packed": "godt pakket",
    "fast": "hurtigt",
    "kind": "venligt",
    "clear": "tydeligt",
    "careful": "gjort med omhu",
    "on_time": "til tiden",
    "late": "det tog lang tid",
    "damaged": "noget var i stykker",
    "missing": "noget manglede",
    "wrong_item": "forkert vare",
    "unclear": "svært at forstå",
    "packaging": "emballagen",
}
