from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine

from storefront_trace.actions import concerns
from storefront_trace.actions.feedback import Answer, reply, save_feedback
from storefront_trace.domain.moments import from_micros
from storefront_trace.storage import feedback
from storefront_trace.storage.feedback import Feedback
from tests.people import Shop
from tests.web.owner.test_concerns import PATH, WORDS, concern

THING = "Lådan till 1001 var dubbelt så stor som muggen."
TALK = {"intent": "Hjälpa till", "thing": THING, "next": "Vi beställer mindre lådor på fredag."}


async def of(shop: Shop, said: Feedback) -> Feedback:
    async with shop.desk.db.read() as conn:
        return await feedback.get_feedback(conn, shop.id, said.id)


async def test_a_concern_goes_from_new_by_way_of_looking_and_talked_to_closed(shop: Shop, signed_in: Any) -> None:
    said, owner = await concern(shop), await signed_in("olga")

    async def found() -> list[str]:
        stages = ("new", "looking", "talked", "closed")
        return [stage for stage in stages if WORDS in (await owner.get(f"{PATH}?stage={stage}")).text]

    assert await found() == ["new"]
    for path, form, stage in (("looking", {}, "looking"), ("talk", TALK, "talked"), ("done", {}, "closed")):
        answer = await owner.post(f"{PATH}/{said.id}/{path}", data=form)
        assert answer.status_code == 303, path
        assert await found() == [stage]
    await owner.post(f"{PATH}/{said.id}/reopen")
    assert await found() == ["talked"]


async def test_what_was_talked_about_is_the_persons_to_read_and_to_add_to(shop: Shop, signed_in: Any) -> None:
    said = await concern(shop)
    anders, owner = await signed_in("anders"), await signed_in("olga")
    assert (await anders.post(f"/staff/thanks/{said.id}/takeaways", data={"takeaways": "x"})).status_code == 404
    await owner.post(f"{PATH}/{said.id}/talk", data=TALK)
    page = (await anders.get("/staff/thanks?lang=en")).text
    assert WORDS in page and THING in page and "How they see it" not in page  # nothing was noted there
    assert "What the talk was meant to give" in page and "What you want with the talk" not in page
    answer = await anders.post(f"/staff/thanks/{said.id}/takeaways", data={"takeaways": "Jag frågar om lådan."})
    assert answer.status_code == 303
    assert "Jag frågar om lådan." in (await owner.get(f"{PATH}/{said.id}")).text
    exported = (await anders.get("/staff/me/export.json")).json()
    kept = exported["concerns"][0]["talk"]
    assert kept["notes"] == TALK and kept["takeaways"] == "Jag frågar om lådan."


async def test_nobody_else_reads_the_talk_or_writes_in_it(shop: Shop, signed_in: Any) -> None:
    said = await concern(shop)
    await concerns.note_talk(shop.desk, shop.id, said.id, by_person=await shop.person_id("olga"), notes=TALK)
    lisa, nora = await signed_in("lisa"), await signed_in("nora")
    assert THING not in (await lisa.get("/staff/thanks")).text
    assert (await lisa.post(f"/staff/thanks/{said.id}/takeaways", data={"takeaways": "x"})).status_code == 404
    assert (await nora.get(f"{PATH}/{said.id}")).status_code == 404
    assert (await nora.post(f"{PATH}/{said.id}/talk", data=TALK)).status_code == 404


async def test_a_talk_is_saved_again_with_its_first_day_kept(shop: Shop, signed_in: Any) -> None:
    said, owner = await concern(shop), await signed_in("olga")
    await owner.post(f"{PATH}/{said.id}/talk", data=TALK)
    first = (await of(shop, said)).talked_at
    await owner.post(f"{PATH}/{said.id}/talk", data=TALK | {"view": "Lådorna var slut."})
    assert (await of(shop, said)).talked_at == first
    html = (await owner.get(f"{PATH}/{said.id}")).text
    assert "Lådorna var slut." in html and THING in html


