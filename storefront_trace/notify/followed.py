"""What all notices to followers share: whose they are, and how they end."""

from __future__ import annotations

from typing import Any

from storefront_trace.domain.following import follower_token
from storefront_trace.notify.letters import CannotSay, Office, OrderSaid, StepSaid, order_link
from storefront_trace.storage import followers
from storefront_trace.storage.followers import Follower
from storefront_trace.storage.outbox import Notice

# schema.org's OrderStatus of the steps that a new shop has; a step of its own says nothing of it.
STATUS = {
    "received": "OrderProcessing",
    "picked": "OrderProcessing",
    "packed": "OrderProcessing",
    "shipped": "OrderInTransit",
    "in_transit": "OrderInTransit",
    "out_for_delivery": "OrderInTransit",
    "ready_for_pickup": "OrderPickupAvailable",
    "picked_up": "OrderDelivered",
    "delivered": "OrderDelivered",
    "delayed": "OrderProblem",
    "cancelled": "OrderCancelled",
    "returned": "OrderReturned",
}


async def follower_of(office: Office, notice: Notice) -> Follower:
    async with office.desk.db.read() as conn:
        found = await followers.find_follower(conn, office.shop.id, str(notice.detail.get("follower_id", "")))
    if found is None:
        raise CannotSay("Nobody follows by this notice any more.")
    return found


async def followed_order(office: Office, notice: Notice) -> tuple[Follower, OrderSaid, str]:
    """(who follows, the order as the page tells it now, the page's address). CannotSay when nobody follows by this
    notice any more, or when there is no page."""
    follower = await follower_of(office, notice)
    if not follower.follows:
        raise CannotSay("Nobody follows by this notice any more.")
    row, link = await order_link(office, follower.order_id)
    said = await office.the_voice.order(office.shop.id, row.id, office.language, link)
    if said is None:
        raise CannotSay("The order has no link any more.")
    return follower, said, link


def stop_link(office: Office, follower: Follower) -> str:
    token = follower_token(office.desk.secret, "unsubscribe", office.shop.id, follower.id)
    return f"{office.settings.public_url}/unfollow/{token}"


def stop_headers(link: str) -> dict[str, str]:
    """RFC 2369 and 8058: mail programs show a button of their own, and its POST ends it with one click."""
    return {"List-Unsubscribe": f"<{link}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


def about(office: Office, said: OrderSaid, step: StepSaid, link: str) -> dict[str, Any]:
    """schema.org's ParcelDelivery, with the person as provider where the page shows one. Only what the page says."""
    merchant = {"@type": "Organization", "name": office.shop.name}
    order: dict[str, Any] = {"@type": "Order", "orderNumber": said.number, "merchant": merchant, "url": link}
    if step.whole and step.step in STATUS:
        order["orderStatus"] = f"https://schema.org/{STATUS[step.step]}"
    somebody = step.somebody
    person = somebody.kind == "person"
    provider = {"@type": "Person" if person else "Organization", "name": somebody.name}
    if person and somebody.role:
        provider["jobTitle"] = somebody.role
    found: dict[str, Any] = {"@context": "https://schema.org", "@type": "ParcelDelivery", "partOfOrder": order}
    found |= {"provider": provider, "potentialAction": {"@type": "TrackAction", "target": link}}
    found["itemShipped"] = [{"@type": "Product", "name": title} for title in said.things]
    if said.promise:
        found |= {"expectedArrivalFrom": said.promise[0], "expectedArrivalUntil": said.promise[1]}
    if step.carrier:
        found["carrier"] = {"@type": "Organization", "name": step.carrier}
    if step.tracking_number:
        found["trackingNumber"] = step.tracking_number
    if step.tracking_url:
        found["trackingUrl"] = step.tracking_url
    return found
