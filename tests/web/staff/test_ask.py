from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest

from storefront_trace.actions import photos, shops, steps
from storefront_trace.actions.steps import StepToLog
from tests.people import Shop
from tests.photos.pictures import encoded, gradient

SignIn = Any
JPEG = encoded(gradient(600, 400), "JPEG")
LOG = "/staff/orders/1001/log"


async def received(shop: Shop) -> None:
    await shop.order()
    await steps.log_step(shop.desk, shop.id, "1001", StepToLog("received", by="jocke"))


def hidden(text: str) -> dict[str, list[str]]:
    """The fields of the question's form, as a browser would send them."""
    form = text[text.index('class="asking"') :]
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', form):
        found.setdefault(unescape(name), []).append(unescape(value))
    return found


async def test_a_step_out_of_its_turn_is_a_plain_question_that_keeps_what_was_filled_in(
    shop: Shop, signed_in: SignIn
) -> None:
    await received(shop)
    anders = await signed_in("anders")
    data = {"step": "shipped", "note": "<Bråttom>", "hand_to": "lisa", "carrier": "PostNord", "once": "abc", "ask": "1"}
    answer = await anders.post(LOG + "?lang=en", data=data)
    assert answer.status_code == 200
    assert "Not logged yet: Picked and Packed. Log Shipped anyway?" in answer.text
    assert len(await shop.events()) == 2
    fields = hidden(answer.text)
    assert fields["note"] == ["<Bråttom>"] and "seen" not in fields
    yes = await anders.post(LOG, data={**fields, "answer": "yes"})
    assert yes.status_code == 303
    last = (await shop.events())[-1]
    assert (last.step, last.note, last.hand_person_id) == ("shipped", "<Bråttom>", await shop.person_id("lisa"))


async def test_no_leads_back_to_the_form_with_what_was_filled_in(shop: Shop, signed_in: SignIn) -> None:
    await received(shop)
    anders = await signed_in("anders")
    asked = await anders.post(LOG + "?lang=en", data={"step": "packed", "note": "Dubbelt", "ask": "1"})
    assert "Picked is not logged yet. Log Packed anyway?" in asked.text
    no = await anders.post(LOG, data={**hidden(asked.text), "answer": "no"})
    assert no.status_code == 200 and ">Dubbelt</textarea>" in no.text and len(await shop.events()) == 2


async def test_the_next_step_and_who_sends_the_plain_fields_alone_are_asked_nothing(
    shop: Shop, signed_in: SignIn
) -> None:
    await received(shop)
    anders = await signed_in("anders")
    assert (await anders.post(LOG, data={"step": "picked", "ask": "1"})).status_code == 303
    assert (await anders.post(LOG, data={"step": "shipped"})).status_code == 303


async def test_the_same_again_and_a_step_back_are_asked_about(shop: Shop, signed_in: SignIn) -> None:
    await received(shop)
    anders = await signed_in("anders")
    await anders.post(LOG, data={"step": "packed", "once": "one"})
    again = await anders.post(LOG + "?lang=en", data={"step": "packed", "once": "two", "ask": "1"})
    assert "Packed is logged already, by Anders" in again.text and "Log it once more?" in again.text
    back = await anders.post(LOG + "?lang=en", data={"step": "picked", "ask": "1"})
    assert "This order is further on: Packed" in back.text
    double = await anders.post(LOG, data={"step": "packed", "once": "one", "ask": "1"})
    assert double.status_code == 303  # a double tap is one step


