"""What the shop keeps about people, why, and until when: told from the settings as they are at this moment."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from storefront_trace.actions.purging import DELIVERY_DAYS, LOG_DAYS, NOTICE_DAYS
from storefront_trace.domain.errors import N_
from storefront_trace.domain.shop import Shop
from storefront_trace.web.languages import catalogue
from storefront_trace.web.wording import span_text

# What, why, until when; %(span)s is the shop's, or ours.
NAMES = (
    N_("A customer's first name, e-mail address and language"),
    N_("To show the order to who ordered it, and to write to them about it"),
    N_("%(span)s after delivery, or when you erase them"),
)
LINK = (
    N_("The link to an order's page, in a form that cannot be read back"),
    N_("It is the customer's key to the page"),
    N_("%(span)s after delivery, or when you revoke it"),
)
STEPS = (
    N_("Who did which step of an order, and when"),
    N_("So that the customer knows whom to ask, and the work is seen"),
    N_("Customers see the name until %(span)s after delivery; the shop keeps the step"),
)
GOODS = (
    N_("What was ordered, and its parcels with their carriers and tracking numbers"),
    N_("To show what is in the order and where its parcels are, and to account for it"),
    N_("With the order, beyond the name; what the things were, and the tracking numbers, until you erase the customer"),
)
NOTES = (
    N_("Notes and photos that staff put on a step"),
    N_("To show what was done, and how a parcel was packed"),
    N_("With the order, until you erase the customer or who put them there"),
)
WORDS = (
    N_("What customers write about a step, with the answers and the talks about it"),
    N_("So that thanks reach the person, and what went wrong is mended"),
    N_("%(span)s; what was chosen stays counted, without words and name"),
)
WALL = (
    N_("That a customer, and who was thanked, let words be shown on the wall of thanks: when, and to which wording"),
    N_("To show what both said yes to, and nothing else"),
    N_("%(span)s after delivery; it leaves the wall at once when one of them takes it back"),
)
QUESTIONS = (
    N_("Customers' questions and their answers"),
    N_("To answer them"),
    N_("%(span)s after delivery, together with the name"),
)
FOLLOWERS = (
    N_("Mail addresses and browsers that follow an order"),
    N_("To tell them of its steps, as they asked for"),
    N_("Until they stop, at the latest %(span)s after delivery"),
)
MAILS = (
    N_("Mails that were sent or could not be"),
    N_("To send each of them once, and to see what failed"),
    "%(span)s",
)
CALLS = (
    N_("What shop systems and carriers send, as it came"),
    N_("To look into what went wrong"),
    N_("%(span)s; then only that it came"),
)
STAFF = (
    N_("A person's name, role, picture, address and what they chose to show"),
    N_("To show them to customers as they chose, and to let them in"),
    N_("Until you erase them; customers see nothing of it once they have left"),
)
CONSENTS = (
    N_("What a person agreed to have shown of them: when, and to which wording"),
    N_("To show what they said yes to, and nothing else"),
    N_("Until you erase them"),
)
DEVICES = (
    N_("Which phone or tablet somebody is signed in on"),
    N_("So that they can sign it out"),
    N_("A day after it ended"),
)
CHANGES = (
    N_("Who changed what in the shop, and who read out somebody's data"),
    N_("To find out what happened"),
    N_("%(span)s, without names of who was erased"),
)
READINGS = (
    N_("Who has read what customers say of whom"),
    N_("So that everybody can see who reads about them"),
    "%(span)s",
)
ROUNDS = (N_("That something was let go, and how much"), N_("To show that it was"), "%(span)s")

# What a round lets go, by the names of actions/purging.py Purged.
COUNTED = {
    "orders": N_("Orders whose customer was forgotten"),
    "words": N_("Answers whose words were let go"),
    "deliveries": N_("Calls whose contents were let go"),
    "notices": N_("Mails"),
    "sessions": N_("Devices and sign-in links"),
    "idempotency_keys": N_("Kept answers to machines"),
    "changes": N_("Lines of who changed what"),
    "readings": N_("Lines of who read what customers say of whom"),
}
# The same of what has not gone yet.
WOULD_GO = COUNTED | {
    "orders": N_("Orders whose customer would be forgotten"),
    "words": N_("Answers whose words would be let go"),
    "deliveries": N_("Calls whose contents would be let go"),
}


def counts_of(counts: Mapping[str, int], language: str, names: Mapping[str, str] = COUNTED) -> list[dict[str, str]]:
    """[{what, count}], only what there is."""
    say = catalogue(language).gettext
    return [{"what": say(names[name]), "count": str(counts[name])} for name in names if counts.get(name)]


def kept_of(shop: Shop, language: str) -> list[dict[str, str]]:
    """[{what, why, until}]"""
    say = catalogue(language).say
    rows: list[tuple[tuple[str, str, str], dict[str, Any]]] = [
        (NAMES, {"span": span_text(shop.link_days, "day", language)}),
        (LINK, {"span": span_text(shop.link_days, "day", language)}),
        (STEPS, {"span": span_text(shop.fade_days, "day", language)}),
        (GOODS, {}),
        (NOTES, {}),
        (WORDS, {"span": span_text(shop.words_months, "month", language)}),
        (WALL, {"span": span_text(shop.link_days, "day", language)}),
        (QUESTIONS, {"span": span_text(shop.link_days, "day", language)}),
        (FOLLOWERS, {"span": span_text(shop.link_days, "day", language)}),
        (MAILS, {"span": span_text(NOTICE_DAYS, "day", language)}),
        (CALLS, {"span": span_text(DELIVERY_DAYS, "day", language)}),
        (STAFF, {}),
        (CONSENTS, {}),
        (DEVICES, {}),
        (CHANGES, {"span": span_text(shop.log_months, "month", language)}),
        (READINGS, {"span": span_text(shop.log_months, "month", language)}),
        (ROUNDS, {"span": span_text(LOG_DAYS, "day", language)}),
    ]
    return [{"what": say(what), "why": say(why), "until": say(until, **told)} for (what, why, until), told in rows]
