"""Following by web push: from the browser's subscription to what the browser reads."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import httpx2
import pytest
import sqlalchemy as sa
from starlette.applications import Starlette

from storefront_trace.actions import people
from storefront_trace.actions.corrections import correct_event
from storefront_trace.actions.steps import StepToLog, log_step
from storefront_trace.config import Settings
from storefront_trace.integrations.webpush import MOST, PushService
from storefront_trace.notify import sender
from storefront_trace.notify.push import fitting
from storefront_trace.storage import followers, shops
from storefront_trace.storage.tables import notice
from tests.integrations.test_webpush import BROWSER, ENDPOINT, KEYS, decrypted, private
from tests.people import Shop

SUBSCRIPTION = {"endpoint": ENDPOINT, "expirationTime": None, "keys": KEYS}
SV = {"Accept-Language": "sv"}


class Service:
    """A push service of the tests' own."""

    def __init__(self) -> None:
        self.status = 201
        self.calls: list[httpx2.Request] = []

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        self.calls.append(request)
        return httpx2.Response(self.status)

    def read(self) -> list[dict[str, Any]]:
        """As the browser reads what has come, which is then gone."""
        found = [json.loads(decrypted(call.content, private(BROWSER), KEYS["auth"])) for call in self.calls]
        self.calls.clear()
        return found


@pytest.fixture
def service() -> Service:
    return Service()


@pytest.fixture
async def deliver(
    app: Starlette, shop: Shop, settings: Settings, service: Service
) -> AsyncIterator[Callable[[], Awaitable[None]]]:
    pushes = PushService("https://orders.example.com", httpx2.MockTransport(service))

    async def go() -> None:
        async with shop.desk.db.write() as conn:
            await conn.execute(sa.update(notice).values(due_at=0))
        await sender.send_due(shop.desk, settings, app.state.voice, pushes)

    yield go
    await pushes.close()


Deliver = Callable[[], Awaitable[None]]


@pytest.fixture(autouse=True)
async def ordered(shop: Shop) -> None:
    await shop.order()


async def follow(client: httpx2.AsyncClient, shop: Shop, **changes: Any) -> httpx2.Response:
    told = {"subscription": {**SUBSCRIPTION, **changes}, "wants": "all"}
    return await client.post(f"/t/{await shop.token()}/push", json=told, headers=SV)


async def the_follower(shop: Shop) -> followers.Follower:
    async with shop.desk.db.read() as conn:
        (one,) = await followers.list_followers(conn, shop.id, (await shop.row()).id)
    return one


async def test_each_step_comes_to_the_browser_with_sentence_face_and_link(
    shop: Shop, client: httpx2.AsyncClient, service: Service, deliver: Deliver
) -> None:
    page = (await client.get(f"/t/{await shop.token()}", headers=SV)).text
    assert "data-url=" in page
    assert (await follow(client, shop)).status_code == 201
    event = (await log_step(shop.desk, shop.id, "1001", StepToLog("packed", "anders"))).event.id
    await deliver()
    assert str(service.calls[0].url) == ENDPOINT
    (told,) = service.read()
    link = f"http://127.0.0.1:8000/t/{await shop.token()}"
    assert told["title"] == "Packad: din beställning 1001"
    assert told["body"].startswith("Anders på lagret packade din beställning")
    assert (told["icon"], told["url"]) == (f"{link}/steps/{event}/face.jpg", link)
    await deliver()
    assert service.calls == []


async def test_what_was_pushed_and_is_not_so_is_set_right_by_push(
    shop: Shop, client: httpx2.AsyncClient, service: Service, deliver: Deliver
) -> None:
    await follow(client, shop)
    event = (await log_step(shop.desk, shop.id, "1001", StepToLog("packed", "anders"))).event.id
    await deliver()
    (news,) = service.read()
    await correct_event(shop.desk, shop.id, "1001", event, by="olga", source="staff")
    await deliver()
    await deliver()
    (told,) = service.read()
    assert told["title"] == "En rättelse: din beställning 1001"
    assert told["body"].startswith("Vi skrev till dig: ”Anders packade din beställning”.")
    assert told["tag"] != news["tag"]  # a browser shows the newest of a tag alone


async def test_news_that_sets_right_what_was_pushed_says_so_and_takes_its_place(
    shop: Shop, client: httpx2.AsyncClient, service: Service, deliver: Deliver
) -> None:
    await follow(client, shop)
    event = (await log_step(shop.desk, shop.id, "1001", StepToLog("packed", "anders"))).event.id
    await deliver()
    (news,) = service.read()
    await correct_event(shop.desk, shop.id, "1001", event, by="olga", source="staff")
    await log_step(shop.desk, shop.id, "1001", StepToLog("packed", "lisa"))
    await deliver()
    await deliver()
    (told,) = service.read()
    assert told["title"] == "En rättelse: din beställning 1001" and told["tag"] == news["tag"]
    assert told["body"].startswith("Lisa på lagret packade din beställning")
    assert "Vi skrev till dig: ”Anders packade din beställning”." in told["body"]


