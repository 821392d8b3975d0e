from __future__ import annotations

from datetime import UTC, datetime, timedelta

import httpx2
import sqlalchemy as sa
import time_machine

from storefront_trace.actions import feedback
from storefront_trace.actions.corrections import correct_event
from storefront_trace.actions.steps import StepToLog, log_step
from storefront_trace.storage import feedback as rows
from storefront_trace.storage.feedback import Feedback
from storefront_trace.storage.tables import notice
from tests.people import Shop

SV = {"Accept-Language": "sv"}


async def packed(shop: Shop) -> str:
    """The URL of the form about Anders's packing."""
    await shop.order()
    step = (await log_step(shop.desk, shop.id, "1001", StepToLog("packed", "anders"))).event.id
    return f"/t/{await shop.token()}/steps/{step}/feedback"


async def said(shop: Shop) -> list[Feedback]:
    async with shop.desk.db.read() as conn:
        return await rows.list_feedback(conn, shop.id)


async def test_one_tap_thanks(shop: Shop, client: httpx2.AsyncClient) -> None:
    url = await packed(shop)
    answer = await client.post(url, data={"choice": "thanks"})
    assert answer.status_code == 303
    page = url.split("/steps/")[0]
    assert answer.headers["location"].startswith(f"{page}#step-")
    assert "Du tackade Anders" in (await client.get(page, headers=SV)).text
    (thanks,) = await said(shop)
    assert (thanks.choice, thanks.person_id) == ("thanks", await shop.person_id("anders"))


async def test_looking_changes_nothing_however_often(shop: Shop, client: httpx2.AsyncClient) -> None:
    url = await packed(shop)
    before = await shop.row()
    for choice in ("thanks", "concern"):
        for _ in range(10):
            page = await client.get(f"{url}?choice={choice}")
            assert page.status_code == 200
            await client.head(f"{url}?choice={choice}")
    assert await said(shop) == []
    assert await shop.row() == before


async def test_the_link_preselects_the_choice(shop: Shop, client: httpx2.AsyncClient) -> None:
    page = await client.get(f"{await packed(shop)}?choice=concern")
    assert 'value="concern" id="choice-concern" checked' in page.text


async def test_a_step_has_one_answer_which_can_be_edited_and_keeps_its_history(
    shop: Shop, client: httpx2.AsyncClient
) -> None:
    url = await packed(shop)
    form = {"choice": "thanks", "chips": ["well_packed", "fast"], "words": "Fint paket!"}
    await client.post(url, data=form)
    await client.post(url, data={"choice": "thanks"})
    (kept,) = await said(shop)
    assert (kept.chips, kept.words, kept.history) == (("well_packed", "fast"), "Fint paket!", ())
    await client.post(url, data={"choice": "concern", "words": "Muggen var trasig.", "contact": "1"})
    (edited,) = await said(shop)
    assert (edited.choice, edited.chips, edited.words, edited.contact) == ("concern", (), "Muggen var trasig.", True)
    assert [h["words"] for h in edited.history] == ["Fint paket!"]


async def test_after_two_weeks_an_answer_stands(shop: Shop, client: httpx2.AsyncClient) -> None:
    url = await packed(shop)
    await client.post(url, data={"choice": "thanks"})
    with time_machine.travel(datetime.now(UTC) + timedelta(days=14, minutes=1), tick=False):
        late = await client.post(url, data={"choice": "concern", "words": "Nej."})
        assert late.status_code == 409
        assert ">Nej.</textarea>" in late.text and "Det har gått två veckor sedan ditt svar" in late.text
    assert [f.choice for f in await said(shop)] == ["thanks"]


async def test_the_page_offers_a_change_for_as_long_as_one_is_taken(shop: Shop, client: httpx2.AsyncClient) -> None:
    start = datetime(2026, 11, 22, 12, tzinfo=UTC)
    with time_machine.travel(start, tick=False):
        url = await packed(shop)
        await client.post(url, data={"choice": "thanks", "words": "Fint!"})
    page = url.split("/steps/")[0]
    seen = []
    for later in (timedelta(days=14, seconds=-1), timedelta(days=14)):
        with time_machine.travel(start + later, tick=False):
            offered = f"{url}?choice=thanks" in (await client.get(page)).text
            taken = await client.post(url, data={"choice": "thanks", "words": str(later)})
        seen.append((offered, taken.status_code))
    assert seen == [(True, 303), (False, 409)]


