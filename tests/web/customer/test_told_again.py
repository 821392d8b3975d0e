"""A shop system that knows more of a step later takes it back and tells it anew. To the customer it is one step: what
she has said of it stands, and the addresses that she was sent lead to it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import httpx2
import pytest

from storefront_trace.actions import feedback
from storefront_trace.actions.feedback import Answer
from storefront_trace.actions.incoming import apply_incoming
from storefront_trace.domain.incoming import IncomingParcel, IncomingStep, IncomingStepTakenBack
from storefront_trace.storage import feedback as rows
from storefront_trace.storage.feedback import Feedback
from tests.people import Shop

EN = {"Accept-Language": "en"}
SHOPIFY = "shopify:x"


async def tell_shipped(shop: Shop, minute: int, number: str | None = None) -> None:
    """Shopify's word on the first fulfilment, as of that minute."""
    now = datetime.now(UTC)
    fact = IncomingStep(
        None, "1001", "shipped", now - timedelta(hours=1), "UTC", "minute", "fulfillment:1",
        updated_at=now - timedelta(minutes=30 - minute),
        parcel=IncomingParcel("f1", "PostNord", number) if number else None,
    )  # fmt: skip
    await apply_incoming(shop.desk, shop.id, [fact], source=SHOPIFY)


async def take_back(shop: Shop) -> None:
    fact = IncomingStepTakenBack(None, "1001", "fulfillment:1:gone", "fulfillment:1", None, False)
    await apply_incoming(shop.desk, shop.id, [fact], source=SHOPIFY)


async def shipped(client: httpx2.AsyncClient, shop: Shop) -> str:
    """The step's address as the page has it now."""
    told = (await client.get(f"/t/{await shop.token()}.json")).json()["events"]
    (event,) = [one["id"] for one in told if one["step"] == "shipped"]
    return f"/t/{await shop.token()}/steps/{event}"


async def said(shop: Shop) -> list[Feedback]:
    async with shop.desk.db.read() as conn:
        return await rows.list_feedback(conn, shop.id)


@pytest.fixture(autouse=True)
async def ordered(shop: Shop) -> None:
    await shop.order()
    await tell_shipped(shop, 0)


@pytest.mark.parametrize("taken_back_between", [False, True])
async def test_thanks_stand_on_the_page_when_the_number_comes_and_count_once(
    shop: Shop, client: httpx2.AsyncClient, taken_back_between: bool
) -> None:
    first = await shipped(client, shop)
    await client.post(f"{first}/feedback", data={"choice": "thanks"})
    if taken_back_between:
        await take_back(shop)
    await tell_shipped(shop, 1, "RR123456785SE")
    await tell_shipped(shop, 2, "RR123456799SE")
    now = await shipped(client, shop)
    assert now != first
    page = (await client.get(f"/t/{await shop.token()}", headers=EN)).text
    assert "You thanked the warehouse team" in page and "Thank the warehouse team" not in page
    await client.post(f"{now}/feedback", data={"choice": "thanks", "words": "Fast!"})
    (thanks,) = await said(shop)
    assert thanks.words == "Fast!"


async def test_the_form_that_she_had_open_saves_her_answer_on_the_step_as_it_stands(
    shop: Shop, client: httpx2.AsyncClient
) -> None:
    first = await shipped(client, shop)
    await tell_shipped(shop, 1, "RR123456785SE")
    now = await shipped(client, shop)
    form = await client.get(f"{first}/feedback", headers=EN)
    assert form.status_code == 200
    answer = await client.post(f"{first}/feedback", data={"choice": "concern", "words": "Slow."})
    assert answer.status_code == 303 and answer.headers["location"].endswith(f"#step-{now.split('/')[-1]}")
    assert "You told us" in (await client.get(f"/t/{await shop.token()}", headers=EN)).text
    assert [one.words for one in await said(shop)] == ["Slow."]


async def test_thanks_for_a_step_by_both_its_names_are_one(shop: Shop, client: httpx2.AsyncClient) -> None:
    first = (await shipped(client, shop)).split("/")[-1]
    await tell_shipped(shop, 1, "RR123456785SE")
    now = (await shipped(client, shop)).split("/")[-1]
    order_id = (await shop.row()).id
    assert await feedback.thank_steps(shop.desk, shop.id, order_id, [first, now], Answer("thanks")) == 1
    assert len(await said(shop)) == 1
