"""German. Teams stand in the nominative ("Als Nächstes kümmert sich {to} darum").
A role follows the name and brings its preposition: "aus dem Lager".
"""

from __future__ import annotations

ROLE_EXAMPLE = "aus dem Lager"

# The name on a button, the same while it is still to come, and the sentence when it has happened.
STEPS = {
    "received": (
        "Angenommen",
        "Wird angenommen",
        "{name}[ {role}] hat deine Bestellung {when} angenommen.[ Als Nächstes kümmert sich {to} darum.]",
    ),
    "picked": (
        "Zusammengestellt",
        "Wird zusammengestellt",
        "{name}[ {role}] hat die Sachen für [{parcel}|deine Bestellung] {when} zusammengestellt."
        "[ Als Nächstes kümmert sich {to} darum.]",
    ),
    "packed": (
        "Gepackt",
        "Wird gepackt",
        "{name}[ {role}] hat [{parcel}|deine Bestellung] {when} gepackt.[ Als Nächstes kümmert sich {to} darum.]",
    ),
    "shipped": (
        "Verschickt",
        "Wird verschickt",
        "{name}[ {role}] hat [{parcel}|deine Bestellung] {when}[ mit {carrier}] verschickt.",
    ),
    "in_transit": (
        "Unterwegs",
        "Unterwegs zu dir",
        "[{carrier}|Der Paketdienst] hat [{parcel}|dein Paket] {when} übernommen. Von hier an sehen wir, wo es"
        " ist, aber nicht, wer fährt.",
    ),
    "out_for_delivery": (
        "In Zustellung",
        "Wird dir gebracht",
        "{name}[ {role}] ist {when} mit [{parcel}|deinem Paket] losgefahren, um es dir zu bringen.",
    ),
    "delivered": (
        "Zugestellt",
        "Bei dir zu Hause",
        "{name}[ {role}] hat dir [{parcel}|dein Paket] {when} zugestellt.",
    ),
    "delayed": (
        "Verspätet",
        "Verspätet sich",
        "{name}[ {role}] hat {when} mitgeteilt, dass sich deine Bestellung verspätet."
        "[ Als Nächstes kümmert sich {to} darum.]",
    ),
    "cancelled": (
        "Storniert",
        "Wird storniert",
        "{name}[ {role}] hat [{parcel}|deine Bestellung] {when} storniert.",
    ),
    "returned": (
        "Zurückgegeben",
        "Deine Rücksendung kommt an",
        "{name}[ {role}] hat deine Rücksendung {when} angenommen.[ Als Nächstes kümmert sich {to} darum.]",
    ),
    "ready_for_pickup": (
        "Abholbereit",
        "Wird zum Abholen bereitgelegt",
        "{name}[ {role}] hat [{parcel}|deine Bestellung] {when} zum Abholen bereitgelegt.",
    ),
    "picked_up": (
        "Abgeholt",
        "Du holst sie ab",
        "{name}[ {role}] hat dir [{parcel}|deine Bestellung] {when} übergeben.",
    ),
    "emailed": (
        "Per E-Mail verschickt",
        "Wird per E-Mail verschickt",
        "{name}[ {role}] hat dir {when} den digitalen Teil deiner Bestellung per E-Mail geschickt.",
    ),
    "ordered": (
        "Nachbestellt",
        "Wird nachbestellt",
        "{name}[ {role}] hat {when} für dich nachbestellt, was noch fehlt.",
    ),
    "refunded": (
        "Erstattet",
        "Wird erstattet",
        "{name}[ {role}] hat dir {when} Geld erstattet.",
    ),
    "exchanged": (
        "Umgetauscht",
        "Wird umgetauscht",
        "{name}[ {role}] hat {when} einen Umtausch für dich veranlasst.[ Als Nächstes kümmert sich {to} darum.]",
    ),
}

TEAMS = {
    "orders": "Das Bestellteam",
    "warehouse": "Das Lagerteam",
    "delivery": "Das Lieferteam",
    "carrier": "Der Paketdienst",
}

CHIPS = {
    "well_packed": "gut gepackt",
    "fast": "schnell",
    "kind": "freundlich",
    "clear": "verständlich",
    "careful": "sorgfältig",
    "on_time": "pünktlich",
    "late": "hat lange gedauert",
    "damaged": "etwas war kaputt",
    "missing": "etwas hat gefehlt",
    "wrong_item": "der falsche Artikel",
    "unclear": "schwer zu verstehen",
    "packaging": "die Verpackung",
}
