from __future__ import annotations

from dataclasses import replace
from typing import Any

import httpx2
import pytest

from storefront_trace.actions import shop_steps
from storefront_trace.actions.chips import end_chip, put_chip
from storefront_trace.domain.steps import first_steps
from storefront_trace.storage import shops
from tests.api.callers import ORDER, Machine, machine
from tests.people import Shop

WRAPPED: dict[str, Any] = {
    "names": {"sv": "Inslagen", "en": "Wrapped"},
    "sentences": {"sv": "{name} slog in din present {when}.", "en": "{name} wrapped your present {when}."},
    "position": 25,
    "team": "warehouse",
    "chips": ["careful"],
}


@pytest.fixture
async def api(client: httpx2.AsyncClient, shop: Shop) -> Machine:
    return await machine(client, shop)


EVERY_SHOPS = len(first_steps())


async def test_the_steps_come_in_their_order(api: Machine) -> None:
    page = (await api("GET", "/steps")).json()
    assert [step["key"] for step in page["items"] if step["effect"] == "advance"] == [
        "received",
        "picked",
        "packed",
        "emailed",
        "shipped",
        "in_transit",
        "out_for_delivery",
        "ready_for_pickup",
        "delivered",
        "picked_up",
    ]
    assert len(page["items"]) == EVERY_SHOPS
    assert page["next_cursor"] is None


async def test_a_step_of_ones_own_can_be_added_logged_and_changed(api: Machine) -> None:
    made = await api("PUT", "/steps/wrapped", WRAPPED)
    assert made.status_code == 201
    assert made.json()["next_names"] == WRAPPED["names"]
    await api("PUT", "/orders/1001", ORDER)
    logged = await api("POST", "/orders/1001/events", {"step": "wrapped", "by": "lisa"})
    assert logged.json()["order"]["state"] == "wrapped"
    changed = await api("PUT", "/steps/wrapped", {**WRAPPED, "icon": "hand", "position": 26})
    assert (changed.status_code, changed.json()["icon"], changed.json()["position"]) == (200, "hand", 26)


async def test_the_steps_that_every_shop_has_keep_their_place_and_effect(api: Machine) -> None:
    told = {key: value for key, value in WRAPPED.items() if key != "position"}
    assert (await api("PUT", "/steps/packed", {**told, "position": 31})).status_code == 409
    assert (await api("PUT", "/steps/packed", {**told, "effect": "cancel"})).status_code == 409
    assert (await api("PUT", "/steps/packed", {**told, "position": 30})).json()["position"] == 30
    changed = (await api("PUT", "/steps/packed", told)).json()
    assert (changed["position"], changed["names"]["sv"], changed["icon"]) == (30, "Inslagen", "box")


@pytest.mark.parametrize(
    "change",
    [
        {"position": 0},
        {"position": 100},
        {"position": None},
        {"sentences": {"sv": "{name.__class__}"}},
        {"sentences": {}},
        {"names": {"xx": "Wrapped"}},
        {"team": "nobody"},
        {"chips": ["sparkling"]},
        {"icon": "skull"},
        {"expected_minutes": -1},
    ],
)
async def test_a_step_that_breaks_a_rule_is_refused(api: Machine, change: dict[str, Any]) -> None:
    assert (await api("PUT", "/steps/wrapped", {**WRAPPED, **change})).status_code == 422
    assert len((await api("GET", "/steps")).json()["items"]) == EVERY_SHOPS


async def test_a_step_can_be_sent_back_as_it_came(api: Machine) -> None:
    before = (await api("GET", "/steps")).json()
    for step in before["items"]:
        assert (await api("PUT", f"/steps/{step['key']}", step)).status_code == 200
    assert (await api("GET", "/steps")).json() == before
    assert (await api("PUT", "/steps/picked", before["items"][0])).status_code == 422


