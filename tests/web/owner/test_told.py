from __future__ import annotations

import itertools
import re
from typing import Any

import pytest
import time_machine

from storefront_trace.actions import steps
from storefront_trace.actions.steps import StepToLog
from storefront_trace.domain.clock import DAY, HOUR, now_micros
from storefront_trace.web.languages import catalogue
from storefront_trace.web.owner.figures import asked_text, cell_text, week_bounds
from storefront_trace.web.owner.weekly import drawing
from tests.people import SOON_AFTER, Shop
from tests.web.owner.answers import put_answer, put_answers

ENGLISH = {"Accept-Language": "en"}


async def read(owner: Any, path: str) -> str:
    answer = await owner.get(path, headers=ENGLISH)
    assert answer.status_code == 200
    return str(answer.text)


def words_of(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


@pytest.mark.parametrize("path", ["/owner/people/lisa", "/owner/teams/warehouse"])
async def test_customers_words_lead_and_the_forms_are_elsewhere(shop: Shop, signed_in: Any, path: str) -> None:
    whose = "lisa" if "people" in path else None
    await put_answers(shop, whose, 6, 1)
    await put_answer(shop, whose, words="Så fint!", chips=["kind"])
    await put_answer(shop, whose, "concern", words="Lådan var stor")
    html = await read(await signed_in("olga"), path)
    main = html[html.index("<main") :]
    assert main.index("Så fint!") < main.index('id="numbers"')
    assert "<form" not in main
    assert f'href="{path}/about"' in main
    assert "Lådan var stor" in main and "/owner/concerns/" in main


async def test_words_are_few_on_the_page_and_all_of_them_behind_it(shop: Shop, signed_in: Any) -> None:
    for place in range(52):
        await put_answer(shop, "lisa", words=f"Nummer {place:02}", created_at=1_790_000_000_000_000 + place)
    owner = await signed_in("olga")
    first = await read(owner, "/owner/people/lisa")
    assert "Nummer 51" in first and "Nummer 40" not in first
    assert 'href="/owner/people/lisa/answers?choice=thanks"' in first
    page = await read(owner, "/owner/people/lisa/answers?choice=thanks")
    assert "Nummer 02" in page and "Nummer 01" not in page
    older = re.search(r'href="(/owner/people/lisa/answers\?choice=thanks&amp;before=[^"]+)"', page)
    assert older is not None
    last = await read(owner, older[1].replace("&amp;", "&"))
    assert "Nummer 01" in last and "Nummer 02" not in last


async def test_each_cell_stands_on_the_ladder_of_its_own_answers(shop: Shop, signed_in: Any) -> None:
    now = now_micros()
    await put_answers(shop, "lisa", 3, 1, created_at=now - DAY)
    await put_answers(shop, "lisa", 10, 1, created_at=now - 60 * DAY)
    await put_answers(shop, "lisa", 20, 0, created_at=now - 200 * DAY)
    html = await read(await signed_in("olga"), "/owner/people/lisa")
    row = re.search(r'<tr><th scope="row">Packed</th>(.*?)</tr>', html, re.S)
    assert row is not None
    cells = [words_of(cell) for cell in re.findall(r"<td>(.*?)</td>", row[1], re.S)]
    assert [cell.split(" to answer")[0] for cell in cells] == [
        "only words",
        "87 % thanks (62–96 %), early",
        "94 % thanks (81–98 %)",
    ]


async def test_a_period_is_chosen_by_a_link_and_no_other_is_known(shop: Shop, signed_in: Any) -> None:
    now = now_micros()
    await put_answers(shop, "lisa", 6, 0, created_at=now - DAY)
    await put_answers(shop, "lisa", 6, 1, created_at=now - 200 * DAY)
    owner = await signed_in("olga")
    assert "<b>6</b> thanks, <b>0</b> to look at" in await read(owner, "/owner/people/lisa")
    assert "<b>12</b> thanks, <b>1</b> to look at" in await read(owner, "/owner/people/lisa?days=365")
    assert await read(owner, "/owner/people/lisa?days=8") == await read(owner, "/owner/people/lisa?days=90")


async def test_it_says_how_many_could_answer_and_how_many_did(shop: Shop, signed_in: Any) -> None:
    await shop.order()
    await steps.log_step(shop.desk, shop.id, "1001", StepToLog("picked", by="lisa"))
    await steps.log_step(shop.desk, shop.id, "1001", StepToLog("packed", by="lisa"))
    owner = await signed_in("olga")
    assert "Steps to answer: 2. No answers yet." in await read(owner, "/owner/people/lisa")
    await put_answer(shop, "lisa")
    assert "Steps to answer: 2. Fewer than five answers." in await read(owner, "/owner/people/lisa")


def test_a_rate_of_answers_stands_beside_a_share_alone() -> None:
    texts = catalogue("en")
    assert asked_text((0, 0), 9, texts) == "Steps to answer: 9. No answers yet."
    assert asked_text((5, 1), 60, texts) == "Steps to answer: 60. Answers: 6."
    assert asked_text((15, 1), 64, texts) == "Steps to answer: 64. Answers: 16 (25 %)."
    assert asked_text((15, 1), 10, texts) == "Steps to answer: 10. Answers: 16."


def test_a_cell_says_no_more_than_its_own_answers_carry() -> None:
    texts = catalogue("en")
    assert [cell_text(counts, texts) for counts in ((0, 0), (4, 0), (4, 1), (14, 1))] == [
        "–",
        "only words",
        "thanks: 4, to look at: 1",
        "93 % thanks (70–99 %), early",
    ]


def test_what_may_not_be_shown_is_not_drawn_either() -> None:
    weeks = [(4, 0)] * 3 + [(4, 0), (9, 0), (30, 3)]
    shown = drawing(weeks, [10, 20, 40], shares=True)
    assert [bar["answered"] > 0 for bar in shown["bars"]] == [False, True, True]
    assert len(shown["marks"]) == 3 and shown["marks"][0]["y"] == 0
    few = drawing([(1, 0)] * 6, [2, 2, 2], shares=True)
    assert few["marks"] == [] and all(bar["answered"] == 0 for bar in few["bars"])
    assert drawing(weeks, [10, 20, 40], shares=False)["marks"] == []


async def test_weeks_begin_on_the_shops_mondays_also_where_the_clocks_change(shop: Shop) -> None:
    async with shop.desk.db.read() as conn:
        cast = await shop.desk.casts.get(conn, shop.id)
    with time_machine.travel(SOON_AFTER, tick=False):
        bounds = week_bounds(cast, 8)
    hours = [(after - before) // HOUR for before, after in itertools.pairwise(bounds)]
    assert sorted(hours) == [168] * 7 + [169]


async def test_the_weekly_drawing_has_its_table(shop: Shop, signed_in: Any) -> None:
    async with shop.desk.db.read() as conn:
        cast = await shop.desk.casts.get(conn, shop.id)
    for monday in week_bounds(cast, 9)[:8]:
        await put_answers(shop, "lisa", 5, 0, created_at=monday + 3 * DAY)
    html = await read(await signed_in("olga"), "/owner/people/lisa")
    figure = re.search(r'<figure class="weekly">.*?</figure>', html, re.S)
    assert figure is not None
    assert re.search(r'<svg role="img" aria-label="Week by week, [^"]+"', figure[0])
    assert figure[0].count('class="dot"') >= 5
    rows = re.findall(r'<a href="(/owner/people/lisa/answers\?week=[0-9-]+)">thanks: 5, to look at: 0</a>', html)
    assert len(rows) == 8
    behind = await read(await signed_in("olga"), rows[0])
    assert behind.count("A thank-you without words") == 5


async def test_nobodys_page_names_anybody_else_with_a_figure(shop: Shop, signed_in: Any) -> None:
    for handle in ("anders", "lisa"):
        await put_answers(shop, handle, 20, 0)
    html = await read(await signed_in("olga"), "/owner/people/lisa")
    assert "Anders" not in html
