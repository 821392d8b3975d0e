"""The steps in a real browser: moved by keyboard and by dragging, and a sentence that is shown while it is typed."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect

from storefront_trace.actions import shop_steps
from storefront_trace.actions.steps import StepToLog, log_step
from storefront_trace.domain.shop import ShopStep
from storefront_trace.storage import shops
from tests.people import Shop
from tests.web.owner.test_desk import desk_page, served

__all__ = ["desk_page", "served"]
WITH_SCRIPTS = pytest.mark.parametrize("desk_page", ["with scripts"], indirect=True)
GIFT = ShopStep(
    "gift", 0, "advance", "gift", "warehouse", {"sv": "Inslagen"}, {"sv": "Slås in"}, {"sv": "{name} slog in allt."}
)


async def way(shop: Shop) -> list[str]:
    async with shop.desk.db.read() as conn:
        return [step.key for step in (await shops.get_cast(conn, shop.id)).steps_in_order if step.position][:4]


async def test_a_step_goes_down_and_up_by_keyboard_alone_without_looking_for_it_again(
    desk_page: Page, served: tuple[Shop, str]
) -> None:
    shop, _ = served
    await shop_steps.add_step(shop.desk, shop.id, GIFT, "received")
    await desk_page.goto("/owner/steps")
    down, up = desk_page.get_by_label("Flytta ner Inslagen"), desk_page.get_by_label("Flytta upp Inslagen")
    await down.focus()
    for after in (["received", "picked", "gift"], ["received", "picked", "packed", "gift"]):
        await desk_page.keyboard.press("Enter")
        await expect(desk_page.locator("[data-drag] > li").nth(len(after) - 1)).to_have_id("step-gift")
        await expect(down).to_be_focused()
        assert (await way(shop))[: len(after)] == after
    await desk_page.keyboard.press("Shift+Tab")
    await expect(up).to_be_focused()
    await desk_page.keyboard.press("Enter")
    await expect(desk_page.locator("[data-drag] > li").nth(2)).to_have_id("step-gift")
    await expect(up).to_be_focused()


@WITH_SCRIPTS
async def test_a_step_is_dragged_by_its_drawing(desk_page: Page, served: tuple[Shop, str]) -> None:
    shop, _ = served
    await shop_steps.add_step(shop.desk, shop.id, GIFT, "packed")
    await desk_page.set_viewport_size({"width": 1280, "height": 1400})
    await desk_page.goto("/owner/steps")
    grip = desk_page.locator("#step-gift .grip")
    await grip.hover()
    await grip.drag_to(desk_page.locator("#step-received"), target_position={"x": 100, "y": 80})
    await expect(desk_page.get_by_role("status")).to_contain_text("Flyttat")
    assert await way(shop) == ["received", "gift", "picked", "packed"]


@WITH_SCRIPTS
async def test_what_is_typed_is_read_on_a_real_order_at_once_and_nothing_is_saved(
    desk_page: Page, served: tuple[Shop, str]
) -> None:
    shop, _ = served
    await shop.order()
    await log_step(shop.desk, shop.id, "1001", StepToLog("packed", by="anders"))
    await desk_page.goto("/owner/steps/packed")
    real = desk_page.locator("#readings\\.sv .real")
    await expect(real).to_contain_text("Anders på lagret packade")
    sentence = desk_page.locator("#sentence\\.sv")
    await sentence.fill("{name} la allt i en låda.")
    await expect(real).to_contain_text("Anders la allt i en låda.")
    await sentence.fill("{namn} la allt i en låda.")
    mend = desk_page.locator("#readings\\.sv .mend")
    await expect(mend).to_contain_text("{namn} finns inte (tecken 1). Menar du {name}?")
    assert await sentence.input_value() == "{namn} la allt i en låda.", "what is typed stays"
    async with shop.desk.db.read() as conn:
        kept = (await shops.get_cast(conn, shop.id)).steps["packed"].sentences["sv"]
    assert "låda" not in kept
