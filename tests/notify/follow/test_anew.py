"""A step is taken back and logged anew: the last word is the truth, it comes once, and it is not lost."""

from __future__ import annotations

from email.message import EmailMessage
from typing import Any

import httpx2
import pytest
import sqlalchemy as sa

from storefront_trace.actions import follow as follow_actions
from storefront_trace.actions.corrections import correct_event
from storefront_trace.domain.clock import HOUR, now_micros
from storefront_trace.notify import sender
from storefront_trace.notify.letters import CannotSay
from storefront_trace.storage import outbox
from storefront_trace.storage.outbox import Notice
from storefront_trace.storage.tables import notice
from tests.notify.follow.following import SV, Deliver, all_followers, follow, pack
from tests.notify.postman import Postman, text_of
from tests.people import Shop
from tests.web.customer.test_told_again import take_back, tell_shipped

CORRECTION = "En rättelse: din beställning 1001"
PACKED = "Packad: din beställning 1001"
MISTAKEN = "Vi skrev till dig: ”Anders packade din beställning”. Det loggades av misstag och har tagits tillbaka."


@pytest.fixture(autouse=True)
async def followed(ordered: None, shop: Shop, client: httpx2.AsyncClient) -> None:
    """Karin follows every step by mail."""
    await follow(client, shop)


async def undo(shop: Shop, event: str) -> None:
    await correct_event(shop.desk, shop.id, "1001", event, by="olga", source="staff")


def subjects(mails: list[EmailMessage]) -> list[str]:
    return [str(mail["Subject"]) for mail in mails]


def said(mail: EmailMessage) -> str:
    return " ".join(text_of(mail).replace("\u00a0", " ").split())


async def everything(deliver: Deliver) -> list[EmailMessage]:
    """What waited for something else comes in a later round."""
    return [mail for _ in range(3) for mail in await deliver()]


async def claim(shop: Shop) -> Notice:
    """A sender takes the one mail that waits."""
    async with shop.desk.db.write() as conn:
        (claimed,) = await outbox.claim_notices(conn, 2**60, now_micros() + HOUR)
    return claimed


async def release(shop: Shop) -> None:
    """Its sender has died."""
    async with shop.desk.db.write() as conn:
        await conn.execute(sa.update(notice).values(claimed_until=None))


async def end(shop: Shop, claimed: Notice, **outcome: int) -> None:
    async with shop.desk.db.write() as conn:
        await outbox.update_notice(conn, claimed, claimed_until=None, **outcome)


async def test_a_mail_whose_sender_dies_after_an_undo_is_sent_about_the_step_as_logged_anew(
    shop: Shop, deliver: Deliver
) -> None:
    event = await pack(shop)
    await claim(shop)
    await undo(shop, event)
    again = await pack(shop, note="Med rosett")
    await release(shop)
    (mail,) = await everything(deliver)
    assert mail["Subject"] == PACKED and "Med rosett" in text_of(mail)
    await undo(shop, again)  # and it can be set right
    assert subjects(await everything(deliver)) == [CORRECTION]


@pytest.mark.parametrize(("before", "after"), [({}, {"sent_at": 1}), ({"sent_at": 1}, {})])
async def test_a_mail_that_went_is_not_followed_by_a_second_one(
    shop: Shop, deliver: Deliver, before: dict[str, int], after: dict[str, int]
) -> None:
    event = await pack(shop)
    claimed = await claim(shop)
    await undo(shop, event)
    if before:
        await end(shop, claimed, **before)
    await pack(shop)
    if after:
        await end(shop, claimed, **after)
    assert await everything(deliver) == []


async def test_a_mail_that_found_its_step_taken_back_is_made_up_for(shop: Shop, deliver: Deliver) -> None:
    event = await pack(shop)
    await claim(shop)
    await undo(shop, event)
    await release(shop)
    assert await deliver() == []  # it had nothing to say
    await pack(shop)
    assert subjects(await everything(deliver)) == [PACKED]


async def test_a_mail_is_not_given_up_when_its_step_is_logged_anew_while_it_is_written(
    shop: Shop, deliver: Deliver
) -> None:
    event = await pack(shop)

    async def writes(_: Notice) -> None:
        await undo(shop, event)
        await pack(shop)
        raise CannotSay("The step was taken back.")

    await sender._send(shop.desk, await claim(shop), writes)
    assert subjects(await everything(deliver)) == [PACKED]


async def test_what_has_been_said_since_it_was_claimed_is_not_said_again(shop: Shop, postman: Postman) -> None:
    await pack(shop)
    claimed = await claim(shop)
    await end(shop, claimed, sent_at=1)

    async def fails(_: Notice) -> None:
        raise AssertionError("It went out already.")

    await sender._send(shop.desk, claimed, fails)
    assert postman.mails == []


async def test_a_shop_systems_step_whose_mail_failed_is_told_when_it_is_told_anew(shop: Shop, deliver: Deliver) -> None:
    await tell_shipped(shop, 0)
    await claim(shop)
    await take_back(shop)
    await release(shop)
    assert await deliver() == []
    await tell_shipped(shop, 1, "RR123456785SE")
    await tell_shipped(shop, 2, "RR123456799SE")
    (mail,) = await everything(deliver)
    assert mail["Subject"] == "Skickad: din beställning 1001" and "RR123456799SE" in text_of(mail, "html")
    await tell_shipped(shop, 3, "RR123456808SE")
    assert await everything(deliver) == []


