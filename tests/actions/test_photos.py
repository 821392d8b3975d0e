from __future__ import annotations

import pytest
from starlette.applications import Starlette

from storefront_trace.actions import people, steps
from storefront_trace.actions.photos import forget_portrait, forget_unlogged, store_picture
from storefront_trace.actions.shops import put_team
from storefront_trace.actions.steps import StepToLog
from storefront_trace.domain.shop import Team
from tests.people import Shop
from tests.photos.pictures import encoded, gradient

JPEG = encoded(gradient(300, 400), "JPEG")


@pytest.mark.parametrize("forget", [forget_portrait, forget_unlogged])
@pytest.mark.parametrize("who", ["nobody", "colleague", "team", "step"])
async def test_a_picture_goes_when_nothing_shows_it_any_more(
    app: Starlette, shop: Shop, forget: object, who: str
) -> None:
    media = app.state.media
    photo = (await store_picture(app.state.photo_worker, media, JPEG, "portrait")).photo_id
    if who == "colleague":
        await people.set_portrait(shop.desk, shop.id, await shop.person_id("sam"), photo)
    elif who == "team":
        await put_team(shop.desk, shop.id, Team("warehouse", {"sv": "Lagret"}, photo, 1))
    elif who == "step":
        await shop.order()
        await steps.log_step(shop.desk, shop.id, "1001", StepToLog("packed", "anders", photo=photo))
    await forget(shop.desk, media, photo)  # type: ignore[operator]
    assert (media.path(photo, 196, "webp") is None) is (who == "nobody")
