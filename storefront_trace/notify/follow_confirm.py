"""Somebody wrote this address on an order's page: does its owner want the mails? Without the order's link, which is
not theirs yet."""

from __future__ import annotations

from storefront_trace.domain.following import follower_token
from storefront_trace.domain.silence import silence_token
from storefront_trace.notify.followed import follower_of
from storefront_trace.notify.letters import CannotSay, Letter, Office
from storefront_trace.storage.outbox import Notice


async def write(office: Office, notice: Notice) -> Letter:
    say, shop = office.say, office.shop
    found = await follower_of(office, notice)
    if found.confirmed_at is not None or found.stopped_at is not None:
        raise CannotSay("The address has been confirmed, or taken away, in the meantime.")
    number = str(notice.detail.get("order_number", ""))
    token = follower_token(office.desk.secret, "confirm", shop.id, found.id)
    never = silence_token(office.desk.secret, shop.id, notice.recipient)
    return Letter(
        subject=say("Would you like mails about order %(number)s?", number=number),
        heading=say("Would you like mails about order %(number)s?", number=number),
        lines=(
            say(
                "Somebody who has the order's page at %(shop)s wrote your e-mail address there. Press “Yes, mail me”, "
                "and we mail you when something happens with the order.",
                shop=shop.name,
            ),
        ),
        stamped=True,
        button=say("Yes, mail me"),
        link=f"{office.settings.public_url}/follow/{token}",
        after=(say("If you do nothing, you get no more mails about this order."),),
        why=say("You get this mail because somebody wrote your e-mail address on the page of an order."),
        stop=say("Never write to this address again"),
        stop_link=f"{office.settings.public_url}/silence/{never}",
    )
