"""The customer's own say in what hangs on the wall of thanks: asked once words were given, taken back at any time."""

from __future__ import annotations

import re
from datetime import timedelta

import httpx2
import pytest
import time_machine

from storefront_trace.actions import corrections, feedback
from storefront_trace.actions.feedback import Answer
from storefront_trace.domain.clock import now_micros
from storefront_trace.domain.moments import from_micros
from storefront_trace.storage.feedback import Feedback
from tests.hanging import customer_says, hanging, on_the_wall, reread, thanked
from tests.people import Shop

WORDS = "Vilket fint paket!"
ASKED = "Får butiken visa de här orden på sin tackvägg: på en skärm i butiken och på papper?"
WITH_NAME = "Butiken får visa de här orden på sin tackvägg, med ditt förnamn."


async def page(shop: Shop, client: httpx2.AsyncClient) -> str:
    return (await client.get(f"/t/{await shop.token()}?lang=sv")).text


def answers(text: str) -> list[str]:
    return re.findall(r'name="wall" value="(\w+)"', text)


async def send(shop: Shop, client: httpx2.AsyncClient, said: Feedback, says: str) -> httpx2.Response:
    return await client.post(f"/t/{await shop.token()}/steps/{said.event_id}/wall", data={"wall": says})


async def test_who_has_written_is_asked_and_nothing_is_chosen_for_her(shop: Shop, client: httpx2.AsyncClient) -> None:
    said = await thanked(shop, WORDS)
    text = await page(shop, client)
    assert ASKED in text and answers(text) == ["name", "nameless"]
    assert (await reread(shop, said)).wall is None


async def test_she_reads_his_answer_before_she_is_asked(shop: Shop, client: httpx2.AsyncClient) -> None:
    said, anders = await thanked(shop, WORDS), await shop.person_id("anders")
    await feedback.reply(shop.desk, shop.id, said.id, by_person=anders, as_owner=False, words="Det värmer!")
    text = await page(shop, client)
    assert text.index(WORDS) < text.index("Det värmer!") < text.index(ASKED)


async def test_she_says_yes_and_takes_it_back_on_her_page(shop: Shop, client: httpx2.AsyncClient) -> None:
    said = await thanked(shop, WORDS)
    answer = await send(shop, client, said, "name")
    assert answer.status_code == 303 and answer.headers["location"].endswith(f"#step-{said.event_id}")
    text = await page(shop, client)
    assert WITH_NAME in text and ASKED not in text and answers(text) == ["no"]
    await send(shop, client, said, "no")
    assert ASKED in await page(shop, client)


@pytest.mark.parametrize(("choice", "words"), [("concern", "Lådan var stor."), ("thanks", "")])
async def test_she_is_not_asked_of_a_concern_or_without_words(
    shop: Shop, client: httpx2.AsyncClient, choice: str, words: str
) -> None:
    said = await thanked(shop, WORDS)
    await feedback.save_feedback(shop.desk, shop.id, said.order_id, said.event_id, Answer(choice, words=words))
    assert answers(await page(shop, client)) == []
    assert (await send(shop, client, said, "name")).status_code == 409


async def test_after_two_weeks_the_words_stand_and_her_yes_can_still_be_taken_back(
    shop: Shop, client: httpx2.AsyncClient
) -> None:
    said = await on_the_wall(shop, WORDS)
    with time_machine.travel(from_micros(now_micros()) + timedelta(days=20), tick=False):
        assert answers(await page(shop, client)) == ["no"]
        assert (await send(shop, client, said, "no")).status_code == 303
    assert await hanging(shop) == []


async def test_of_a_step_that_was_taken_back_too(shop: Shop, client: httpx2.AsyncClient) -> None:
    said = await thanked(shop, WORDS)
    await customer_says(shop, said)
    await corrections.correct_event(shop.desk, shop.id, "1001", said.event_id, by="anders", source="staff")
    assert answers(await page(shop, client)) == ["no"]
    assert (await send(shop, client, said, "no")).status_code == 303
    assert answers(await page(shop, client)) == []


async def test_looking_says_nothing(shop: Shop, client: httpx2.AsyncClient) -> None:
    said = await thanked(shop, WORDS)
    assert (await client.get(f"/t/{await shop.token()}/steps/{said.event_id}/wall?wall=name")).status_code == 405
    assert (await reread(shop, said)).wall is None


@pytest.mark.parametrize("says", ["", "yes", "x" * 500])
async def test_an_answer_that_is_none_is_refused(shop: Shop, client: httpx2.AsyncClient, says: str) -> None:
    said = await thanked(shop, WORDS)
    assert (await send(shop, client, said, says)).status_code == 422
    assert (await reread(shop, said)).wall is None
