from __future__ import annotations

from typing import Any

from storefront_trace.domain.shop import Shop as ShopRow
from storefront_trace.storage import shops
from tests.people import Shop
from tests.photos.pictures import encoded, gradient

PATH = "/owner/shop"
FORM = {
    "name": "Roliga Saker",
    "colour": "#AA3377",
    "locale": "en",
    "timezone": "Europe/Helsinki",
    "fade_days": "10",
    "link_days": "90",
    "share_days": "7",
}

WRONG = (
    ("share_days", "15"),
    ("fade_days", "-1"),
    ("link_days", "0"),
    ("link_days", "soon"),
    ("colour", "red;}"),
    ("name", " "),
    ("timezone", "Mars/Olympus"),
    ("locale", "xx"),
)


async def row(shop: Shop) -> ShopRow:
    async with shop.desk.db.read() as conn:
        return await shops.get_shop(conn, shop.id)


async def test_the_face_of_the_shop_is_changed_in_one_go(shop: Shop, signed_in: Any) -> None:
    owner = await signed_in("olga")
    answer = await owner.post(PATH, data=FORM)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{PATH}?said=saved")
    found = await row(shop)
    assert (found.name, found.brand, found.locale, found.zone) == ("Roliga Saker", "#aa3377", "en", "Europe/Helsinki")
    assert (found.fade_days, found.link_days, found.share_days) == (10, 90, 7)
    assert "/brand/aa3377.css" in (await owner.get("/owner")).text


async def test_what_makes_no_sense_is_refused_at_its_field_and_kept(shop: Shop, signed_in: Any) -> None:
    before, owner = await row(shop), await signed_in("olga")
    for field, value in WRONG:
        answer = await owner.post(PATH, data=FORM | {field: value})
        assert answer.status_code == 422, (field, value)
        assert f'href="#{field}"' in answer.text, (field, value)
        typed = (FORM | {field: value})["link_days"]
        assert f'value="{typed}"' in answer.text, (field, value)
    assert await row(shop) == before


async def test_a_colour_is_tried_on_without_being_saved(shop: Shop, signed_in: Any) -> None:
    before = await row(shop)
    answer = await (await signed_in("olga")).post(f"{PATH}?lang=en", data=FORM | {"preview": "1", "colour": "#ffdd00"})
    assert answer.status_code == 200
    assert "/brand/ffdd00.css" in answer.text
    assert "too light to read" in answer.text
    assert await row(shop) == before


async def test_a_logo_is_put_in_place_and_taken_away(shop: Shop, signed_in: Any) -> None:
    owner = await signed_in("olga")
    logo = {"logo": ("logo.png", encoded(gradient(640, 240), "PNG"), "image/png")}
    assert (await owner.post(PATH, data=FORM, files=logo)).status_code == 303
    kept = (await row(shop)).logo
    assert kept is not None
    assert f"/media/{kept}-320.webp" in (await owner.get("/owner")).text
    assert (await owner.get(f"/media/{kept}-320.webp")).status_code == 200
    await owner.post(PATH, data=FORM)
    assert (await row(shop)).logo == kept
    await owner.post(PATH, data=FORM | {"remove_logo": "1"})
    assert (await row(shop)).logo is None
    assert (await owner.get(f"/media/{kept}-320.webp")).status_code == 404


async def test_a_logo_that_is_no_picture_is_refused_at_its_field(shop: Shop, signed_in: Any) -> None:
    answer = await (await signed_in("olga")).post(PATH, data=FORM, files={"logo": ("a.svg", b"<svg/>", "image/svg")})
    assert answer.status_code == 422
    assert 'href="#logo"' in answer.text and 'value="Roliga Saker"' in answer.text
    assert (await row(shop)).name == "Roliga Ting"
