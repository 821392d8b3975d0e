"""To the owners: somebody's rights have changed, by another of them."""

from __future__ import annotations

from storefront_trace.domain.errors import N_
from storefront_trace.domain.shop import in_language
from storefront_trace.notify.letters import CannotSay, Letter, Office
from storefront_trace.storage import shops
from storefront_trace.storage.outbox import Notice

NOW = {
    "owner": N_("%(name)s is an owner now"),
    "manager": N_("%(name)s is a manager now: %(team)s"),
    "staff": N_("%(name)s is staff now, without other rights"),
    "reader": N_("%(name)s reads the shop's figures now"),
}


async def write(office: Office, notice: Notice) -> Letter:
    say = office.say
    async with office.desk.db.read() as conn:
        cast = await shops.get_cast(conn, office.shop.id)
    about = cast.people.get(str(notice.detail.get("about")))
    message = NOW.get(str(notice.detail.get("role")))
    if about is None or message is None:
        raise CannotSay("Whom it is about is forgotten.")
    team = cast.teams.get(str(notice.detail.get("manages")))
    named = in_language(team.names, office.language, cast.shop.locale) if team else ""
    by = cast.people.get(str(notice.detail.get("by")))
    heading = say(message, name=about.display_name, team=named)
    did = say("%(name)s changed it.", name=by.display_name) if by else say("It was changed at the server.")
    return Letter(
        subject=heading,
        heading=heading,
        lines=(did, say("Was it not meant? Change it back, and look at who changed what.")),
        button=say("See their rights"),
        link=f"{office.settings.public_url}/owner/people/{about.handle}/about",
        why=say("You get this mail because you run %(shop)s.", shop=office.shop.name),
    )
