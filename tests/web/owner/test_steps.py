from __future__ import annotations

import re
from typing import Any

from storefront_trace.domain.shop import ShopStep
from storefront_trace.domain.steps import DEFAULT_STEPS
from storefront_trace.storage import shops
from tests.people import Shop

PATH = "/owner/steps/packed"
PACKED = next(step for step in DEFAULT_STEPS if step.key == "packed")
ENGLISH = {"Accept-Language": "en"}
NEW = {"name": "Inslagen", "sentence": "{name} slog in allt {when}.", "after": "picked", "team": "warehouse"}


async def step(shop: Shop, key: str) -> ShopStep:
    async with shop.desk.db.read() as conn:
        return (await shops.get_cast(conn, shop.id)).steps[key]


def form_of(found: ShopStep) -> dict[str, Any]:
    """What a browser sends when nothing was touched."""
    texts = {
        f"{name}.{language}": words.get(language, "")
        for name, words in (("name", found.names), ("next_name", found.next_names), ("sentence", found.sentences))
        for language in ("sv", "en")
    }
    told = {"icon": found.icon, "team": found.team or "", "expected_hours": f"{(found.expected_minutes or 0) / 60:g}"}
    return {**texts, **told, "chips": list(found.chips), "asks_feedback": "1", "visible": "1"}


async def test_saving_an_untouched_form_changes_nothing(shop: Shop, signed_in: Any) -> None:
    before = await step(shop, "packed")
    answer = await (await signed_in("olga")).post(PATH, data=form_of(before))
    assert (answer.status_code, answer.headers["location"]) == (303, f"{PATH}?said=saved")
    assert await step(shop, "packed") == before


async def test_a_new_sentence_stands_on_the_customers_page_at_once(shop: Shop, signed_in: Any, client: Any) -> None:
    await shop.order()
    received = await step(shop, "received")
    page = f"/t/{await shop.token()}?lang=sv"
    assert "Vi på" not in (await client.get(page)).text
    form = form_of(received) | {"sentence.sv": "Vi på {shop} tog emot din beställning {when}."}
    await (await signed_in("olga")).post("/owner/steps/received", data=form)
    assert "Vi på Roliga Ting tog emot din beställning" in (await client.get(page)).text


async def test_a_sentence_that_cannot_be_read_is_refused_with_the_place_and_kept(shop: Shop, signed_in: Any) -> None:
    before = await step(shop, "packed")
    form = form_of(before) | {"sentence.sv": "{name} packade {allt}."}
    answer = await (await signed_in("olga")).post(PATH, data=form, headers=ENGLISH)
    assert answer.status_code == 422
    assert 'href="#sentence.sv"' in answer.text
    assert "There is no {allt} (character 16)." in answer.text
    assert "{name} packade {allt}." in answer.text
    assert await step(shop, "packed") == before


async def test_the_shops_own_language_cannot_be_left_empty_but_another_can(shop: Shop, signed_in: Any) -> None:
    owner, form = await signed_in("olga"), form_of(await step(shop, "packed"))
    assert (await owner.post(PATH, data=form | {"sentence.sv": ""})).status_code == 422
    assert (await owner.post(PATH, data=form | {"sentence.en": ""})).status_code == 303
    assert (await step(shop, "packed")).sentences["en"] == PACKED.sentences["en"], "our own words stand in"


async def test_a_preview_shows_the_sentence_for_a_person_for_the_team_and_bare_and_saves_nothing(
    shop: Shop, signed_in: Any
) -> None:
    before = await step(shop, "packed")
    form = form_of(before) | {"sentence.en": "{name}[ of {role}] boxed it[ for {to}].", "preview": "1"}
    answer = await (await signed_in("olga")).post(PATH, data=form, headers=ENGLISH)
    assert answer.status_code == 200
    for reading in (
        "Olga of the warehouse boxed it for the order team.",
        "The warehouse team boxed it.",
        "Olga boxed it.",
    ):
        assert reading in answer.text
    assert answer.text.count('class="portrait') >= 3, "each beside who did it"
    assert await step(shop, "packed") == before


async def test_the_shops_own_language_lies_open_and_one_with_something_to_mend(shop: Shop, signed_in: Any) -> None:
    owner, form = await signed_in("olga"), form_of(await step(shop, "packed"))
    assert open_tongues((await owner.get(PATH)).text) == ["sv"]
    answer = await owner.post(PATH, data=form | {"sentence.fi": "{name} pakkasi {kaiken}."}, headers=ENGLISH)
    assert "fi" in open_tongues(answer.text)
    assert 'aria-live="polite"><p class="mend">There is no {kaiken} (character 16).' in answer.text