async def test_where_the_shop_wants_its_steps_in_order_they_are_refused_with_what_to_do(
    shop: Shop, signed_in: SignIn
) -> None:
    await received(shop)
    await shops.set_face(shop.desk, shop.id, any_order=False)
    anders = await signed_in("anders")
    for asks in ({"ask": "1"}, {}):
        answer = await anders.post(LOG + "?lang=en", data={"step": "packed", "note": "Dubbelt", **asks})
        assert answer.status_code == 409 and "Picked comes first. Log that, or ask the owner" in answer.text
        assert ">Dubbelt</textarea>" in answer.text
    text = (await anders.get("/staff/orders/1001")).text
    assert 'name="step" value="picked"' in text
    assert re.findall(r'value="packed"( [^>]*)>', text) == [' data-after="picked" hidden']  # for who has no network
    assert (await anders.post(LOG, data={"step": "picked", "ask": "1"})).status_code == 303
    again = await anders.post(LOG + "?lang=en", data={"step": "picked", "ask": "1"})
    assert again.status_code == 409 and "Picked is logged already." in again.text


async def test_the_owner_decides_whether_steps_can_be_skipped(shop: Shop, signed_in: SignIn) -> None:
    olga = await signed_in("olga")
    assert 'name="any_order"' in (await olga.get("/owner/shop")).text
    await olga.post("/owner/shop", data={"any_order": "0"})
    async with shop.desk.db.read() as conn:
        assert (await shop.desk.casts.get(conn, shop.id)).shop.any_order is False
    await olga.post("/owner/shop", data={"name": "Roliga Ting"})
    async with shop.desk.db.read() as conn:
        assert (await shop.desk.casts.get(conn, shop.id)).shop.any_order is False


async def test_a_picture_is_looked_at_before_the_customer_sees_it(shop: Shop, signed_in: SignIn, app: Any) -> None:
    await received(shop)
    anders = await signed_in("anders")
    files = {"photo": ("paket.jpg", JPEG, "image/jpeg")}
    asked = await anders.post(LOG + "?lang=en", data={"step": "picked", "note": "Fin!", "ask": "1"}, files=files)
    assert asked.status_code == 200 and "Is this picture right?" in asked.text and "yours to check" in asked.text
    [src] = re.findall(r'<figure class="asking__photo"><img src="([^"]+)"', asked.text)
    assert (await anders.get(src)).status_code == 200
    assert len(await shop.events()) == 2
    answer = await anders.post(LOG, data={**hidden(asked.text), "answer": "yes"})
    assert answer.status_code == 303
    last = (await shop.events())[-1]
    assert (last.step, last.note, last.photo_size) == ("picked", "Fin!", (600, 400)) and last.photo in src


async def test_who_said_yes_to_a_picture_has_not_said_yes_to_a_step_twice(shop: Shop, signed_in: SignIn) -> None:
    await received(shop)
    anders, lisa = await signed_in("anders"), await signed_in("lisa")
    files = {"photo": ("paket.jpg", JPEG, "image/jpeg")}
    asked = await anders.post(LOG, data={"step": "picked", "once": "a", "ask": "1"}, files=files)
    assert (await lisa.post(LOG, data={"step": "picked", "once": "l", "ask": "1"})).status_code == 303
    answer = await anders.post(LOG + "?lang=en", data={**hidden(asked.text), "answer": "yes"})
    assert answer.status_code == 200 and "Picked is logged already, by Lisa" in answer.text
    assert [event.step for event in await shop.events()] == ["received", "received", "picked"]
    yes = await anders.post(LOG, data={**hidden(answer.text), "answer": "yes"})
    last = (await shop.events())[-1]
    assert yes.status_code == 303 and (last.step, last.photo_size) == ("picked", (600, 400))


async def test_yes_to_one_question_is_no_answer_to_the_next(shop: Shop, signed_in: SignIn) -> None:
    await received(shop)
    anders, lisa = await signed_in("anders"), await signed_in("lisa")
    asked = await anders.post(LOG + "?lang=en", data={"step": "packed", "once": "a", "ask": "1"})
    assert "Picked is not logged yet" in asked.text
    await lisa.post(LOG, data={"step": "packed", "once": "l"})
    answer = await anders.post(LOG + "?lang=en", data={**hidden(asked.text), "answer": "yes"})
    assert answer.status_code == 200 and "Packed is logged already, by Lisa" in answer.text
    assert (await anders.post(LOG, data={**hidden(answer.text), "answer": "yes"})).status_code == 303


