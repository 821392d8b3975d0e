"""Steps that waited on the phone for the network, over HTTP, on both databases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pytest

from storefront_trace.domain.moments import from_micros
from tests.people import Shop
from tests.photos.pictures import encoded, gradient

SignIn = Any
PACKED = {"order": "1001", "step": "packed", "once": "phone-1"}
HOUR_AGO = timedelta(hours=1)
NOW = datetime.now(UTC)


async def sync(client: httpx2.AsyncClient, **told: object) -> httpx2.Response:
    return await client.post("/staff/sync", data={**PACKED, **told})


def written(instant: datetime) -> str:
    return instant.isoformat(timespec="milliseconds")


async def test_a_step_has_the_time_at_which_it_happened(shop: Shop, signed_in: SignIn) -> None:
    await shop.order()
    at = datetime.now(UTC) - HOUR_AGO
    answer = await sync(await signed_in("anders"), at=written(at), note="Dubbelt bubbelplast", hand_to="lisa")
    last = (await shop.events())[-1]
    assert (answer.status_code, answer.json()) == (201, {"event": last.id, "again": False})
    assert (last.step, last.person_id, last.note) == ("packed", await shop.person_id("anders"), "Dubbelt bubbelplast")
    assert abs(from_micros(last.at) - at) < timedelta(milliseconds=1)
    assert last.precision == "second"


async def test_told_again_it_is_one_step(shop: Shop, signed_in: SignIn) -> None:
    await shop.order()
    anders = await signed_in("anders")
    first, again = await sync(anders), await sync(anders)
    assert again.json() == {"event": first.json()["event"], "again": True}
    assert [e.step for e in await shop.events()].count("packed") == 1


async def test_a_step_that_was_taken_back_stays_so_when_its_answer_was_lost(shop: Shop, signed_in: SignIn) -> None:
    await shop.order()
    anders = await signed_in("anders")
    event = (await sync(anders)).json()["event"]
    await anders.post("/staff/orders/1001/undo", data={"event": event})
    assert (await sync(anders)).json() == {"event": event, "again": True}
    assert (await shop.row()).state == "received"


async def test_a_step_told_again_is_no_longer_judged(shop: Shop, signed_in: SignIn) -> None:
    await shop.order()
    anders = await signed_in("anders")
    first = await sync(anders, hand_to="lisa")
    again = await sync(anders, hand_to="nobody")
    assert (again.status_code, again.json()["event"]) == (201, first.json()["event"])


WRONG = {"slow": timedelta(hours=-3), "fast": timedelta(days=400), "1970": datetime(1970, 1, 3, tzinfo=UTC) - NOW}
WRONG["2150"] = datetime(2150, 1, 1, tzinfo=UTC) - NOW


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
async def test_a_clock_that_goes_wrong_is_put_right(shop: Shop, signed_in: SignIn, wrong: timedelta) -> None:
    await shop.order()
    now = datetime.now(UTC)
    answer = await sync(await signed_in("anders"), at=written(now - HOUR_AGO + wrong), clock=written(now + wrong))
    assert answer.status_code == 201
    assert abs(from_micros((await shop.events())[-1].at) - (now - HOUR_AGO)) < timedelta(seconds=30)


@pytest.mark.parametrize("clock", ["", "soon", "1970-13-01T00:00:00Z", "0001-01-01T00:00:00+14:00"])
async def test_a_clock_that_says_nothing_puts_nothing_right(shop: Shop, signed_in: SignIn, clock: str) -> None:
    await shop.order()
    at = datetime.now(UTC) - HOUR_AGO
    assert (await sync(await signed_in("anders"), at=written(at), clock=clock)).status_code == 201
    assert abs(from_micros((await shop.events())[-1].at) - at) < timedelta(milliseconds=1)


@pytest.mark.parametrize(
    ("at", "clock"), [("1970-01-01T09:00:00Z", ""), ("0003-01-01T09:00:00Z", "9998-01-01T09:00:00Z")]
)
async def test_what_a_clock_showed_that_was_put_right_since_is_known_from_when_it_came(
    shop: Shop, signed_in: SignIn, at: str, clock: str
) -> None:
    await shop.order()
    assert (await sync(await signed_in("anders"), at=at, clock=clock or written(datetime.now(UTC)))).status_code == 201
    assert abs(from_micros((await shop.events())[-1].at) - datetime.now(UTC)) < timedelta(seconds=60)


async def test_what_the_network_takes_is_no_wrong_clock(shop: Shop, signed_in: SignIn) -> None:
    await shop.order()
    at = datetime.now(UTC) - HOUR_AGO
    await sync(await signed_in("anders"), at=written(at), clock=written(datetime.now(UTC) - timedelta(seconds=2)))
    assert abs(from_micros((await shop.events())[-1].at) - at) < timedelta(milliseconds=1)


async def test_a_photo_comes_along(shop: Shop, signed_in: SignIn) -> None:
    await shop.order()
    files = {"photo": ("paket.jpg", encoded(gradient(600, 400), "JPEG"), "image/jpeg")}
    answer = await (await signed_in("anders")).post("/staff/sync", data=PACKED, files=files)
    assert answer.status_code == 201
    assert (await shop.events())[-1].photo_size == (600, 400)


async def test_json_will_do(shop: Shop, signed_in: SignIn) -> None:
    await shop.order()
    told = {**PACKED, "lines": ["1"], "note": "Bara muggarna", "hand_to": None}
    answer = await (await signed_in("anders")).post("/staff/sync", json=told)
    last = (await shop.events())[-1]
    assert (answer.status_code, last.note, last.hand_person_id) == (201, "Bara muggarna", None)
    for broken in (b"[]", b"{", b'"text"'):
        headers = {"Content-Type": "application/json"}
        refused = await (await signed_in("anders")).post("/staff/sync", content=broken, headers=headers)
        assert refused.status_code == 422


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ({"step": "baked"}, 422),
        ({"hand_to": "nora"}, 422),
        ({"once": ""}, 422),
        ({"order": ""}, 422),
        ({"at": "yesterday"}, 422),
        ({"order": "9999"}, 404),
    ],
)
async def test_a_refusal_is_told_in_the_readers_language_and_logs_nothing(
    shop: Shop, signed_in: SignIn, wrong: dict[str, str], status: int
) -> None:
    await shop.order()
    before = len(await shop.events())
    anders = await signed_in("anders")
    told = {}
    for language in ("sv", "en"):
        headers = {"Accept-Language": language}
        answer = await anders.post("/staff/sync", data={**PACKED, **wrong}, headers=headers)
        assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
        told[language] = answer.json()["detail"]
    assert told["sv"] != told["en"]
    assert len(await shop.events()) == before


async def test_a_key_that_another_order_has_is_a_conflict(shop: Shop, signed_in: SignIn) -> None:
    await shop.order("1001")
    await shop.order("1002")
    anders = await signed_in("anders")
    await sync(anders)
    assert (await sync(anders, order="1002")).status_code == 409


async def test_what_anders_has_logged_is_never_sent_as_lisas(shop: Shop, signed_in: SignIn) -> None:
    await shop.order()
    anders = await shop.person_id("anders")
    refused = await sync(await signed_in("lisa"), person=anders)
    assert (refused.status_code, (await shop.row()).state) == (403, "received")
    assert (await sync(await signed_in("anders"), person=anders)).status_code == 201


async def test_what_the_phone_takes_back_before_it_knows_is_taken_back_if_it_arrived(
    shop: Shop, signed_in: SignIn
) -> None:
    await shop.order()
    anders = await signed_in("anders")
    assert (await sync(anders, once="phone-0", cancel="1")).json() == {"event": None, "again": False}
    event = (await sync(anders)).json()["event"]
    assert (await sync(await signed_in("lisa"), cancel="1")).status_code == 403
    for _ in range(2):
        assert (await sync(anders, cancel="1")).json() == {"event": event, "again": True}
    assert (await shop.row()).state == "received"
    assert [e.kind for e in await shop.events()].count("correction") == 1


async def test_who_is_signed_out_is_asked_to_sign_in_and_sends_it_then(
    shop: Shop, client: httpx2.AsyncClient, signed_in: SignIn
) -> None:
    await shop.order()
    headers = {"Accept-Language": "sv"}
    answer = await client.post("/staff/sync", data=PACKED, headers=headers)
    assert (answer.status_code, answer.headers["content-type"]) == (401, "application/problem+json")
    assert "inloggningslänk" in answer.json()["detail"]
    assert (await sync(await signed_in("anders"))).status_code == 201


async def test_a_photo_above_nine_megabytes_is_told_as_a_problem(shop: Shop, signed_in: SignIn) -> None:
    await shop.order()
    files = {"photo": ("paket.jpg", b"\0" * (9 * 1024 * 1024), "image/jpeg")}
    answer = await (await signed_in("anders")).post("/staff/sync", data=PACKED, files=files)
    assert (answer.status_code, answer.headers["content-type"]) == (413, "application/problem+json")


async def test_another_site_sends_nothing(shop: Shop, signed_in: SignIn) -> None:
    await shop.order()
    headers = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
    answer = await (await signed_in("anders")).post("/staff/sync", data=PACKED, headers=headers)
    assert (answer.status_code, (await shop.row()).state) == (403, "received")
