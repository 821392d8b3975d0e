"""The manifest, the icons and the worker of the staff's application, over HTTP."""

from __future__ import annotations

import io
import re
from typing import Any

import httpx2
import pytest
from PIL import Image, ImageChops

from storefront_trace.actions import shops
from storefront_trace.domain.clock import now_micros
from storefront_trace.domain.links import token_hash
from storefront_trace.photos.icons import draw_icon
from storefront_trace.storage import accounts
from tests.people import Shop

SignIn = Any


@pytest.fixture
def database_url(sqlite_database: str) -> str:
    """What is sent here hangs on no database."""
    return sqlite_database


async def test_the_manifest_names_the_shop_and_starts_at_the_queue(shop: Shop, signed_in: SignIn) -> None:
    answer = await (await signed_in("anders")).get("/staff/app.webmanifest?lang=sv")
    told = answer.json()
    assert answer.headers["content-type"] == "application/manifest+json"
    assert (told["name"], told["start_url"], told["display"], told["lang"]) == (
        "Roliga Ting",
        "/staff",
        "standalone",
        "sv",
    )
    assert {(icon["sizes"], icon["purpose"]) for icon in told["icons"]} == {
        ("192x192", "any"),
        ("512x512", "any"),
        ("512x512", "maskable"),
    }


async def test_its_icons_are_pictures_of_that_size(shop: Shop, signed_in: SignIn) -> None:
    anders = await signed_in("anders")
    for icon in (await anders.get("/staff/app.webmanifest")).json()["icons"]:
        answer = await anders.get(icon["src"])
        picture = Image.open(io.BytesIO(answer.content))
        assert (answer.headers["content-type"], f"{picture.width}x{picture.height}") == ("image/png", icon["sizes"])
        assert "immutable" in answer.headers["cache-control"]


def test_the_letter_stands_in_the_middle() -> None:
    for letter in ("R", "Å", "g", "1"):
        picture = Image.open(io.BytesIO(draw_icon("#1f6b52", letter, "512-maskable"))).convert("RGB")
        ground = Image.new("RGB", picture.size, picture.getpixel((2, 2)))
        box = ImageChops.difference(picture, ground).getbbox()
        assert box is not None
        assert abs(box[0] + box[2] - 512) <= 6 and abs(box[1] + box[3] - 512) <= 6
        # A phone may cut it to a circle of four fifths.
        assert max((x - 256) ** 2 + (y - 256) ** 2 for x in box[::2] for y in box[1::2]) < (0.4 * 512) ** 2


@pytest.mark.parametrize("path", ["/icon/red/192/R.png", "/icon/1f6b52/4000/R.png", "/icon/1f6b52/192/Roliga.png"])
async def test_no_other_icons_are_drawn(shop: Shop, client: httpx2.AsyncClient, path: str) -> None:
    assert (await client.get(path)).status_code == 404


def test_a_letter_that_the_font_lacks_is_a_dot() -> None:
    assert draw_icon("#1f6b52", "•", "192") == draw_icon("#1f6b52", "漢", "192")


async def test_only_the_letters_and_colours_of_our_own_shops_are_drawn(shop: Shop, client: httpx2.AsyncClient) -> None:
    async def drawn(*paths: str) -> list[int]:
        return [(await client.get(f"/icon/{path}.png")).status_code for path in paths]

    assert await drawn("1f6b52/192/R", "1f6b52/192/N", "aa3377/192/R", "1f6b52/192/X") == [200, 200, 404, 404]
    await shops.set_face(shop.desk, shop.id, brand="#aa3377", name="Ärliga Ting")
    assert await drawn("aa3377/192/%C3%84", "1f6b52/192/R", "1f6b52/192/N") == [200, 404, 200]


async def test_the_worker_may_serve_the_queue_itself_and_is_asked_for_anew(shop: Shop, signed_in: SignIn) -> None:
    anders = await signed_in("anders")
    answer = await anders.get("/staff/worker.js")
    assert answer.headers["content-type"].startswith("application/javascript")
    assert (answer.headers["service-worker-allowed"], answer.headers["cache-control"]) == ("/staff", "no-cache")
    assert not re.search(r"^(import|export) ", answer.text, re.MULTILINE)
    [files] = re.findall(r'const FILES = "([^"]+)"', answer.text)
    for file in files.split():
        assert (await anders.get(file)).status_code == 200


async def test_a_page_says_for_whom_it_may_be_kept(shop: Shop, signed_in: SignIn) -> None:
    answer = await (await signed_in("anders")).get("/staff")
    assert answer.headers["keep-for"] == await shop.person_id("anders")
    assert answer.headers["cache-control"] == "no-store"


async def test_on_a_shared_tablet_no_page_may_be_kept(shop: Shop, signed_in: SignIn) -> None:
    anders = await signed_in("anders")
    async with shop.desk.db.write() as conn:
        session = await accounts.find_session(conn, token_hash(anders.cookies["session"]), now_micros())
        assert session is not None
        await accounts.update_session(conn, shop.id, session.id, kiosk_id="tablet")
    assert "keep-for" not in (await anders.get("/staff")).headers


async def test_signing_out_empties_the_browsers_cache(shop: Shop, signed_in: SignIn) -> None:
    answer = await (await signed_in("anders")).post("/signout")
    assert answer.headers["clear-site-data"] == '"cache"'


async def test_the_page_for_no_network_offers_what_our_own_people_do(shop: Shop, signed_in: SignIn) -> None:
    text = (await (await signed_in("anders")).get("/staff/offline?lang=sv")).text
    assert re.findall(r'name="step" value="(\w+)"', text)[:3] == ["received", "picked", "packed"]
    assert "in_transit" not in text and "cancelled" not in text
