"""Something about an owner's own ways in: changed, used up, or tried too often. To them alone."""

from __future__ import annotations

from storefront_trace.domain.errors import N_
from storefront_trace.notify.letters import CannotSay, Letter, Office
from storefront_trace.storage.outbox import Notice

CHANGED = {
    "on": N_("Codes at sign-in are switched on"),
    "off": N_("Codes at sign-in are switched off"),
    "codes": N_("There are new recovery codes"),
    "address": N_("The address that your sign-in links are mailed to was changed"),
    "reset": N_("Your ways in were reset at the server"),
    "passkey_added": N_("A passkey was added"),
    "passkey_removed": N_("A passkey was removed"),
}
NOT_YOU = N_("Was it not you? Sign out everywhere at once, and look at who changed what.")


async def write_changed(office: Office, notice: Notice) -> Letter:
    message = CHANGED.get(str(notice.detail.get("change")))
    if message is None:
        raise CannotSay("This version does not know such a change.")
    return _letter(office, notice, office.say(message))


async def write_recovery(office: Office, notice: Notice) -> Letter:
    say, left = office.say, str(notice.detail.get("left", 0))
    lines = (say("Recovery codes that are left: %(n)s.", n=left),)
    return _letter(office, notice, say("Somebody signed in with a recovery code of yours"), *lines)


async def write_locked(office: Office, notice: Notice) -> Letter:
    say = office.say
    lines = (
        say("Whoever it was had opened a sign-in link of yours first."),
        say("No code is looked at for 15 minutes now. After that the right one works again."),
    )
    return _letter(office, notice, say("A code of yours was wrong five times in a row"), *lines)


def _letter(office: Office, notice: Notice, heading: str, *lines: str) -> Letter:
    say, where = office.say, str(notice.detail.get("where", ""))
    return Letter(
        subject=heading,
        heading=heading,
        lines=(*lines, *([say("It was on this device: %(device)s.", device=where)] if where else []), say(NOT_YOU)),
        button=say("See your ways in"),
        link=f"{office.settings.public_url}/owner/safety",
        why=say("You get this mail because you run %(shop)s.", shop=office.shop.name),
    )