async def test_one_mail_says_who_really_did_it_and_that_the_earlier_one_named_somebody_else(
    shop: Shop, deliver: Deliver, signed_in: Any
) -> None:
    event = await pack(shop)
    await deliver()
    await undo(shop, event)
    right = await pack(shop, by="lisa", note="Med rosett")
    (mail,) = await everything(deliver)
    assert mail["Subject"] == CORRECTION
    text = said(mail)
    assert text.startswith("Lisa packade din beställning") and MISTAKEN in text and "Med rosett" in text
    assert text.index("Lisa på lagret packade") < text.index(MISTAKEN)
    assert f"/steps/{right}/face.jpg" in text_of(mail, "html")
    story = (await (await signed_in("olga")).get("/staff/orders/1001", headers=SV)).text
    assert "Rättat i ett meddelande" in story


async def test_the_correction_waits_for_the_news_that_says_it(shop: Shop, deliver: Deliver, postman: Postman) -> None:
    event = await pack(shop)
    await deliver()
    await undo(shop, event)
    await pack(shop, by="lisa")
    postman.answers = ["451 come back later"]
    assert await deliver() == []
    (mail,) = await everything(deliver)
    assert MISTAKEN in said(mail)


async def test_news_that_is_taken_back_itself_leaves_the_correction_to_be_said(shop: Shop, deliver: Deliver) -> None:
    event = await pack(shop)
    await deliver()
    await undo(shop, event)
    await undo(shop, await pack(shop, by="lisa"))
    (mail,) = await everything(deliver)
    assert mail["Subject"] == CORRECTION and MISTAKEN in said(mail) and "Lisa" not in said(mail)


async def test_news_that_fails_leaves_the_correction_to_be_said(shop: Shop, deliver: Deliver, postman: Postman) -> None:
    event = await pack(shop)
    await deliver()
    await undo(shop, event)
    await pack(shop, by="lisa")
    postman.answers = ["554 not this one"]
    (mail,) = await everything(deliver)
    assert mail["Subject"] == CORRECTION and MISTAKEN in said(mail)


async def test_who_hears_less_by_now_hears_what_was_wrong_alone(shop: Shop, deliver: Deliver) -> None:
    event = await pack(shop)
    await deliver()
    (one,) = await all_followers(shop)
    await follow_actions.change_wants(shop.desk, shop.id, one.order_id, one.id, "problems")
    await undo(shop, event)
    await pack(shop, by="lisa")
    (mail,) = await everything(deliver)
    assert mail["Subject"] == CORRECTION and MISTAKEN in said(mail) and "Lisa på lagret packade" not in said(mail)


async def test_the_first_one_after_all_needs_no_word_when_the_second_has_not_gone_out(
    shop: Shop, deliver: Deliver
) -> None:
    event = await pack(shop)
    await deliver()
    await undo(shop, event)
    await undo(shop, await pack(shop, by="lisa"))
    await pack(shop)
    assert await everything(deliver) == []


async def test_a_mail_not_known_to_have_gone_is_set_right_only_if_it_went(shop: Shop, deliver: Deliver) -> None:
    event = await pack(shop)
    claimed = await claim(shop)
    await undo(shop, event)
    await pack(shop, by="lisa")
    assert await deliver() == []  # both wait to know
    await end(shop, claimed, failed_at=1)
    assert subjects(await everything(deliver)) == [PACKED]


async def test_a_mail_that_perhaps_went_is_set_right_in_the_news_of_who_did_it_and_not_once_more(
    shop: Shop, deliver: Deliver, postman: Postman
) -> None:
    event = await pack(shop)
    await claim(shop)
    async with shop.desk.db.write() as conn:  # its sender has died, perhaps after sending
        await conn.execute(sa.update(notice).values(claimed_until=1))
    postman.answers = ["554 not this one"]
    assert await deliver() == []
    await undo(shop, event)
    await pack(shop, by="lisa")
    (mail,) = await everything(deliver)
    assert mail["Subject"] == CORRECTION
    assert said(mail).startswith("Lisa packade din beställning") and MISTAKEN in said(mail)


async def test_who_has_it_now_is_set_right_like_who_did_it(shop: Shop, deliver: Deliver) -> None:
    event = await pack(shop, hand_to="lisa")
    (mail,) = await deliver()
    assert "Lisa" in said(mail)
    await undo(shop, event)
    await pack(shop, hand_to="jocke")
    (mail,) = await everything(deliver)
    told, _, mistaken = said(mail).partition("Vi skrev till dig:")
    assert mail["Subject"] == CORRECTION
    assert "Jocke" in told and "Lisa" not in told and "Lisa" in mistaken.partition("Det loggades av misstag")[0]


async def test_another_step_handed_to_somebody_else_does_not_make_it_true(shop: Shop, deliver: Deliver) -> None:
    event = await pack(shop, hand_to="lisa")
    await pack(shop, hand_to="jocke")
    assert len(await everything(deliver)) == 2
    await undo(shop, event)
    assert subjects(await everything(deliver)) == [CORRECTION]
