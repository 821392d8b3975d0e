"""What the log of changes speaks of: every deed by its kind, which is what one looks for."""

from __future__ import annotations

from collections.abc import Mapping

KINDS: Mapping[str, tuple[str, ...]] = {
    "people": (
        "people.added",
        "people.changed",
        "people.portrait",
        "people.link",
        "people.role",
        "people.signed_out",
        "people.pin_cleared",
        "people.left",
    ),
    "steps": (
        "steps.added",
        "steps.changed",
        "steps.moved",
        "steps.taken_away",
        "steps.brought_back",
        "steps.chip_added",
        "steps.chip_changed",
        "steps.chip_ended",
    ),
    "shop": ("shop.created", "shop.changed", "shop.team_added", "shop.team_changed"),
    "feedback": (
        "feedback.answered",
        "feedback.looking",
        "feedback.talked",
        "feedback.talk_changed",
        "feedback.shared",
        "feedback.done",
        "feedback.reopened",
        "feedback.outside",
        "feedback.question_answered",
        "feedback.question_passed",
    ),
    "connections": (
        "connections.made",
        "connections.renewed",
        "connections.ended",
        "connections.token_made",
        "connections.token_ended",
    ),
    "tablets": ("tablets.made", "tablets.ended"),
    "privacy": (
        "privacy.customer_erased",
        "privacy.person_erased",
        "privacy.customer_exported",
        "privacy.person_exported",
        "privacy.answers_exported",
        "privacy.purged",
        "privacy.link_renewed",
        "privacy.link_revoked",
        "privacy.papers",
        "privacy.view_off",
        "privacy.view_on",
        "privacy.settled",
        "privacy.unsettled",
    ),
    "signin": (
        "signin.device_ended",
        "signin.everywhere",
        "signin.passkey_added",
        "signin.passkey_removed",
        "signin.factor_on",
        "signin.factor_off",
        "signin.codes_made",
        "signin.code_used",
        "signin.factor_reset",
    ),
}
DEEDS = frozenset(deed for deeds in KINDS.values() for deed in deeds)
