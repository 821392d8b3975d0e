"""My thanks over time, in words: how many since when, and what for. Mine alone, and beside nobody's."""

from __future__ import annotations

from storefront_trace.domain.ladder import COUNTS_FROM
from storefront_trace.storage import feedback
from storefront_trace.storage.database import Connection
from storefront_trace.web.staff.visit import Visit
from storefront_trace.web.wording import capital, number_text, since_month_text

OFTEN = 2


async def thanks_in_words(conn: Connection, visit: Visit) -> str:
    """ "Eleven thanks since September; most often: well packed." Few are not counted: they stay words."""
    count, first, chips = await feedback.sum_thanks(conn, visit.shop_id, visit.person.id)
    if first is None:
        return ""
    since = since_month_text(first, visit.cast.shop.zone, visit.language, now=visit.now)
    text = visit.say("Customers have thanked you since %(since)s", since=since)
    if count >= COUNTS_FROM:
        number = capital(number_text(count, visit.language))
        text = visit.say("%(number)s thanks since %(since)s", number=number, since=since)
    key = max(chips, key=lambda one: chips[one], default="")
    if key in visit.cast.chips and chips[key] >= OFTEN:
        often = visit.named(visit.cast.chips[key].names)
        return visit.say("%(thanks)s; most often: %(chip)s.", thanks=text, chip=often)
    return f"{text}."
