from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
import time_machine

from storefront_trace.actions import concerns, privacy, purging
from storefront_trace.actions.feedback import reply
from storefront_trace.domain.clock import DAY, now_micros
from storefront_trace.domain.moments import from_micros
from storefront_trace.languages import catalogue
from storefront_trace.storage import feedback, talks
from storefront_trace.storage import people as rows
from storefront_trace.web.owner import keeping
from tests.people import Shop
from tests.web.owner.answers import put_answer
from tests.web.owner.test_concerns import WORDS, concern

PATH = "/owner/privacy"


async def page(signed_in: Any, who: str = "olga") -> str:
    return str((await (await signed_in(who)).get(f"{PATH}?lang=en")).text)


async def test_it_says_how_long_everything_is_kept_from_the_settings_as_they_are(shop: Shop, signed_in: Any) -> None:
    owner = await signed_in("olga")
    assert "12\xa0months; what was chosen stays counted" in await page(signed_in)
    await owner.post(f"{PATH}/settings", data={"words_months": "6"})
    html = await page(signed_in)
    assert "6\xa0months; what was chosen stays counted" in html and "60\xa0days after delivery" in html


@pytest.mark.parametrize("language", ["en", "sv", "nb", "da", "fi", "de"])
async def test_it_tells_of_things_and_parcels_of_notes_and_photos_and_of_what_people_agreed_to(
    shop: Shop, signed_in: Any, language: str
) -> None:
    say = catalogue(language).gettext
    html = unescape(str((await (await signed_in("olga")).get(f"{PATH}?lang={language}")).text))
    for row in (keeping.GOODS, keeping.NOTES, keeping.CONSENTS):
        what, why, until = (say(one) for one in row)
        assert f"<dt>{what}</dt><dd>{why}.</dd>" in html and f"{until}." in html
        assert language == "en" or what != row[0]


async def test_a_number_of_months_that_makes_no_sense_is_refused_where_it_was_typed(shop: Shop, signed_in: Any) -> None:
    owner = await signed_in("olga")
    for months in ("2", "61", "", "x", "１２"):
        answer = await owner.post(f"{PATH}/settings?lang=en", data={"words_months": months})
        assert answer.status_code == 422 and 'href="#words_months"' in answer.text, months


async def test_words_are_let_go_after_their_months_and_the_thanks_stay_counted(shop: Shop, signed_in: Any) -> None:
    said = await concern(shop)
    olga = await shop.person_id("olga")
    await concerns.note_talk(shop.desk, shop.id, said.id, by_person=olga, notes={"thing": "Lådan var stor."})
    await reply(shop.desk, shop.id, said.id, by_person=olga, as_owner=True, words="Förlåt, Karin!")
    with time_machine.travel(from_micros(said.created_at) + timedelta(days=300), tick=False):
        assert (await purging.purge(shop.desk, shop.id)).words == 0
    with time_machine.travel(from_micros(said.created_at) + timedelta(days=361), tick=False):
        owner = await signed_in("olga")
        looked = await owner.post(f"{PATH}/look?lang=en")
        assert "Answers whose words would be let go: 1" in looked.text
        assert (await owner.post(f"{PATH}/purge")).status_code == 422
        assert (
            (await owner.post(f"{PATH}/purge", data={"sure": "1"}))
            .headers["location"]
            .startswith(f"{PATH}?said=purged#")
        )
        html = await page(signed_in)
        assert "Answers whose words were let go: 1" in html
        async with shop.desk.db.read() as conn:
            kept = await feedback.get_feedback(conn, shop.id, said.id)
            assert await talks.find_talk(conn, shop.id, said.id) is None
            [answer] = (await feedback.list_replies(conn, shop.id, [said.id]))[said.id]
        assert (kept.words, kept.first_name, kept.choice, kept.chips) == ("", None, "concern", ("packaging",))
        assert "Karin" not in answer.words
        assert "Nothing is past its time" in (await owner.post(f"{PATH}/look?lang=en")).text
        again = await owner.post(f"{PATH}/purge", data={"sure": "1"})
        assert again.headers["location"].startswith(f"{PATH}?said=purged-none")


async def test_a_customer_who_asks_gets_a_file_with_what_is_kept(shop: Shop, signed_in: Any) -> None:
    await concern(shop)
    owner = await signed_in("olga")
    answer = await owner.post(f"{PATH}/export", data={"email": "KARIN@example.com"})
    assert answer.headers["content-disposition"].startswith("attachment")
    assert [one["number"] for one in answer.json()["orders"]] == ["1001"]
    nobody = await owner.post(f"{PATH}/export?lang=en", data={"email": "nobody@example.com"})
    assert nobody.status_code == 422 and "nobody@example.com" in nobody.text


