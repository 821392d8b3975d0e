"""English. A role is a place with its article: "the warehouse"."""

from __future__ import annotations

ROLE_EXAMPLE = "the warehouse"

# The name on a button, the same while it is still to come, and the sentence when it has happened.
STEPS = {
    "received": (
        "Received",
        "To be received",
        "{name}[ from {role}] took your order {when}[ and passed it on to {to}].",
    ),
    "picked": (
        "Picked",
        "To be picked",
        "{name}[ from {role}] picked the things for [{parcel}|your order] {when}[ and passed them on to {to}].",
    ),
    "packed": (
        "Packed",
        "To be packed",
        "{name}[ from {role}] packed [{parcel}|your order] {when}[ and passed it on to {to}].",
    ),
    "shipped": (
        "Shipped",
        "To be sent",
        "{name}[ from {role}] sent [{parcel}|your order][ with {carrier}] {when}.",
    ),
    "in_transit": (
        "In transit",
        "On its way to you",
        "[{carrier}|The carrier] took charge of [{parcel}|your parcel] {when}. From here we see where it is, but"
        " not who is driving.",
    ),
    "out_for_delivery": (
        "Out for delivery",
        "Out for delivery",
        "{name}[ from {role}] set out with [{parcel}|your parcel] {when} to deliver it to you.",
    ),
    "delivered": (
        "Delivered",
        "At your home",
        "{name}[ from {role}] delivered [{parcel}|your parcel] to you {when}.",
    ),
    "delayed": (
        "Delayed",
        "Is delayed",
        "{name}[ from {role}] let you know {when} that your order is delayed[, and passed it on to {to}].",
    ),
    "cancelled": (
        "Cancelled",
        "To be cancelled",
        "{name}[ from {role}] cancelled [{parcel}|your order] {when}.",
    ),
    "returned": (
        "Returned",
        "Your return arrives",
        "{name}[ from {role}] received your return {when}[ and passed it on to {to}].",
    ),
    "ready_for_pickup": (
        "Ready to collect",
        "To be made ready",
        "{name}[ from {role}] laid out [{parcel}|your order] {when}, ready to collect.",
    ),
    "picked_up": (
        "Collected",
        "You collect it",
        "{name}[ from {role}] handed [{parcel}|your order] to you {when}.",
    ),
    "emailed": (
        "Sent by e-mail",
        "To be e-mailed",
        "{name}[ from {role}] e-mailed you the digital part of your order {when}.",
    ),
    "ordered": (
        "Ordered for you",
        "To be ordered for you",
        "{name}[ from {role}] ordered what your order is missing {when}.",
    ),
    "refunded": (
        "Refunded",
        "To be refunded",
        "{name}[ from {role}] made a refund to you {when}.",
    ),
    "exchanged": (
        "Exchanged",
        "To be exchanged",
        "{name}[ from {role}] arranged an exchange for you {when}[ and passed it on to {to}].",
    ),
}

TEAMS = {
    "orders": "The order team",
    "warehouse": "The warehouse team",
    "delivery": "The delivery team",
    "carrier": "The carrier",
}

CHIPS = {
    "well_packed": "well packed",
    "fast": "fast",
    "kind": "kind",
    "clear": "clear",
    "careful": "done with care",
    "on_time": "on time",
    "late": "it took long",
    "damaged": "something was broken",
    "missing": "something was missing",
    "wrong_item": "the wrong thing",
    "unclear": "hard to understand",
    "packaging": "the packaging",
}
