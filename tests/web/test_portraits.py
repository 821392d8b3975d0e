"""Who gets a person's picture at its own address: nobody who should see only the team."""

from __future__ import annotations

from typing import Any

from starlette.applications import Starlette

from storefront_trace.actions import people
from storefront_trace.actions.people import PersonTold
from storefront_trace.actions.photos import store_picture
from storefront_trace.actions.shops import put_team
from storefront_trace.domain.shop import Team
from tests.people import Shop
from tests.photos.pictures import encoded, gradient

JPEG = encoded(gradient(600, 800), "JPEG")


async def portrait(app: Starlette, shop: Shop, *handles: str) -> str:
    """The address of one picture that these people have in common."""
    stored = await store_picture(app.state.photo_worker, app.state.media, JPEG, "portrait")
    for handle in handles:
        await people.set_portrait(shop.desk, shop.id, await shop.person_id(handle), stored.photo_id)
    return f"/media/{stored.photo_id}-196.webp"


async def choose(shop: Shop, handle: str, visibility: str) -> None:
    await people.choose_visibility(shop.desk, shop.id, await shop.person_id(handle), visibility, locale="sv")


async def test_a_portrait_is_open_while_the_person_shows_it_and_no_longer(
    app: Starlette, shop: Shop, client: Any
) -> None:
    url = await portrait(app, shop, "anders")
    answer = await client.get(url)
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "private, max-age=300")
    for less in ("name", "team"):
        await choose(shop, "anders", less)
        assert (await client.get(url)).status_code == 404
    await choose(shop, "anders", "photo")
    assert (await client.get(url)).status_code == 200
    await people.put_person(shop.desk, shop.id, "anders", PersonTold("Anders", {}, "warehouse", visibility="name"))
    assert (await client.get(url)).status_code == 404


async def test_colleagues_see_it_all_the_same_and_people_of_another_shop_do_not(
    app: Starlette, shop: Shop, signed_in: Any
) -> None:
    url = await portrait(app, shop, "sam")
    seen = {
        handle: (await (await signed_in(handle)).get(url)).status_code for handle in ("sam", "lisa", "olga", "nora")
    }
    assert seen == {"sam": 200, "lisa": 200, "olga": 200, "nora": 404}


async def test_a_picture_of_two_is_open_while_one_of_them_shows_it(app: Starlette, shop: Shop, client: Any) -> None:
    url = await portrait(app, shop, "anders", "sam")
    assert (await client.get(url)).status_code == 200
    await people.end_employment(shop.desk, shop.id, "anders")
    assert (await client.get(url)).status_code == 404


async def test_a_picture_that_a_team_shows_too_is_open(app: Starlette, shop: Shop, client: Any) -> None:
    url = await portrait(app, shop, "sam")
    assert (await client.get(url)).status_code == 404
    photo = url.removeprefix("/media/").split("-")[0]
    await put_team(shop.desk, shop.id, Team("warehouse", {"sv": "Lagret"}, photo, 1))
    assert (await client.get(url)).status_code == 200


async def test_other_pictures_are_open_to_who_knows_their_name(app: Starlette, shop: Shop, client: Any) -> None:
    stored = await store_picture(app.state.photo_worker, app.state.media, JPEG, "parcel")
    answer = await client.get(f"/media/{stored.photo_id}-640.webp")
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "private, max-age=86400")
