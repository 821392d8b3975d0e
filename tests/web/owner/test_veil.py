"""With the view of each person switched off, no page or file of the owner's says whose step a customer spoke of."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest
from starlette.routing import Route

from storefront_trace.actions import concerns, feedback, papers, people, sides, wall
from storefront_trace.actions.feedback import Answer
from storefront_trace.actions.steps import StepToLog, log_step
from storefront_trace.actions.tokens import create_token
from storefront_trace.domain.errors import NotAllowed
from storefront_trace.routes import OWNER
from storefront_trace.storage import audit, shops
from storefront_trace.storage import feedback as said
from tests.hanging import customer_says, person_says
from tests.people import Shop

THANKS, CONCERN, SIDE, THING = "Underbart paket", "Kantstött mugg", "Lådan var mjuk", "Mer papper i hörnen"
SAID = (THANKS, CONCERN, SIDE, THING)
SCOPES = ("people:read", "feedback:read")
PAPERS = "/owner/privacy/papers"
AGREED = {"on": "1", "agreed": "Åsa Öhman", "day": "2020-11-20"}
# A path's names, filled.
FILLED = {"{handle}": "anders", "{key}": "warehouse", "{paper}": "notice", "{feedback}": "", "{kiosk}": "x" * 32}


async def spoken_of(shop: Shop) -> dict[str, str]:
    """Anders packed twice: one customer thanks, another found something; they have talked, and he has his side. The ids
    of both answers."""
    found = {}
    for number, choice, words in (("1001", "thanks", THANKS), ("1002", "concern", CONCERN)):
        order = await shop.order(number)
        event = (await log_step(shop.desk, shop.id, number, StepToLog("packed", "anders"))).event.id
        answer = Answer(choice, words=words)
        found[choice] = (await feedback.save_feedback(shop.desk, shop.id, order, event, answer)).id
    anders, olga = await shop.person_id("anders"), await shop.person_id("olga")
    await concerns.note_talk(shop.desk, shop.id, found["concern"], by_person=olga, notes={"thing": THING})
    await sides.say_side(shop.desk, shop.id, found["concern"], by_person=anders, words=SIDE)
    await feedback.reply(shop.desk, shop.id, found["thanks"], by_person=anders, as_owner=False, words="Tack själv!")
    return found


async def seen(owner: httpx2.AsyncClient, feedback_id: str) -> dict[str, httpx2.Response]:
    """Everything that an owner can look at, by its path."""
    found = {}
    for route in OWNER:
        assert isinstance(route, Route)
        if "GET" in (route.methods or ()):
            path = route.path
            for name, value in {**FILLED, "{feedback}": feedback_id}.items():
                path = path.replace(name, value)
            found[path] = await owner.get(f"/owner{path}", params={"lang": "en"})
    for path in ("", "/concerns?all=1", "/concerns?stage=closed", "/teams/warehouse/answers?choice=concern"):
        found[path] = await owner.get(f"/owner{path}")
    return found


def named(pages: dict[str, httpx2.Response]) -> set[str]:
    """Where somebody's name stands together with what a customer said of their work."""
    return {path for path, one in pages.items() if any(words in one.text for words in SAID) and "Anders" in one.text}


async def test_no_page_or_file_of_the_owner_s_says_whose_step_it_was(shop: Shop, signed_in: Any) -> None:
    ids = await spoken_of(shop)
    owner = await signed_in("olga")
    before = await seen(owner, ids["concern"])
    assert {"", "/concerns", f"/concerns/{ids['concern']}", "/people/anders", "/answers.csv", "/answers.json"} <= named(
        before
    )
    assert (await owner.post("/owner/privacy/view", data={"on": "0"})).status_code == 303
    pages = await seen(owner, ids["concern"])
    assert {path: one.status_code for path, one in pages.items() if one.status_code >= 500} == {}
    assert named(pages) == set()
    assert pages["/people/anders"].headers["location"] == "/owner/people/anders/about"
    assert {pages[f"/people/anders/answers{ending}"].status_code for ending in ("", ".csv", ".json")} == {404}
    shown = [path for path, one in pages.items() if any(words in one.text for words in SAID)]
    assert {"", "/concerns", "/teams/warehouse", "/teams/warehouse/answers", "/answers.csv", "/answers.json"} <= {
        *shown
    }
    assert not any(THING in one.text for one in pages.values())  # the talk was with one person
    assert "person__num" not in pages["/people"].text


