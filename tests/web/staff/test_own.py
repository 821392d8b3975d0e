from __future__ import annotations

from typing import Any

import httpx2
import pytest
import time_machine

from storefront_trace.actions import people, privacy, questions, steps
from storefront_trace.actions.steps import StepToLog
from storefront_trace.domain.incoming import IncomingLine
from storefront_trace.storage import people as person_rows
from tests.people import SOON_AFTER, STAFF, Shop

SignIn = Any
LINE = "Fråga mig om <allt>!"


async def say(client: httpx2.AsyncClient, **fields: Any) -> httpx2.Response:
    return await client.post("/staff/me/words", data=fields)


async def hold(shop: Shop, **changes: Any) -> str:
    """Karin's page, with her order in the hands of Anders."""
    await shop.order(lines=(IncomingLine("1", "Skrattande mugg", 1),))
    await steps.log_step(shop.desk, shop.id, "1001", StepToLog("received", by="jocke", hand_to="anders", **changes))
    return f"/t/{await shop.token()}"


@time_machine.travel(SOON_AFTER)
async def test_ones_line_stands_under_ones_name_while_one_has_the_order(shop: Shop, signed_in: SignIn) -> None:
    page, anders = await hold(shop), await signed_in("anders")
    assert (await say(anders, **{"greeting-sv": LINE})).headers["location"] == "/staff/me?done=words"
    text = (await anders.get(f"{page}?lang=sv")).text
    assert '<blockquote class="voice">Fråga mig om &lt;allt&gt;!</blockquote>' in text
    assert "Anders, till alla som beställer här" in text
    assert LINE.partition("<")[0] not in (await anders.get(f"{page}?lang=fi")).text
    await say(anders)
    assert "Fråga mig om" not in (await anders.get(f"{page}?lang=sv")).text


async def test_a_note_about_the_order_goes_before_the_line_to_everybody(shop: Shop, signed_in: SignIn) -> None:
    page, anders = await hold(shop, note="Nu packar Anders."), await signed_in("anders")
    await say(anders, **{"greeting-sv": LINE})
    text = (await anders.get(f"{page}?lang=sv")).text
    assert "Nu packar Anders." in text and "Fråga mig om" not in text


async def test_nobody_says_hello_beside_bad_news(shop: Shop, signed_in: SignIn) -> None:
    await say(await signed_in("anders"), **{"greeting-sv": LINE})
    page = await hold(shop)
    await steps.log_step(shop.desk, shop.id, "1001", StepToLog("delayed", by="anders"))
    assert "Fråga mig om" not in (await (await signed_in("anders")).get(f"{page}?lang=sv")).text


async def test_who_is_the_team_says_nothing_of_their_own(shop: Shop, signed_in: SignIn) -> None:
    page, anders = await hold(shop), await signed_in("anders")
    await say(anders, **{"greeting-sv": LINE, "role-sv": "packbordet vid fönstret", "languages": ["sv", "fi"]})
    shown = (await anders.get(f"{page}?lang=sv")).text
    assert "packbordet vid fönstret" in shown and "svarar på svenska och finska" in shown
    await people.choose_visibility(shop.desk, shop.id, await shop.person_id("anders"), "team", locale="sv")
    text = (await anders.get(f"{page}?lang=sv")).text
    assert not [word for word in ("Fråga mig om", "packbordet", "svarar på svenska") if word in text]


async def test_the_owners_words_for_ones_work_come_back_when_ones_own_are_taken_away(
    shop: Shop, signed_in: SignIn
) -> None:
    page, anders = await hold(shop), await signed_in("anders")
    await say(anders, **{"role-sv": "packbordet"})
    await people.put_person(shop.desk, shop.id, "anders", STAFF["anders"])
    assert "på packbordet" in (await anders.get(f"{page}?lang=sv")).text
    await say(anders)
    assert "på lagret" in (await anders.get(f"{page}?lang=sv")).text


async def test_where_one_asks_it_says_in_which_languages_the_answer_can_be(shop: Shop, signed_in: SignIn) -> None:
    page, anders = await hold(shop), await signed_in("anders")
    assert "answers in" not in (await anders.get(f"{page}/questions?lang=en")).text
    await say(anders, languages=["sv", "nb"])
    for where in (page, f"{page}/questions"):
        assert "Anders answers in Swedish and Norwegian." in (await anders.get(f"{where}?lang=en")).text
    assert "Anders vastaa näillä kielillä: ruotsi ja norja." in (await anders.get(f"{page}?lang=fi")).text


async def test_a_question_is_offered_first_to_who_can_answer_it(shop: Shop, signed_in: SignIn) -> None:
    await hold(shop)
    order_id = (await shop.row()).id
    await questions.ask(shop.desk, shop.id, order_id, "Milloin se tulee?", locale="fi")
    sam = await signed_in("sam")
    await say(sam, languages=["fi"])
    text = (await (await signed_in("anders")).get("/staff/questions?lang=sv")).text
    tiles = text.split('<span class="tile__name">')[1:]
    assert tiles[0].startswith("Sam <small") and "svarar på finska" in tiles[0]
    assert tiles[1].startswith("Jocke</span>") and text.count("svarar på finska") == 1


async def test_what_one_often_writes_is_a_tap_away_in_an_answer(shop: Shop, signed_in: SignIn) -> None:
    page, anders = await hold(shop), await signed_in("anders")
    asked = await questions.ask(shop.desk, shop.id, (await shop.row()).id, "Blir det i dag?", locale="sv")
    await say(anders, phrases="Skickas i <dag>.\nHör av dig!")
    text = (await anders.get("/staff/questions")).text
    assert text.count('name="phrase"') == 2 and 'value="Skickas i &lt;dag&gt;."' in text
    sent = {"words": "Ja!", "phrase": ["Skickas i <dag>."]}
    assert (await anders.post(f"/staff/questions/{asked}/answer", data=sent)).status_code == 303
    assert "Ja! Skickas i &lt;dag&gt;." in (await anders.get(page)).text


@pytest.mark.parametrize("field", ["role-sv", "greeting-sv", "phrases"])
async def test_what_is_too_long_is_shown_again_to_be_shortened(shop: Shop, signed_in: SignIn, field: str) -> None:
    anders = await signed_in("anders")
    answer = await say(anders, **{field: "x" * 300, "greeting-fi": "Kysy minulta."})
    assert answer.status_code == 422 and 'role="alert"' in answer.text
    assert "x" * 300 in answer.text and "Kysy minulta." in answer.text
    assert "Kysy minulta." not in (await anders.get("/staff/me")).text


async def test_ones_own_words_are_in_the_copy_and_go_when_one_is_erased(shop: Shop, signed_in: SignIn) -> None:
    await say(
        await signed_in("anders"), **{"role-sv": "packbordet", "greeting-sv": LINE, "languages": "sv", "phrases": "Hej"}
    )
    copy = (await privacy.export_person(shop.desk, shop.id, "anders"))["person"][0]
    own = ("own_roles", "greeting", "languages", "phrases")
    assert [copy[name] for name in own] == [{"sv": "packbordet"}, {"sv": LINE}, ["sv"], ["Hej"]]
    person_id = await shop.person_id("anders")
    await privacy.erase_person(shop.desk, shop.id, "anders")
    async with shop.desk.db.read() as conn:
        person = await person_rows.get_person_by_id(conn, shop.id, person_id)
    assert [getattr(person, name) for name in own] == [None] * 4
