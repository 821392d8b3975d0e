"""What we keep of a WooCommerce body before it is stored: the fields that are read, nothing else.

Bodies carry the customer's address, phone, IP, browser, order key and payment ids, and whatever plugins add.
"""

from __future__ import annotations

from collections.abc import Mapping

from storefront_trace.integrations import bodies
from storefront_trace.integrations.strict_json import Body, as_object, keep, read_object, write_json
from storefront_trace.integrations.woocommerce_parcels import KEPT_META, TRACKING, as_list

_PERSON = {"first_name": None, "last_name": None, "email": None}
_KEPT: Mapping[str, object] = {
    "id": None,
    "number": None,
    "status": None,
    "date_created": None,
    "date_created_gmt": None,
    "date_modified": None,
    "date_modified_gmt": None,
    "date_completed": None,
    "date_completed_gmt": None,
    "date_paid": None,
    "date_paid_gmt": None,
    "billing": _PERSON,
    "shipping": _PERSON,
    "line_items": {
        "id": None,
        "name": None,
        "quantity": None,
        "sku": None,
        "image": {"src": None},
        "meta_data": {"key": None, "value": None},
    },
    "shipping_lines": {"method_id": None},
    "meta_data": {"key": None, "value": KEPT_META},
}
_LINE_META = frozenset({"Backordered"})
_ORDER_META = frozenset({TRACKING, "wpml_language"})


def scrub(raw: bytes) -> bytes:
    kept = as_object(keep(_with_known_meta(read_object(raw)), _KEPT))
    return write_json(_without_last_names(kept))


def _without_last_names(body: Body) -> Body:
    """A last name is read only where it has to stand in for the first."""
    people = {key: person for key in ("billing", "shipping") if isinstance(person := body.get(key), dict)}
    if not any(bodies.text(person, "first_name", 80) for person in people.values()):
        return body
    return {**body, **{key: {**person, "last_name": ""} for key, person in people.items()}}


def _with_known_meta(body: Body) -> Body:
    lines = body.get("line_items")
    if isinstance(lines, list):
        lines = [_only_meta(each, _LINE_META) if isinstance(each, dict) else each for each in lines]
    return _only_meta({**body, "line_items": lines} if "line_items" in body else body, _ORDER_META)


def _only_meta(body: Body, names: frozenset[str]) -> Body:
    found = body.get("meta_data")
    if not isinstance(found, list):
        return body
    kept = [each for each in found if isinstance(each, dict) and str(each.get("key")) in names]
    return {**body, "meta_data": [_listed(each) if each["key"] == TRACKING else each for each in kept]}


def _listed(item: Body) -> Body:
    return {**item, "value": as_list(item.get("value"))}