@pytest.mark.parametrize("put", [False, True])
async def test_but_the_wall_shows_what_passers_by_see_of_thanks_with_both_yeses(
    shop: Shop, signed_in: Any, put: bool
) -> None:
    ids, owner, anders = await spoken_of(shop), await signed_in("olga"), await shop.person_id("anders")
    await owner.post("/owner/privacy/view", data={"on": "0"})
    async with shop.desk.db.read() as conn:
        thanks = await said.get_feedback(conn, shop.id, ids["thanks"])
    await customer_says(shop, thanks)
    assert named(await seen(owner, ids["concern"])) == set()
    await person_says(shop, thanks)
    if put:
        await wall.put_up(shop.desk, shop.id, thanks.id)
    pages = await seen(owner, ids["concern"])
    assert named(pages) == ({"/wall", "/wall/print"} if put else {"/wall"})
    assert "1001" not in pages["/wall"].text and CONCERN not in pages["/wall"].text
    await people.choose_visibility(shop.desk, shop.id, anders, "team", locale="sv")
    assert named(await seen(owner, ids["concern"])) == set()


async def test_an_export_of_a_person_leaves_to_them_what_was_said_of_them(shop: Shop, signed_in: Any) -> None:
    await spoken_of(shop)
    owner, anders = await signed_in("olga"), await signed_in("anders")
    with_it = await owner.post("/owner/privacy/export", data={"handle": "anders"})
    assert THANKS in with_it.text and THING in with_it.text
    await owner.post("/owner/privacy/view", data={"on": "0"})
    without = await owner.post("/owner/privacy/export", data={"handle": "anders"})
    assert without.status_code == 200 and not any(words in without.text for words in SAID)
    mine = await anders.get("/staff/me/export.json")
    assert all(words in mine.text for words in SAID)
    assert THANKS in (await anders.get("/staff/thanks")).text


async def test_a_machine_is_not_told_either(shop: Shop, client: Any) -> None:
    await spoken_of(shop)
    token = {"Authorization": f"Bearer {await create_token(shop.desk, shop.id, 'test', SCOPES)}"}
    assert [one["person"] for one in (await client.get("/api/v1/feedback", headers=token)).json()["items"]] == [
        "anders"
    ] * 2
    await papers.hide_people(shop.desk, shop.id, by_person=await shop.person_id("olga"))
    items = (await client.get("/api/v1/feedback", headers=token)).json()["items"]
    assert [(one["person"], one["team"]) for one in items] == [(None, "warehouse")] * 2
    assert all(reply["person"] is None for one in items for reply in one["replies"])
    for path in ("/api/v1/feedback?person=anders", "/api/v1/people/anders/report"):
        assert (await client.get(path, headers=token)).status_code == 404


async def joined(shop: Shop, owner: httpx2.AsyncClient, client: Any) -> dict[str, set[str]]:
    """What of what was said leads to Anders by laying the export of him beside the answers: by which way."""
    token = {"Authorization": f"Bearer {await create_token(shop.desk, shop.id, 'join', (*SCOPES, 'orders:read'))}"}
    kept = (await owner.post("/owner/privacy/export", data={"handle": "anders"})).json()
    items = (await client.get("/api/v1/feedback", headers=token)).json()["items"]
    rows = (await owner.get("/owner/answers.json")).json()
    steps, hung, doers = {one["id"] for one in kept["events"]}, {one["feedback_id"] for one in kept["wall"]}, {}
    for number in ("1001", "1002"):
        for one in (await client.get(f"/api/v1/orders/{number}", headers=token)).json()["events"]:
            steps |= {one["id"]} if one["by"] == "anders" else set()
            doers |= {(number, one["step"]): "anders"} if one["by"] == "anders" else {}
    assert len(doers) == 2
    return {
        "event": {one["words"] for one in items if one["event"] in steps},
        "wall": {one["words"] for one in rows if one["id"] in hung},
        "order": {one["words"] for one in (*items, *rows) if (one["order"], one["step"]) in doers},
    }


