"""Machines with a token, for the tests of the API."""

from __future__ import annotations

from typing import Any

import httpx2

from storefront_trace.actions.tokens import DEFAULT_SCOPES, create_token
from tests.people import Shop

ALL_SCOPES = (*DEFAULT_SCOPES, "feedback:read")
ORDER: dict[str, Any] = {
    "placed_at": "2026-11-19T14:32:00+01:00",
    "customer": {"first_name": "Karin", "email": "karin@example.com", "locale": "sv"},
    "promise": {"from": "2026-11-25", "to": "2026-11-26"},
    "lines": [
        {"key": "1", "title": "Skrattande mugg", "quantity": 2, "sku": "MUG-1", "image_url": None},
        {"key": "2", "title": "Igelkottslampa", "backordered": 1, "expected": "2026-12-02"},
    ],
}


class Machine:
    """Calls the API with one token. `nora` is one of the other shop."""

    def __init__(self, client: httpx2.AsyncClient, token: str) -> None:
        self.client, self.token = client, token

    async def __call__(
        self, method: str, path: str, body: Any = None, *, headers: dict[str, str] | None = None, **more: Any
    ) -> httpx2.Response:
        told = {"Authorization": f"Bearer {self.token}", **(headers or {})}
        if body is not None:
            more["json"] = body
        return await self.client.request(method, f"/api/v1{path}", headers=told, **more)


async def machine(client: httpx2.AsyncClient, shop: Shop, *scopes: str, other_shop: bool = False) -> Machine:
    shop_id = shop.other_id if other_shop else shop.id
    return Machine(client, await create_token(shop.desk, shop_id, "test", scopes or ALL_SCOPES))
