"""The API and the hooks × whose token × what they get; tests/test_access.py sees that none is missing."""

from __future__ import annotations

import httpx2
import pytest

from storefront_trace.actions.tokens import create_token
from tests.world import World, database_url, world

__all__ = ["database_url", "world"]
ORDER = {"placed_at": "2026-11-19T14:32:00+01:00", "lines": [{"key": "1", "title": "Mugg", "quantity": 1}]}
PERSON = {"display_name": "Ann", "role": {"sv": "lagret"}, "team": "warehouse"}
CORRECTION = "/api/v1/orders/1001/events/{event}/correction"
#       method  path                         no token  ours  Nora's  reading only   body
API_ACCESS = [
    ("GET", "/api/v1/openapi.json", 200, 200, 200, 200, None),
    ("GET", "/api/v1/orders", 401, 200, 200, 200, None),
    ("GET", "/api/v1/orders/1001", 401, 200, 404, 200, None),
    ("PUT", "/api/v1/orders/1001", 401, 200, 201, 403, ORDER),
    ("POST", "/api/v1/orders/1001/events", 401, 201, 404, 403, {"step": "shipped"}),
    ("POST", CORRECTION, 401, 201, 404, 403, {}),
    ("GET", "/api/v1/people", 401, 200, 200, 200, None),
    ("PUT", "/api/v1/people/ann", 401, 201, 201, 403, PERSON),
    ("DELETE", "/api/v1/people/anders", 401, 204, 404, 403, None),
    ("PUT", "/api/v1/people/nobody/photo", 401, None, None, 403, None),
    ("GET", "/api/v1/people/anders/report", 401, 200, 404, 200, None),
    ("GET", "/api/v1/steps", 401, 200, 200, 200, None),
    ("PUT", "/api/v1/steps/wrapped", 401, None, None, 403, {}),
    ("GET", "/api/v1/feedback", 401, 200, 200, 200, None),
    ("POST", "/hooks/shopify/{connection}", 401, 401, 401, 401, {}),
    ("POST", "/hooks/woocommerce/{connection}", 401, 401, 401, 401, {}),
]


@pytest.mark.parametrize(
    ("method", "path", "none", "ours", "noras", "reading", "body"),
    API_ACCESS,
    ids=[f"{row[0]} {row[1]}" for row in API_ACCESS],
)
async def test_machines(
    world: World,
    client: httpx2.AsyncClient,
    method: str,
    path: str,
    none: int,
    ours: int | None,
    noras: int | None,
    reading: int,
    body: dict[str, object] | None,
) -> None:
    shop = world.shop
    every = ("orders:read", "orders:write", "people:read", "people:write", "steps:write", "feedback:read")
    hers = await create_token(shop.desk, shop.other_id, "hers", every)
    reads = await create_token(shop.desk, shop.id, "reads", ("orders:read", "people:read"))
    everything = await create_token(shop.desk, shop.id, "all", every)
    for want, token in ((none, None), (noras, hers), (reading, reads), (ours, everything)):
        if want is None:
            continue
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        answer = await client.request(method, world.path(path), json=body, headers=headers)
        assert answer.status_code == want, answer.text
