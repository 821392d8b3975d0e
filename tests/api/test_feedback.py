from __future__ import annotations

import httpx2

from storefront_trace.actions import concerns, feedback, steps
from storefront_trace.actions.feedback import Answer
from storefront_trace.actions.steps import StepToLog
from storefront_trace.storage import feedback as rows
from tests.api.callers import machine
from tests.people import Shop


async def said(shop: Shop, number: str, choice: str, words: str = "") -> str:
    """Anders packs the order, the customer says this; the feedback's id."""
    order_id = await shop.order(number)
    packed = await steps.log_step(shop.desk, shop.id, number, StepToLog("packed", by="anders"))
    kept = await feedback.save_feedback(shop.desk, shop.id, order_id, packed.event.id, Answer(choice, (), words))
    return kept.id


async def test_an_item_says_who_did_what_and_what_was_answered(client: httpx2.AsyncClient, shop: Shop) -> None:
    api = await machine(client, shop)
    thanks = await said(shop, "1001", "thanks", "Vilka fina knutar!")
    anders = await shop.person_id("anders")
    await feedback.reply(shop.desk, shop.id, thanks, by_person=anders, as_owner=False, words="Tack själv!")
    item = (await api("GET", "/feedback")).json()["items"][0]
    packed = (await shop.events())[1].id
    assert {key: item[key] for key in ("id", "order", "event", "step", "person", "team", "choice", "chips")} == {
        "id": thanks,
        "order": "1001",
        "event": packed,
        "step": "packed",
        "person": "anders",
        "team": "warehouse",
        "choice": "thanks",
        "chips": [],
    }
    assert (item["words"], item["reply"], item["edited_at"]) == ("Vilka fina knutar!", "Tack själv!", None)
    assert [(reply["person"], reply["words"]) for reply in item["replies"]] == [("anders", "Tack själv!")]


async def test_concerns_are_for_tokens_that_may_read_feedback(client: httpx2.AsyncClient, shop: Shop) -> None:
    await said(shop, "1001", "thanks")
    await said(shop, "1002", "concern", "Muggen var sprucken")
    full, other = await machine(client, shop), await machine(client, shop, "orders:read")
    assert [i["choice"] for i in (await full("GET", "/feedback")).json()["items"]] == ["thanks", "concern"]
    assert [i["choice"] for i in (await other("GET", "/feedback")).json()["items"]] == ["thanks"]
    assert "sprucken" not in (await other("GET", "/people/anders/report")).text


async def test_feedback_is_listed_page_by_page_by_person_and_since(client: httpx2.AsyncClient, shop: Shop) -> None:
    api = await machine(client, shop)
    for number in ("1", "2", "3"):
        await said(shop, number, "thanks")
    first = (await api("GET", "/feedback?limit=2")).json()
    rest = (await api("GET", f"/feedback?limit=2&cursor={first['next_cursor']}")).json()
    assert [item["order"] for item in (*first["items"], *rest["items"])] == ["1", "2", "3"]
    assert rest["next_cursor"] is None
    assert len((await api("GET", "/feedback?person=anders")).json()["items"]) == 3
    assert (await api("GET", "/feedback?person=lisa")).json()["items"] == []
    assert (await api("GET", "/feedback?person=nobody")).status_code == 404
    assert (await api("GET", "/feedback", params={"since": "2100-01-01T00:00:00Z"})).json()["items"] == []


async def test_four_answers_stay_words(client: httpx2.AsyncClient, shop: Shop) -> None:
    for number in range(4):
        await said(shop, str(number), "thanks", f"Tack {number}")
    report = (await (await machine(client, shop))("GET", "/people/anders/report")).json()
    numbers = {key: report[key] for key in ("stage", "thanks", "concerns", "share", "band", "trend")}
    assert numbers == {"stage": "words", "thanks": None, "concerns": None, "share": None, "band": None, "trend": None}
    assert [item["words"] for item in report["latest"]] == ["Tack 3", "Tack 2", "Tack 1", "Tack 0"]


async def test_numbers_need_answers_and_concerns_need_the_scope(client: httpx2.AsyncClient, shop: Shop) -> None:
    for number in range(15):
        await said(shop, str(number), "concern" if number < 3 else "thanks")
    full = (await (await machine(client, shop))("GET", "/people/anders/report")).json()
    assert [full[key] for key in ("stage", "thanks", "concerns", "share", "band", "trend")] == [
        "early",
        12,
        3,
        80,
        [55, 93],
        None,
    ]
    other = (await (await machine(client, shop, "people:read"))("GET", "/people/anders/report")).json()
    assert [other[key] for key in ("stage", "thanks", "concerns", "share", "band", "trend")] == [
        "counts",
        12,
        None,
        None,
        None,
        None,
    ]


async def test_what_was_outside_the_persons_control_is_left_out_of_the_report(
    client: httpx2.AsyncClient, shop: Shop
) -> None:
    concern = await said(shop, "1001", "concern", "Fraktbolaget tappade paketet")
    await concerns.mark_outside(shop.desk, shop.id, concern)
    api = await machine(client, shop)
    assert (await api("GET", "/people/anders/report")).json()["latest"] == []
    assert len((await api("GET", "/feedback")).json()["items"]) == 1


async def test_another_shops_token_reads_no_feedback(client: httpx2.AsyncClient, shop: Shop) -> None:
    await said(shop, "1001", "thanks")
    nora = await machine(client, shop, other_shop=True)
    assert (await nora("GET", "/feedback")).json() == {"items": [], "next_cursor": None}
    async with shop.desk.db.read() as conn:
        assert len(await rows.list_feedback(conn, shop.id)) == 1
