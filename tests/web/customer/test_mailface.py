"""Portraits in mails: what is seen is decided when it is looked at."""

from __future__ import annotations

import io

import httpx2
import pytest
from PIL import Image
from starlette.applications import Starlette

from storefront_trace.actions import people, questions
from storefront_trace.actions.orders import revoke_links
from storefront_trace.actions.photos import store_picture
from storefront_trace.actions.steps import StepToLog, log_step
from storefront_trace.photos.drawings import drawing
from tests.people import Shop
from tests.photos.pictures import encoded, gradient

JPEG = b"\xff\xd8\xff"


@pytest.fixture
async def face(shop: Shop) -> str:
    await shop.order()
    packed = await log_step(shop.desk, shop.id, "1001", StepToLog("packed", "anders"))
    return f"/t/{await shop.token()}/steps/{packed.event.id}/face.jpg"


async def give_portrait(app: Starlette, shop: Shop, handle: str) -> str:
    data = encoded(gradient(), "JPEG")
    stored = await store_picture(app.state.photo_worker, app.state.media, data, "portrait")
    await people.set_portrait(shop.desk, shop.id, await shop.person_id(handle), stored.photo_id)
    return stored.photo_id


async def test_a_face_in_a_mail_is_a_jpeg_that_other_sites_may_show_and_nobody_keeps(
    app: Starlette, shop: Shop, client: httpx2.AsyncClient, face: str
) -> None:
    await give_portrait(app, shop, "anders")
    answer = await client.get(face)
    assert answer.content.startswith(JPEG)
    assert Image.open(io.BytesIO(answer.content)).size == (196, 238)
    assert answer.headers["content-type"] == "image/jpeg"
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    assert "no-cache" in answer.headers["cache-control"] and "max-age=0" in answer.headers["cache-control"]


async def test_who_withdraws_the_picture_is_gone_from_mails_that_went_out_long_ago(
    app: Starlette, shop: Shop, client: httpx2.AsyncClient, face: str
) -> None:
    await give_portrait(app, shop, "anders")
    portrait = (await client.get(face)).content
    person = await shop.person_id("anders")
    await people.choose_visibility(shop.desk, shop.id, person, "name", locale="sv")
    assert (await client.get(face)).content == drawing("person", "Anders", person)
    await people.choose_visibility(shop.desk, shop.id, person, "team", locale="sv")
    assert (await client.get(face)).content == drawing("team", "Roliga Ting", "warehouse") != portrait


@pytest.mark.parametrize("kind", ["revoked", "other step", "other order"])
async def test_a_face_is_behind_the_orders_link_like_the_page(
    shop: Shop, client: httpx2.AsyncClient, face: str, kind: str
) -> None:
    if kind == "revoked":
        await revoke_links(shop.desk, shop.id, "1001")
    elif kind == "other step":
        face = face.replace(face.split("/")[4], "0" * 32)
    else:
        await shop.order("1002")
        face = face.replace(face.split("/")[2], await shop.token("1002"))
    assert (await client.get(face)).status_code == 404


@pytest.mark.parametrize(("kind", "name"), [("person", "Łucja Ő"), ("person", "Анна"), ("team", "x"), ("carrier", "y")])
def test_every_drawing_is_small(kind: str, name: str) -> None:
    assert len(drawing(kind, name, "key")) < 6_000


async def test_an_answer_shows_the_face_of_who_gave_it_as_long_as_they_want_it_shown(
    app: Starlette, shop: Shop, client: httpx2.AsyncClient, face: str
) -> None:
    await give_portrait(app, shop, "anders")
    asked = await questions.ask(shop.desk, shop.id, (await shop.row()).id, "Tål den disk?", locale="sv")
    path = f"/t/{await shop.token()}/questions/{asked}/face.jpg"
    assert (await client.get(path)).status_code == 404  # nobody has answered
    by = await shop.person_id("anders")
    await questions.answer(shop.desk, shop.id, asked, by_person=by, as_owner=False, words="Javisst!")
    assert (await client.get(path)).content == (await client.get(face)).content
    await people.choose_visibility(shop.desk, shop.id, by, "team", locale="sv")
    assert (await client.get(path)).content == drawing("team", "Roliga Ting", "warehouse")
    assert (await client.get(path.replace(asked, "a" * 32))).status_code == 404
