"""/owner/steps: the order of the steps, and those that are taken away and brought back."""

from __future__ import annotations

import re
from typing import Any

from storefront_trace.actions.steps import StepToLog, log_step
from storefront_trace.storage import shops
from tests.people import Shop

PATH = "/owner/steps"
ENGLISH = {"Accept-Language": "en"}
GIFT = {"name": "Inslagen", "sentence": "{name} slog in allt {when}.", "after": "picked", "team": "warehouse"}


async def way(shop: Shop) -> list[str]:
    async with shop.desk.db.read() as conn:
        return [step.key for step in (await shops.get_cast(conn, shop.id)).steps_in_order if step.position][:6]


def arrows(page: str, key: str) -> dict[str, str]:
    """What the two buttons of a step send; one that can go no further sends nothing."""
    row = page.partition(f'id="step-{key}"')[2].partition("</li>")[0]
    found = re.findall(r'name="after" value="(\w*)" formaction="[^"]+way=(\w+)"[^>]*?( disabled)?(?: autofocus)?>', row)
    return {direction: after for after, direction, off in found if not off}


async def test_the_arrows_move_a_step_up_and_down_until_the_ends(shop: Shop, signed_in: Any) -> None:
    owner = await signed_in("olga")
    await owner.post(PATH, data=GIFT)
    assert arrows((await owner.get(PATH)).text, "packed") == {}, "the steps of every shop keep their place"
    assert arrows((await owner.get(PATH)).text, "inslagen") == {"up": "received", "down": "packed"}
    for after, found in (("received", ["received", "inslagen", "picked"]), ("packed", ["packed", "inslagen"])):
        answer = await owner.post(f"{PATH}/inslagen/move?way=up", data={"after": after})
        assert answer.headers["location"] == f"{PATH}?said=moved&moved=inslagen&way=up"
        assert [key for key in await way(shop) if key in found] == found
    await owner.post(f"{PATH}/inslagen/move?way=up", data={"after": "received"})
    assert arrows((await owner.get(PATH)).text, "inslagen") == {"down": "picked"}


async def test_the_button_that_was_pressed_is_at_hand_again_and_at_the_end_the_other(
    shop: Shop, signed_in: Any
) -> None:
    owner = await signed_in("olga")
    await owner.post(PATH, data=GIFT)
    there = (await owner.get(f"{PATH}?said=moved&moved=inslagen&way=up", headers=ENGLISH)).text
    assert re.search(r'aria-label="Move Inslagen up" autofocus', there) and "Moved." in there
    await owner.post(f"{PATH}/inslagen/move?way=up", data={"after": "received"})
    end = (await owner.get(f"{PATH}?said=moved&moved=inslagen&way=up", headers=ENGLISH)).text
    assert re.search(r'aria-label="Move Inslagen up" disabled>', end)
    assert re.search(r'aria-label="Move Inslagen down" autofocus', end)


async def test_a_place_that_there_is_not_is_refused_beside_the_step(shop: Shop, signed_in: Any) -> None:
    owner = await signed_in("olga")
    await owner.post(PATH, data=GIFT)
    for key, after in (("inslagen", "delivered"), ("inslagen", "nowhere"), ("inslagen", ""), ("packed", "received")):
        answer = await owner.post(f"{PATH}/{key}/move", data={"after": after})
        assert answer.status_code == 422 and f'href="#step-{key}"' in answer.text, (key, after)
    assert await way(shop) == ["received", "picked", "inslagen", "packed", "emailed", "shipped"]


async def test_a_step_that_is_taken_away_stays_on_the_pages_where_it_happened(
    shop: Shop, signed_in: Any, client: Any
) -> None:
    await shop.order()
    owner, page = await signed_in("olga"), f"/t/{await shop.token()}?lang=sv"
    await owner.post(PATH, data=GIFT)
    await log_step(shop.desk, shop.id, "1001", StepToLog("inslagen", by="anders"))
    assert "1 order is at it now." in (await owner.get(f"{PATH}/inslagen", headers=ENGLISH)).text
    answer = await owner.post(f"{PATH}/inslagen/away")
    assert answer.headers["location"] == f"{PATH}?said=step-gone"
    assert "Anders slog in allt" in (await client.get(page)).text
    assert (await owner.get(f"{PATH}/inslagen")).status_code == 404
    assert "inslagen" not in await way(shop)
    listed = (await owner.get(PATH)).text
    assert f'action="{PATH}/inslagen/back"' in listed
    assert re.search(r'aria-label="Ta tillbaka: Inslagen">.*?</svg> Ta tillbaka<', listed), "said as it is seen"
    taken = await owner.post(PATH, data=GIFT, headers=ENGLISH)
    assert taken.status_code == 422 and "Bring it back" in taken.text
    await owner.post(f"{PATH}/inslagen/back")
    assert await way(shop) == ["received", "picked", "inslagen", "packed", "emailed", "shipped"]


async def test_what_every_shop_has_is_not_taken_away(shop: Shop, signed_in: Any) -> None:
    owner = await signed_in("olga")
    assert "/shipped/away" not in (await owner.get(f"{PATH}/shipped")).text
    answer = await owner.post(f"{PATH}/shipped/away", headers=ENGLISH)
    assert answer.status_code == 422 and "Every shop has this step" in answer.text


async def test_a_step_for_any_time_makes_the_order_wait(shop: Shop, signed_in: Any) -> None:
    await shop.order()
    owner = await signed_in("olga")
    await owner.post(PATH, data=GIFT | {"name": "På lagning", "after": "anytime"})
    async with shop.desk.db.read() as conn:
        found = (await shops.get_cast(conn, shop.id)).steps["pa_lagning"]
    assert (found.position, found.effect) == (0, "pause")
    assert "pause/pa_lagning" in (await (await signed_in("anders")).get("/staff/orders/1001")).text


async def test_a_step_that_was_done_before_it_was_moved_is_not_still_to_come_for_the_customer(
    shop: Shop, signed_in: Any, client: Any
) -> None:
    await shop.order()
    owner, page = await signed_in("olga"), f"/t/{await shop.token()}?lang=sv"
    await owner.post(PATH, data=GIFT | {"after": "received", "name": "Presentinslagning"})
    assert "Presentinslagning" in (await client.get(page)).text
    await log_step(shop.desk, shop.id, "1001", StepToLog("presentinslagning", by="anders"))
    before = (await client.get(page)).text.count("Presentinslagning")
    await owner.post(f"{PATH}/presentinslagning/move", data={"after": "packed"})
    assert (await client.get(page)).text.count("Presentinslagning") == before