async def test_forgetting_needs_a_tick_and_then_forgets(shop: Shop, signed_in: Any) -> None:
    await concern(shop)
    token = await shop.token()
    owner = await signed_in("olga")
    unsure = await owner.post(f"{PATH}/erase?lang=en", data={"email": "karin@example.com"})
    assert unsure.status_code == 422 and (await shop.row()).email == "karin@example.com"
    assert (
        (await owner.post(f"{PATH}/erase", data={"email": "karin@example.com", "sure": "1"}))
        .headers["location"]
        .endswith("?said=erased#main")
    )
    assert (await shop.row()).email is None and (await owner.get(f"/t/{token}")).status_code == 404
    assert WORDS not in (await owner.get("/owner/concerns")).text


@pytest.mark.parametrize(
    ("path", "form", "place"),
    [
        ("erase", {}, "customer"),
        ("erase", {"email": "karin@example.com"}, "customer"),
        ("erase", {"handle": "anders"}, "person"),
        ("link", {"order": "nothing"}, "link"),
    ],
)
async def test_what_is_to_mend_stands_at_the_form_and_the_page_opens_there(
    shop: Shop, signed_in: Any, path: str, form: dict[str, str], place: str
) -> None:
    await concern(shop)
    html = (await (await signed_in("olga")).post(f"{PATH}/{path}?lang=en", data=form)).text
    assert f'action="{PATH}/{path}#{place}"' in html and html.count('role="alert"') == 1
    assert html.index(f'<h2 id="{place}">') < html.index('role="alert"') < html.index(f'action="{PATH}/{path}#{place}"')


async def test_nobody_forgets_themselves_and_leaves_the_shop_alone(shop: Shop, signed_in: Any) -> None:
    owner = await signed_in("olga")
    async with shop.desk.db.read() as conn:
        olga = await rows.get_person_by_id(conn, shop.id, await shop.person_id("olga"))
    answer = await owner.post(f"{PATH}/erase?lang=en", data={"handle": olga.handle, "sure": "1"})
    assert answer.status_code == 422 and "Another owner erases you" in answer.text
    assert (await owner.post(f"{PATH}/erase", data={"handle": "anders", "sure": "1"})).status_code == 303
    assert "Anders" not in await page(signed_in)


async def test_a_link_gone_astray_is_revoked_or_made_anew(shop: Shop, signed_in: Any) -> None:
    await shop.order()
    first, owner = await shop.token(), await signed_in("olga")
    assert (await owner.post(f"{PATH}/link", data={"order": "#1001", "renew": "1"})).status_code == 303
    second = await shop.token()
    assert [(await owner.get(f"/t/{one}")).status_code for one in (first, second)] == [404, 200]
    await owner.post(f"{PATH}/link", data={"order": "1001"})
    assert (await owner.get(f"/t/{second}")).status_code == 404


async def test_another_shops_owner_exports_and_forgets_nobody_here(shop: Shop, signed_in: Any) -> None:
    await shop.order()
    nora = await signed_in("nora")
    assert (await nora.post(f"{PATH}/export", data={"email": "karin@example.com"})).status_code == 422
    assert (await nora.post(f"{PATH}/erase", data={"number": "1001", "sure": "1"})).status_code == 422
    assert (await shop.row()).email == "karin@example.com"


async def test_it_says_that_the_file_of_what_was_forgotten_is_lost_or_cannot_be_read(
    shop: Shop, signed_in: Any
) -> None:
    await shop.order()
    await privacy.erase_customer(shop.desk, shop.id, number="1001")
    assert "erased.log" not in await page(signed_in)
    assert shop.desk.journal is not None
    shop.desk.journal.path.write_bytes(b'{"id":"cut')
    html = await page(signed_in)
    assert "erased.log, the file that keeps" in html and "Something in erased.log cannot be read" in html


async def test_what_would_go_with_other_months_is_seen_before_they_are_saved(shop: Shop, signed_in: Any) -> None:
    long_ago = now_micros() - 200 * DAY
    await put_answer(shop, "anders", words="Tack för lampan", created_at=long_ago)
    olga = await signed_in("olga")
    typed = {"words_months": "6", "log_months": "24"}
    html = (await olga.post("/owner/privacy/look", data=typed, headers={"Accept-Language": "en"})).text
    assert "With these months this would go. They are not saved yet." in html
    assert "Nothing is past its time." not in html and 'name="words_months" type="number"' in html
    assert re.search(r'name="words_months"[^>]*value="6"', html)
    as_it_is = (await olga.post("/owner/privacy/look", headers={"Accept-Language": "en"})).text
    assert "Nothing is past its time." in as_it_is and re.search(r'name="words_months"[^>]*value="12"', as_it_is)
    refused = await olga.post("/owner/privacy/look", data={**typed, "words_months": "900"})
    assert refused.status_code == 422
