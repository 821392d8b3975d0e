"""Norwegian (bokmål). A role is a place in its definite form: "lageret"."""

from __future__ import annotations

ROLE_EXAMPLE = "lageret"

# The name on a button, the same while it is still to come, and the sentence when it has happened.
STEPS = {
    "received": (
        "Mottatt",
        "Tas imot",
        "{name}[ fra {role}] tok imot bestillingen din {when}[ og ga den videre til {to}].",
    ),
    "picked": (
        "Plukket",
        "Plukkes",
        "{name}[ fra {role}] plukket frem varene til [{parcel}|bestillingen din] {when}[ og ga dem videre til {to}].",
    ),
    "packed": (
        "Pakket",
        "Pakkes",
        "{name}[ fra {role}] pakket [{parcel}|bestillingen din] {when}[ og ga den videre til {to}].",
    ),
    "shipped": (
        "Sendt",
        "Sendes",
        "{name}[ fra {role}] sendte [{parcel}|bestillingen din][ med {carrier}] {when}.",
    ),
    "in_transit": (
        "På vei",
        "På vei til deg",
        "[{carrier}|Transportøren] overtok [{parcel}|pakken] {when}. Herfra ser vi hvor den er, men ikke hvem"
        " som kjører.",
    ),
    "out_for_delivery": (
        "Ute for levering",
        "Kjøres ut til deg",
        "{name}[ fra {role}] kjørte ut med [{parcel}|pakken] {when} for å levere den til deg.",
    ),
    "delivered": (
        "Levert",
        "Hjemme hos deg",
        "{name}[ fra {role}] leverte [{parcel}|pakken] til deg {when}.",
    ),
    "delayed": (
        "Forsinket",
        "Blir forsinket",
        "{name}[ fra {role}] ga beskjed {when} om at bestillingen din er forsinket[, og ga den videre til {to}].",
    ),
    "cancelled": (
        "Kansellert",
        "Kanselleres",
        "{name}[ fra {role}] kansellerte [{parcel}|bestillingen din] {when}.",
    ),
    "returned": (
        "Returnert",
        "Returen kommer frem",
        "{name}[ fra {role}] tok imot returen din {when}[ og ga den videre til {to}].",
    ),
    "ready_for_pickup": (
        "Klar til henting",
        "Gjøres klar til henting",
        "{name}[ fra {role}] la frem [{parcel}|bestillingen din] {when}, klar til å hentes.",
    ),
    "picked_up": (
        "Hentet",
        "Du henter den",
        "{name}[ fra {role}] leverte ut [{parcel}|bestillingen din] til deg {when}.",
    ),
    "emailed": (
        "Sendt på e-post",
        "Sendes på e-post",
        "{name}[ fra {role}] sendte deg det digitale i bestillingen på e-post {when}.",
    ),
    "ordered": (
        "Bestilt til deg",
        "Bestilles til deg",
        "{name}[ fra {role}] bestilte det som mangler i bestillingen din {when}.",
    ),
    "refunded": (
        "Refundert",
        "Refunderes",
        "{name}[ fra {role}] betalte tilbake penger til deg {when}.",
    ),
    "exchanged": (
        "Byttet",
        "Byttes",
        "{name}[ fra {role}] ordnet et bytte for deg {when}[ og ga det videre til {to}].",
    ),
}

TEAMS = {
    "orders": "Ordreteamet",
    "warehouse": "Lagerteamet",
    "delivery": "Utkjøringsteamet",
    "carrier": "Transportøren",
}

CHIPS = {
    "well_packed": "godt pakket",
    "fast": "raskt",
    "kind": "vennlig",
    "clear": "tydelig",
    "careful": "gjort med omhu",
    "on_time": "i tide",
    "late": "det tok lang tid",
    "damaged": "noe var ødelagt",
    "missing": "noe manglet",
    "wrong_item": "feil vare",
    "unclear": "vanskelig å forstå",
    "packaging": "emballasjen",
}
