"""Nothing hangs on the wall of thanks without the customer's and the person's yes, nor longer than both stand by it."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine

from storefront_trace.actions import corrections, feedback, orders, people, privacy, shops, steps, wall
from storefront_trace.actions.feedback import Answer
from storefront_trace.actions.purging import purge
from storefront_trace.actions.steps import StepToLog
from storefront_trace.domain.clock import now_micros
from storefront_trace.domain.errors import Conflict, Invalid, NotFound
from storefront_trace.domain.incoming import IncomingLine
from storefront_trace.domain.moments import from_micros
from storefront_trace.domain.wall import CUSTOMERS_WORDING, MOST_CHANGES, PERSONS_WORDING
from storefront_trace.storage.feedback import Feedback
from storefront_trace.storage.tables import wall_consent
from tests.hanging import customer_says, hanging, on_the_wall, person_says, reread, thanked
from tests.people import Shop

WORDS = "Vilket fint paket!"
Deed = Callable[[Shop, Feedback], Awaitable[object]]


async def test_the_owner_hangs_up_what_both_have_said_yes_to(shop: Shop) -> None:
    said = await thanked(shop, WORDS)
    with pytest.raises(NotFound):
        await wall.put_up(shop.desk, shop.id, said.id)
    await customer_says(shop, said)
    with pytest.raises(NotFound):
        await wall.put_up(shop.desk, shop.id, said.id)
    await person_says(shop, said)
    assert await hanging(shop) == []
    await wall.put_up(shop.desk, shop.id, said.id)
    await wall.put_up(shop.desk, shop.id, said.id)
    assert await hanging(shop) == [WORDS]
    await wall.take_down(shop.desk, shop.id, said.id)
    assert await hanging(shop) == []


async def edit(shop: Shop, said: Feedback, choice: str, words: str) -> None:
    await feedback.save_feedback(shop.desk, shop.id, said.order_id, said.event_id, Answer(choice, words=words))


DEEDS: dict[str, Deed] = {
    "the customer takes it back": lambda shop, said: customer_says(shop, said, "no"),
    "the person takes it back": lambda shop, said: person_says(shop, said, "no"),
    "the customer writes something else": lambda shop, said: edit(shop, said, "thanks", "Helt okej paket."),
    "it becomes a concern": lambda shop, said: edit(shop, said, "concern", WORDS),
    "the words go": lambda shop, said: edit(shop, said, "thanks", ""),
    "the person leaves": lambda shop, said: people.end_employment(shop.desk, shop.id, "anders"),
    "the person is erased": lambda shop, said: privacy.erase_person(shop.desk, shop.id, "anders"),
    "the order is erased": lambda shop, said: privacy.erase_customer(shop.desk, shop.id, number="1001"),
    "the customer is erased": lambda shop, said: privacy.erase_customer(shop.desk, shop.id, email="karin@example.com"),
    "the link is revoked": lambda shop, said: orders.revoke_links(shop.desk, shop.id, "1001"),
    "the step is taken back": lambda shop, said: corrections.correct_event(
        shop.desk, shop.id, "1001", said.event_id, by="anders", reason="Fel order", source="staff"
    ),
}


@pytest.mark.parametrize("deed", DEEDS.values(), ids=DEEDS)
async def test_it_comes_down_at_once_when(shop: Shop, deed: Deed) -> None:
    said = await on_the_wall(shop, WORDS)
    assert await hanging(shop) == [WORDS]
    await deed(shop, said)
    assert await hanging(shop) == []
    with pytest.raises(NotFound):
        await wall.put_up(shop.desk, shop.id, said.id)


async def test_what_was_taken_back_hangs_again_only_when_the_owner_hangs_it_up(shop: Shop) -> None:
    said = await on_the_wall(shop, WORDS)
    await customer_says(shop, said, "no")
    await customer_says(shop, said, "nameless")
    assert await hanging(shop) == []
    await wall.put_up(shop.desk, shop.id, said.id)
    assert await hanging(shop) == [WORDS]


async def test_other_words_are_a_new_question_to_both(shop: Shop) -> None:
    said = await on_the_wall(shop, WORDS)
    await edit(shop, said, "thanks", "Vilket fint kort!")
    again = await reread(shop, said)
    assert (again.wall, again.wall_person, again.wall_put_at) == (None, None, None)
    await customer_says(shop, said)
    with pytest.raises(NotFound):
        await wall.put_up(shop.desk, shop.id, said.id)


@pytest.mark.parametrize(("choice", "words"), [("concern", "Lådan var stor."), ("thanks", "")])
async def test_nobody_is_asked_of_concerns_or_of_what_has_no_words(shop: Shop, choice: str, words: str) -> None:
    said = await thanked(shop, WORDS)
    await edit(shop, said, choice, words)
    with pytest.raises(Conflict):
        await customer_says(shop, said)


async def test_the_person_is_asked_after_the_customer_and_nobody_else_is(shop: Shop) -> None:
    said = await thanked(shop, WORDS)
    with pytest.raises(NotFound):
        await person_says(shop, said)
    await customer_says(shop, said)
    with pytest.raises(NotFound):
        await person_says(shop, said, who="lisa")
    await person_says(shop, said)


async def test_for_a_team_any_of_its_people_says_yes_or_takes_it_back(shop: Shop) -> None:
    said = await thanked(shop, WORDS, by=None)
    await customer_says(shop, said)
    with pytest.raises(NotFound):
        await person_says(shop, said, who="jocke")
    await person_says(shop, said, who="lisa")
    await wall.put_up(shop.desk, shop.id, said.id)
    assert await hanging(shop) == [WORDS]
    await person_says(shop, said, "no", who="sam")
    assert await hanging(shop) == []


async def test_an_answer_that_is_none_is_refused(shop: Shop) -> None:
    said = await thanked(shop, WORDS)
    with pytest.raises(Invalid):
        await customer_says(shop, said, "yes")
    await customer_says(shop, said)
    with pytest.raises(Invalid):
        await person_says(shop, said, "name")


async def test_another_orders_customer_has_no_say(shop: Shop) -> None:
    said = await thanked(shop, WORDS)
    other = await shop.order("1002")
    with pytest.raises(NotFound):
        await wall.let_show(shop.desk, shop.id, other, said.id, "name", "sv")


async def test_a_yes_can_be_taken_back_however_often_it_was_given(shop: Shop) -> None:
    said = await thanked(shop, WORDS)
    for _ in range(MOST_CHANGES // 2):
        await customer_says(shop, said)
        await customer_says(shop, said, "no")
    with pytest.raises(Conflict):
        await customer_says(shop, said)
    assert (await reread(shop, said)).wall is None


async def test_what_was_said_is_kept_with_its_wording_and_each_finds_their_own_in_the_copy(shop: Shop) -> None:
    said = await on_the_wall(shop, WORDS)
    await customer_says(shop, said, "no")
    theirs = (await privacy.export_customer(shop.desk, shop.id, "karin@example.com"))["wall"]
    assert [(one["says"], one["wording"]) for one in theirs] == [("name", CUSTOMERS_WORDING), ("no", CUSTOMERS_WORDING)]
    [own] = (await privacy.export_person(shop.desk, shop.id, "anders"))["wall"]
    assert (own["says"], own["wording"], own["locale"]) == ("yes", PERSONS_WORDING, "sv")
    assert await shop.person_id("anders") not in json.dumps(theirs)


@pytest.mark.parametrize("months", [3, 12])
async def test_with_the_words_the_consents_go(shop: Shop, months: int) -> None:
    await shops.set_face(shop.desk, shop.id, words_months=months)
    await on_the_wall(shop, WORDS)
    with time_machine.travel(from_micros(now_micros()) + timedelta(days=30 * months + 1), tick=False):
        await purge(shop.desk, shop.id)
        assert await hanging(shop) == []
    assert await consents(shop) == 0


async def test_it_comes_down_when_the_customers_page_ends(shop: Shop) -> None:
    """Who can no longer take it back has it taken down."""
    await on_the_wall(shop, WORDS)
    await shop.order(lines=(IncomingLine("1", "Skrattande mugg", 2),))
    await steps.log_step(shop.desk, shop.id, "1001", StepToLog("delivered"))
    with time_machine.travel(from_micros(now_micros()) + timedelta(days=200), tick=False):
        await purge(shop.desk, shop.id)
        assert await hanging(shop) == []
    assert await consents(shop) == 0


async def test_an_erased_persons_yes_is_kept_nowhere(shop: Shop) -> None:
    await on_the_wall(shop, WORDS)
    await privacy.erase_person(shop.desk, shop.id, "anders")
    assert await consents(shop) == 1


async def consents(shop: Shop) -> int:
    async with shop.desk.db.read() as conn:
        return int((await conn.execute(sa.select(sa.func.count()).select_from(wall_consent))).scalar_one())


async def test_a_screens_link_opens_until_it_is_ended_and_only_its_hash_is_kept(shop: Shop) -> None:
    made, token = await wall.make_screen(shop.desk, shop.id, "Vid kassan")
    found = await wall.find_screen(shop.desk, token)
    assert found is not None and (found.id, found.name) == (made.id, "Vid kassan")
    assert await wall.find_screen(shop.desk, token + "x") is None
    await wall.end_screen(shop.desk, shop.id, made.id)
    await wall.end_screen(shop.desk, shop.id, made.id)
    assert await wall.find_screen(shop.desk, token) is None
    with pytest.raises(NotFound):
        await wall.end_screen(shop.desk, shop.other_id, made.id)
