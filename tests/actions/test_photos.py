from __future__ import annotations

import os
import time
from collections.abc import Sequence

import pytest
from starlette.applications import Starlette

from storefront_trace.actions import people, steps
from storefront_trace.actions.photos import (
    ask_about,
    forget_portrait,
    forget_unanswered,
    still_there,
    store_picture,
)
from storefront_trace.actions.shops import put_team
from storefront_trace.actions.steps import StepToLog
from storefront_trace.domain.shop import Team
from storefront_trace.photos.files import MediaStore
from storefront_trace.storage import privacy
from storefront_trace.storage.database import Connection
from tests.people import Shop
from tests.photos.pictures import encoded, gradient

JPEG = encoded(gradient(300, 400), "JPEG")


@pytest.mark.parametrize("who", ["nobody", "colleague", "team", "step"])
async def test_a_portrait_goes_when_nothing_shows_it_any_more(app: Starlette, shop: Shop, who: str) -> None:
    media = app.state.media
    photo = (await store_picture(app.state.photo_worker, media, JPEG, "portrait")).photo_id
    if who == "colleague":
        await people.set_portrait(shop.desk, shop.id, await shop.person_id("sam"), photo)
    elif who == "team":
        await put_team(shop.desk, shop.id, Team("warehouse", {"sv": "Lagret"}, photo, 1))
    elif who == "step":
        await shop.order()
        await steps.log_step(shop.desk, shop.id, "1001", StepToLog("packed", "anders", photo=photo))
    await forget_portrait(shop.desk, media, photo)
    assert (media.path(photo, 196, "webp") is None) is (who == "nobody")


def aged(media: MediaStore, photo: str, *, hours: int) -> None:
    """As if it had been sent then, and asked about."""
    then = time.time() - hours * 3_600
    for path in (media.path(photo, 640, "webp"), media.path(photo, 1_600, "jpg")):
        assert path is not None
        os.utime(path, (then, then))
        for other in path.parent.glob(f"{photo}-*"):
            os.utime(other, (then, then))
    os.utime(path.parent.parent / ".asked" / photo, (then, then))


@pytest.fixture
async def asked(app: Starlette) -> str:
    photo = (await store_picture(app.state.photo_worker, app.state.media, JPEG, "parcel")).photo_id
    await ask_about(app.state.media, photo)
    return photo


@pytest.mark.parametrize(("hours", "logged"), [(25, False), (23, False), (25, True)])
async def test_a_picture_of_a_question_that_nobody_answered_goes_after_a_day(
    app: Starlette, shop: Shop, asked: str, hours: int, logged: bool
) -> None:
    media = app.state.media
    if logged:
        await shop.order()
        await steps.log_step(shop.desk, shop.id, "1001", StepToLog("packed", "anders", photo=asked))
    aged(media, asked, hours=hours)
    goes = hours > 24 and not logged
    assert await forget_unanswered(shop.desk, media) == int(goes)
    assert (media.path(asked, 640, "webp") is None) is goes
    assert media.list_asked(0) == ([asked] if hours < 24 else [])  # what is answered is asked about no more
    assert await forget_unanswered(shop.desk, media) == 0


async def test_a_picture_that_is_answered_or_sent_again_while_it_would_go_stays(
    app: Starlette, shop: Shop, asked: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    media = app.state.media
    find = privacy.list_unused_photos
    answers: list[bool] = []

    async def found(conn: Connection, photos: Sequence[str]) -> list[str]:
        unused = await find(conn, photos)
        answers.append(await still_there(media, asked))
        return unused

    monkeypatch.setattr(privacy, "list_unused_photos", found)
    aged(media, asked, hours=25)
    assert await forget_unanswered(shop.desk, media) == 0
    assert answers == [True] and media.path(asked, 1_600, "jpg") is not None
    aged(media, asked, hours=25)
    assert media.delete_old(asked, 24 * 3_600)
    assert not await still_there(media, asked)
    await store_picture(app.state.photo_worker, media, JPEG, "parcel")
    assert not media.delete_old(asked, 24 * 3_600) and media.path(asked, 640, "webp") is not None
