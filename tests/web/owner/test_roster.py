from __future__ import annotations

import re
from typing import Any

from storefront_trace.domain.roster import LONGEST_LIST, MOST_PEOPLE
from storefront_trace.storage import shops
from tests.people import Shop

PATH = "/owner/start/people"
ENGLISH = {"Accept-Language": "en"}
LIST = "Namn;E-post;Roll\nElsa Ek;elsa@example.com;lagret\nHugo hugo@example\nMoa <moa@example.com>"


async def names(shop: Shop) -> list[str]:
    async with shop.desk.db.read() as conn:
        return sorted(person.display_name for person in (await shops.get_cast(conn, shop.id)).people.values())


async def test_a_list_is_shown_as_it_was_understood_before_anything_is_saved(shop: Shop, signed_in: Any) -> None:
    olga, before = await signed_in("olga"), await names(shop)
    page = (await olga.post(PATH, data={"list": LIST, "team": "orders"}, headers=ENGLISH)).text
    assert re.findall(r'<th scope="row">(\w+)</th><td[^>]*>([^<]+)</td><td[^>]*>([^<]+)</td>', page) == [
        ("Elsa", "elsa@example.com", "lagret"),
        ("Moa", "moa@example.com", "–"),
    ]
    assert '<th scope="col">First name, customers may see it</th>' in page
    assert "Line 3:" in page and "“hugo@example” is not an e-mail address." in page
    assert await names(shop) == before and "Hugo hugo@example\nMoa" in page


async def test_those_understood_are_added_and_the_lines_to_mend_stay(shop: Shop, signed_in: Any) -> None:
    olga, before = await signed_in("olga"), await names(shop)
    answer = await olga.post(PATH, data={"list": LIST, "team": "orders", "save": "1"}, headers=ENGLISH)
    assert await names(shop) == sorted([*before, "Elsa", "Moa"])
    assert "2 people are added." in answer.text and ">Hugo hugo@example</textarea>" in answer.text
    async with shop.desk.db.read() as conn:
        elsa = (await shops.get_cast(conn, shop.id)).person_by_handle("elsa")
    assert elsa and (elsa.team, elsa.roles, elsa.email) == ("orders", {"sv": "lagret"}, "elsa@example.com")
    again = await olga.post(PATH, data={"list": "Hugo hugo@example.com", "team": "orders", "save": "1"})
    assert again.headers["location"] == "/owner/sheet?said=added"


async def test_sending_the_list_twice_adds_nobody_twice(shop: Shop, signed_in: Any) -> None:
    olga = await signed_in("olga")
    form = {"list": "Elsa;elsa@example.com\nMoa", "team": "orders", "save": "1"}
    await olga.post(PATH, data=form)
    again = await olga.post(PATH, data=form, headers=ENGLISH)
    assert again.status_code == 200 and "Elsa with this address works here already." in again.text
    assert "There is a Moa already. Write their address, too, or another name." in again.text
    assert ((await names(shop)).count("Elsa"), (await names(shop)).count("Moa")) == (1, 1)


async def test_a_list_has_an_end(shop: Shop, signed_in: Any) -> None:
    olga = await signed_in("olga")
    for text in ("x" * (LONGEST_LIST + 1), "\n".join(f"Person {n}" for n in range(MOST_PEOPLE + 1)), "  \n "):
        answer = await olga.post(PATH, data={"list": text, "save": "1"}, headers=ENGLISH)
        assert answer.status_code == 422 and 'href="#list"' in answer.text
    assert len(await names(shop)) == 5


async def test_the_team_is_asked_for_beside_the_button_that_uses_it(shop: Shop, signed_in: Any) -> None:
    olga = await signed_in("olga")
    assert 'id="team"' not in (await olga.get(PATH, headers=ENGLISH)).text
    page = (await olga.post(PATH, data={"list": LIST, "team": "orders"}, headers=ENGLISH)).text
    count, team, add = (page.index(part) for part in ("2 people to the team", 'id="team"', "Add these people"))
    assert count < team < add < page.index('id="list"') and page.count('name="team"') == 1
