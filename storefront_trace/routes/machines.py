"""What machines read and send: with a token below /api/v1, with a signature below /hooks."""

from __future__ import annotations

from starlette.routing import BaseRoute, Route

from storefront_trace.api import document as api_document
from storefront_trace.api import feedback as api_feedback
from storefront_trace.api import orders as api_orders
from storefront_trace.api import people as api_people
from storefront_trace.api import steps as api_steps
from storefront_trace.api import webhooks
from storefront_trace.api.operations import Endpoint
from storefront_trace.routes.sizes import PHOTO_FORM

# Machines with a bearer token.
API: list[BaseRoute] = [
    Route("/openapi.json", api_document.show_openapi),
    Endpoint("/orders", GET=("orders:read", api_orders.list_orders)),
    Endpoint(
        "/orders/{number:number}",
        GET=("orders:read", api_orders.show_order),
        PUT=("orders:write", api_orders.put_order),
    ),
    Endpoint("/orders/{number:number}/events", POST=("orders:write", api_orders.post_event)),
    Endpoint("/orders/{number:number}/events/{id}/correction", POST=("orders:write", api_orders.post_correction)),
    Endpoint("/people", GET=("people:read", api_people.list_people)),
    Endpoint(
        "/people/{handle}",
        PUT=("people:write", api_people.put_person),
        DELETE=("people:write", api_people.delete_person),
    ),
    Endpoint("/people/{handle}/photo", PUT=("people:write", api_people.put_photo), max_body_size=PHOTO_FORM),
    Endpoint("/people/{handle}/report", GET=("any:read", api_feedback.show_report)),
    Endpoint("/steps", GET=("any", api_steps.list_steps)),
    Endpoint("/steps/{key}", PUT=("steps:write", api_steps.put_step)),
    Endpoint("/feedback", GET=("any:read", api_feedback.list_feedback)),
]

# Machines with a signature.
HOOKS: list[BaseRoute] = [
    Route("/shopify/{connection}", webhooks.post_shopify, methods=["POST"]),
    Route("/woocommerce/{connection}", webhooks.post_woocommerce, methods=["POST"]),
]
