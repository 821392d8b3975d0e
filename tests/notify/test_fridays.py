from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import time_machine
from starlette.applications import Starlette

from storefront_trace.actions import concerns, mailing, own_mails, people, rights, shops
from storefront_trace.actions.feedback import Answer, save_feedback
from storefront_trace.actions.people import PersonTold
from storefront_trace.config import Settings
from storefront_trace.domain.moments import to_micros
from tests.notify.fridays import FRIDAY, MONDAY, THURSDAY, deliver, let_in, written
from tests.notify.postman import Postman, text_of
from tests.people import STAFF, Shop
from tests.web.owner.answers import put_answer
from tests.web.owner.test_concerns import concern

ANDERS, OLGA, LISA = "anders@example.com", "olga@example.com", "lisa@example.com"


async def thanks(
    shop: Shop, words: str = "", to: str | None = "anders", at: datetime = THURSDAY, **more: object
) -> str:
    return await put_answer(shop, to, words=words, created_at=to_micros(at), **more)


async def mails(app: Starlette, shop: Shop, settings: Settings, postman: Postman) -> dict[str, str]:
    """By reader and subject, in plain text."""
    with time_machine.travel(FRIDAY, tick=False):
        await deliver(app, shop, settings)
    found = {f"{mail['To']} {mail['Subject']}": text_of(mail).replace("\xa0", " ") for mail in postman.mails}
    return dict(sorted(found.items()))


async def test_everybody_who_was_thanked_reads_it_on_friday_afternoon_words_first(
    app: Starlette, shop: Shop, mail_settings: Settings, postman: Postman
) -> None:
    await let_in(shop, "anders", "lisa")
    await thanks(shop, chips=["fast"])
    await thanks(shop, "Så fint inslaget!", at=THURSDAY - timedelta(days=1))
    await thanks(shop)
    found = await mails(app, shop, mail_settings, postman)
    assert list(found) == [f"{ANDERS} Veckans tack till dig", f"{OLGA} Veckan med kundernas ord"]
    text = found[f"{ANDERS} Veckans tack till dig"]
    assert text.index("”Så fint inslaget!”") < text.index("– Karin, order 1001, torsdag 19 november")
    assert "Karin, order 1001, onsdag 18 november" in text and "En kund tackade utan ord." in text
    assert f"{mail_settings.public_url}/staff/thanks" in text and "Anders, Lagret" in text
    stop = f"{mail_settings.public_url}/mails/friday/"
    assert all(str(mail["List-Unsubscribe"]).startswith(f"<{stop}") and stop in text_of(mail) for mail in postman.mails)
    assert {str(mail["List-Unsubscribe-Post"]) for mail in postman.mails} == {"List-Unsubscribe=One-Click"}
    assert [word for word in ("procent", "%", "förra veckan") if word in text] == []


async def test_thanks_to_the_team_reach_those_who_are_it(
    app: Starlette, shop: Shop, mail_settings: Settings, postman: Postman
) -> None:
    await let_in(shop, "anders", "jocke")
    await thanks(shop, "Heja lagret!", to=None)
    found = await mails(app, shop, mail_settings, postman)
    assert "Karin till lagerteamet" in found[f"{ANDERS} Veckans tack till dig"]
    assert not any(key.startswith("jocke") for key in found)


@pytest.mark.parametrize("what", ["nothing", "a concern", "outside", "last week", "next week"])
async def test_a_week_without_thanks_is_a_week_without_mail(shop: Shop, what: str) -> None:
    await let_in(shop, "anders")
    if what == "a concern":
        await put_answer(shop, "anders", "concern", created_at=to_micros(THURSDAY))
    if what == "outside":
        await thanks(shop, outside_at=to_micros(THURSDAY))
    if what in ("last week", "next week"):
        await thanks(shop, at=FRIDAY - timedelta(days=7, seconds=1) if what == "last week" else FRIDAY)
    with time_machine.travel(FRIDAY, tick=False):
        await deliver_nothing(shop)


async def deliver_nothing(shop: Shop) -> None:
    assert await mailing.write_all(shop.desk) == 0
    assert await written(shop) == []


