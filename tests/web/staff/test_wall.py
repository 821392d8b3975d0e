"""Whom thanks went to has a say in whether they hang on the wall, and nobody is told what it was."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest

from storefront_trace.actions import people, wall
from storefront_trace.domain.wall import PERSONS_WORDING
from storefront_trace.web.staff import walled
from tests.hanging import customer_says, hanging, on_the_wall, person_says, reread, thanked
from tests.people import Shop
from tests.photos.pictures import encoded, gradient

SignIn = Any
WORDS = "Vilket fint paket!"
MAY = "Kunden låter butiken visa de här orden på tackväggen, med sitt förnamn. Får de hänga där?"

# What people are asked, by its version. When this fails, a text was changed: give it a new PERSONS_WORDING.
KNOWN = {"2026-11.2 person": "4a2777d5afea2859"}


def test_a_changed_question_has_a_new_version() -> None:
    texts = "\n".join((*walled.MAY.values(), *walled.AS.values()))
    assert hashlib.sha256(texts.encode()).hexdigest()[:16] == KNOWN[PERSONS_WORDING]


async def thanks_page(signed_in: SignIn, handle: str) -> str:
    return str((await (await signed_in(handle)).get("/staff/thanks?lang=sv")).text)


async def test_anders_is_asked_once_the_customer_has_said_yes(shop: Shop, signed_in: SignIn) -> None:
    said = await thanked(shop, WORDS)
    assert MAY not in await thanks_page(signed_in, "anders")
    await customer_says(shop, said)
    text = await thanks_page(signed_in, "anders")
    assert MAY in text and "Ditt namn står bredvid" in text
    assert MAY not in await thanks_page(signed_in, "lisa")


async def test_he_says_yes_and_takes_it_back(shop: Shop, signed_in: SignIn) -> None:
    said = await thanked(shop, WORDS)
    await customer_says(shop, said)
    anders = await signed_in("anders")
    answer = await anders.post(f"/staff/thanks/{said.id}/wall", data={"says": "yes"})
    assert answer.headers["location"] == f"/staff/thanks?said=wall-yes#feedback-{said.id}"
    await wall.put_up(shop.desk, shop.id, said.id)
    text = (await anders.get("/staff/thanks?lang=sv")).text
    assert "Du sa ja: ägaren får hänga upp det här på tackväggen." in text
    await anders.post(f"/staff/thanks/{said.id}/wall", data={"says": "no"})
    assert await hanging(shop) == []
    assert "Jo, de får hänga där" in (await anders.get("/staff/thanks?lang=sv")).text


async def test_lisa_cannot_say_it_for_him(shop: Shop, signed_in: SignIn) -> None:
    said = await thanked(shop, WORDS)
    await customer_says(shop, said)
    answer = await (await signed_in("lisa")).post(f"/staff/thanks/{said.id}/wall", data={"says": "yes"})
    assert answer.status_code == 404 and (await reread(shop, said)).wall_person is None


async def test_who_is_shown_as_the_team_stands_there_as_the_team(shop: Shop, signed_in: SignIn) -> None:
    said = await thanked(shop, WORDS, by="sam")
    await customer_says(shop, said, "nameless")
    assert "Lagets namn står bredvid: ”lagerteamet”." in await thanks_page(signed_in, "sam")


async def test_who_is_shown_with_a_picture_is_asked_of_the_picture_too(shop: Shop, signed_in: SignIn) -> None:
    said, anders = await thanked(shop, WORDS), await signed_in("anders")
    await customer_says(shop, said)
    await anders.post("/staff/me/portrait", files={"photo": ("me.jpg", encoded(gradient(800, 800), "JPEG"))})
    assert "Ditt namn och din bild står bredvid" in await thanks_page(signed_in, "anders")
    await people.choose_visibility(shop.desk, shop.id, await shop.person_id("anders"), "name", locale="sv")
    assert "Ditt namn står bredvid" in await thanks_page(signed_in, "anders")


async def test_of_thanks_to_the_team_each_of_them_is_asked(shop: Shop, signed_in: SignIn) -> None:
    said = await thanked(shop, WORDS, by=None)
    await customer_says(shop, said)
    for handle, asked in (("anders", True), ("lisa", True), ("jocke", False)):
        assert (MAY in await thanks_page(signed_in, handle)) is asked


async def test_his_copy_has_what_he_said_and_to_which_wording(shop: Shop, signed_in: SignIn) -> None:
    await on_the_wall(shop, WORDS)
    anders = await signed_in("anders")
    [said] = (await anders.get("/staff/me/export.json")).json()["wall"]
    assert (said["says"], said["order_number"]) == ("yes", "1001") and said["wording"].endswith("person")
    assert '"wall","2' in (await anders.get("/staff/me/export.csv")).text


@pytest.mark.parametrize("says", ["no", None])
async def test_the_owner_is_not_told_who_has_not_said_yes(shop: Shop, signed_in: SignIn, says: str | None) -> None:
    said = await thanked(shop, WORDS)
    await customer_says(shop, said)
    if says:
        await person_says(shop, said, says)
    olga = await signed_in("olga")
    assert WORDS not in (await olga.get("/owner/wall")).text
    assert "feedback.hung" not in (await olga.get("/owner/audit")).text