async def test_a_picture_that_is_not_right_is_forgotten_within_a_day(
    shop: Shop, signed_in: SignIn, app: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    await received(shop)
    anders = await signed_in("anders")
    files = {"photo": ("paket.jpg", JPEG, "image/jpeg")}
    asked = await anders.post(LOG, data={"step": "picked", "note": "Fin!", "ask": "1"}, files=files)
    [src] = re.findall(r'<figure class="asking__photo"><img src="([^"]+)"', asked.text)
    no = await anders.post(LOG, data={**hidden(asked.text), "answer": "no"})
    assert ">Fin!</textarea>" in no.text
    monkeypatch.setattr(photos, "UNANSWERED", -1)
    await photos.forget_unanswered(shop.desk, app.state.media)
    assert (await anders.get(src)).status_code == 404


async def test_a_picture_that_is_not_right_on_one_order_stays_on_another_where_it_is(
    shop: Shop, signed_in: SignIn
) -> None:
    anders, asked = await signed_in("anders"), []
    for number in ("1001", "1002"):
        await shop.order(number)
        await steps.log_step(shop.desk, shop.id, number, StepToLog("received", by="jocke"))
        files = {"photo": ("paket.jpg", JPEG, "image/jpeg")}
        form = {"step": "picked", "ask": "1"}
        asked.append((await anders.post(f"/staff/orders/{number}/log", data=form, files=files)).text)
    await anders.post("/staff/orders/1002/log", data={**hidden(asked[1]), "answer": "no"})
    yes = await anders.post("/staff/orders/1001/log", data={**hidden(asked[0]), "answer": "yes"})
    photo = (await shop.events())[-1].photo
    assert (yes.status_code, (await anders.get(f"/media/{photo}-640.webp")).status_code) == (303, 200)


async def test_a_picture_that_was_looked_at_on_the_phone_is_asked_about_no_more(shop: Shop, signed_in: SignIn) -> None:
    await received(shop)
    anders = await signed_in("anders")
    files = {"photo": ("paket.jpg", JPEG, "image/jpeg")}
    answer = await anders.post(LOG, data={"step": "picked", "ask": "1", "seen": "yes"}, files=files)
    assert answer.status_code == 303 and (await shop.events())[-1].photo is not None


async def test_nobody_can_have_another_picture_shown_by_its_name(shop: Shop, signed_in: SignIn) -> None:
    await received(shop)
    anders, lisa = await signed_in("anders"), await signed_in("lisa")
    files = {"photo": ("paket.jpg", JPEG, "image/jpeg")}
    asked = await anders.post(LOG, data={"step": "picked", "ask": "1"}, files=files)
    fields = {**hidden(asked.text), "answer": "yes", "person": await shop.person_id("lisa")}
    answer = await lisa.post(LOG + "?lang=en", data=fields)
    assert answer.status_code == 422 and "Take it once more" in answer.text
    assert len(await shop.events()) == 2


async def test_a_question_that_is_answered_after_its_picture_went_loses_nothing_else(
    shop: Shop, signed_in: SignIn, app: Any
) -> None:
    await received(shop)
    anders = await signed_in("anders")
    files = {"photo": ("paket.jpg", JPEG, "image/jpeg")}
    asked = await anders.post(LOG, data={"step": "picked", "note": "Fin!", "ask": "1"}, files=files)
    [photo] = app.state.media.list_asked(-1)
    app.state.media.delete(photo)
    answer = await anders.post(LOG + "?lang=en", data={**hidden(asked.text), "answer": "yes"})
    assert answer.status_code == 422 and "Take it once more" in answer.text and ">Fin!</textarea>" in answer.text
    assert len(await shop.events()) == 2