async def test_a_step_is_part_of_the_ways_it_is_told_and_keeps_them(api: Machine) -> None:
    assert (await api("PUT", "/steps/wrapped", WRAPPED)).json()["methods"] is None
    told = await api("PUT", "/steps/wrapped", {**WRAPPED, "methods": ["pickup", "parcel"]})
    assert told.json()["methods"] == ["parcel", "pickup"]
    assert (await api("PUT", "/steps/wrapped", WRAPPED)).json()["methods"] == ["parcel", "pickup"]
    assert (await api("PUT", "/steps/wrapped", {**WRAPPED, "methods": []})).status_code == 422
    texts = {key: WRAPPED[key] for key in ("names", "sentences")}
    assert (await api("PUT", "/steps/picked_up", texts)).json()["methods"] == ["pickup"]


async def test_a_sentence_that_cannot_be_read_is_named(api: Machine) -> None:
    refused = await api("PUT", "/steps/wrapped", {**WRAPPED, "sentences": {"sv": "{namn} slog in"}})
    assert [error["field"] for error in refused.json()["errors"]] == ["sentences.sv"]


@pytest.mark.parametrize(
    ("key", "lacks"),
    [("wrapped", ("names",)), ("wrapped", ("sentences",)), ("wrapped", ("names", "sentences")), ("packed", ("names",))],
)
async def test_a_step_without_the_shops_own_language_is_refused_and_the_language_named(
    api: Machine, key: str, lacks: tuple[str, ...]
) -> None:
    told = {name: {"en": WRAPPED[name]["en"]} if name in lacks else WRAPPED[name] for name in ("names", "sentences")}
    place = {"position": 25} if key == "wrapped" else {}
    before = (await api("GET", "/steps")).json()
    refused = await api("PUT", f"/steps/{key}", {**told, **place})
    assert (refused.status_code, refused.json()["detail"]) == (422, "The shop's own language is missing: sv.")
    assert [error["field"] for error in refused.json()["errors"]] == [f"{name}.sv" for name in lacks]
    assert (await api("GET", "/steps")).json() == before


async def test_another_shops_steps_stay_as_they_are(api: Machine, client: httpx2.AsyncClient, shop: Shop) -> None:
    nora = await machine(client, shop, other_shop=True)
    assert (await nora("PUT", "/steps/wrapped", WRAPPED)).status_code == 201
    assert len((await api("GET", "/steps")).json()["items"]) == EVERY_SHOPS


async def test_a_step_takes_the_shops_own_chips_beside_everybodys(api: Machine, shop: Shop) -> None:
    await put_chip(shop.desk, shop.id, "own_band", "thanks", {"sv": "fint band"})
    made = await api("PUT", "/steps/wrapped", {**WRAPPED, "chips": ["careful", "own_band"]})
    assert (made.status_code, made.json()["chips"]) == (201, ["careful", "own_band"])
    await end_chip(shop.desk, shop.id, "own_band")
    gone = await api("PUT", "/steps/wrapped", {**WRAPPED, "chips": ["careful", "own_band"]})
    assert gone.status_code == 422
    assert [error["field"] for error in gone.json()["errors"]] == ["chips.1"]


async def test_what_an_owner_changes_meanwhile_is_not_undone(
    api: Machine, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A step is what was sent last; what it leaves out is what stands when it is written."""
    assert (await api("PUT", "/steps/wrapped", WRAPPED)).status_code == 201
    locked = shop_steps._locked

    async def meanwhile(conn: Any, shop_id: str) -> Any:
        step = (await locked(conn, shop_id)).steps["wrapped"]
        await shops.upsert_step(conn, shop_id, replace(step, logged_by="orders"))
        return await locked(conn, shop_id)

    monkeypatch.setattr(shop_steps, "_locked", meanwhile)
    assert (await api("PUT", "/steps/wrapped", WRAPPED)).status_code == 200
    async with shop.desk.db.read() as conn:
        assert (await shops.get_cast(conn, shop.id)).steps["wrapped"].logged_by == "orders"
