"""The first thing on /staff: one's own face beside a customer's words."""

from __future__ import annotations

from datetime import date

from storefront_trace.actions.feedback import may_see
from storefront_trace.domain.moments import from_micros, local_day
from storefront_trace.storage import feedback
from storefront_trace.storage.database import Connection
from storefront_trace.storage.feedback import Feedback
from storefront_trace.web.faces import team_name
from storefront_trace.web.staff.visit import Context, Visit

LONGEST = 160  # a longer text is on its own page, whole: a quote is never trimmed
LOOKED_AT = 10


async def thanks_bar(conn: Connection, visit: Visit) -> Context:
    hello = visit.say("Hello %(name)s!", name=visit.person.display_name)
    said = await _newest(conn, visit)
    if said is None:
        return {"hello": hello, "lead": visit.say("What customers thank you for comes here."), "words": None}
    words = said.words if 0 < len(said.words) <= LONGEST else None
    return {"hello": hello, "lead": _lead(visit, said), "words": words}


async def _newest(conn: Connection, visit: Visit) -> Feedback | None:
    """With words rather than without, from among the latest few of the day."""
    found = await latest_thanks(conn, visit)
    if not found:
        return None
    newest_day = _day(visit, found[0])
    return next((one for one in found if one.words and _day(visit, one) == newest_day), found[0])


async def latest_thanks(conn: Connection, visit: Visit) -> list[Feedback]:
    person = visit.person
    found = await feedback.list_feedback(
        conn, visit.shop_id, person_id=person.id, choice="thanks", newest_first=True, limit=LOOKED_AT
    )
    if person.team is not None:
        found += await feedback.list_feedback(
            conn, visit.shop_id, team=person.team, choice="thanks", newest_first=True, limit=LOOKED_AT
        )
    mine = [one for one in found if may_see(visit.cast, one, person.id, person.team)]
    return sorted(mine, key=lambda one: (one.created_at, one.id), reverse=True)


def _lead(visit: Visit, said: Feedback) -> str:
    """Ends in a colon only where words follow."""
    name = said.first_name or visit.say("a customer")
    if said.person_id is None:
        team = visit.inside(team_name(visit.cast, said.team, visit.language))
        lead = visit.say("Thanks to %(team)s, from %(name)s", team=team, name=name)
    elif _day(visit, said) == local_day(from_micros(visit.now), visit.cast.shop.zone):
        lead = visit.say("Today's thanks, from %(name)s", name=name)
    else:
        lead = visit.say("Latest thanks, from %(name)s", name=name)
    return f"{lead}:" if 0 < len(said.words) <= LONGEST else lead


def _day(visit: Visit, said: Feedback) -> date:
    return local_day(from_micros(said.created_at), visit.cast.shop.zone)
