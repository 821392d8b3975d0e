"""Wrong PINs at many portraits, too few at each for one to rest: the owner learns of it."""

from __future__ import annotations

from storefront_trace.notify.letters import Letter, Office
from storefront_trace.storage.outbox import Notice


async def write(office: Office, notice: Notice) -> Letter:
    say, detail = office.say, notice.detail
    where, people = str(detail.get("where", "")), int(detail.get("people", 0))
    return Letter(
        subject=say("Somebody seems to be guessing PINs"),
        heading=say("Wrong PINs were tapped in at %(people)s people's portraits.", people=people),
        lines=(
            *([say("The last try was on this device: %(device)s.", device=where)] if where else []),
            say("Too few at each for one to rest, so nobody was stopped. Look who stands at the tablet."),
            say("You can end a tablet at once, and make a new link for it when all is clear."),
        ),
        button=say("Shared tablets"),
        link=f"{office.settings.public_url}/owner/kiosks",
        why=say("You get this mail because you run %(shop)s.", shop=office.shop.name),
    )
