"""Who told us of a step, and from where: for the staff, never for customers."""

from __future__ import annotations

from storefront_trace.domain.clock import MINUTE
from storefront_trace.domain.orders import Event
from storefront_trace.web.staff.visit import Visit
from storefront_trace.web.wording import tied

SYSTEMS = {"shopify": "Shopify", "woocommerce": "WooCommerce"}
# A step that waited for the network longer than this says when it came in.
LATER = 15 * MINUTE


def where_from(visit: Visit, event: Event) -> str:
    """ "On iPhone · Safari", "From the shop system (Shopify)", "By the API"; "" when it is not known."""
    sender = event.source.partition(":")[0]
    if sender in SYSTEMS:
        return visit.say("From the shop system (%(name)s)", name=SYSTEMS[sender])
    if sender == "api":
        return visit.say("By the API")
    if sender == "import":
        return visit.say("From an import")
    if sender != "staff":
        return ""
    told = [visit.say("On %(device)s", device=event.device)] if event.device else []
    if event.precision != "day" and event.recorded_at - event.at > LATER:
        told.append(visit.say("came in %(when)s", when=tied(visit.when(event.recorded_at))))
    return ", ".join(told)
