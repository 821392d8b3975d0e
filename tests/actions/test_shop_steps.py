"""The shop's steps are changed while orders are under way."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from storefront_trace.actions import shop_steps
from storefront_trace.actions.steps import NotTheirs, StepToLog, log_step
from storefront_trace.domain.errors import Conflict, DomainError, Invalid, NotFound
from storefront_trace.domain.moments import Moment
from storefront_trace.domain.shop import Cast, ShopStep
from storefront_trace.storage import shops
from tests.people import PLACED, Shop

GIFT = ShopStep(
    "gift",
    0,
    "advance",
    "gift",
    "warehouse",
    {"sv": "Inslagen"},
    {"sv": "Slås in"},
    {"sv": "{name} slog in allt {when}."},
)


async def cast(shop: Shop) -> Cast:
    async with shop.desk.db.read() as conn:
        return await shops.get_cast(conn, shop.id)


async def add(shop: Shop, key: str, after: str) -> None:
    await shop_steps.add_step(shop.desk, shop.id, replace(GIFT, key=key), after)


async def log(shop: Shop, step: str, by: str = "anders", **more: object) -> None:
    await log_step(shop.desk, shop.id, "1001", StepToLog(step, by=by, **more))  # type: ignore[arg-type]


async def test_an_order_that_waits_for_a_step_behind_a_new_one_waits_for_the_new_one(shop: Shop) -> None:
    await shop.order()
    await log(shop, "picked")
    before = await shop.row()
    await add(shop, "gift", "picked")
    row = await shop.row()
    assert (before.next_step, row.next_step) == ("packed", "gift")
    assert (row.version, row.updated_at) == (before.version, before.updated_at), "nothing has happened to it"


async def test_an_order_that_is_past_a_new_step_goes_on_as_before(shop: Shop) -> None:
    await shop.order()
    await log(shop, "packed")
    before = await shop.row()
    await add(shop, "gift", "picked")
    assert await shop.row() == before


async def test_the_team_of_a_changed_step_has_the_order_in_its_queue(shop: Shop) -> None:
    await shop.order()
    picked = (await cast(shop)).steps["picked"]
    await shop_steps.put_step(shop.desk, shop.id, replace(picked, team="orders"))
    assert (await shop.row()).waiting_team == "orders"


async def test_what_was_done_before_it_was_moved_is_not_asked_for_again(shop: Shop) -> None:
    await shop.order()
    await add(shop, "gift", "received")
    await log(shop, "gift")
    await shop_steps.move_step(shop.desk, shop.id, "gift", "packed")
    await log(shop, "packed")
    row = await shop.row()
    assert (row.state, row.next_step) == ("packed", "shipped")


async def test_who_changes_places_leaves_no_step_out_of_an_order_under_way(shop: Shop) -> None:
    await shop.order()
    await add(shop, "gift", "received")
    await add(shop, "card", "gift")
    await log(shop, "gift")
    await shop_steps.move_step(shop.desk, shop.id, "card", "received")
    found = [step.key for step in (await cast(shop)).steps_in_order][:4]
    assert found == ["received", "card", "gift", "picked"]
    assert (await shop.row()).next_step == "card"
    await log(shop, "card")
    assert (await shop.row()).next_step == "picked"


async def test_an_order_at_a_step_that_is_taken_away_goes_on_from_there(shop: Shop) -> None:
    await shop.order()
    await add(shop, "gift", "received")
    await log(shop, "gift")
    await shop_steps.take_step_away(shop.desk, shop.id, "gift")
    row = await shop.row()
    assert (row.state, row.next_step) == ("gift", "picked")
    assert "gift" in (await cast(shop)).steps and "gift" not in [s.key for s in (await cast(shop)).standing]


async def test_nothing_more_is_logged_with_it_but_what_happened_before_and_comes_late(shop: Shop) -> None:
    await shop.order()
    await add(shop, "gift", "received")
    await shop_steps.take_step_away(shop.desk, shop.id, "gift")
    gone_at = (await cast(shop)).steps["gift"].gone_at
    with pytest.raises(Invalid, match="taken away"):
        await log(shop, "gift")
    await log(shop, "gift", at=Moment(PLACED + timedelta(minutes=5), "UTC", "second"))
    assert gone_at and (await shop.row()).state == "gift"


async def test_it_is_brought_back_to_its_place(shop: Shop) -> None:
    await shop.order()
    await shop_steps.take_step_away(shop.desk, shop.id, "picked")
    assert (await shop.row()).next_step == "packed"
    await shop_steps.take_step_away(shop.desk, shop.id, "picked")
    await shop_steps.bring_step_back(shop.desk, shop.id, "picked")
    await shop_steps.bring_step_back(shop.desk, shop.id, "picked")
    assert (await shop.row()).next_step == "picked"


@pytest.mark.parametrize("key", ["received", "shipped", "delivered", "cancelled"])
async def test_what_shop_systems_tell_of_is_not_taken_away(shop: Shop, key: str) -> None:
    with pytest.raises(Conflict):
        await shop_steps.take_step_away(shop.desk, shop.id, key)


async def test_what_is_not_there_is_neither_moved_nor_taken_away_nor_brought_back(shop: Shop) -> None:
    for act in (shop_steps.take_step_away, shop_steps.bring_step_back):
        with pytest.raises(NotFound):
            await act(shop.desk, shop.id, "nowhere")
    with pytest.raises(NotFound):
        await shop_steps.move_step(shop.desk, shop.id, "nowhere", "picked")
    await add(shop, "gift", "picked")
    with pytest.raises(DomainError):
        await add(shop, "gift", "packed")


async def test_a_shop_has_a_bounded_number_of_steps(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shop_steps, "MOST_STEPS", len((await cast(shop)).steps))
    with pytest.raises(Conflict, match="can have"):
        await add(shop, "gift", "picked")


async def test_only_the_team_it_is_for_logs_a_step_the_owner_excepted_and_what_systems_send(shop: Shop) -> None:
    await shop.order()
    packed = (await cast(shop)).steps["packed"]
    await shop_steps.put_step(shop.desk, shop.id, replace(packed, logged_by="orders"))
    with pytest.raises(NotTheirs):
        await log(shop, "packed")
    assert (await shop.row()).state == "received"
    await log(shop, "packed", "jocke")
    await log(shop, "packed", "olga", as_owner=True)
    await log(shop, "packed", "anders", source="api")
    assert [e.step for e in await shop.events()].count("packed") == 3


async def test_a_team_that_is_not_there_cannot_be_the_only_one(shop: Shop) -> None:
    packed = (await cast(shop)).steps["packed"]
    with pytest.raises(Invalid):
        await shop_steps.put_step(shop.desk, shop.id, replace(packed, logged_by="moon"))


@pytest.mark.parametrize("source", ["staff", "api", "import"])
async def test_a_step_long_before_its_order_is_refused(shop: Shop, source: str) -> None:
    await shop.order()
    long_ago = Moment(PLACED.replace(year=2001), "UTC", "minute")
    with pytest.raises(Invalid, match="before the order was placed"):
        await log(shop, "packed", at=long_ago, source=source)
    await log(shop, "packed", at=Moment(PLACED - timedelta(hours=20), "UTC", "minute"), source=source)


async def test_what_a_shop_system_says_of_its_own_order_is_taken_as_it_is(shop: Shop) -> None:
    await shop.order()
    await log(shop, "shipped", at=Moment(PLACED - timedelta(days=9), "UTC", "minute"), source="shopify:abc")
    assert (await shop.row()).state == "shipped"


async def test_an_order_that_came_without_a_day_takes_what_happened_before_it_came(shop: Shop) -> None:
    await shop.order(placed_at=None)
    await log(shop, "picked", at=Moment(PLACED - timedelta(days=9), "UTC", "minute"), source="api")
    assert (await shop.row()).state == "picked"
    await shop.order(placed_at=PLACED)
    with pytest.raises(Invalid):
        await log(shop, "packed", at=Moment(PLACED - timedelta(days=9), "UTC", "minute"), source="api")


async def test_what_is_not_said_anew_is_what_stands_when_it_is_written(shop: Shop) -> None:
    """Whoever changes the words meanwhile does not undo whose step it is."""
    before = (await cast(shop)).steps["packed"]
    await shop_steps.put_step(shop.desk, shop.id, replace(before, logged_by="warehouse"))
    step, new = await shop_steps.make_step(
        shop.desk, shop.id, "packed", lambda old: replace(before, logged_by=old.logged_by if old else None, icon="box")
    )
    assert (step.logged_by, new) == ("warehouse", False)
    assert (await cast(shop)).steps["packed"] == step


async def test_a_step_beside_the_way_is_not_put_over_one_that_came_meanwhile(shop: Shop) -> None:
    await add(shop, "gift", "picked")
    with pytest.raises(Conflict):
        await shop_steps.add_step(shop.desk, shop.id, replace(GIFT, effect="pause"), None)
    assert (await cast(shop)).steps["gift"].effect == "advance"
    await shop_steps.add_step(shop.desk, shop.id, replace(GIFT, key="waits", effect="pause"), None)
    assert (await cast(shop)).steps["waits"].position == 0
