"""What a shop's system says of things that are out of stock, and of an order that is delayed."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest

from tests.api.callers import Machine, machine
from tests.people import Shop

ORDER: dict[str, Any] = {
    "promise": {"from": "2026-11-25", "to": "2026-11-26"},
    "lines": [{"key": "1", "title": "Skrattande mugg", "quantity": 2}, {"key": "2", "title": "Igelkottslampa"}],
}
OUT_OF_STOCK: dict[str, Any] = {
    "step": "ordered",
    "by": "anders",
    "lines": [{"key": "1", "quantity": 1}],
    "until": "2026-12-02",
    "promise": {"from": "2026-12-03", "to": "2026-12-04"},
}


@pytest.fixture
async def api(client: httpx2.AsyncClient, shop: Shop) -> Machine:
    return await machine(client, shop)


async def test_things_out_of_stock_have_the_day_they_come_and_the_order_its_new_promise(api: Machine) -> None:
    await api("PUT", "/orders/1001", ORDER)
    logged = await api("POST", "/orders/1001/events", OUT_OF_STOCK)
    assert logged.status_code == 201
    assert (logged.json()["until"], logged.json()["promise"]) == (OUT_OF_STOCK["until"], OUT_OF_STOCK["promise"])
    order = (await api("GET", "/orders/1001")).json()
    assert order["promise"] == OUT_OF_STOCK["promise"]
    assert [(line["backordered"], line["expected"]) for line in order["lines"]] == [(1, "2026-12-02"), (0, None)]
    assert [(e["step"], e["until"], e["promise"]) for e in order["events"]] == [
        ("received", None, None),
        ("ordered", OUT_OF_STOCK["until"], OUT_OF_STOCK["promise"]),
    ]


async def test_a_delay_of_the_whole_order_may_say_only_what_is_promised_instead(api: Machine) -> None:
    await api("PUT", "/orders/1001", ORDER)
    await api("POST", "/orders/1001/events", {"step": "delayed", "promise": OUT_OF_STOCK["promise"]})
    order = (await api("GET", "/orders/1001")).json()
    assert (order["state"], order["promise"]) == ("delayed", OUT_OF_STOCK["promise"])
    assert [line["backordered"] for line in order["lines"]] == [0, 0]


async def test_taken_back_its_days_fall_with_it(api: Machine) -> None:
    await api("PUT", "/orders/1001", ORDER)
    event = (await api("POST", "/orders/1001/events", OUT_OF_STOCK)).json()
    await api("POST", f"/orders/1001/events/{event['id']}/correction")
    order = (await api("GET", "/orders/1001")).json()
    assert (order["promise"], order["lines"][0]["expected"]) == (ORDER["promise"], None)
    assert order["events"][1]["until"] == OUT_OF_STOCK["until"]  # what was said stays, marked


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"step": "packed", "until": "2026-12-02"}, "until"),
        ({"step": "packed", "promise": {"from": "2026-12-03", "to": "2026-12-04"}}, "promise"),
        ({"step": "delayed", "until": "2026-02-30"}, "until"),
        ({"step": "delayed", "until": "2026-12-02T08:00:00Z"}, "until"),
        ({"step": "delayed", "promise": {"from": "2026-12-04", "to": "2026-12-03"}}, "promise.to"),
        ({"step": "delayed", "promise": {"to": "2026-12-03"}}, "promise.from"),
        ({"step": "juggled", "until": "2026-12-02"}, "step"),
    ],
)
async def test_days_that_mean_nothing_are_refused_with_the_field(
    api: Machine, shop: Shop, told: dict[str, Any], field: str
) -> None:
    await api("PUT", "/orders/1001", ORDER)
    refused = await api("POST", "/orders/1001/events", told)
    assert refused.status_code == 422
    assert [error["field"] for error in refused.json()["errors"]] == [field]
    assert len(await shop.events()) == 1
