"""What the placeholders of a sentence mean, and what the drawings are called."""

from __future__ import annotations

from storefront_trace.domain.errors import N_

MEANINGS = {
    "name": N_("who did it: a first name, or the team"),
    "role": N_("where they work, in the customer's words: “the warehouse”"),
    "when": N_("the day and the time, with its preposition"),
    "to": N_("whom the order was passed on to"),
    "parcel": N_("which parcel, when there are several"),
    "carrier": N_("who drives it"),
    "number": N_("the order's number"),
    "shop": N_("the shop's name"),
}
DRAWINGS = {
    "chat": N_("Speech bubble"),
    "check": N_("Tick"),
    "truck": N_("Van"),
    "out": N_("Arrow out"),
    "house": N_("House"),
    "box": N_("Box"),
    "clock": N_("Clock"),
    "mail": N_("Envelope"),
    "hand": N_("Hand"),
    "search": N_("Magnifying glass"),
    "sent": N_("Parcel on its way"),
    "basket": N_("Basket"),
    "bell": N_("Bell"),
    "cross": N_("Cross"),
    "pin": N_("Place on a map"),
    "bag": N_("Bag"),
    "return": N_("Arrow into a tray"),
    "swap": N_("Two arrows"),
    "coins": N_("Coins"),
    "list": N_("Clipboard"),
    "gift": N_("Present"),
    "tool": N_("Spanner"),
}