async def test_no_two_files_laid_side_by_side_say_it_either(shop: Shop, signed_in: Any, client: Any) -> None:
    """What is left is a concern's order, which whoever takes care of it opens; the step there says whose it was."""
    ids = await spoken_of(shop)
    async with shop.desk.db.read() as conn:
        await customer_says(shop, await said.get_feedback(conn, shop.id, ids["thanks"]))
    await wall.say(shop.desk, shop.id, ids["thanks"], by_person=await shop.person_id("anders"), says="yes", locale="sv")
    owner = await signed_in("olga")
    both = {THANKS, CONCERN}
    assert await joined(shop, owner, client) == {"event": both, "wall": {THANKS}, "order": both}
    await owner.post("/owner/privacy/view", data={"on": "0"})
    assert await joined(shop, owner, client) == {"event": set(), "wall": set(), "order": {CONCERN}}
    assert '"1001"' not in (await owner.get("/owner/answers.csv")).text
    assert "/staff/orders/1001" not in (await owner.get("/owner/teams/warehouse/answers")).text
    mine = (await (await signed_in("anders")).get("/staff/me/export.json")).json()
    assert mine["events"] and mine["wall"] and mine["thanks"]


async def test_a_concern_is_taken_care_of_by_its_order_and_step_and_reaches_the_person(
    shop: Shop, signed_in: Any
) -> None:
    ids = await spoken_of(shop)
    owner = await signed_in("olga")
    await owner.post("/owner/privacy/view", data={"on": "0"})
    html = (await owner.get(f"/owner/concerns/{ids['concern']}?lang=en")).text
    assert "with whoever did the step" in html
    assert CONCERN in html and "1002" in html and "Anders" not in html and 'id="talk"' not in html
    assert (await owner.post(f"/owner/concerns/{ids['concern']}/done")).status_code == 303
    async with shop.desk.db.read() as conn:
        kept = await said.get_feedback(conn, shop.id, ids["concern"])
    assert kept.done_at is not None and kept.person_id == await shop.person_id("anders")


async def test_nobody_excuses_their_own_step_behind_it(shop: Shop) -> None:
    order = await shop.order()
    event = (await log_step(shop.desk, shop.id, "1001", StepToLog("packed", "olga"))).event.id
    concern = await feedback.save_feedback(shop.desk, shop.id, order, event, Answer("concern", words=CONCERN))
    olga = await shop.person_id("olga")
    await papers.hide_people(shop.desk, shop.id, by_person=olga)
    with pytest.raises(NotAllowed):
        await concerns.mark_outside(shop.desk, shop.id, concern.id, by_person=olga)


async def test_a_team_s_figures_are_those_of_all_its_people(shop: Shop, signed_in: Any) -> None:
    for n in range(6):
        order = await shop.order(f"20{n}")
        who = "anders" if n % 2 else "lisa"
        event = (await log_step(shop.desk, shop.id, f"20{n}", StepToLog("packed", who))).event.id
        await feedback.save_feedback(shop.desk, shop.id, order, event, Answer("thanks", words=THANKS))
    owner = await signed_in("olga")
    assert "Steps to answer: 0. No answers yet." in (await owner.get("/owner/teams/warehouse?lang=en")).text
    await owner.post("/owner/privacy/view", data={"on": "0"})
    html = (await owner.get("/owner/teams/warehouse?lang=en")).text
    assert "Steps to answer: 6. Answers: 6." in html and "<b>6</b> thanks" in html


async def test_switching_it_on_again_asks_who_agreed_and_when_and_what_was_settled_is_settled_anew(
    shop: Shop, signed_in: Any
) -> None:
    owner = await signed_in("olga")
    await owner.post("/owner/privacy/golive", data={"key": "told", "done": "1"})
    await owner.post("/owner/privacy/golive", data={"key": "backup", "done": "1"})
    await owner.post("/owner/privacy/view", data={"on": "0"})
    assert "The view of each person is switched off" in (await owner.get(f"{PAPERS}/notice?lang=en")).text
    for wrong in ({"agreed": ""}, {"day": ""}, {"day": "2999-01-01"}, {"day": "igår"}):
        answer = await owner.post("/owner/privacy/view?lang=en", data={**AGREED, **wrong})
        assert answer.status_code == 422 and f'href="#{next(iter(wrong))}"' in answer.text
    assert (await owner.post("/owner/privacy/view", data=AGREED)).status_code == 303
    async with shop.desk.db.read() as conn:
        row = await shops.get_shop(conn, shop.id)
        noted = [one.what for one in await audit.list_audit(conn, shop.id, limit=20)]
    assert row.per_person and list(row.golive or {}) == ["backup"]
    assert noted[:2] == ["privacy.view_on", "privacy.view_off"]
    notice = (await owner.get(f"{PAPERS}/notice?lang=en")).text
    assert "Agreed to on behalf of the employees: Åsa Öhman, 20 November 2020." in notice
    html = (await owner.get(f"{PAPERS}?lang=en")).text
    assert "agreed to by Åsa Öhman" in html and "Switched off" in html
