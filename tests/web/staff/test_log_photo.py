"""The photo of a step: what is kept of it, and what becomes of one whose step is refused."""

from __future__ import annotations

from typing import Any

import pytest

from storefront_trace.actions import photos, steps
from storefront_trace.domain.errors import Conflict
from tests.people import Shop
from tests.photos.pictures import encoded, gradient

SignIn = Any
JPEG = encoded(gradient(600, 400), "JPEG")


async def test_a_photo_stands_on_the_step(shop: Shop, signed_in: SignIn) -> None:
    await shop.order()
    anders = await signed_in("anders")
    answer = await anders.post(
        "/staff/orders/1001/log", data={"step": "packed"}, files={"photo": ("paket.jpg", JPEG, "image/jpeg")}
    )
    last = (await shop.events())[-1]
    assert answer.status_code == 303
    assert last.photo is not None and last.photo_size == (600, 400)
    assert (await anders.get(f"/media/{last.photo}-640.webp")).status_code == 200


async def test_a_broken_photo_logs_nothing_and_keeps_what_was_typed(shop: Shop, signed_in: SignIn) -> None:
    await shop.order()
    anders = await signed_in("anders")
    before = len(await shop.events())
    typed = {"step": "packed", "note": "Akta <glaset>", "hand_to": "lisa", "lines": ["", "2"], "once": "x",
             "carrier": "PostNord", "tracking_number": "SE 123"}  # fmt: skip
    answer = await anders.post(
        "/staff/orders/1001/log?lang=sv", data=typed, files={"photo": ("paket.jpg", b"not a picture", "image/jpeg")}
    )
    assert answer.status_code == 422
    assert len(await shop.events()) == before
    assert "Akta &lt;glaset&gt;</textarea>" in answer.text
    assert 'name="hand_to" value="lisa" checked' in answer.text
    assert 'name="lines" value="2" checked' in answer.text
    assert 'name="lines" value="1" checked' not in answer.text
    assert 'value="PostNord"' in answer.text and 'value="SE 123"' in answer.text
    assert 'role="alert"' in answer.text


async def test_a_photo_of_a_refused_step_is_never_looked_at(shop: Shop, signed_in: SignIn, app: Any) -> None:
    await shop.order()
    answer = await (await signed_in("anders")).post(
        "/staff/orders/1001/log", data={"step": "packed", "hand_to": "nora"}, files={"photo": ("p.jpg", JPEG)}
    )
    assert answer.status_code == 422
    assert kept(app) == []


async def test_a_photo_whose_step_is_refused_after_all_is_kept_no_longer_than_a_day(
    shop: Shop, signed_in: SignIn, app: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    await shop.order()
    anders = await signed_in("anders")

    async def refuse(*_: object, **__: object) -> None:
        raise Conflict("This order has too many events to take another one.")

    with monkeypatch.context() as patched:
        patched.setattr(steps, "log_on_things", refuse)
        files = {"photo": ("p.jpg", JPEG)}
        answer = await anders.post("/staff/orders/1001/log", data={"step": "packed"}, files=files)
    assert (answer.status_code, await kept_for_long(shop, app, monkeypatch)) == (409, [])


async def test_a_refused_step_leaves_another_steps_photo_alone(
    shop: Shop, signed_in: SignIn, app: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    await shop.order("1001")
    await shop.order("1002")
    anders = await signed_in("anders")
    for number, status in (("1001", 303), ("1002", 409)):
        files = {"photo": ("p.jpg", JPEG)}
        answer = await anders.post(f"/staff/orders/{number}/log", data={"step": "packed", "once": "a"}, files=files)
        assert answer.status_code == status
    assert len(await kept_for_long(shop, app, monkeypatch)) == 4


async def test_another_photo_with_a_double_tap_is_kept_no_longer_than_a_day(
    shop: Shop, signed_in: SignIn, app: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    await shop.order()
    anders = await signed_in("anders")
    for picture in (JPEG, encoded(gradient(400, 600), "JPEG")):
        data = {"step": "packed", "once": "a"}
        await anders.post("/staff/orders/1001/log", data=data, files={"photo": ("p.jpg", picture)})
    assert len(await kept_for_long(shop, app, monkeypatch)) == 4


async def kept_for_long(shop: Shop, app: Any, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is left when a day has passed."""
    monkeypatch.setattr(photos, "UNANSWERED", -1)
    await photos.forget_unanswered(shop.desk, app.state.media)
    return kept(app)


def kept(app: Any) -> list[str]:
    return [path.name for path in app.state.settings.media_dir.rglob("*-*.*")]


async def test_a_form_above_nine_megabytes_is_refused(shop: Shop, signed_in: SignIn) -> None:
    await shop.order()
    files = {"photo": ("paket.jpg", b"\0" * (9 * 1024 * 1024), "image/jpeg")}
    answer = await (await signed_in("anders")).post("/staff/orders/1001/log", data={"step": "packed"}, files=files)
    assert answer.status_code == 413
