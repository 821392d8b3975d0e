"""The part of the tracking page about mails: who gets them, and how one asks for them."""

from __future__ import annotations

from typing import Any, NamedTuple

from markupsafe import Markup

from storefront_trace.domain.errors import N_
from storefront_trace.domain.following import fingerprint, hidden_address
from storefront_trace.domain.tracked import TrackFollower, TrackOrder
from storefront_trace.web.customer.holed import Holed, hole
from storefront_trace.web.customer.words import Words

WANTED = {
    "all": N_("%(who)s gets a mail at every step."),
    "milestones": N_("%(who)s gets a mail when it is sent and when it is here."),
    "problems": N_("%(who)s gets a mail when something goes wrong."),
}
PUSHED = {
    "all": N_("A browser shows a message at every step."),
    "milestones": N_("A browser shows a message when it is sent and when it is here."),
    "problems": N_("A browser shows a message when something goes wrong."),
}
WAITS = N_("Open the mail we sent to %(who)s and press “Yes, mail me”.")


class Offers(NamedTuple):
    """What this server can do: without a mail server no mail is promised."""

    mail: bool
    push: bool = False


NO_OFFERS = Offers(mail=False)


def following(order: TrackOrder, words: Words, base: str, offers: Offers, final: bool) -> Markup:
    """ "" when there is nothing to show and nothing to offer. Nothing more happens to an order that is final."""
    present = [_follower(one, words) for one in order.followers if one.stopped_at is None]
    if not present and (final or not (offers.mail or offers.push)):
        return Markup("")
    if present:
        return words.part(
            "_follow", mail=_context(f"{base}/follow", f"{base}/push", offers, final, _own(order, words), present)
        )
    key = (offers, bool(order.email))
    kept = words.follow_forms.get(key)
    if kept is None:
        own, at = hole("own") if order.email else "", hole("base")
        context = _context(f"{at}/follow", f"{at}/push", offers, final, own, [])
        kept = words.follow_forms[key] = Holed(words.part("_follow", mail=context))
    return kept.filled(base=base, own=_own(order, words))


def _context(
    action: str, push: str, offers: Offers, final: bool, own: str, present: list[dict[str, Any]]
) -> dict[str, Any]:
    return {
        "action": action,
        "offered": offers.mail and not final,
        "own": own,
        "following": [one for one in present if one["icon"] == "mail"],
        "pushed": [one for one in present if one["icon"] == "bell"],
        "push": push if offers.push and not final else "",
    }


def _own(order: TrackOrder, words: Words) -> str:
    """The one address that needs no confirming; "" when there is none, or when it follows already. One that waits was
    written by hand: were it not offered any more, the page would tell who guessed right."""
    present = (one for one in order.followers if one.stopped_at is None and one.confirmed_at is not None)
    mails = {fingerprint(one.address) for one in present if one.address}
    if not order.email or (mails and fingerprint(order.email) in mails):
        return ""
    return words.say("We mail %(who)s, as given in the order.", who=hidden_address(order.email))


def _follower(one: TrackFollower, words: Words) -> dict[str, Any]:
    if one.channel == "push":
        return {"id": one.id, "text": words.say(PUSHED[one.wants]), "wants": one.wants, "waits": False, "icon": "bell"}
    who = hidden_address(one.address or "")
    waits = one.confirmed_at is None
    text = words.say(WAITS if waits else WANTED[one.wants], who=who)
    return {"id": one.id, "text": text, "wants": one.wants, "waits": waits, "icon": "mail"}
