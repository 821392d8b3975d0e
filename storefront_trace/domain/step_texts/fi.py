"""Finnish. Every value stands in the nominative: the words around it do without a case ("vuorossa on {to}").
A role answers "mistä?" and follows the name: "varastolta".
"""

from __future__ import annotations

ROLE_EXAMPLE = "varastolta"

# The name on a button, the same while it is still to come, and the sentence when it has happened.
STEPS = {
    "received": (
        "Vastaanotettu",
        "Otetaan vastaan",
        "{name}[ {role}] otti tilauksesi vastaan {when}.[ Seuraavaksi vuorossa on {to}.]",
    ),
    "picked": (
        "Kerätty",
        "Kerätään",
        "{name}[ {role}] keräsi tilauksesi tuotteet[ ({parcel})] {when}.[ Seuraavaksi vuorossa on {to}.]",
    ),
    "packed": (
        "Pakattu",
        "Pakataan",
        "{name}[ {role}] pakkasi tilauksesi[ ({parcel})] {when}.[ Seuraavaksi vuorossa on {to}.]",
    ),
    "shipped": (
        "Lähetetty",
        "Lähetetään",
        "{name}[ {role}] lähetti tilauksesi[ ({parcel})] {when}.[ Kuljetuksesta huolehtii {carrier}.]",
    ),
    "in_transit": (
        "Matkalla",
        "Matkalla luoksesi",
        "[{carrier}|Kuljetusliike] otti lähetyksesi"
        "[ ({parcel})] kuljetettavakseen {when}. Tästä eteenpäin näemme, missä se on, mutta emme sitä, kuka ajaa.",
    ),
    "out_for_delivery": (
        "Jakelussa",
        "Lähtee jakeluun",
        "{name}[ {role}] lähti tuomaan lähetystäsi[ ({parcel})] sinulle {when}.",
    ),
    "delivered": (
        "Toimitettu",
        "Perillä luonasi",
        "{name}[ {role}] toimitti lähetyksesi[ ({parcel})] perille {when}.",
    ),
    "delayed": (
        "Myöhässä",
        "Viivästyy",
        "{name}[ {role}] ilmoitti {when}, että tilauksesi viivästyy.[ Seuraavaksi vuorossa on {to}.]",
    ),
    "cancelled": (
        "Peruttu",
        "Perutaan",
        "{name}[ {role}] perui tilauksesi[ ({parcel})] {when}.",
    ),
    "returned": (
        "Palautettu",
        "Palautuksesi saapuu",
        "{name}[ {role}] otti palautuksesi vastaan {when}.[ Seuraavaksi vuorossa on {to}.]",
    ),
    "ready_for_pickup": (
        "Noudettavissa",
        "Tulee noudettavaksi",
        "{name}[ {role}] laittoi tilauksesi[ ({parcel})] noudettavaksi {when}.",
    ),
    "picked_up": (
        "Noudettu",
        "Noudat sen itse",
        "{name}[ {role}] luovutti tilauksesi[ ({parcel})] sinulle {when}.",
    ),
    "emailed": (
        "Lähetetty sähköpostitse",
        "Lähetetään sähköpostitse",
        "{name}[ {role}] lähetti sinulle tilauksesi digitaalisen osan sähköpostitse {when}.",
    ),
    "ordered": (
        "Tilattu sinulle",
        "Tilataan sinulle",
        "{name}[ {role}] tilasi tilauksestasi puuttuvat tuotteet {when}.",
    ),
    "refunded": (
        "Hyvitetty",
        "Hyvitetään",
        "{name}[ {role}] palautti sinulle rahaa {when}.",
    ),
    "exchanged": (
        "Vaihdettu",
        "Vaihdetaan",
        "{name}[ {role}] järjesti sinulle vaihdon {when}.[ Seuraavaksi vuorossa on {to}.]",
    ),
}

TEAMS = {
    "orders": "Tilaustiimi",
    "warehouse": "Varastotiimi",
    "delivery": "Jakelutiimi",
    "carrier": "Kuljetusliike",
}

CHIPS = {
    "well_packed": "hyvin pakattu",
    "fast": "nopeasti",
    "kind": "ystävällisesti",
    "clear": "selkeästi",
    "careful": "huolellisesti",
    "on_time": "ajoissa",
    "late": "kesti kauan",
    "damaged": "jokin oli rikki",
    "missing": "jotain puuttui",
    "wrong_item": "väärä tuote",
    "unclear": "vaikea ymmärtää",
    "packaging": "pakkaus",
}
