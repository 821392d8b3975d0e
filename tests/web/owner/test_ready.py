from __future__ import annotations

import re
from typing import Any

import pytest

from storefront_trace.actions.samples import find_sample
from storefront_trace.domain.shapes import SHAPES, shaped
from storefront_trace.domain.shop import Cast
from storefront_trace.domain.steps import first_steps
from storefront_trace.storage import audit, shops
from tests.people import Shop

PATH = "/owner/start/steps"
ENGLISH = {"Accept-Language": "en"}
WAYS = {
    "alone": "received packed shipped in_transit out_for_delivery delivered",
    "warehouse": "received picked packed shipped in_transit out_for_delivery delivered",
    "delivery": "received picked packed out_for_delivery delivered",
}


async def cast_of(shop: Shop) -> Cast:
    async with shop.desk.db.read() as conn:
        return await shops.get_cast(conn, shop.id)


def way(cast: Cast) -> str:
    return " ".join(step.key for step in cast.steps_in_order if step.position and step.is_on("parcel"))


@pytest.mark.parametrize("shape", WAYS)
async def test_a_ready_made_shop_says_which_way_an_order_goes(shop: Shop, signed_in: Any, shape: str) -> None:
    olga = await signed_in("olga")
    assert (await olga.post(PATH, data={"shape": shape})).headers["location"] == "/owner/start?said=saved#steps"
    cast = await cast_of(shop)
    assert (cast.shop.shape, way(cast)) == (shape, WAYS[shape])
    assert {cast.steps["out_for_delivery"].team, cast.steps["delivered"].team} == (
        {"delivery"} if shape == "delivery" else {None}
    )
    page = (await olga.get(PATH, headers=ENGLISH)).text
    assert f'value="{shape}" checked' in page
    async with shop.desk.db.read() as conn:
        noted = await audit.list_audit(conn, shop.id, limit=200)
    assert noted[0].what == "shop.changed" and noted[0].detail["changes"] == [["shape", None, shape]]
    changed = {one.subject_key for one in noted if one.what == "steps.changed"}
    assert bool(changed) == (shape != "warehouse")


async def test_changing_ones_mind_leaves_nothing_of_the_former_shop(shop: Shop, signed_in: Any) -> None:
    olga, before = await signed_in("olga"), await cast_of(shop)
    for shape in ("alone", "delivery", "warehouse"):
        await olga.post(PATH, data={"shape": shape})
    after = await cast_of(shop)
    assert dict(after.steps) == dict(before.steps) and dict(after.teams) == dict(before.teams)


async def test_who_works_alone_is_called_like_the_shop_and_has_no_empty_teams(shop: Shop) -> None:
    cast = await cast_of(shop)
    found = shaped(cast, SHAPES["alone"], 1)
    assert [(team.key, dict(team.names)) for team in found.teams] == [("orders", {"sv": "Roliga Ting"})]
    assert found.gone == ()  # Anders is in the warehouse
    nobody = Cast(cast.shop, {}, cast.teams, cast.steps)
    assert shaped(nobody, SHAPES["alone"], 1).gone == ("warehouse",)
    assert {step.team for step in shaped(nobody, SHAPES["alone"], 1).steps} == {"orders", None}


async def test_what_customers_will_read_stands_beside_each(shop: Shop, signed_in: Any) -> None:
    page = (await (await signed_in("olga")).get(PATH + "?lang=sv")).text
    assert "Roliga Ting packade din beställning" in page
    assert "Utkörningsteamet lämnade paketet till dig" in page
    assert "Lagerteamet plockade fram sakerna" in page
    assert re.search("\\d\u00a0[a-z]{3,} kl\\.\u00a0\\d", page) and "kl. " not in page  # no line ends in a moment


async def test_words_and_steps_of_ones_own_stay(shop: Shop, signed_in: Any) -> None:
    olga = await signed_in("olga")
    new = {"name": "Inslagen", "sentence": "{name} slog in allt {when}.", "after": "picked", "team": "warehouse"}
    await olga.post("/owner/steps", data=new)
    await olga.post("/owner/start/steps", data={"shape": "alone"})
    step = (await cast_of(shop)).steps["inslagen"]
    assert (step.team, step.sentences) == ("orders", {"sv": "{name} slog in allt {when}."})


async def test_with_orders_under_way_it_is_refused_and_says_what_to_do_instead(shop: Shop, signed_in: Any) -> None:
    olga = await signed_in("olga")
    await shop.order()
    answer = await olga.post(PATH, data={"shape": "alone"}, headers=ENGLISH)
    assert answer.status_code == 422 and "change the steps one by one instead" in answer.text
    assert way(await cast_of(shop)) == WAYS["warehouse"]
    page = (await olga.get(PATH, headers=ENGLISH)).text
    assert "Take this one" not in page and 'type="radio"' not in page and "A small warehouse" in page
    assert 'class="btn btn--primary" href="/owner/steps"' in page


async def test_a_sample_goes_with_the_shop_that_it_was_made_for(shop: Shop, signed_in: Any) -> None:
    olga = await signed_in("olga")
    await olga.post("/owner/start/sample")
    assert (await olga.post(PATH, data={"shape": "nonsense"})).status_code == 422
    await olga.post(PATH, data={"shape": "delivery"})
    async with shop.desk.db.read() as conn:
        assert await find_sample(shop.desk, conn, shop.id) is None


def test_every_shape_is_made_of_steps_that_there_are() -> None:
    keys = {step.key for step in first_steps()}
    assert all({*shape.without, *shape.whose} <= keys for shape in SHAPES.values())
