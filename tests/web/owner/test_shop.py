from __future__ import annotations

from datetime import date
from typing import Any

from storefront_trace.domain.shop import Shop as ShopRow
from storefront_trace.storage import shops
from tests.pace import has_history
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
    ("pickup", "x" * 301),
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
    assert "/app-aa3377.css" in (await owner.get("/owner")).text


async def test_where_to_collect_is_kept_with_its_lines_and_taken_away(shop: Shop, signed_in: Any) -> None:
    owner = await signed_in("olga")
    for typed, kept in (("Knappgatan 4\r\nVardagar 10–18", "Knappgatan 4\nVardagar 10–18"), (" ", None)):
        assert (await owner.post(PATH, data=FORM | {"pickup": typed})).status_code == 303
        assert (await row(shop)).pickup == kept
        assert f">{kept or ''}</textarea>" in (await owner.get(PATH)).text


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
    assert "/app-ffdd00.css" in answer.text
    assert "too light to read" in answer.text
    look = answer.text.split('id="look"')[1].split("</aside>")[0]
    assert ">Roliga Saker</span>" in look and "<b>Olga</b>" in look and "It is not saved yet" in look
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


HOURS = {
    "days": ["1", "2", "3", "4", "6"],
    "opens": "09:30",
    "closes": "18:00",
    "closed": "2026-12-28\n2026-12-29",
    "country": "SE",
}
WRONG_HOURS = (
    ("days", []),
    ("opens", "9"),
    ("closes", "09:30"),
    ("closed", "on Christmas Day 2026-12-32"),
    ("country", "XK9"),
)


async def test_working_hours_closed_days_and_holidays_are_kept(shop: Shop, signed_in: Any) -> None:
    owner = await signed_in("olga")
    answer = await owner.post(f"{PATH}/hours", data=HOURS)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{PATH}?said=saved#hours")
    async with shop.desk.db.read() as conn:
        calendar = (await shops.get_cast(conn, shop.id)).calendar
    assert (calendar.days, calendar.opens, calendar.closes) == ({1, 2, 3, 4, 6}, 570, 1080)
    assert not calendar.works_on(date(2026, 12, 25))  # the country's
    assert not calendar.works_on(date(2026, 12, 28))  # their own
    assert calendar.works_on(date(2026, 12, 30))
    shown = (await owner.get(f"{PATH}?lang=en")).text
    assert '<option value="SE" selected>Sweden</option>' in shown
    assert 'value="09:30"' in shown and "2026-12-28\n2026-12-29</textarea>" in shown
    assert "The next ones: " in shown


async def test_hours_that_make_no_sense_are_refused_at_their_field_and_kept(shop: Shop, signed_in: Any) -> None:
    before, owner = await row(shop), await signed_in("olga")
    for field, value in WRONG_HOURS:
        answer = await owner.post(f"{PATH}/hours", data=HOURS | {field: value})
        assert answer.status_code == 422, (field, value)
        assert f'href="#{field}"' in answer.text, (field, value)
        assert f'id="{field}"' in answer.text, (field, value)
        assert "2026-12-" in answer.text, (field, value)
    assert await row(shop) == before


async def test_the_owner_reads_what_the_estimates_are_made_of(shop: Shop, signed_in: Any) -> None:
    owner = await signed_in("olga")
    assert "once 30 orders have come home. So far: 0." in (await owner.get(f"{PATH}?lang=en")).text
    await has_history(shop, amount=43)
    text = (await owner.get(f"{PATH}?lang=en")).text
    assert "Our estimates are made from your 43 newest finished orders." in text
    assert "usually 4 hr, nine in ten within 4 hr" in text


async def test_saving_the_same_hours_again_leaves_the_pages_as_they_are(shop: Shop, signed_in: Any) -> None:
    owner = await signed_in("olga")
    await owner.post(f"{PATH}/hours", data=HOURS)
    before = await row(shop)
    await owner.post(f"{PATH}/hours", data=HOURS | {"closed": "2026-12-29, 2026-12-28"})
    assert await row(shop) == before
