"""What each person has agreed to, when, in which words: theirs to read, the owner's to show, and gone with them."""

from __future__ import annotations

import hashlib
import html
import json
import re
from collections.abc import Awaitable, Callable
from typing import Any

import httpx2
import pytest

from storefront_trace.actions import people, privacy
from storefront_trace.actions.consents import WORDING
from storefront_trace.storage import people as rows
from storefront_trace.web.staff import agreeing
from tests.people import Shop
from tests.photos.pictures import encoded, gradient

SignIn = Callable[[str], Awaitable[httpx2.AsyncClient]]
JPEG = encoded(gradient(800, 800), "JPEG")
SV = {"Accept-Language": "sv"}
# The texts that people agree to, by their version. When this fails, a text was changed: give it a new WORDING.
KNOWN = {"2026-11.3": "d34eeb71086e6f20"}


async def agreed(shop: Shop, handle: str) -> list[dict[str, Any]]:
    async with shop.desk.db.read() as conn:
        return await rows.list_consents(conn, shop.id, await shop.person_id(handle))


def plain(text: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).replace("\xa0", " ").split())


def test_a_changed_text_has_a_new_version() -> None:
    texts = "\n".join((agreeing.SEEN, agreeing.PICTURE, agreeing.LINE, agreeing.FRIDAY))
    assert hashlib.sha256(texts.encode()).hexdigest()[:16] == KNOWN[WORDING]


@pytest.mark.parametrize("language", ["sv", "en", "fi"])
async def test_the_very_words_on_the_page_are_kept_with_the_answer(
    shop: Shop, signed_in: SignIn, language: str
) -> None:
    sam, spoken = await signed_in("sam"), {"Accept-Language": language}
    page = plain((await sam.get("/staff/me", headers=spoken)).text)
    await sam.post("/staff/me/visibility", data={"visibility": "name"}, headers=spoken)
    await sam.post("/staff/me/words", data={"greeting-sv": "Fråga mig gärna."}, headers=spoken)
    await sam.post("/staff/me/portrait", files={"photo": ("me.jpg", JPEG, "image/jpeg")}, headers=spoken)
    await sam.post("/staff/me/friday", data={"friday": "1"}, headers=spoken)
    found = (await agreed(shop, "sam"))[-4:]
    assert [one["about"] for one in found] == ["visibility", "line", "portrait", "mails"]
    for one in found:
        assert (one["locale"], one["wording"], one["given"], one["withdrawn_at"]) == (language, WORDING, "self", None)
        for sentence in re.split(r"(?<=[.!?]) ", one["said"]):
            assert sentence.rstrip(".") in page


async def test_it_is_the_language_that_the_page_was_in(shop: Shop, signed_in: SignIn) -> None:
    """With `?lang=` the form leads to an address without it, and the browser speaks for itself there."""
    sam = await signed_in("sam")
    page = (await sam.get("/staff/me?lang=fi", headers={"Accept-Language": "en"})).text
    assert page.count('name="read_in" value="fi"') == 6
    chosen = {"visibility": "name", "read_in": "fi"}
    await sam.post("/staff/me/visibility", data=chosen, headers={"Accept-Language": "en"})
    last = (await agreed(shop, "sam"))[-1]
    assert last["locale"] == "fi" and last["said"].startswith("Etunimesi.")


async def test_what_is_taken_back_has_its_instant_and_stays_to_be_read(shop: Shop, signed_in: SignIn) -> None:
    sam = await signed_in("sam")
    await sam.post("/staff/me/visibility", data={"visibility": "photo"})
    await sam.post("/staff/me/words", data={"greeting-sv": "Fråga mig gärna."})
    await sam.post("/staff/me/portrait", files={"photo": ("me.jpg", JPEG, "image/jpeg")})
    await sam.post("/staff/me/visibility", data={"visibility": "team"})
    await sam.post("/staff/me/words", data={})
    await sam.post("/staff/me/portrait", data={"remove": "1"})
    for wanted in ("1", ""):
        await sam.post("/staff/me/friday", data={"friday": wanted})
    found = [one for one in await agreed(shop, "sam") if one["visibility"] != "team"]
    assert [one["about"] for one in found] == ["visibility", "line", "portrait", "mails"]
    assert all(one["withdrawn_at"] >= one["agreed_at"] for one in found)


async def test_the_person_and_the_owner_read_the_same(shop: Shop, signed_in: SignIn) -> None:
    lisa, olga = await signed_in("lisa"), await signed_in("olga")
    await lisa.post("/staff/me/visibility", data={"visibility": "name"}, headers=SV)
    for page in (await lisa.get("/staff/me", headers=SV), await olga.get("/owner/people/lisa/about", headers=SV)):
        text = plain(page.text)
        assert "Förnamn som kunderna ser" in text and "Ditt förnamn." in text and WORDING in text


async def test_who_has_refused_looks_like_who_was_never_asked(shop: Shop, signed_in: SignIn) -> None:
    olga = await signed_in("olga")
    await people.put_person(shop.desk, shop.id, "elin", people.PersonTold("Sam", {}, "warehouse"))

    async def said(handle: str) -> str:
        text = (await olga.get(f"/owner/people/{handle}/about", headers=SV)).text
        return re.sub(r"/people/\w+", "", text.partition('aria-labelledby="agreed"')[2].partition("</section>")[0])

    assert await said("sam") == await said("elin")


async def test_it_is_in_the_persons_file_and_goes_with_them(shop: Shop, signed_in: SignIn) -> None:
    lisa = await signed_in("lisa")
    await lisa.post("/staff/me/visibility", data={"visibility": "name"}, headers=SV)
    told = json.loads((await lisa.get("/staff/me/export.json")).text)["choices"][-1]
    assert (told["about"], told["visibility"], told["wording"]) == ("visibility", "name", WORDING)
    assert told["said"].startswith("Ditt förnamn.") and told["withdrawn_at"] is None
    lisas = await shop.person_id("lisa")
    await privacy.erase_person(shop.desk, shop.id, "lisa")
    async with shop.desk.db.read() as conn:
        assert await rows.list_consents(conn, shop.id, lisas) == []


async def test_who_leaves_has_agreed_to_nothing_any_more(shop: Shop, signed_in: SignIn) -> None:
    await people.end_employment(shop.desk, shop.id, "anders")
    assert all(one["withdrawn_at"] is not None for one in await agreed(shop, "anders"))


async def test_agreed_elsewhere_is_told_as_what_the_shops_system_says(shop: Shop, signed_in: SignIn) -> None:
    told = people.PersonTold("Elin", {}, "warehouse", visibility="name", visibility_agreed_at=1_700_000_000_000_000)
    await people.put_person(shop.desk, shop.id, "elin", told)
    text = plain((await (await signed_in("olga")).get("/owner/people/elin/about?lang=en")).text)
    assert "First name shown to customers" in text and "as the shop's system says" in text


async def test_neither_page_nor_notice_says_that_the_owner_does_not_see_it(shop: Shop, signed_in: SignIn) -> None:
    """She does: on the person's page, with when and until when."""
    sam, olga = await signed_in("sam"), await signed_in("olga")
    told = "what you have agreed to, since when, and until when"
    for one in (await sam.get("/staff/me?lang=en"), await olga.get("/owner/privacy/papers/notice?lang=en")):
        assert told in plain(one.text) and "Nobody is told" not in one.text
