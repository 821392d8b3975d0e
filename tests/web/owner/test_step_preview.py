"""A step's sentence on a real order of the shop, made by the customer's own page while it is typed."""

from __future__ import annotations

import html
import re
from typing import Any

from storefront_trace.actions.orders import revoke_links
from storefront_trace.actions.people import choose_visibility
from storefront_trace.actions.steps import StepToLog, log_step
from storefront_trace.domain.shop import LANGUAGES
from tests.people import Shop
from tests.web.owner.test_steps import PATH, form_of, step


def real(page: str, language: str) -> tuple[str, str]:
    """(what it is of, the sentence) in this language."""
    box = page.partition(f'id="readings.{language}"')[2].partition("</details>")[0]
    box = box.partition('class="real">')[2].partition("</li>")[0]
    found = re.findall(r"<p[^>]*>([^<]*)</p>", box)
    return (html.unescape(found[0]), html.unescape(found[1])) if found else ("", "")


async def preview(owner: Any, shop: Shop, **changes: str) -> str:
    form = form_of(await step(shop, "packed")) | {"preview": "1"} | changes
    return str((await owner.post(f"{PATH}?lang=en", data=form)).text)


async def test_it_is_the_sentence_on_the_customers_page(shop: Shop, signed_in: Any, client: Any) -> None:
    await shop.order()
    await log_step(shop.desk, shop.id, "1001", StepToLog("packed", by="anders", hand_to="lisa"))
    owner = await signed_in("olga")
    page = (await owner.get(f"{PATH}?lang=en")).text
    for language in LANGUAGES:
        label, said = real(page, language)
        assert label == "Order 1001, as its customer reads it"
        facts = (await client.get(f"/t/{await shop.token()}.json?lang={language}")).json()
        assert said == next(e["sentence"] for e in facts["events"] if e["step"] == "packed")


async def test_what_is_typed_is_shown_in_it_and_nothing_is_saved(shop: Shop, signed_in: Any) -> None:
    await shop.order()
    await log_step(shop.desk, shop.id, "1001", StepToLog("packed", by="anders"))
    owner, before = await signed_in("olga"), await step(shop, "packed")
    generation = (await shop.row()).version
    page = await preview(owner, shop, **{"sentence.sv": "{name} la allt i en låda[ till {to}]."})
    assert real(page, "sv")[1] == "Anders la allt i en låda."
    assert await step(shop, "packed") == before and (await shop.row()).version == generation


async def test_an_order_that_it_has_not_happened_to_is_told_of_as_the_team(shop: Shop, signed_in: Any) -> None:
    await shop.order()
    page = await preview(await signed_in("olga"), shop, **{"sentence.sv": "{name} packade {number}."})
    assert real(page, "sv") == ("Order 1001, if it happened now and nobody was named", "Lagerteamet packade 1001.")


async def test_another_order_can_be_chosen_and_one_that_is_not_there_cannot(shop: Shop, signed_in: Any) -> None:
    for number in ("1001", "1002"):
        await shop.order(number)
        await log_step(shop.desk, shop.id, number, StepToLog("packed", by="anders"))
    owner = await signed_in("olga")
    for number in ("1001", "1002"):
        assert f"Order {number}," in real(await preview(owner, shop, order=number), "sv")[0]
    assert "Order 1002," in real(await preview(owner, shop, order="9999"), "sv")[0]


async def test_who_is_shown_as_the_team_is_the_team_here_too(shop: Shop, signed_in: Any) -> None:
    await shop.order()
    await log_step(shop.desk, shop.id, "1001", StepToLog("packed", by="anders"))
    owner = await signed_in("olga")
    await choose_visibility(shop.desk, shop.id, await shop.person_id("anders"), "team", locale="sv")
    assert real(await preview(owner, shop), "sv")[1].startswith("Lagerteamet packade")


async def test_one_language_that_cannot_be_read_leaves_the_others_standing(shop: Shop, signed_in: Any) -> None:
    await shop.order()
    page = await preview(await signed_in("olga"), shop, **{"sentence.fi": "{name} pakkasi {kaiken}."})
    assert real(page, "fi") == ("", "") and real(page, "sv")[1].startswith("Lagerteamet packade")


async def test_a_hidden_step_is_previewed_too_and_said_to_be_hidden(shop: Shop, signed_in: Any) -> None:
    await shop.order()
    form = form_of(await step(shop, "packed")) | {"preview": "1"}
    del form["visible"]
    page = (await (await signed_in("olga")).post(f"{PATH}?lang=en", data=form)).text
    assert real(page, "sv")[1] and "Not shown to customers" in page


async def test_without_an_order_that_can_be_opened_the_examples_are_there(shop: Shop, signed_in: Any) -> None:
    owner = await signed_in("olga")
    page = (await owner.get(f"{PATH}?lang=en")).text
    assert 'name="order"' not in page and real(page, "sv") == ("", "") and "By the team" in page
    await shop.order()
    await revoke_links(shop.desk, shop.id, "1001")
    page = (await owner.get(f"{PATH}?lang=en")).text
    assert real(page, "sv") == ("", "") and "By the team" in page
