from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest

from storefront_trace.domain.clock import DAY, now_micros
from storefront_trace.web.owner import answers
from tests.people import Shop
from tests.web.owner.answers import put_answer

ENGLISH = {"Accept-Language": "en"}


async def table(owner: Any, path: str) -> list[dict[str, str]]:
    answer = await owner.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))


@pytest.fixture
async def said(shop: Shop) -> None:
    now = now_micros()
    await put_answer(shop, "lisa", words="Så fint!", chips=["kind", "fast"], created_at=now - 3)
    await put_answer(
        shop, "lisa", "concern", words="För sent", step="picked", order_number="A/7", created_at=now - 40 * DAY
    )
    await put_answer(shop, "lisa", "concern", outside_at=now, created_at=now - 2)
    await put_answer(shop, "anders", words="Tack Anders", created_at=now - 1)
    await put_answer(shop, None, words="Tack alla", created_at=now)


@pytest.mark.usefixtures("said")
async def test_each_answer_behind_a_figure_leads_to_its_order(signed_in: Any) -> None:
    owner = await signed_in("olga")
    html = (await owner.get("/owner/people/lisa/answers", headers=ENGLISH)).text
    assert 'href="/staff/orders/1001"' in html and 'href="/staff/orders/A%2F7"' in html
    assert "Outside their control" in html and "Tack Anders" not in html and "Tack alla" not in html
    team = (await owner.get("/owner/teams/warehouse/answers", headers=ENGLISH)).text
    assert "Tack alla" in team and "Så fint!" not in team


@pytest.mark.usefixtures("said")
@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("", ["", "Så fint!", "För sent"]),
        ("?choice=concern", ["", "För sent"]),
        ("?step=picked", ["För sent"]),
        ("?days=30", ["", "Så fint!"]),
        ("?days=30&choice=thanks&step=packed", ["Så fint!"]),
        ("?days=31&choice=stars&step=nothing&week=yesterday", ["", "Så fint!", "För sent"]),
        ("?week=2024-02-05", []),
    ],
)
async def test_what_is_asked_for_is_what_comes_on_the_page_and_in_both_files(
    signed_in: Any, asked: str, words: list[str]
) -> None:
    owner = await signed_in("olga")
    html = (await owner.get(f"/owner/people/lisa/answers{asked}", headers=ENGLISH)).text
    assert [one in html for one in ("Så fint!", "För sent")] == [one in words for one in ("Så fint!", "För sent")]
    assert [row["words"] for row in await table(owner, f"/owner/people/lisa/answers.csv{asked}")] == words
    kept = json.loads((await owner.get(f"/owner/people/lisa/answers.json{asked}")).text)
    assert [row["words"] for row in kept] == words


@pytest.mark.usefixtures("said")
async def test_a_file_has_one_row_for_each_answer_with_whose_it_is(signed_in: Any) -> None:
    owner = await signed_in("olga")
    rows = await table(owner, "/owner/answers.csv")
    assert [row["person"] for row in rows] == ["", "anders", "lisa", "lisa", "lisa"]
    assert [row["team"] for row in rows] == ["warehouse"] * 5
    fine = rows[3]
    assert (fine["name"], fine["order"], fine["step"], fine["choice"]) == ("Lisa", "1001", "packed", "thanks")
    assert (fine["chips"], fine["contact"], fine["outside_at"]) == ("kind fast", "no", "")
    assert rows[2]["outside_at"].startswith("20") and rows[2]["outside_at"].endswith("+00:00")
    assert [row["words"] for row in await table(owner, "/owner/answers.csv?days=30&choice=thanks")] == [
        "Tack alla",
        "Tack Anders",
        "Så fint!",
    ]
    [team] = json.loads((await owner.get("/owner/teams/warehouse/answers.json")).text)
    assert (team["person"], team["team"], team["words"], team["chips"]) == (None, "warehouse", "Tack alla", [])


@pytest.mark.parametrize("text", ["=1+1", "+46", "-1", "@SUM(A1)", "\tx", "\rx", " =1", "\uff1d1"])
async def test_no_cell_is_a_formula(shop: Shop, signed_in: Any, text: str) -> None:
    await put_answer(shop, "lisa", words=text, first_name=text)
    answer = await (await signed_in("olga")).get("/owner/people/lisa/answers.csv")
    [row] = csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"), newline=""))
    assert (row["words"], row["first_name"]) == (f"'{text}", f"'{text}")


async def test_a_file_without_answers_is_whole_too(signed_in: Any) -> None:
    nora = await signed_in("nora")
    assert await table(nora, "/owner/answers.csv") == []
    answer = await nora.get("/owner/answers.json")
    assert (answer.json(), answer.headers["cache-control"]) == ([], "no-store")
    assert answer.headers["content-disposition"] == 'attachment; filename="answers-all.json"'


async def test_a_file_is_read_a_page_at_a_time(shop: Shop, signed_in: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    now = now_micros()
    for place in range(5):
        await put_answer(shop, "lisa", words=str(place), created_at=now)
    monkeypatch.setattr(answers, "AT_ONCE", 2)
    rows = await table(await signed_in("olga"), "/owner/answers.csv")
    assert sorted(row["words"] for row in rows) == ["0", "1", "2", "3", "4"]