async def test_a_note_that_is_too_long_comes_back_with_all_that_was_typed(shop: Shop, signed_in: Any) -> None:
    said, owner = await concern(shop), await signed_in("olga")
    answer = await owner.post(f"{PATH}/{said.id}/talk?lang=en", data=TALK | {"view": "x" * 1001})
    assert answer.status_code == 422
    assert THING in answer.text and "x" * 1001 in answer.text and 'href="#view"' in answer.text
    assert (await of(shop, said)).talked_at is None


async def test_a_talk_of_which_nothing_was_written_is_refused_and_shared_with_nobody(
    shop: Shop, signed_in: Any
) -> None:
    said, owner, anders = await concern(shop), await signed_in("olga"), await signed_in("anders")
    answer = await owner.post(f"{PATH}/{said.id}/talk?lang=en", data={"intent": " ", "thing": "", "next": "\n"})
    assert answer.status_code == 422
    assert "Write something first" in answer.text and 'href="#intent"' in answer.text
    now = await of(shop, said)
    assert (now.looking_at, now.talked_at, now.shared_at) == (None, None, None)
    assert WORDS not in (await anders.get("/staff/thanks")).text


async def test_with_a_team_or_somebody_who_has_left_there_is_nobody_to_talk_with(shop: Shop, signed_in: Any) -> None:
    said, owner = await concern(shop, by=None), await signed_in("olga")
    html = (await owner.get(f"{PATH}/{said.id}?lang=en")).text
    assert "We have talked" not in html
    answer = await owner.post(f"{PATH}/{said.id}/talk?lang=en", data=TALK)
    assert answer.status_code == 422 and "Close it" in answer.text


async def test_an_owners_own_step_is_in_the_list_and_not_excused_by_herself(shop: Shop, signed_in: Any) -> None:
    said, owner = await concern(shop, by="olga"), await signed_in("olga")
    html = (await owner.get(f"{PATH}?lang=en")).text
    assert WORDS in html and "a step of your own" in html
    assert f"{said.id}/share" not in html and f"{said.id}/outside" not in html
    assert (await owner.post(f"{PATH}/{said.id}/outside")).status_code == 403
    assert (await of(shop, said)).outside_at is None


async def test_a_concern_about_a_step_of_ones_own_is_not_said_to_be_shared_with_oneself(
    shop: Shop, signed_in: Any
) -> None:
    said, owner = await concern(shop, by="olga"), await signed_in("olga")
    soon = (await owner.get(f"{PATH}/{said.id}?lang=en")).text
    with time_machine.travel(from_micros(said.created_at) + timedelta(days=15), tick=False):
        later = (await (await signed_in("olga")).get(f"{PATH}/{said.id}?lang=en")).text
    for html in (soon, later):
        assert "a step of your own" in html and "Shared with" not in html


async def test_thanks_made_of_a_concern_begin_anew_when_they_become_one_again(shop: Shop, signed_in: Any) -> None:
    said, owner = await concern(shop), await signed_in("olga")
    await owner.post(f"{PATH}/{said.id}/talk", data=TALK)
    for choice in ("thanks", "concern"):
        told = Answer(choice, words=WORDS, chips=())
        await save_feedback(shop.desk, shop.id, said.order_id, said.event_id, told)
    now = await of(shop, said)
    assert (now.looking_at, now.talked_at, now.shared_at) == (None, None, None)
    assert THING not in (await owner.get(f"{PATH}/{said.id}")).text


@pytest.mark.parametrize(("hours", "late"), [(2, False), (100, True)])
async def test_who_waits_longer_than_a_working_day_is_marked(
    shop: Shop, signed_in: Any, hours: int, late: bool
) -> None:
    said = await concern(shop)
    with time_machine.travel(from_micros(said.created_at) + timedelta(hours=hours), tick=False):
        owner = await signed_in("olga")
        assert ("longer than one working day" in (await owner.get(f"{PATH}?lang=en")).text) == late
        await reply(shop.desk, shop.id, said.id, by_person=await shop.person_id("olga"), as_owner=True, words="Förlåt!")
        assert "longer than one working day" not in (await owner.get(f"{PATH}?lang=en")).text
