"""A concern reaches the owner first: that there is one, and none of what it says."""

from __future__ import annotations

from storefront_trace.notify.letters import Letter, Office
from storefront_trace.storage.outbox import Notice


async def write(office: Office, notice: Notice) -> Letter:
    say, number = office.say, str(notice.detail.get("order_number", ""))
    return Letter(
        subject=say("Something could be better: order %(number)s", number=number),
        heading=say("A customer says that something could be better"),
        lines=(
            say(
                "It is about order %(number)s. It was sent to you first: read it, answer if you like, "
                "and share it with the person when you think it helps.",
                number=number,
            ),
        ),
        button=say("Read it"),
        link=f"{office.settings.public_url}/owner/concerns",
        why=say("You get this mail because you run %(shop)s.", shop=office.shop.name),
    )