def test_a_message_that_is_too_long_has_less_of_its_body_and_is_whole() -> None:
    told = {"title": "Packad", "body": "Två ägg och en mugg. " * 20, "url": "https://example.com/" + "x" * 3600}
    data = fitting(told)
    read = json.loads(data)
    assert len(data) <= MOST and read["url"] == told["url"]
    assert read["body"].endswith("…") and told["body"].startswith(read["body"][:-1]) and len(read["body"]) > 100


async def generation(shop: Shop) -> int:
    async with shop.desk.db.read() as conn:
        return await shops.get_generation(conn, shop.id)


async def test_nothing_of_it_can_be_read_on_its_way(
    shop: Shop, client: httpx2.AsyncClient, service: Service, deliver: Deliver
) -> None:
    await follow(client, shop)
    await log_step(shop.desk, shop.id, "1001", StepToLog("packed", "anders"))
    await deliver()
    (call,) = service.calls
    sent = call.content + str(call.headers).encode() + str(call.url).encode()
    assert b"Anders" not in sent and (await shop.token()).encode() not in sent and b"1001" not in sent


async def test_a_browser_that_wants_no_more_is_left_alone(
    shop: Shop, client: httpx2.AsyncClient, service: Service, deliver: Deliver
) -> None:
    await follow(client, shop)
    service.status = 410
    await log_step(shop.desk, shop.id, "1001", StepToLog("packed", "anders"))
    before, page = (await shop.row(), await generation(shop)), f"/t/{await shop.token()}"
    shown = (await client.get(page)).headers["etag"]
    await deliver()
    one = await the_follower(shop)
    assert (one.follows, one.stopped_why) == (False, "gone")
    assert (await shop.row(), await generation(shop)) == before  # neither its trail nor the other pages
    assert (await client.get(page)).headers["etag"] != shown
    service.calls.clear()
    await log_step(shop.desk, shop.id, "1001", StepToLog("shipped", "anders"))
    await deliver()
    assert service.calls == []


async def test_a_service_that_is_busy_is_asked_again(
    shop: Shop, client: httpx2.AsyncClient, service: Service, deliver: Deliver
) -> None:
    await follow(client, shop)
    service.status = 503
    await log_step(shop.desk, shop.id, "1001", StepToLog("packed", "anders"))
    await deliver()
    service.status = 201
    await deliver()
    assert len(service.calls) == 2 and (await the_follower(shop)).follows


async def test_what_was_kept_and_is_no_address_of_a_service_is_tried_once(
    shop: Shop, client: httpx2.AsyncClient, service: Service, deliver: Deliver
) -> None:
    await follow(client, shop)
    one = await the_follower(shop)
    kept = {**(one.subscription or {}), "endpoint": "https://a_b.fcm.googleapis.com/x"}
    async with shop.desk.db.write() as conn:
        await followers.update_follower(conn, shop.id, one.id, subscription=kept)
    await log_step(shop.desk, shop.id, "1001", StepToLog("packed", "anders"))
    await deliver()
    async with shop.desk.db.read() as conn:
        (failed, attempts) = (await conn.execute(sa.select(notice.c.failed_at, notice.c.attempts))).one()
    assert failed is not None and attempts == 1 and service.calls == []


async def test_the_same_browser_follows_once_and_stops_on_the_page(
    shop: Shop, client: httpx2.AsyncClient, service: Service, deliver: Deliver
) -> None:
    first = (await follow(client, shop)).json()["id"]
    assert (await follow(client, shop)).json()["id"] == first
    page = (await client.get(f"/t/{await shop.token()}", headers=SV)).text
    assert "En webbläsare visar ett meddelande vid varje steg." in page and ENDPOINT not in page
    await client.post(f"/t/{await shop.token()}/follow/{first}/stop")
    await log_step(shop.desk, shop.id, "1001", StepToLog("packed", "anders"))
    await deliver()
    assert service.calls == []


async def test_who_is_shown_as_the_team_is_the_team_in_a_message_too(
    shop: Shop, client: httpx2.AsyncClient, service: Service, deliver: Deliver
) -> None:
    await follow(client, shop)
    await log_step(shop.desk, shop.id, "1001", StepToLog("packed", "anders"))
    await people.choose_visibility(shop.desk, shop.id, await shop.person_id("anders"), "team", locale="sv")
    await deliver()
    (told,) = service.read()
    assert told["body"].startswith("Lagerteamet packade") and "Anders" not in str(told)


@pytest.mark.parametrize("endpoint", ["https://10.0.0.5/x", "http://fcm.googleapis.com/x", "https://localhost/x"])
async def test_an_address_of_our_own_network_is_refused(shop: Shop, client: httpx2.AsyncClient, endpoint: str) -> None:
    assert (await follow(client, shop, endpoint=endpoint)).status_code == 422


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"subscription": 7}', b"\xff", b"[" * 100_000])
async def test_what_is_no_subscription_is_refused(shop: Shop, client: httpx2.AsyncClient, body: bytes) -> None:
    answer = await client.post(f"/t/{await shop.token()}/push", content=body)
    assert answer.status_code == 422


async def test_the_worker_stands_at_the_top_and_is_asked_for_anew(client: httpx2.AsyncClient) -> None:
    worker = await client.get("/push-worker.js")
    assert worker.headers["content-type"].startswith(("text/javascript", "application/javascript"))
    assert worker.headers["cache-control"] == "no-cache"