@pytest.mark.parametrize("who", ["person", "reader", "owner", "left", "no address", "never let in", "shop"])
async def test_who_wants_none_gets_none_even_when_it_was_written_already(
    app: Starlette, shop: Shop, mail_settings: Settings, postman: Postman, who: str
) -> None:
    if who != "never let in":
        await let_in(shop, "anders")
    await thanks(shop, "Fint!")
    with time_machine.travel(FRIDAY, tick=False):
        await mailing.write_all(shop.desk)
        if who in ("person", "owner"):
            reader = await shop.person_id("anders" if who == "person" else "olga")
            await own_mails.set_friday(shop.desk, shop.id, reader, False, locale="sv")
        if who == "reader":
            await rights.set_role(shop.desk, shop.id, "anders", "reader")
        if who == "left":
            await people.end_employment(shop.desk, shop.id, "anders")
        if who == "no address":
            told = PersonTold("Anders", STAFF["anders"].roles, "warehouse", None)
            await people.put_person(shop.desk, shop.id, "anders", told)
        if who == "shop":
            await shops.set_face(shop.desk, shop.id, friday=False)
        await deliver(app, shop, mail_settings)
    readers = {str(mail["To"]) for mail in postman.mails if mail["List-Unsubscribe"]}
    assert readers == ({ANDERS} if who == "owner" else set() if who == "shop" else {OLGA})


async def test_each_reads_it_in_the_language_of_the_page_where_it_was_chosen(
    app: Starlette, shop: Shop, mail_settings: Settings, postman: Postman
) -> None:
    await let_in(shop, "anders")
    await thanks(shop, "Fint!")
    await own_mails.set_friday(shop.desk, shop.id, await shop.person_id("anders"), True, locale="fi")
    found = await mails(app, shop, mail_settings, postman)
    assert list(found) == [f"{ANDERS} Viikon kiitokset sinulle", f"{OLGA} Veckan med kundernas ord"]
    assert {str(mail["Content-Language"]) for mail in postman.mails} == {"fi", "sv"}


async def test_the_owner_reads_what_was_thanked_for_what_was_learned_and_one_question(
    app: Starlette, shop: Shop, mail_settings: Settings, postman: Postman
) -> None:
    await let_in(shop, "anders")
    with time_machine.travel(THURSDAY, tick=False):
        said = await concern(shop)
        olga, anders = await shop.person_id("olga"), await shop.person_id("anders")
        notes = {"thing": "Hemlig anteckning."}
        await concerns.note_talk(shop.desk, shop.id, said.id, by_person=olga, notes=notes)
        await concerns.take_along(shop.desk, shop.id, said.id, by_person=anders, words="Jag frågar efter mindre lådor.")
        await concerns.mark_done(shop.desk, shop.id, said.id)
    for to, words in (("lisa", "Snabbt!"), ("anders", "Varsamt!"), ("anders", "Äldre ord.")):
        await thanks(shop, words, to, at=THURSDAY - timedelta(hours=words == "Äldre ord."), chips=["fast"])
    text = (await mails(app, shop, mail_settings, postman))[f"{OLGA} Veckan med kundernas ord"]
    assert text.index("Karin till Anders") < text.index("Karin till Lisa")  # by name, never by how many
    assert "Äldre ord" not in text and "Oftast:" in text and "tack den här veckan" not in text
    assert "Packad: förpackningen" in text and "”Jag frågar efter mindre lådor.”" in text
    assert "Hemlig" not in text and "Lådan var onödigt stor" not in text
    assert text.count("?") == 2 and f"{mail_settings.public_url}/owner/friday?week=2026-11-20" in text


async def test_where_people_are_not_looked_at_one_by_one_the_week_names_nobody(
    app: Starlette, shop: Shop, mail_settings: Settings, postman: Postman
) -> None:
    await thanks(shop, "Varsamt!")
    await shops.set_face(shop.desk, shop.id, per_person=False)
    text = (await mails(app, shop, mail_settings, postman))[f"{OLGA} Veckan med kundernas ord"]
    assert "Varsamt!" in text and "Karin" in text and "Anders" not in text


async def test_what_was_erased_or_changed_into_a_concern_meanwhile_is_not_sent(
    app: Starlette, shop: Shop, mail_settings: Settings, postman: Postman
) -> None:
    await let_in(shop, "anders")
    with time_machine.travel(THURSDAY, tick=False):
        said = await concern(shop, choice="thanks", chips=(), words="Fint!")
    with time_machine.travel(FRIDAY, tick=False):
        assert await mailing.write_all(shop.desk) == 2
        await save_feedback(shop.desk, shop.id, said.order_id, said.event_id, Answer("concern", words="Nej.", chips=()))
        await deliver(app, shop, mail_settings)
    assert ["kunde vara bättre" in str(mail["Subject"]) for mail in postman.mails] == [True]


async def test_a_mail_that_could_not_go_out_until_monday_is_not_sent_after_it(
    app: Starlette, shop: Shop, mail_settings: Settings, postman: Postman
) -> None:
    await let_in(shop, "anders")
    await thanks(shop, "Fint!")
    with time_machine.travel(MONDAY - timedelta(seconds=1), tick=False):
        assert await mailing.write_all(shop.desk) == 2
    with time_machine.travel(MONDAY, tick=False):
        await deliver(app, shop, mail_settings)
    assert postman.mails == []
