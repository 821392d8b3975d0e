"""When those who follow an order were told of each of its steps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from storefront_trace.actions.news import UNDONE, once, once_undone
from storefront_trace.domain.following import hidden_address
from storefront_trace.storage import followers, outbox
from storefront_trace.storage.database import Connection
from storefront_trace.web.staff.form import OrderInHand
from storefront_trace.web.staff.visit import Visit
from storefront_trace.web.wording import tied


async def notified(conn: Connection, visit: Visit, order: OrderInHand) -> Mapping[str, Sequence[str]]:
    """By event: "Mailed to k•••@e•••.com 10:32", in the order of sending, and when that was set right."""
    following = await followers.list_followers(conn, visit.shop_id, order.row.id)
    steps = [event for event in order.events if event.kind == "step"]
    names = {name(event, one): (event.id, one) for event in steps for one in following for name in (once, once_undone)}
    sent = await outbox.list_sent(conn, visit.shop_id, list(names)) if names else {}
    found: dict[str, list[str]] = {}
    for name, at in sorted(sent.items(), key=lambda pair: pair[1]):
        event_id, one = names[name]
        when = tied(visit.when(at))
        if name.startswith(UNDONE):
            said = visit.say("Told that this was not so %(when)s", when=when)
        elif one.address:
            said = visit.say("Mailed to %(who)s %(when)s", who=hidden_address(one.address), when=when)
        else:
            said = visit.say("Sent to a browser %(when)s", when=when)
        found.setdefault(event_id, []).append(said)
    return found
