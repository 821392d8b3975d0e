"""The manifest, the icons and the worker of the staff's application, over HTTP."""

from __future__ import annotations

import io
import re
from typing import Any

import httpx2
import pytest
from PIL import Image, ImageChops

from storefront_trace.domain.clock import now_micros
from storefront_trace.domain.links import token_hash
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


async def test_the_letter_stands_in_the_middle(client: httpx2.AsyncClient, shop: Shop) -> None:
    for letter in ("R", "Å", "g", "1"):
        answer = await client.get(f"/icon/1f6b52/512-maskable/{letter}.png")
        picture = Image.open(io.BytesIO(answer.content)).convert("RGB")
        ground = Image.new("RGB", picture.size, picture.getpixel((2, 2)))
        box = ImageChops.difference(picture, ground).getbbox()
        assert box is not None
        assert abs(box[0] + box[2] - 512) <= 6 and abs(box[1] + box[3] - 512) <= 6
        # A phone may cut it to a circle of four fifths.
        assert max((x - 256) ** 2 + (y - 256) ** 2 for x in box[::2] for y in box[1::2]) < (0.4 * 512) ** 2


@pytest.mark.parametrize("path", ["/icon/red/192/R.png", "/icon/1f6b52/4000/R.png", "/icon/1f6b52/192/Roliga.png"])
async def test_no_other_icons_are_drawn(client: httpx2.AsyncClient, path: str) -> None:
    assert (await client.get(path)).status_code == 404


async def test_a_letter_that_the_font_lacks_is_a_dot(client: httpx2.AsyncClient, shop: Shop) -> None:
    dot, strange = [(await client.get(f"/icon/1f6b52/192/{letter}.png")).content for letter in ("•", "漢")]
    assert dot == strange


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