def open_tongues(page: str) -> list[str]:
    return re.findall(r'<details class="tongue" open>\s*<summary><h2 class="label" lang="(\w+)"', page)


async def test_what_a_form_does_not_show_is_kept(shop: Shop, signed_in: Any) -> None:
    from dataclasses import replace

    from storefront_trace.actions.shops import put_step

    packed = await step(shop, "packed")
    richer = replace(
        packed,
        methods=("parcel", "local"),
        sentences={**packed.sentences, "fi": "{name} pakkasi."},
        chips=("gift", *packed.chips),
    )
    await put_step(shop.desk, shop.id, richer)
    owner = await signed_in("olga")
    assert "{name} pakkasi." in (await owner.get(PATH)).text
    form = form_of(packed) | {"sentence.fi": "{name} pakkasi.", "chips": ["careful"], "expected_hours": "1,5"}
    del form["asks_feedback"]
    await owner.post(PATH, data=form)
    found = await step(shop, "packed")
    assert (found.chips, found.methods) == (("gift", "careful"), ("parcel", "local"))
    assert (found.expected_minutes, found.asks_feedback) == (90, False)
    assert found.sentences["fi"] == "{name} pakkasi."


async def test_hours_and_teams_that_make_no_sense_are_refused(shop: Shop, signed_in: Any) -> None:
    owner, form = await signed_in("olga"), form_of(await step(shop, "packed"))
    for wrong in ({"expected_hours": "soon"}, {"expected_hours": "-1"}, {"expected_hours": "nan"}, {"team": "moon"}):
        assert (await owner.post(PATH, data=form | wrong)).status_code == 422, wrong


async def test_a_new_step_comes_between_two_others(shop: Shop, signed_in: Any) -> None:
    owner = await signed_in("olga")
    answer = await owner.post("/owner/steps", data=NEW)
    assert answer.headers["location"] == "/owner/steps/inslagen?said=added"
    places = [(await step(shop, key)).position for key in ("picked", "inslagen", "packed")]
    assert places == sorted(set(places))
    assert (await owner.get("/owner/steps/inslagen")).status_code == 200


async def test_a_new_step_that_is_refused_keeps_what_was_typed(signed_in: Any) -> None:
    owner = await signed_in("olga")
    answer = await owner.post("/owner/steps", data=NEW | {"sentence": "{name} slog in [allt."})
    assert answer.status_code == 422
    assert "{name} slog in [allt." in answer.text and 'value="Inslagen"' in answer.text
    assert (await owner.post("/owner/steps", data=NEW | {"name": "packad"})).status_code == 422
    assert (await owner.get("/owner/steps/nowhere")).status_code == 404


async def test_a_misspelt_placeholder_is_named_and_the_right_one_offered(shop: Shop, signed_in: Any) -> None:
    owner, form = await signed_in("olga"), form_of(await step(shop, "packed"))
    for wrong, meant in (("namn", "name"), ("naem", "name"), ("När", "when"), ("Paket", "parcel")):
        answer = await owner.post(PATH, data=form | {"sentence.sv": f"{{{wrong}}} packade."}, headers=ENGLISH)
        assert f"There is no {{{wrong}}} (character 1). Do you mean {{{meant}}}?" in answer.text
    answer = await owner.post(PATH, data=form | {"sentence.sv": "{name} packade {allt}."}, headers=ENGLISH)
    assert "Use one of {name}, {role}, {when}" in answer.text and "Do you mean" not in answer.text


async def test_a_step_can_be_for_one_team_alone(shop: Shop, signed_in: Any) -> None:
    owner, form = await signed_in("olga"), form_of(await step(shop, "packed"))
    assert (await owner.post(PATH, data=form | {"logged_by": "moon"})).status_code == 422
    stuck = await owner.post(PATH, data=form | {"logged_by": "orders"}, headers=ENGLISH)
    assert stuck.status_code == 422 and "wait for a team that could not log it" in stuck.text
    await owner.post(PATH, data=form | {"logged_by": "warehouse"})
    assert (await step(shop, "packed")).logged_by == "warehouse"
    assert "Only the warehouse team logs it" in (await owner.get("/owner/steps", headers=ENGLISH)).text
    await owner.post(PATH, data=form)
    assert (await step(shop, "packed")).logged_by == "warehouse", "a form that does not show it keeps it"
    await owner.post(PATH, data=form | {"logged_by": ""})
    assert (await step(shop, "packed")).logged_by is None
