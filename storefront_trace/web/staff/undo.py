"""The offer to take back one's latest step, on every page that logs steps."""

from __future__ import annotations

from storefront_trace.actions.corrections import UNDO
from storefront_trace.storage import events, orders
from storefront_trace.storage.database import Connection
from storefront_trace.web.staff.story import may_undo
from storefront_trace.web.staff.visit import Context, Visit, order_url


async def undo_bar(conn: Connection, visit: Visit) -> Context | None:
    """Of what was logged on these pages, for ten minutes or until it is taken back."""
    since = visit.now - UNDO
    found = await events.last_event_by_person(conn, visit.shop_id, visit.person.id, since, source="staff")
    if found is None:
        return None
    order_id, event = found
    row = await orders.find_order_by_id(conn, visit.shop_id, order_id)
    if row is None or not may_undo(visit, event, await events.list_events(conn, visit.shop_id, order_id)):
        return None
    step = visit.cast.steps.get(event.step or "")
    seen = step is not None and step.visible
    name = row.first_name or visit.say("The customer")
    return {
        "action": f"{order_url(row.number)}/undo",
        "event": event.id,
        "text": f"{row.number}: {visit.step_name(step) if step else event.step}",
        "sub": visit.say("%(name)s can see it now", name=name) if seen else "",
    }
