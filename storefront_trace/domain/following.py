"""Who follows an order by mail or push: which steps are news for whom, and how an address is written and hidden."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Sequence
from typing import Literal

from storefront_trace.domain.clock import DAY, MINUTE, SECOND
from storefront_trace.domain.errors import N_, Invalid
from storefront_trace.domain.ids import is_id
from storefront_trace.domain.links import Purpose, same, signature
from storefront_trace.domain.orders import DELIVERED, SHIPPED
from storefront_trace.domain.texts import folded

Wants = Literal["all", "milestones", "problems"]
WANTS: tuple[Wants, ...] = ("all", "milestones", "problems")
MOST_FOLLOWERS = 5
# Of one order, those who have stopped too: each of them was a mail to somebody, perhaps to a stranger.
MOST_EVER = 50
# How often one mailbox is asked in a day, over all orders, whether it wants to follow; and once at most for one order.
MOST_ASKED = 3
# How many mailboxes are asked in a day from one order's page: whoever has its link could write to strangers by it.
MOST_STRANGERS = 5
CONFIRM_DAYS = 7
# A step waits so long before it is told: whoever slips with the finger takes it back.
GRACE = 15 * SECOND
# What was mailed and has been taken back is set right after so long: until then the same may have been logged anew, or
# somebody else may log it, and then the mail about that says it.
SECOND_THOUGHT = 2 * MINUTE
# What happened before then is history when it is recorded, and no news. A day has no hour, so it gets one day more.
NEWS = DAY
MILESTONES = ("shipped", "ready_for_pickup", "picked_up", "delivered")

_ADDRESS = re.compile(r"[!-~]+@(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,63}")
# RFC 5322's dot-atom. A quoted local part is as good as never somebody's, and "=?" would start an encoded word.
_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_TOKEN_LENGTH = 86
GOOGLE = ("gmail.com", "googlemail.com")


def wanted(step: str, effect: str, position: int, wants: str) -> bool:
    """Whether who `wants` this much hears of such a step. A step of the shop's own counts by its place on the way."""
    if wants == "all":
        return True
    if wants == "problems":
        return effect != "advance"
    return effect == "advance" and (step in MILESTONES or position == SHIPPED or position >= DELIVERED)


def is_news(at: int, recorded_at: int, precision: str) -> bool:
    return at >= recorded_at - (2 * NEWS if precision == "day" else NEWS)


def parse_wants(text: str) -> Wants:
    for wants in WANTS:
        if text == wants:
            return wants
    message = N_("Choose what you would like to hear of.")
    raise Invalid(message, errors=[("wants", message)])


def check_address(text: str) -> str:
    """The address as it can stand in a mail's header. The smallest check that keeps everything else out of there."""
    local = text.rpartition("@")[0]
    if len(text) > 254 or _ADDRESS.fullmatch(text) is None or not _LOCAL.fullmatch(local) or "=?" in local:
        message = N_("Write an address like karin@example.com.")
        raise Invalid(message, errors=[("email", message)])
    return text


def hidden_address(address: str) -> str:
    """ "k•••@e•••.com": enough for its owner to know it again, too little for anybody else who has the link."""
    local, _, domain = address.rpartition("@")
    return f"{local[:1]}•••@{domain[:1]}•••.{domain.rpartition('.')[2]}"


def mailbox(address: str) -> str:
    """Whose mail it is: "Karin+shop@example.com" comes to karin@example.com, and Google knows no dots. For counting
    only, never to write to."""
    local, _, domain = folded(address).rpartition("@")
    local = local.partition("+")[0] or local
    return f"{local.replace('.', '')}@{GOOGLE[0]}" if domain in GOOGLE else f"{local}@{domain}"


def domains_of(box: str) -> tuple[str, ...]:
    """Where else the mail of this `mailbox` is addressed to."""
    domain = box.rpartition("@")[2]
    return GOOGLE if domain in GOOGLE else (domain,)


def fingerprint(text: str) -> str:
    return hashlib.sha256(folded(text).encode()).hexdigest()


def follower_token(secret: bytes, purpose: Literal["unsubscribe", "confirm"], shop_id: str, follower_id: str) -> str:
    """86 characters that say who and prove that we wrote them. Nothing is stored: it can be made again from the
    secret, and works as long as the secret does, whatever has become of the order's link."""
    return token_of(secret, purpose, shop_id, follower_id)


def read_follower_token(
    secrets: Iterable[str], purpose: Literal["unsubscribe", "confirm"], token: str
) -> tuple[str, str] | None:
    """(shop id, follower id), or None when we did not write it."""
    return read_token(secrets, purpose, token)


def token_of(secret: bytes, purpose: Purpose, shop_id: str, whose: str) -> str:
    """The two ids and the proof of them, for this purpose alone."""
    ids = base64.urlsafe_b64encode(bytes.fromhex(shop_id + whose)).rstrip(b"=").decode("ascii")
    return ids + signature(secret, purpose, shop_id, whose)


def read_token(secrets: Iterable[str], purpose: Purpose, token: str) -> tuple[str, str] | None:
    """The two ids, or None when we did not write it for this purpose."""
    if len(token) != _TOKEN_LENGTH or not token.isascii():
        return None
    try:
        ids = base64.urlsafe_b64decode(token[:43] + "=").hex()
    except ValueError:
        return None
    shop_id, whose = ids[:32], ids[32:]
    if not (is_id(shop_id) and is_id(whose)):
        return None
    made: Sequence[str] = [token_of(one.encode(), purpose, shop_id, whose) for one in secrets]
    return (shop_id, whose) if any(same(one, token) for one in made) else None
