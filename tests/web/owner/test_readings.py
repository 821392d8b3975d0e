"""Who reads what customers say of a person is written down: once a day, for the owner and for the person."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine

from storefront_trace.actions import privacy, purging
from storefront_trace.actions.tokens import create_token
from storefront_trace.storage import readings
from storefront_trace.storage.database import Database
from storefront_trace.storage.readings import EVERYBODY, Reading
from storefront_trace.storage.tables import reading
from tests.hanging import on_the_wall
from tests.notify.fridays import FRIDAY, THURSDAY
from tests.people import Shop
from tests.web.owner.answers import put_answer

# The page, and which way of reading it is.
READ = (
    ("/owner/people/anders", "page"),
    ("/owner/people/anders/answers", "answers"),
    ("/owner/concerns", "concerns"),
    ("/owner/concerns/{concern}", "concerns"),
    ("/owner", "concerns"),
    ("/owner/people/anders/answers.csv", "file"),
    ("/owner/people/anders/answers.json", "file"),
    ("/owner/answers.csv", "all"),
    ("/owner/answers.json", "all"),
)


async def noted(shop: Shop) -> list[Reading]:
    async with shop.desk.db.read() as conn:
        return await readings.list_readings(conn, shop.id, limit=500)


@pytest.mark.parametrize(("path", "what"), READ)
async def test_whoever_reads_of_somebody_is_noted_once_a_day(shop: Shop, signed_in: Any, path: str, what: str) -> None:
    concern = await put_answer(shop, "anders", "concern", words="Lådan var stor.")
    olga, anders = await shop.person_id("olga"), await shop.person_id("anders")
    owner = await signed_in("olga")
    for _ in range(3):
        assert (await owner.get(path.format(concern=concern))).status_code == 200
    [one] = await noted(shop)
    assert (one.reader_id, one.person_id, one.what) == (olga, EVERYBODY if what == "all" else anders, what)


async def test_thanks_are_noted_wherever_they_stand(shop: Shop, signed_in: Any) -> None:
    with time_machine.travel(THURSDAY, tick=False):
        await on_the_wall(shop, "Tack Anders!", put=False)
        said = await on_the_wall(shop, "Fint packat!", number="1002")
    for path in ("/owner", "/owner/friday?week=2026-11-20", "/owner/wall", "/owner/wall/print"):
        with time_machine.travel(FRIDAY + timedelta(days=1), tick=False):
            assert "Fint packat!" in (await (await signed_in("olga")).get(path)).text
            [one] = await noted(shop)
        assert (one.reader_id, one.person_id, one.what) == (await shop.person_id("olga"), said.person_id, "answers")
        async with shop.desk.db.write() as conn:
            await conn.execute(sa.delete(reading))


async def test_a_file_that_holds_what_was_said_is_noted(shop: Shop, signed_in: Any) -> None:
    owner = await signed_in("olga")
    assert (await owner.post("/owner/privacy/export", data={"handle": "anders"})).status_code == 200
    assert [(one.person_id, one.what) for one in await noted(shop)] == [(await shop.person_id("anders"), "file")]
    assert (await owner.post("/owner/privacy/view", data={"on": "0"})).status_code == 303
    assert (await owner.post("/owner/privacy/export", data={"handle": "lisa"})).status_code == 200
    assert len(await noted(shop)) == 1


async def test_a_machine_that_reads_is_noted_by_its_token_s_name(shop: Shop, signed_in: Any, client: Any) -> None:
    await put_answer(shop, "anders", words="Tack Anders!")
    token = await create_token(shop.desk, shop.id, "the robot", ("people:read", "feedback:read"))
    for path in ("feedback", "feedback?person=anders", "people/anders/report") * 2:
        answer = await client.get(f"/api/v1/{path}", headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == 200
    assert sorted(one.what for one in await noted(shop)) == ["answers", "page"]
    anders = await signed_in("anders")
    assert "The API token the robot, the answers" in (await anders.get("/staff/me?lang=en")).text
    assert (
        "The API token the robot</td><td>Anders" in (await (await signed_in("olga")).get("/owner/privacy?lang=en")).text
    )
    taken = (await anders.get("/staff/me/export.json")).json()["readings"]
    assert {one["name"] for one in taken} == {"the robot"}


async def test_the_next_day_is_another_line(shop: Shop, signed_in: Any) -> None:
    for day in ("2026-11-20T23:30:00+01:00", "2026-11-21T00:30:00+01:00"):
        with time_machine.travel(day, tick=False):
            await (await signed_in("olga")).get("/owner/people/anders")
    assert [one.day for one in await noted(shop)] == ["2026-11-21", "2026-11-20"]


async def test_what_is_about_oneself_and_what_is_refused_is_not_noted(shop: Shop, signed_in: Any) -> None:
    await (await signed_in("olga")).get("/owner/people/olga")
    await (await signed_in("anders")).get("/owner/people/lisa")
    await (await signed_in("nora")).get("/owner/people/anders")
    assert await noted(shop) == []


async def test_the_owner_and_the_person_see_it(shop: Shop, signed_in: Any) -> None:
    owner, anders, lisa = await signed_in("olga"), await signed_in("anders"), await signed_in("lisa")
    assert "Nobody has read it yet." in (await anders.get("/staff/me?lang=en")).text
    await owner.get("/owner/people/anders")
    await owner.get("/owner/answers.csv")
    desk = (await owner.get("/owner/privacy?lang=en")).text
    assert "Olga</td><td>Anders</td><td>the person&#39;s page" in desk and "<td>Everybody</td>" in desk
    mine = (await anders.get("/staff/me?lang=en")).text
    assert "Olga, the person&#39;s page" in mine and "Olga, everybody&#39;s answers, as a file" in mine
    theirs = (await lisa.get("/staff/me?lang=en")).text
    assert "Olga, the person" not in theirs and "Olga, everybody&#39;s answers" in theirs
    taken = (await anders.get("/staff/me/export.json")).json()["readings"]
    assert [(one["name"], one["read"]) for one in taken] == [("Olga", "all"), ("Olga", "page")]


async def test_the_list_is_leafed_through(shop: Shop, signed_in: Any) -> None:
    owner = await signed_in("olga")
    for day in range(1, 26):
        with time_machine.travel(f"2026-10-{day:02}T12:00:00Z", tick=False):
            await (await signed_in("olga")).get("/owner/people/anders")
    for client, path in ((owner, "/owner/privacy"), (await signed_in("anders"), "/staff/me")):
        first = (await client.get(f"{path}?lang=en")).text
        assert first.count("Olga</td>" if "owner" in path else ": Olga,") == 20
        link = first.split('href="' + path + "?read=")[1].split("#")[0]
        second = (await client.get(f"{path}?lang=en&read={link}")).text
        assert second.count("Olga</td>" if "owner" in path else ": Olga,") == 5
        assert f'href="{path}#readings"' in second


async def test_what_cannot_be_noted_is_not_shown(shop: Shop, signed_in: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    await put_answer(shop, "anders", words="Tack Anders!")
    owner = await signed_in("olga")

    def full(_self: Database) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(Database, "write", full)
    answer = await owner.get("/owner/people/anders")
    assert answer.status_code >= 500 and "Tack Anders!" not in answer.text


async def test_it_goes_with_the_person_and_with_the_shops_own_months(shop: Shop, signed_in: Any) -> None:
    with time_machine.travel("2024-01-10T12:00:00Z", tick=False):
        await (await signed_in("olga")).get("/owner/people/lisa")
    await (await signed_in("olga")).get("/owner/people/anders")
    found = await privacy.export_person(shop.desk, shop.id, "anders")
    assert [one["what"] for one in found["readings"]] == ["page"]
    assert (await purging.purge(shop.desk, shop.id)).readings == 1
    await privacy.erase_person(shop.desk, shop.id, "anders")
    async with shop.desk.db.read() as conn:
        assert (await conn.execute(sa.select(reading))).first() is None
