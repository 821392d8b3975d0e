from __future__ import annotations

from typing import Any

import httpx2

from storefront_trace.actions.chips import end_chip, put_chip
from storefront_trace.actions.steps import StepToLog, log_step
from storefront_trace.domain.shop import Cast
from storefront_trace.storage import shops
from tests.people import Shop

RIBBON = {"kind": "thanks", "word.sv": "fint band", "word.en": "lovely ribbon", "steps": ["packed"]}
SV = {"Accept-Language": "sv"}
EN = {"Accept-Language": "en"}


async def cast(shop: Shop) -> Cast:
    async with shop.desk.db.read() as conn:
        return await shops.get_cast(conn, shop.id)


async def thanked_form(shop: Shop) -> str:
    """The URL of the form about Anders's packing."""
    await shop.order()
    step = (await log_step(shop.desk, shop.id, "1001", StepToLog("packed", "anders"))).event.id
    return f"/t/{await shop.token()}/steps/{step}/feedback"


async def test_a_word_of_the_shops_own_is_there_for_customers_in_their_language(
    shop: Shop, signed_in: Any, client: httpx2.AsyncClient
) -> None:
    answer = await (await signed_in("olga")).post("/owner/chips", data=RIBBON)
    assert (answer.status_code, answer.headers["location"]) == (303, "/owner/steps?said=added#chips")
    url = await thanked_form(shop)
    await client.post(url, data={"choice": "thanks", "chips": "own_fint_band"})
    page = url.split("/steps/")[0]
    assert "fint band" in (await client.get(page, headers=SV)).text
    assert "lovely ribbon" in (await client.get(page, headers=EN)).text
    form = (await client.get(f"{url}?choice=thanks", headers=SV)).text
    assert 'value="own_fint_band" checked' in form


async def test_what_was_said_with_a_word_that_is_gone_keeps_it_and_nobody_else_is_offered_it(
    shop: Shop, signed_in: Any, client: httpx2.AsyncClient
) -> None:
    owner = await signed_in("olga")
    await owner.post("/owner/chips", data=RIBBON)
    url = await thanked_form(shop)
    await client.post(url, data={"choice": "thanks", "chips": "own_fint_band"})
    answer = await owner.post("/owner/chips/own_fint_band", data={"end": "1"})
    assert answer.headers["location"] == "/owner/steps?said=chip-gone#chips"
    assert "fint band" not in (await client.get(url, headers=SV)).text
    assert "fint band" in (await (await signed_in("anders")).get("/staff/thanks", headers=SV)).text
    again = await client.post(url, data={"choice": "thanks"})
    assert again.status_code == 303
    assert "fint band" not in (await owner.get("/owner/steps")).text
    assert "fint band" not in (await owner.get("/owner/steps/packed")).text


async def test_its_words_can_be_changed_and_its_steps_chosen_where_the_others_are(shop: Shop, signed_in: Any) -> None:
    owner = await signed_in("olga")
    await owner.post("/owner/chips", data=RIBBON)
    await owner.post("/owner/chips/own_fint_band", data={"word.sv": "snyggt band", "word.en": ""})
    found = await cast(shop)
    assert found.own_chips["own_fint_band"].names == {"sv": "snyggt band"}
    assert "own_fint_band" in found.steps["packed"].chips
    assert "snyggt band" in (await owner.get("/owner/steps/shipped")).text


async def test_a_word_that_is_there_already_or_too_long_is_refused_at_its_field(shop: Shop, signed_in: Any) -> None:
    owner = await signed_in("olga")
    for word in ("väl packat", "a" * 41, ""):
        answer = await owner.post("/owner/chips", data=RIBBON | {"word.sv": word})
        assert answer.status_code == 422
        assert 'id="word.new.sv"' in answer.text and 'href="#word.new.sv"' in answer.text
        assert 'value="lovely ribbon"' in answer.text
    assert (await cast(shop)).own_chips == {}


async def test_the_last_of_thirty_takes_the_form_away(shop: Shop, signed_in: Any) -> None:
    for number in range(30):
        await put_chip(shop.desk, shop.id, f"own_{number}", "thanks", {"sv": f"ord {number}"})
    owner = await signed_in("olga")
    assert 'action="/owner/chips"' not in (await owner.get("/owner/steps")).text
    assert (await owner.post("/owner/chips", data=RIBBON)).status_code == 422
    for _ in range(2):
        await end_chip(shop.desk, shop.id, "own_3")
    assert (await owner.post("/owner/chips", data=RIBBON)).status_code == 303