async def test_a_refused_form_keeps_what_was_typed(shop: Shop, client: httpx2.AsyncClient) -> None:
    url = await packed(shop)
    answer = await client.post(url, data={"choice": "concern", "chips": "nonsense", "words": "Muggen var trasig."})
    assert answer.status_code == 422
    assert ">Muggen var trasig.</textarea>" in answer.text
    assert await said(shop) == []


async def test_a_refusal_stands_beside_its_field_which_names_it(shop: Shop, client: httpx2.AsyncClient) -> None:
    url = await packed(shop)
    form = {"choice": "concern", "chips": "damaged", "words": "x" * 2001, "contact": "1"}
    html = (await client.post(url, data=form)).text
    field = html[html.index('<textarea class="input" id="words"') :].split("</div>")[0]
    assert 'aria-describedby="hint guide words-mend" aria-invalid="true"' in field
    assert '<p class="said said--mend" id="words-mend" role="alert">' in field and "x" * 2001 in field
    assert html.count('role="alert"') == 1
    for ticked in ('value="damaged" checked', 'name="contact" value="1" checked'):
        assert ticked in html


async def test_what_a_refused_form_has_no_field_for_is_shown_as_it_was_said(
    shop: Shop, client: httpx2.AsyncClient
) -> None:
    url = await packed(shop)
    await client.post(url, data={"choice": "thanks", "chips": "fast", "words": "Fint!"})
    html = (await client.post(url, data={"choice": "nonsense"})).text
    assert ">Fint!</textarea>" in html and 'value="fast" checked' in html
    assert 'id="choice-mend"' in html


async def test_a_step_that_nobody_here_did_cannot_be_thanked(shop: Shop, client: httpx2.AsyncClient) -> None:
    await packed(shop)
    scan = (await log_step(shop.desk, shop.id, "1001", StepToLog("in_transit"))).event.id
    token = await shop.token()
    assert (await client.post(f"/t/{token}/steps/{scan}/feedback", data={"choice": "thanks"})).status_code == 404
    assert (await client.get(f"/t/{token}/steps/{'0' * 32}/feedback")).status_code == 404


async def test_a_step_taken_back_cannot_be_thanked(shop: Shop, client: httpx2.AsyncClient) -> None:
    url = await packed(shop)
    step = url.split("/")[4]
    await correct_event(shop.desk, shop.id, "1001", step, by=None, source="staff")
    assert (await client.post(url, data={"choice": "thanks"})).status_code == 404


async def test_a_step_of_another_order_is_not_there(shop: Shop, client: httpx2.AsyncClient) -> None:
    url = await packed(shop)
    await shop.order("1002")
    other = await shop.token("1002")
    step = url.split("/")[4]
    assert (await client.post(f"/t/{other}/steps/{step}/feedback", data={"choice": "thanks"})).status_code == 404


async def test_a_reply_stands_on_the_customers_page(shop: Shop, client: httpx2.AsyncClient) -> None:
    url = await packed(shop)
    await client.post(url, data={"choice": "thanks", "words": "Fint!"})
    (thanks,) = await said(shop)
    anders = await shop.person_id("anders")
    await feedback.reply(shop.desk, shop.id, thanks.id, by_person=anders, as_owner=False, words="Tack själv!")
    assert "Tack själv!" in (await client.get(url.split("/steps/")[0])).text


async def test_sixty_taps_an_hour_are_enough_for_one_order(shop: Shop, client: httpx2.AsyncClient) -> None:
    url = await packed(shop)
    answers = [await client.post(url, data={"choice": "thanks"}) for _ in range(61)]
    assert [a.status_code for a in answers[:60]] == [303] * 60
    assert answers[60].status_code == 429
    assert int(answers[60].headers["retry-after"]) > 0


async def test_the_form_says_who_reads_a_concern_first_and_when_the_person_does(
    shop: Shop, client: httpx2.AsyncClient
) -> None:
    with time_machine.travel(datetime(2026, 11, 22, 12, tzinfo=UTC)):
        url = await packed(shop)
        text = (await client.get(f"{url}?choice=concern", headers=SV)).text
    assert "Olga" in text
    assert "6 december" in text


async def test_a_new_concern_leaves_a_notice_for_the_owner_and_only_one(shop: Shop, client: httpx2.AsyncClient) -> None:
    url = await packed(shop)
    for words in ("Trasig.", "Trasig mugg."):
        await client.post(url, data={"choice": "concern", "words": words})
    async with shop.desk.db.read() as conn:
        kinds = (await conn.execute(sa.select(notice.c.kind).order_by(notice.c.due_at))).scalars().all()
    assert kinds == ["concern", "concern_soon"]  # the other one before it is shared by itself
