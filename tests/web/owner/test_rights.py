"""What a manager of the warehouse and a reader see of everything below /owner: nothing that is another team's, an
owner's or another manager's, and of the reader's nobody's words."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from datetime import timedelta

import httpx2
import pytest
import time_machine

from storefront_trace.actions.people import PersonTold, put_person
from storefront_trace.actions.steps import StepToLog, log_step
from storefront_trace.domain.clock import now_micros
from storefront_trace.domain.ids import new_id
from storefront_trace.routes import OWNER
from storefront_trace.storage import questions, shops
from storefront_trace.web.rights import may
from tests.people import PLACED, Shop
from tests.web.owner.answers import put_answer

SignIn = Callable[[str], Awaitable[httpx2.AsyncClient]]
OWN = ("Anders ord", "Lagrets ord", "Anders vara")
OTHERS = ("Jocke", "Mottagets ord", "Lisas ord", "Olgas ord", "Elins ord")


@pytest.fixture
async def told(shop: Shop) -> dict[str, str]:
    """Words of praise and concern to everybody, a question each to Anders and Jocke that have come to the owner, and
    an order that stands still with each. Ids by whose they are."""
    await shop.give("lisa", "manager", "warehouse")
    await shop.give("sam", "reader")
    await shop.order()
    ids: dict[str, str] = {}
    whose = {"anders": ("anders", "warehouse"), "lisa": ("lisa", "warehouse"), "olga": ("olga", "warehouse")}
    whose |= {"jocke": ("jocke", "orders"), "lagret": (None, "warehouse"), "mottaget": (None, "orders")}
    # Anders took orders once, and Jocke packed: what was said then stays with that team, and with those in it.
    whose |= {"elin": ("anders", "orders"), "elins": ("jocke", "warehouse")}
    for name, (person, team) in whose.items():
        words = f"{name.capitalize().removesuffix('s')}s ord"
        for choice in ("thanks", "concern"):
            ids[name] = await put_answer(shop, person, choice, team=team, words=words, first_name=f"Kund {name}")
    ids |= {f"question-{name}": await _asked(shop, name) for name in ("anders", "jocke")}
    return ids


async def _asked(shop: Shop, name: str) -> str:
    order_id = await shop.order(f"T-{name}")
    question_id, now = new_id(), now_micros()
    team = "warehouse" if name == "anders" else "orders"
    said = {"id": question_id, "order_id": order_id, "words": f"{name.capitalize()} vara", "locale": "sv"}
    way = {"person_id": await shop.person_id(name), "team": team, "to_team_at": now, "to_owner_at": now}
    async with shop.desk.db.write() as conn:
        await questions.insert_question(conn, shop.id, **said, **way, created_at=now)
    return question_id


async def test_a_manager_reads_what_is_about_the_team_and_its_people(
    shop: Shop, told: dict[str, str], signed_in: SignIn
) -> None:
    lisa = await signed_in("lisa")
    seen = "".join([(await lisa.get(f"/owner{path}")).text for path in ("/concerns", "/questions", "/people/anders")])
    assert [words for words in ("Anders ord", "Lagrets ord", "Anders vara") if words not in seen] == []


async def test_a_manager_finds_nothing_of_anybody_elses_on_any_page(
    shop: Shop, told: dict[str, str], signed_in: SignIn
) -> None:
    lisa = await signed_in("lisa")
    for method, path in _walk(told):
        answer = await lisa.request(method, path, data={"words": "Hej"} if method == "POST" else None)
        assert [words for words in OTHERS if words in answer.text] == [], (method, path)


async def test_a_reader_finds_nobodys_words_on_any_page_and_changes_nothing(
    shop: Shop, told: dict[str, str], signed_in: SignIn
) -> None:
    sam = await signed_in("sam")
    for method, path in _walk(told):
        answer = await sam.request(method, path, data={"words": "Hej"} if method == "POST" else None)
        assert [words for words in (*OWN, *OTHERS, "Anders", "Kund") if words in answer.text] == [], (method, path)
        assert method == "GET" or answer.status_code == 403, path


async def test_a_manager_does_nothing_about_what_is_anybody_elses(
    shop: Shop, told: dict[str, str], signed_in: SignIn
) -> None:
    lisa, notes = await signed_in("lisa"), {"thing": "Lådan.", "words": "Hej!"}
    for name in ("lisa", "olga", "jocke", "mottaget", "elin", "elins"):
        for deed in ("reply", "talk", "share", "done", "outside", "looking", "reopen"):
            answer = await lisa.post(f"/owner/concerns/{told[name]}/{deed}", data=notes)
            assert (name, deed, answer.status_code) == (name, deed, 404)
        assert (await lisa.get(f"/owner/concerns/{told[name]}")).status_code == 404
    answer = await lisa.post(f"/owner/questions/{told['question-jocke']}/answer", data={"words": "Ja!"})
    assert answer.status_code == 404


async def test_a_reader_is_led_from_the_queue_to_what_opens_for_them(
    shop: Shop, told: dict[str, str], signed_in: SignIn
) -> None:
    refused = await (await signed_in("sam")).get("/staff?lang=en")
    assert refused.status_code == 403
    assert 'href="/owner"' in refused.text and "To the queue" not in refused.text


async def test_a_manager_takes_care_of_what_is_the_teams(shop: Shop, told: dict[str, str], signed_in: SignIn) -> None:
    lisa = await signed_in("lisa")
    for deed in ("looking", "talk", "reply", "outside", "done"):
        answer = await lisa.post(f"/owner/concerns/{told['anders']}/{deed}", data={"thing": "Lådan.", "words": "Hej!"})
        assert answer.status_code == 303, deed
    answer = await lisa.post(f"/owner/questions/{told['question-anders']}/answer", data={"words": "Ja!"})
    assert answer.status_code == 303
    log = (await (await signed_in("olga")).get("/owner/audit?lang=en")).text
    assert "Lisa took care of a concern" in log and "Lisa answered a question" in log


async def test_a_manager_sees_the_orders_that_stand_still_with_the_team_alone(
    shop: Shop, told: dict[str, str], signed_in: SignIn
) -> None:
    for number, handle in (("STILL-A", "anders"), ("STILL-J", "jocke")):
        await shop.order(number, promise_from=None, promise_to=None)
        await log_step(shop.desk, shop.id, number, StepToLog("received", "olga", hand_to=handle))
    with time_machine.travel(PLACED + timedelta(days=30), tick=False):
        lisa = (await (await signed_in("lisa")).get("/owner/needs")).text
        olga = (await (await signed_in("olga")).get("/owner/needs")).text
    assert ("STILL-A" in lisa, "STILL-J" in lisa) == (True, False)
    assert "STILL-A" in olga and "STILL-J" in olga


async def test_every_link_on_their_pages_opens_for_them(shop: Shop, told: dict[str, str], signed_in: SignIn) -> None:
    for handle in ("lisa", "sam"):
        visitor = await signed_in(handle)
        seen, waiting = set[str](), ["/owner"]
        while waiting:
            path = waiting.pop()
            answer = await visitor.get(path, follow_redirects=True)
            assert answer.status_code == 200, (handle, path)
            found = set(re.findall(r'href="(/[^"#?]*)', answer.text)) if path.startswith("/owner") else set()
            fresh = {one for one in found if one.startswith(("/owner", "/staff"))} - seen - {path}
            seen |= fresh
            waiting += fresh
        assert "/owner/reports" in seen if handle == "sam" else "/owner/concerns" in seen


async def test_what_is_asked_of_owners_is_asked_of_nobody_else(
    shop: Shop, told: dict[str, str], signed_in: SignIn
) -> None:
    lisa, sam = await signed_in("lisa"), await signed_in("sam")
    async with shop.desk.db.write() as conn:
        await shops.update_shop(conn, shop.id, needs_factor=True)
        await shops.update_generation(conn, shop.id)
    assert (await lisa.get("/owner/concerns")).status_code == 200
    assert (await sam.get("/owner/reports")).status_code == 200
    assert 'href="/owner"' in (await sam.get("/staff/me")).text, "still a reader there"


def test_a_page_whose_name_begins_like_a_readers_is_not_a_readers() -> None:
    assert may("reader", "/staff/me") and may("reader", "/staff/me/photo")
    assert not may("reader", "/staff/media/1") and not may("reader", "/staff/welcomes")


async def test_a_manager_whose_team_changes_keeps_the_one_that_was_given(
    shop: Shop, told: dict[str, str], signed_in: SignIn
) -> None:
    """A shop system may say what team Lisa is in. It does not say whose words she reads."""
    await put_person(shop.desk, shop.id, "lisa", PersonTold("Lisa", {}, "orders"))
    seen = (await (await signed_in("lisa")).get("/owner/concerns")).text
    assert ("Anders ord" in seen, "Jockes ord" in seen) == (True, False)


def _walk(ids: dict[str, str]) -> list[tuple[str, str]]:
    """Every route below /owner, of everybody, every team, answer and question."""
    filled: dict[str, list[str]] = {
        "handle": ["anders", "jocke", "lisa", "olga", "sam", "nobody"],
        "key": ["warehouse", "orders", "packed", "nothing"],
        "feedback": [value for name, value in ids.items() if not name.startswith("question")],
        "question": [value for name, value in ids.items() if name.startswith("question")],
    }
    found = [("GET", "/owner")]
    for route in OWNER:
        path: str = route.path  # type: ignore[attr-defined]
        names = re.findall(r"{(\w+)}", path)
        values = filled.get(names[0], ["0" * 32]) if names else [""]
        paths = [f"/owner{path.replace(f'{{{names[0]}}}', value) if names else path}" for value in values]
        methods = sorted(set(route.methods or ()) & {"GET", "POST"})  # type: ignore[attr-defined]
        found += [(method, one) for one in paths for method in methods]
    # Looking first: what is answered stands in another place.
    return sorted(found)


@pytest.mark.parametrize(("who", "way"), [("olga", "/owner"), ("lisa", "/owner/concerns"), ("anders", None)])
async def test_above_every_staff_page_at_a_desk_and_the_queue_on_a_phone_stands_the_way_to_ones_desk(
    shop: Shop, signed_in: SignIn, who: str, way: str | None
) -> None:
    await shop.give("lisa", "manager", "warehouse")
    visitor = await signed_in(who)
    for path, ways in (("/staff", 2), ("/staff/orders", 1), ("/staff/thanks", 1)):
        above = (await visitor.get(path)).text.partition("<main")[0]
        assert re.findall(r'href="(/owner[^"]*)"', above) == ([way] * ways if way else []), path
