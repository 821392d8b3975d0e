"""What is shown no more stays away when an older database comes back: words on the wall, its screens, the view of
each person."""

from __future__ import annotations

import pytest

from storefront_trace.actions import endings, papers, wall
from storefront_trace.storage import shops
from tests.earlier import copy_of, put_back
from tests.hanging import customer_says, hanging, on_the_wall, person_says
from tests.people import Shop

WORDS = "Vilket fint paket!"
DAY = "2026-11-02"


async def restored(shop: Shop, backup: dict[str, list[dict[str, object]]]) -> None:
    await put_back(shop.desk.db, backup)
    await endings.mark_restored(shop.desk)
    await endings.carry_out(shop.desk)


async def shows_people(shop: Shop) -> bool:
    async with shop.desk.db.read() as conn:
        return (await shops.get_shop(conn, shop.id)).per_person


@pytest.mark.parametrize("whose", ["the customer", "the person"])
async def test_words_whose_yes_was_taken_back_do_not_hang_again(shop: Shop, whose: str) -> None:
    said = await on_the_wall(shop, WORDS)
    backup = await copy_of(shop.desk.db)
    await (customer_says if whose == "the customer" else person_says)(shop, said, "no")
    await put_back(shop.desk.db, backup)
    assert await hanging(shop) == [WORDS]
    assert (await endings.carry_out(shop.desk)).lines == 1
    assert await hanging(shop) == []


async def test_a_yes_that_came_after_the_no_holds(shop: Shop) -> None:
    """Also where the whole journal is gone through, because the database that came back is older than its mark."""
    before = await copy_of(shop.desk.db)
    said = await on_the_wall(shop, WORDS)
    await customer_says(shop, said, "no")
    await customer_says(shop, said, "nameless")
    await wall.put_up(shop.desk, shop.id, said.id)
    backup = await copy_of(shop.desk.db)
    await restored(shop, {**backup, "journal_mark": before["journal_mark"]})
    assert await hanging(shop) == [WORDS]


async def test_a_screen_that_was_ended_shows_nothing_again(shop: Shop) -> None:
    screen, token = await wall.make_screen(shop.desk, shop.id, "Lagret")
    backup = await copy_of(shop.desk.db)
    await wall.end_screen(shop.desk, shop.id, screen.id)
    await restored(shop, backup)
    assert await wall.find_screen(shop.desk, token) is None


async def test_a_view_that_was_switched_off_stays_off(shop: Shop) -> None:
    olga = await shop.person_id("olga")
    backup = await copy_of(shop.desk.db)
    await papers.hide_people(shop.desk, shop.id, by_person=olga)
    await restored(shop, backup)
    assert not await shows_people(shop)


async def test_a_view_that_was_agreed_to_anew_stays_on(shop: Shop) -> None:
    olga = await shop.person_id("olga")
    before = await copy_of(shop.desk.db)
    await papers.hide_people(shop.desk, shop.id, by_person=olga)
    await papers.show_people(shop.desk, shop.id, by_person=olga, name="Verkstadsklubben", day=DAY)
    backup = await copy_of(shop.desk.db)
    await restored(shop, {**backup, "journal_mark": before["journal_mark"]})
    assert await shows_people(shop)


async def test_where_the_journal_was_lost_the_database_still_knows_what_is_shown_no_more(shop: Shop) -> None:
    olga = await shop.person_id("olga")
    said = await on_the_wall(shop, WORDS)
    screen, token = await wall.make_screen(shop.desk, shop.id, "Lagret")
    backup = await copy_of(shop.desk.db)
    await person_says(shop, said, "no")
    await wall.end_screen(shop.desk, shop.id, screen.id)
    await papers.hide_people(shop.desk, shop.id, by_person=olga)
    assert shop.desk.journal is not None
    shop.desk.journal.path.unlink()
    assert (await endings.carry_out(shop.desk)).lines == 0
    await restored(shop, backup)
    assert await hanging(shop) == []
    assert await wall.find_screen(shop.desk, token) is None
    assert not await shows_people(shop)
