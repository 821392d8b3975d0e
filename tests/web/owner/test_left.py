"""Whoever has left is nowhere in what an owner or a manager reads of customers' words: the team stands there."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine

from storefront_trace.actions import endings, people, privacy
from storefront_trace.actions import feedback as actions
from storefront_trace.actions.people import PersonTold
from storefront_trace.domain.moments import to_micros
from tests.earlier import copy_of, put_back
from tests.notify.fridays import FRIDAY, THURSDAY
from tests.people import Shop
from tests.web.owner.answers import put_answer

NAME = "Zyx9marker"
FILES = ("/owner/answers.csv", "/owner/answers.json", "/owner/teams/warehouse/answers.csv")
PAGES = (
    "/owner",
    "/owner/concerns",
    "/owner/wall",
    "/owner/friday",
    "/owner/teams/warehouse",
    "/owner/teams/warehouse/answers",
)
Goes = Callable[[Shop], Awaitable[object]]


async def elias(shop: Shop) -> list[str]:
    """Was thanked nine times with words, and once was told what could be better; he answered that."""
    await people.put_person(shop.desk, shop.id, "elias", PersonTold(NAME, {"sv": "lagret"}, "warehouse"))
    at = to_micros(THURSDAY)
    said = [await put_answer(shop, "elias", words=f"Tack {n}!", created_at=at + n, team=None) for n in range(9)]
    order_id = await shop.order()
    concern = {"words": "Trasig.", "created_at": at, "order_id": order_id, "shared_at": at}
    said.append(await put_answer(shop, "elias", "concern", **concern))
    by = await shop.person_id("elias")
    await actions.reply(shop.desk, shop.id, said[-1], by_person=by, as_owner=False, words="Förlåt!")
    return said


def plain(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html.replace("&nbsp;", " ")).split())


async def leaves(shop: Shop) -> None:
    await people.end_employment(shop.desk, shop.id, "elias")


async def is_forgotten(shop: Shop) -> None:
    await privacy.erase_person(shop.desk, shop.id, "elias")


async def is_forgotten_and_an_older_backup_comes_back(shop: Shop) -> None:
    backup = await copy_of(shop.desk.db)
    await is_forgotten(shop)
    await put_back(shop.desk.db, backup)
    await endings.carry_out(shop.desk)


@pytest.mark.parametrize("goes", [leaves, is_forgotten, is_forgotten_and_an_older_backup_comes_back])
@pytest.mark.parametrize("who", ["olga", "lisa"])
async def test_the_team_stands_where_the_person_did_once_somebody(
    shop: Shop, signed_in: Any, goes: Goes, who: str
) -> None:
    with time_machine.travel(FRIDAY + timedelta(days=1), tick=False):
        said = await elias(shop)
        await shop.give("lisa", "manager", "warehouse")
        await goes(shop)
        reader = await signed_in(who)
        for path in PAGES if who == "olga" else ("/owner/concerns", *PAGES[-2:]):
            answer = await reader.get(f"{path}?lang=en")
            assert answer.status_code == 200
            assert not [word for word in (NAME, "elias", "gone-", "to …", "…, ", "… answered") if word in answer.text]
            if path == "/owner":
                assert "Karin to the warehouse" in answer.text
            if path == "/owner/teams/warehouse":
                text = plain(answer.text)
                assert "9 thanks, 1 to look at" in text and "The warehouse team answered" in text
            if path in ("/owner", "/owner/concerns"):
                assert "Trasig." in answer.text
        for path in FILES if who == "olga" else FILES[-1:]:
            text = (await reader.get(path)).text
            assert not [word for word in (NAME, "elias", "gone-", "…") if word in text]
            assert "Tack 0!" in text and "Förlåt!" in text
        rows = list(csv.DictReader(io.StringIO((await reader.get(FILES[-1])).text.removeprefix("\ufeff"))))
        assert sorted(row["id"] for row in rows) == sorted(said)
        assert {(row["person"], row["name"], row["team"]) for row in rows} == {("", "", "warehouse")}


async def test_their_own_page_leads_an_owner_to_what_is_kept_and_a_manager_to_the_team(
    shop: Shop, signed_in: Any
) -> None:
    await elias(shop)
    await shop.give("lisa", "manager", "warehouse")
    await leaves(shop)
    ways = [(await (await signed_in(who)).get("/owner/people/elias")).headers["location"] for who in ("olga", "lisa")]
    assert ways == ["/owner/people/elias/about", "/owner/teams/warehouse"]
