from __future__ import annotations

import csv
import io
import json
from typing import Any

import httpx2
import pytest

from storefront_trace.actions import concerns, feedback, questions, sides, steps
from storefront_trace.actions.steps import StepToLog
from storefront_trace.storage import mine
from storefront_trace.web.cells import safe_cell
from storefront_trace.web.staff.export import COLUMNS, PARTS
from tests.people import Shop
from tests.web.staff.test_thanks import said

SignIn = Any


async def whole(client: httpx2.AsyncClient) -> dict[str, Any]:
    answer = await client.get("/staff/me/export.json")
    assert answer.status_code == 200
    found = json.loads(answer.text)
    assert tuple(found) == PARTS
    return dict(found)


async def a_life(shop: Shop) -> tuple[str, str]:
    """What happens to Anders: thanks that he answers, a concern that is shared and one that is not, a question."""
    thanks = await said(shop, "thanks", "=HYPERLINK(fint)", number="1001")
    shared = await said(shop, "concern", "Lådan var stor.", number="1002")
    hidden = await said(shop, "concern", "Hemligt än så länge.", number="1003")
    anders = await shop.person_id("anders")
    await feedback.reply(shop.desk, shop.id, thanks, by_person=anders, as_owner=False, words="Tack själv!")
    await concerns.share_now(shop.desk, shop.id, shared)
    await sides.say_side(shop.desk, shop.id, shared, by_person=anders, words="Det fanns ingen mindre.")
    await questions.ask(shop.desk, shop.id, (await shop.row("1001")).id, "När kommer den?", locale="sv")
    return shared, hidden


async def test_everything_about_me_is_in_the_file_and_nothing_that_is_not_mine_yet(
    shop: Shop, signed_in: SignIn
) -> None:
    await a_life(shop)
    await said(shop, "thanks", "Tack Lisa!", by="lisa", number="1004")
    anders = await signed_in("anders")
    await anders.post("/staff/me/words", data={"greeting-sv": "Fråga mig!"})
    found = await whole(anders)
    assert found["person"]["greeting"] == {"sv": "Fråga mig!"} and found["person"]["pin_set"] is False
    assert [(one["about"], one["visibility"]) for one in found["choices"]] == [("visibility", "photo"), ("line", "")]
    assert [one["step"] for one in found["events"]] == ["packed"] * 3
    assert [one["words"] for one in found["thanks"]] == ["=HYPERLINK(fint)"]
    assert [(one["words"], one["side"]) for one in found["concerns"]] == [
        ("Lådan var stor.", "Det fanns ingen mindre.")
    ]
    assert [one["words"] for one in found["replies"]] == ["Tack själv!"]
    assert [one["words"] for one in found["questions"]] == ["När kommer den?"]
    assert [one["device"] for one in found["sessions"]] == ["test"] and found["passkeys"] == []
    for part in ("events", "replies", "questions"):
        assert {one["order_number"] for one in found[part]} <= {"1001", "1002", "1003"}, part
    text = json.dumps(found, ensure_ascii=False)
    assert "order_id" not in text
    assert not [word for word in ("Hemligt", "Lisa", "hash", "karin@", shop.id) if word in text]


async def test_an_export_is_for_nobody_else_to_keep(shop: Shop, signed_in: SignIn) -> None:
    anders = await signed_in("anders")
    for ending, kind in (("json", "application/json"), ("csv", "text/csv; charset=utf-8")):
        answer = await anders.get(f"/staff/me/export.{ending}")
        assert answer.headers["content-type"] == kind
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["content-disposition"] == f'attachment; filename="anders.{ending}"'


async def test_a_spreadsheet_gets_the_same_rows_and_no_formula(shop: Shop, signed_in: SignIn) -> None:
    await a_life(shop)
    anders = await signed_in("anders")
    text = (await anders.get("/staff/me/export.csv")).text
    assert text.startswith("\ufeff")
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    assert tuple(rows[0]) == COLUMNS
    found = await whole(anders)
    for part in PARTS[1:]:
        assert sum(row["what"] == part for row in rows) == len(found[part])
    assert next(row["words"] for row in rows if row["what"] == "thanks") == "'=HYPERLINK(fint)"
    assert next(row["order"] for row in rows if row["what"] == "concerns") == "1002"
    assert [row["order"] for row in rows if row["what"] == "events"] == ["1001", "1002", "1003"]
    assert [row["order"] for row in rows if row["what"] == "questions"] == ["1001"]
    assert "Hemligt" not in text


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\uff1d1", "  =1", "\u00a0=1", "\u2003@x"]
)
def test_what_begins_like_a_formula_is_text(text: str) -> None:
    assert safe_cell(text) == f"'{text}"


@pytest.mark.parametrize("sign", [";", ",", "\t", "\n", "; "])
def test_nor_is_what_begins_like_one_where_another_country_parts_its_cells(sign: str) -> None:
    assert safe_cell(f"x{sign}=1+1{sign}y") == f"x{sign}'=1+1{sign}y"


def test_what_does_not_stays_as_it_is() -> None:
    assert [safe_cell(value) for value in ("Tack!", None, 5, "a=b")] == ["Tack!", "", "5", "a=b"]


async def test_a_long_life_comes_in_pages_and_whole(
    shop: Shop, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mine, "PAGE", 2)
    await a_life(shop)
    for number in range(1010, 1013):
        await shop.order(str(number))
        await steps.log_step(shop.desk, shop.id, str(number), StepToLog("packed", by="anders"))
    found = await whole(await signed_in("anders"))
    assert len({one["id"] for one in found["events"]}) == len(found["events"]) == 6
    assert (len(found["thanks"]), len(found["concerns"])) == (1, 1)


async def test_thanks_come_in_pages_and_whole(shop: Shop, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mine, "PAGE", 2)
    for number in range(1001, 1006):
        await said(shop, "thanks", f"Tack {number}", number=str(number))
    found = await whole(await signed_in("anders"))
    assert sorted(one["order_number"] for one in found["thanks"]) == ["1001", "1002", "1003", "1004", "1005"]


async def test_who_has_done_nothing_yet_gets_a_whole_file_too(shop: Shop, signed_in: SignIn) -> None:
    found = await whole(await signed_in("sam"))
    assert found["person"]["display_name"] == "Sam"
    assert [found[part] for part in ("events", "thanks", "concerns", "replies", "questions")] == [[]] * 5


async def test_the_page_says_until_when_in_the_shops_own_days(shop: Shop, signed_in: SignIn) -> None:
    text = (await (await signed_in("anders")).get("/staff/me?lang=en")).text
    assert "until 30 days after delivery, then it is the team" in text
    assert "beside what they wrote to you: until 60 days after delivery" in text
