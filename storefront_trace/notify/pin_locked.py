"""Somebody's PIN was wrong so often that it rests: the owner learns whose, and where it was tried."""

from __future__ import annotations

from storefront_trace.notify.letters import Letter, Office, person_told_of
from storefront_trace.storage.outbox import Notice


async def write(office: Office, notice: Notice) -> Letter:
    say, whose = office.say, await person_told_of(office, notice)
    name, where = whose.display_name, str(notice.detail.get("where", ""))
    return Letter(
        subject=say("A PIN was wrong five times: %(name)s", name=name),
        heading=say("A PIN was wrong five times in a row: %(name)s", name=name),
        lines=(
            *([say("The last try was on this device: %(device)s.", device=where)] if where else []),
            say("The PIN rests for 15 minutes now. After that the right one works again."),
            say(
                "Ask %(name)s about it. A forgotten PIN you clear on the person's page; nobody can read it.", name=name
            ),
        ),
        button=say("Open the page: %(name)s", name=name),
        link=f"{office.settings.public_url}/owner/people/{whose.handle}/about",
        why=say("You get this mail because you run %(shop)s.", shop=office.shop.name),
    )
