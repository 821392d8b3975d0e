"""The link that a customer asked for at /track."""

from __future__ import annotations

from storefront_trace.notify.letters import Letter, Office, order_link
from storefront_trace.storage.outbox import Notice


async def write(office: Office, notice: Notice) -> Letter:
    say = office.say
    row, link = await order_link(office, str(notice.detail.get("order_id", "")))
    return Letter(
        subject=say("The page of your order %(number)s", number=row.number),
        heading=say("Here is the page of your order %(number)s", number=row.number),
        lines=(
            say(
                "You see who has it now, who did what, and what happens next. "
                "Whoever has this link sees the page, so keep it to yourself."
            ),
        ),
        picture=(f"{link}/strip.png?lang={office.language}", say("See who has your order now")),
        button=say("Open the page"),
        link=link,
        after=(say("Did you not ask for this? Then you need do nothing."),),
        why=say("You get this mail because somebody asked for the link to this order with your address."),
    )
