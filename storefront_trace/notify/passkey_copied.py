"""A passkey's counter went back: the owner learns whose it is, and where it was tried."""

from __future__ import annotations

from storefront_trace.notify.letters import Letter, Office, person_told_of
from storefront_trace.storage.outbox import Notice


async def write(office: Office, notice: Notice) -> Letter:
    say, whose = office.say, await person_told_of(office, notice)
    name, where = whose.display_name, str(notice.detail.get("where", ""))
    return Letter(
        subject=say("A passkey may have been copied: %(name)s", name=name),
        heading=say("A passkey may have been copied: %(name)s", name=name),
        lines=(
            say("It counts how often it is used, and counted fewer times than before. It let nobody in."),
            *([say("The last try was on this device: %(device)s.", device=where)] if where else []),
            say("Ask %(name)s about it. If in doubt, sign %(name)s out everywhere: no passkey works then.", name=name),
        ),
        button=say("Open the page: %(name)s", name=name),
        link=f"{office.settings.public_url}/owner/people/{whose.handle}/about",
        why=say("You get this mail because you run %(shop)s.", shop=office.shop.name),
    )
