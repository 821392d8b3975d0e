"""What we keep of a Shopify body before it is stored: the fields that are read, nothing else.

Bodies carry the customer's address, phone, IP, browser and payments; a new API version may add more.
"""

from __future__ import annotations

from collections.abc import Mapping

from storefront_trace.integrations.strict_json import keep, read_object, write_json

_ID = {"id": None, "admin_graphql_api_id": None}
_FULFILLMENT: Mapping[str, object] = {
    **_ID,
    "order_id": None,
    "name": None,
    "status": None,
    "created_at": None,
    "updated_at": None,
    "shipment_status": None,
    "tracking_company": None,
    "tracking_number": None,
    "tracking_numbers": None,
    "tracking_url": None,
    "tracking_urls": None,
    "line_items": {**_ID, "quantity": None, "requires_shipping": None, "gift_card": None},
}
_EVENT: Mapping[str, object] = {
    **_ID,
    "order_id": None,
    "fulfillment_id": None,
    "status": None,
    "happened_at": None,
    "estimated_delivery_at": None,
    "created_at": None,
}
_REFUND: Mapping[str, object] = {
    **_ID,
    "order_id": None,
    "created_at": None,
    "processed_at": None,
    "refund_line_items": {"line_item_id": None, "quantity": None, "restock_type": None, "line_item": _ID},
    # Whether money went back; never how much, or to which card.
    "transactions": {"kind": None, "status": None},
}

_PERSON = {"first_name": None, "email": None}
_KEPT_LINE = {
    "id": None,
    "admin_graphql_api_id": None,
    "title": None,
    "name": None,
    "variant_title": None,
    "sku": None,
    "quantity": None,
    "current_quantity": None,
    "requires_shipping": None,
    "gift_card": None,
}
_KEPT: Mapping[str, object] = {
    **_FULFILLMENT,
    **_EVENT,
    **_REFUND,
    "name": None,
    "order_number": None,
    "email": None,
    "contact_email": None,
    "customer_locale": None,
    "created_at": None,
    "processed_at": None,
    "updated_at": None,
    "cancelled_at": None,
    "test": None,
    "confirmed": None,
    "customer": _PERSON,
    "shipping_address": _PERSON,
    "billing_address": _PERSON,
    "line_items": _KEPT_LINE,
    "shipping_lines": {"delivery_category": None},
    "fulfillments": _FULFILLMENT,
    "refunds": _REFUND,
}


def scrub(raw: bytes) -> bytes:
    return write_json(keep(read_object(raw), _KEPT))
