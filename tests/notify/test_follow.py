"""Following an order by mail, from the tap on the page to the mail in the box, through a real mail server."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage
from typing import Any

import httpx2
import pytest
import sqlalchemy as sa
from starlette.applications import Starlette

from storefront_trace.actions import follow as follow_actions
from storefront_trace.actions import orders, people, steps, trail
from storefront_trace.actions.incoming import apply_incoming
from storefront_trace.actions.shops import put_step, set_face
from storefront_trace.actions.steps import StepToLog, log_step
from storefront_trace.config import Settings
from storefront_trace.domain.clock import now_micros
from storefront_trace.domain.incoming import IncomingLine, IncomingParcel, IncomingStep
from storefront_trace.domain.moments import Moment
from storefront_trace.domain.orders import Parcel
from storefront_trace.notify import sender
from storefront_trace.storage import events, followers, outbox, shops
from storefront_trace.storage.tables import notice
from tests.notify.postman import Postman, post_office, text_of
from tests.people import Shop

SV = {"Accept-Language": "sv"}
OTHER = "annika@example.org"
Deliver = Callable[[], Awaitable[list[EmailMessage]]]


@pytest.fixture
def settings(settings: Settings, postman: Postman) -> Iterator[Settings]:
    with post_office(postman) as server:
        yield replace(settings, smtp=server)


@pytest.fixture(autouse=True)
async def ordered(shop: Shop) -> None:
    await shop.order()


@pytest.fixture
def deliver(app: Starlette, shop: Shop, settings: Settings, postman: Postman) -> Deliver:
    """Everything that waits, as if its time had come; returns the mails of this round."""

    async def go() -> list[EmailMessage]:
        async with shop.desk.db.write() as conn:
            await conn.execute(sa.update(notice).values(due_at=0))
        before = len(postman.mails)
        await sender.send_due(shop.desk, settings, app.state.voice)
        return postman.mails[before:]

    return go


async def follow(client: httpx2.AsyncClient, shop: Shop, **fields: str) -> httpx2.Response:
    return await client.post(f"/t/{await shop.token()}/follow", data={"wants": "all", **fields}, headers=SV)


async def all_followers(shop: Shop) -> list[followers.Follower]:
    async with shop.desk.db.read() as conn:
        return await followers.list_followers(conn, shop.id, (await shop.row()).id)


async def pack(shop: Shop, **told: object) -> str:
    values = {"step": "packed", "by": "anders", "note": "Dubbelt bubbelplast", **told}
    return (await log_step(shop.desk, shop.id, "1001", StepToLog(**values))).event.id  # type: ignore[arg-type]


async def page_of(client: httpx2.AsyncClient, shop: Shop) -> str:
    html = (await client.get(f"/t/{await shop.token()}", headers=SV)).text
    return " ".join(re.sub(r"<[^>]+>", "", html).replace("\u00a0", " ").split())


async def test_one_tap_and_each_step_comes_by_mail_with_face_and_sentence_and_note(
    shop: Shop, client: httpx2.AsyncClient, deliver: Deliver
) -> None:
    answer = await follow(client, shop)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/t/{await shop.token()}#follow")
    event = await pack(shop)
    (mail,) = await deliver()
    assert mail["To"] == "karin@example.com" and mail["Content-Language"] == "sv"
    assert mail["Subject"] == "Packad: din beställning 1001"
    page = f"http://127.0.0.1:8000/t/{await shop.token()}"
    for kind in ("plain", "html"):
        text = text_of(mail, kind).replace("\u00a0", " ")
        assert "Anders packade din beställning" in text and "Anders på lagret packade din beställning" in text
        assert "Dubbelt bubbelplast" in text and "Onsdag 2 december" in text and page in text
    assert f'src="{page}/steps/{event}/face.jpg"' in text_of(mail, "html")
    assert 'alt="Porträtt av Anders"' in text_of(mail, "html")
    assert text_of(mail, "html").index("face.jpg") < text_of(mail, "html").index("<h1")  # the face first
    assert await deliver() == []


async def test_a_shops_own_sentence_is_never_cut_to_a_heading(
    shop: Shop, client: httpx2.AsyncClient, deliver: Deliver
) -> None:
    async with shop.desk.db.read() as conn:
        packed = (await shops.get_cast(conn, shop.id)).steps["packed"]
    own = packed.sentences | {"sv": "Det var {when} som {name} packade åt dig."}
    await put_step(shop.desk, shop.id, replace(packed, sentences=own))
    await follow(client, shop)
    await pack(shop)
    (mail,) = await deliver()
    assert text_of(mail, "plain").startswith("Anders: Packad\r\n")


async def test_the_page_says_who_follows_without_the_whole_address_and_lets_her_change_and_stop(
    shop: Shop, client: httpx2.AsyncClient, deliver: Deliver
) -> None:
    assert "Till k•••@e•••.com, beställningens adress." in await page_of(client, shop)
    await follow(client, shop)
    text = await page_of(client, shop)
    assert "k•••@e•••.com får ett mejl vid varje steg." in text and "karin@" not in text
    (one,) = await all_followers(shop)
    path = f"/t/{await shop.token()}/follow/{one.id}"
    assert (await client.post(path, data={"wants": "problems"})).status_code == 303
    assert "får ett mejl när något går fel." in await page_of(client, shop)
    await pack(shop)
    assert await deliver() == []
    assert (await client.post(f"{path}/stop")).status_code == 303
    assert "k•••@e•••.com får" not in await page_of(client, shop)
    await log_step(shop.desk, shop.id, "1001", StepToLog("delayed", "anders"))
    assert await deliver() == []


@pytest.mark.parametrize(
    ("wants", "told"),
    [
        ("all", ["packed", "delayed", "shipped", "in_transit", "delivered"]),
        ("milestones", ["shipped", "delivered"]),
        ("problems", ["delayed"]),
    ],
)
async def test_she_hears_of_what_she_chose(
    shop: Shop, client: httpx2.AsyncClient, deliver: Deliver, wants: str, told: list[str]
) -> None:
    await follow(client, shop, wants=wants)
    for step in ("packed", "delayed", "shipped", "in_transit", "delivered"):
        await log_step(shop.desk, shop.id, "1001", StepToLog(step, "anders"))
    assert len(await deliver()) == len(told)
    async with shop.desk.db.read() as conn:
        rows = (await conn.execute(sa.select(notice.c.detail).order_by(notice.c.id))).scalars()
        ids = {row["event_id"] for row in rows}
    assert [one.step for one in await shop.events() if one.id in ids] == told


async def test_another_address_hears_nothing_before_its_owner_has_said_yes(
    shop: Shop, client: httpx2.AsyncClient, deliver: Deliver
) -> None:
    await follow(client, shop, email=OTHER)
    assert "Öppna vårt mejl till a•••@e•••.org och svara ja" in await page_of(client, shop)
    await pack(shop)
    (question,) = await deliver()
    assert question["To"] == OTHER
    assert await shop.token() not in question.as_string()  # the key is not hers before she says yes
    link = link_in(question, "/follow/")
    shown = await client.get(link, headers=SV)
    assert shown.status_code == 200 and "<form" in shown.text
    assert [one.follows for one in await all_followers(shop)] == [False]  # looking is not saying yes
    assert "Nästa mejl kommer till a•••@e•••.org" in (await client.post(link, headers=SV)).text
    await log_step(shop.desk, shop.id, "1001", StepToLog("shipped", "anders"))
    (news,) = await deliver()
    assert (news["To"], news["Subject"]) == (OTHER, "Skickad: din beställning 1001")


async def test_nobodys_mailbox_is_filled_with_questions(
    shop: Shop, client: httpx2.AsyncClient, deliver: Deliver
) -> None:
    for _ in range(3):
        await follow(client, shop, email=OTHER)
    for number in ("1002", "1003", "1004"):
        await shop.order(number)
        answer = await client.post(f"/t/{await shop.token(number)}/follow", data={"wants": "all", "email": OTHER})
        assert answer.status_code == 303  # a refusal would say that others ask her, too
    assert len(await deliver()) == 3  # one for each of three orders, however often it was asked


async def test_a_mailbox_with_many_names_is_one_mailbox(
    shop: Shop, client: httpx2.AsyncClient, deliver: Deliver
) -> None:
    path = f"/t/{await shop.token()}/follow"
    for count in range(6):
        await client.post(path, data={"wants": "all", "email": f"Annika+{count}@example.ORG"})
        last = max(await all_followers(shop), key=lambda one: one.id)
        await client.post(f"{path}/{last.id}/stop")
    await follow(client, shop, email="annikas@example.org")
    assert sorted(mail["To"] for mail in await deliver()) == ["annikas@example.org"]  # the first had been stopped
    for count in range(6):
        await client.post(path, data={"wants": "all", "email": f"Bo+{count}@example.ORG"})
        (last,) = (one for one in await all_followers(shop) if (one.address or "").startswith(f"Bo+{count}"))
        assert len(await deliver()) == (count == 0)
        await client.post(f"{path}/{last.id}/stop")


async def test_who_asks_stops_and_asks_again_gets_one_mail_that_day_and_never_none(
    shop: Shop, client: httpx2.AsyncClient, deliver: Deliver
) -> None:
    await follow(client, shop, email=OTHER)
    (one,) = await all_followers(shop)
    path = f"/t/{await shop.token()}/follow/{one.id}"
    await client.post(f"{path}/stop")
    assert await deliver() == []
    await follow(client, shop, email=OTHER)
    assert len(await deliver()) == 1
    for _ in range(5):
        await client.post(f"{path}/stop")
        await follow(client, shop, email=OTHER)
    assert await deliver() == []


async def test_whoever_guesses_the_orders_own_address_learns_nothing(
    shop: Shop, client: httpx2.AsyncClient, deliver: Deliver
) -> None:
    pages = []
    for number, guess in (("1001", "kalle@example.com"), ("1002", "Karin@example.com")):
        await shop.order(number)
        path = f"/t/{await shop.token(number)}"
        answer = await client.post(f"{path}/follow", data={"wants": "all", "email": guess})
        assert answer.status_code == 303
        html = (await client.get(path, headers=SV)).text
        pages.append(
            " ".join(re.sub(r"<[^>]+>", "", html[html.index('id="follow"') :]).split()).replace("K•••", "k•••")
        )
    assert pages[0].replace("1001", "") == pages[1].replace("1002", "")
    assert "Till k•••@e•••.com, beställningens adress." in pages[1]


async def test_one_visitor_with_many_links_asks_only_so_many(shop: Shop, client: httpx2.AsyncClient) -> None:
    answers = []
    for number in ("1001", "1002", "1003"):
        await shop.order(number)
        path = f"/t/{await shop.token(number)}/follow"
        for _ in range(15):
            answers.append((await client.post(path, data={"wants": "all"})).status_code)
    assert answers == [303] * 40 + [429] * 5


async def test_five_follow_an_order_and_no_more(shop: Shop, client: httpx2.AsyncClient) -> None:
    for count in range(5):
        assert (await follow(client, shop, email=f"friend{count}@example.org")).status_code == 303
    assert (await follow(client, shop)).status_code == 409
    (first, *_) = await all_followers(shop)
    await client.post(f"/t/{await shop.token()}/follow/{first.id}/stop")
    assert (await follow(client, shop)).status_code == 303


@pytest.mark.parametrize(
    "email",
    [
        "nonsense",
        "a@b",
        "a@b.se\r\nBcc: x@y.se",
        "karin @example.com",
        "<a@b.se>",
        "a..b@c.example",
        ".a@c.example",
        "a.@c.example",
        "=?utf-8?q?x?=@c.example",
    ],
)
async def test_what_is_no_address_is_said_at_the_field(shop: Shop, client: httpx2.AsyncClient, email: str) -> None:
    answer = await follow(client, shop, email=email)
    assert answer.status_code == 422 and "Skriv en adress som karin@example.com." in answer.text
    assert await all_followers(shop) == []


async def test_without_a_mail_server_no_mail_is_promised(
    app: Starlette, shop: Shop, client: httpx2.AsyncClient
) -> None:
    assert "Mejla mig" in await page_of(client, shop)
    app.state.offers = app.state.offers._replace(mail=False)
    app.state.page_cache.__init__()
    assert "Mejla mig" not in await page_of(client, shop)


async def test_a_step_taken_back_before_it_went_out_is_not_told(
    shop: Shop, client: httpx2.AsyncClient, deliver: Deliver
) -> None:
    await follow(client, shop)
    event = await pack(shop)
    await steps.undo_step(shop.desk, shop.id, "1001", event, by="anders")
    assert await deliver() == []
    async with shop.desk.db.read() as conn:
        assert await outbox.count_waiting(conn) == 0


async def test_old_history_is_no_news(shop: Shop, client: httpx2.AsyncClient, deliver: Deliver) -> None:
    await follow(client, shop)
    at = datetime.now(UTC) - timedelta(days=1, minutes=1)
    await pack(shop, at=Moment(at, "UTC", "minute"))
    assert await deliver() == []
    await log_step(
        shop.desk, shop.id, "1001", StepToLog("shipped", "anders", at=Moment(at + timedelta(hours=2), "UTC", "minute"))
    )
    assert len(await deliver()) == 1


async def test_a_parcel_scanned_again_and_again_is_told_once(
    shop: Shop, client: httpx2.AsyncClient, deliver: Deliver
) -> None:
    await follow(client, shop)
    start = datetime.now(UTC) - timedelta(hours=5)

    async def scan(step: str, hours: int) -> None:
        parcel = Parcel("p1", "PostNord", "123")
        at = Moment(start + timedelta(hours=hours), "UTC", "minute")
        told = StepToLog(step, at=at, parcel=parcel, source="carrier", source_key=f"{step}{hours}", carrier_scan=True)
        await log_step(shop.desk, shop.id, "1001", told)

    await scan("in_transit", 1)
    await scan("in_transit", 2)  # before the first has gone out: it is told, of the last
    (mail,) = await deliver()
    assert "PostNord" in text_of(mail)
    await scan("in_transit", 3)
    assert await deliver() == []
    await scan("out_for_delivery", 4)
    await scan("in_transit", 3)  # late
    (mail,) = await deliver()
    assert mail["Subject"] == "Ute för leverans: din beställning 1001"


async def test_a_shop_system_that_says_more_of_a_step_later_does_not_mail_it_again(
    shop: Shop, client: httpx2.AsyncClient, deliver: Deliver
) -> None:
    await follow(client, shop)
    now = datetime.now(UTC)

    async def told(minutes: int, number: str | None) -> None:
        at = now - timedelta(hours=1)
        parcel = IncomingParcel("f1", "PostNord", number) if number else None
        fact = IncomingStep(
            None, "1001", "shipped", at, "UTC", "minute", "fulfillment:1",
            updated_at=now - timedelta(minutes=60 - minutes), parcel=parcel,
        )  # fmt: skip
        await apply_incoming(shop.desk, shop.id, [fact], source="shopify:x")

    await told(0, None)
    await told(1, "RR123456785SE")  # before it went out: the mail knows the parcel
    (mail,) = await deliver()
    assert "RR123456785SE" in text_of(mail, "html")
    await told(2, "RR123456799SE")
    assert await deliver() == []


async def test_the_mail_shows_people_as_they_want_it_when_it_goes_out(
    shop: Shop, client: httpx2.AsyncClient, deliver: Deliver
) -> None:
    await follow(client, shop)
    await pack(shop, note=None)
    await people.choose_visibility(shop.desk, shop.id, await shop.person_id("anders"), "team", locale="sv")
    (mail,) = await deliver()
    assert "Anders" not in mail.as_string() + text_of(mail) + text_of(mail, "html")
    assert "Lagerteamet packade din beställning" in text_of(mail)


async def test_machines_read_the_person_as_provider_only_where_she_is_shown(
    shop: Shop, client: httpx2.AsyncClient, deliver: Deliver
) -> None:
    await follow(client, shop)
    await pack(shop)
    await pack(
        shop, by="sam", step="shipped", parcel=Parcel("p", "PostNord", "RR1", "https://tracking.example.com/RR1")
    )
    packed, shipped = [about(mail) for mail in await deliver()]
    assert packed["@type"] == "ParcelDelivery"
    assert packed["provider"] == {"@type": "Person", "name": "Anders", "jobTitle": "Lagret"}
    assert packed["partOfOrder"]["orderNumber"] == "1001"
    assert packed["partOfOrder"]["merchant"]["name"] == "Roliga Ting"
    assert (packed["expectedArrivalFrom"], packed["expectedArrivalUntil"]) == ("2026-11-25", "2026-11-26")
    assert shipped["provider"] == {"@type": "Organization", "name": "Lagerteamet"}
    assert (shipped["carrier"]["name"], shipped["trackingNumber"]) == ("PostNord", "RR1")
    assert shipped["partOfOrder"]["orderStatus"] == "https://schema.org/OrderInTransit"


async def test_one_click_of_the_mail_program_ends_it_without_cookie_or_origin(
    shop: Shop, client: httpx2.AsyncClient, deliver: Deliver
) -> None:
    await follow(client, shop)
    await pack(shop)
    (mail,) = await deliver()
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    link = re.fullmatch(r"<(http://127\.0\.0\.1:8000/unfollow/\S+)>", mail["List-Unsubscribe"])
    assert link is not None and link[1] in text_of(mail) and link[1] in text_of(mail, "html")
    shown = await client.get(link[1], headers=SV)
    assert shown.status_code == 200 and "Sluta mejla" in shown.text
    assert [one.follows for one in await all_followers(shop)] == [True]  # a scanner has looked
    del client.headers["Origin"]
    one_click = {"Origin": "https://mail.example.net", "Sec-Fetch-Site": "cross-site"}
    answer = await client.post(link[1], data={"List-Unsubscribe": "One-Click"}, headers=one_click)
    assert answer.status_code == 200
    (one,) = await all_followers(shop)
    assert (one.follows, one.stopped_why) == (False, "asked")
    await log_step(shop.desk, shop.id, "1001", StepToLog("shipped", "anders"))
    assert await deliver() == []


async def test_the_way_out_stays_open_when_the_orders_link_is_dead(
    shop: Shop, client: httpx2.AsyncClient, deliver: Deliver
) -> None:
    await follow(client, shop)
    await pack(shop)
    (mail,) = await deliver()
    await orders.revoke_links(shop.desk, shop.id, "1001")
    assert (await client.post(link_in(mail, "/unfollow/"))).status_code == 200
    assert [one.follows for one in await all_followers(shop)] == [False]


async def test_a_link_out_that_somebody_made_up_leads_nowhere(
    shop: Shop, client: httpx2.AsyncClient, deliver: Deliver
) -> None:
    await follow(client, shop)
    await pack(shop)
    (mail,) = await deliver()
    link = link_in(mail, "/unfollow/")
    forged = link[:-1] + ("A" if link[-1] != "A" else "E")
    assert (await client.post(forged)).status_code == 404
    assert (await client.post(link.replace("/unfollow/", "/follow/"))).status_code == 404
    assert [one.follows for one in await all_followers(shop)] == [True]


async def test_only_the_way_out_may_be_posted_from_elsewhere(shop: Shop, client: httpx2.AsyncClient) -> None:
    elsewhere = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
    answer = await client.post(f"/t/{await shop.token()}/follow", data={"wants": "all"}, headers=elsewhere)
    assert answer.status_code == 403 and await all_followers(shop) == []


async def test_a_mailbox_that_does_not_exist_follows_no_more(
    shop: Shop, client: httpx2.AsyncClient, deliver: Deliver, postman: Postman
) -> None:
    await follow(client, shop)
    await page_of(client, shop)
    await pack(shop)
    postman.recipient_answer = "550 no such user"
    assert await deliver() == []
    (one,) = await all_followers(shop)
    assert (one.follows, one.stopped_why) == (False, "bounced")
    assert "k•••@e•••.com får" not in await page_of(client, shop)  # the kept page is stale


async def test_a_mailbox_that_is_full_today_is_tried_again_and_follows_on(
    shop: Shop, client: httpx2.AsyncClient, deliver: Deliver, postman: Postman
) -> None:
    await follow(client, shop)
    await pack(shop)
    postman.recipient_answer = "452 mailbox full"
    assert await deliver() == []
    postman.recipient_answer = ""
    assert len(await deliver()) == 1
    assert [one.follows for one in await all_followers(shop)] == [True]


async def test_it_is_recorded_when_the_customer_was_told_and_staff_can_read_it(
    shop: Shop, client: httpx2.AsyncClient, deliver: Deliver, signed_in: Any
) -> None:
    await follow(client, shop)
    event = await pack(shop)
    (one,) = await all_followers(shop)
    before = now_micros()
    await deliver()
    name = f"step:{event}:{one.id}"
    async with shop.desk.db.read() as conn:
        sent = await outbox.list_sent(conn, shop.id, [name, "step:other:x"])
    assert list(sent) == [name] and before <= sent[name] <= now_micros()
    story = (await (await signed_in("anders")).get("/staff/orders/1001", headers=SV)).text
    assert re.search(r"Mejlat till k•••@e•••\.com \S", story)


@pytest.mark.parametrize(
    ("locale", "subject"), [("sv", "Packad: din beställning 1001"), ("en", "Packed: your order 1001")]
)
async def test_complaint_8_mails_come_in_the_customers_language_and_not_the_admins(
    shop: Shop, client: httpx2.AsyncClient, deliver: Deliver, locale: str, subject: str
) -> None:
    """openfoodnetwork#3243, Qloapps#184: the shop's own language here is Swedish."""
    headers = {"Accept-Language": locale}
    await client.post(f"/t/{await shop.token()}/follow", data={"wants": "all"}, headers=headers)
    await pack(shop)
    (mail,) = await deliver()
    assert (mail["Subject"], mail["Content-Language"]) == (subject, locale)


def link_in(mail: EmailMessage, part: str) -> str:
    found = re.search(rf"http://127\.0\.0\.1:8000{part}\S+", text_of(mail))
    assert found is not None
    return found[0]


def about(mail: EmailMessage) -> dict[str, object]:
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', text_of(mail, "html"), re.DOTALL)
    assert found is not None
    return json.loads(found[1])  # type: ignore[no-any-return]


@pytest.mark.parametrize(("wants", "told"), [("all", 1), ("problems", 1), ("milestones", 0)])
async def test_what_is_out_of_stock_or_comes_later_is_told_before_she_has_to_ask(
    shop: Shop, client: httpx2.AsyncClient, deliver: Deliver, wants: str, told: int
) -> None:
    await follow(client, shop, wants=wants)
    out = (IncomingLine("1", "Skrattande mugg", 2, backordered=2, expected=date(2026, 12, 4)),)
    later = {"promise_from": date(2026, 12, 7), "promise_to": date(2026, 12, 8)}
    await shop.order(lines=out, **later)
    await shop.order(lines=out, **later)  # told again
    mails = await deliver()
    assert len(mails) == told
    for mail in mails:
        assert mail["Subject"] == "Det tar längre tid: din beställning 1001"
        assert "Tillfälligt slut: Skrattande mugg. " in text_of(mail)
        assert "fredag 4 december" in text_of(mail) and "Din beställning väntas nu tisdag 8 december." in text_of(mail)
        assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


async def test_no_mail_expects_goods_on_a_day_that_has_passed(
    shop: Shop, client: httpx2.AsyncClient, deliver: Deliver
) -> None:
    await follow(client, shop)
    await shop.order(lines=(IncomingLine("1", "Skrattande mugg", 2, backordered=2, expected=date(2020, 12, 4)),))
    text = text_of((await deliver())[0])
    assert "Tillfälligt slut: Skrattande mugg." in text
    assert "4 december" not in text


async def test_the_mail_that_it_is_ready_says_where_to_collect_it(
    shop: Shop, client: httpx2.AsyncClient, deliver: Deliver
) -> None:
    await set_face(shop.desk, shop.id, pickup="Knappgatan 4\nVardagar 10–18")
    await shop.order(method="pickup")
    await follow(client, shop)
    await pack(shop)
    await log_step(shop.desk, shop.id, "1001", StepToLog("ready_for_pickup", "lisa"))
    packed, ready = sorted((text_of(mail).replace("\r", "") for mail in await deliver()), key=len)
    assert "Hämta den här:\nKnappgatan 4\nVardagar 10–18" in ready
    assert "Knappgatan" not in packed


async def test_what_was_put_right_before_it_went_out_is_not_told(
    shop: Shop, client: httpx2.AsyncClient, deliver: Deliver
) -> None:
    await follow(client, shop)
    await shop.order(lines=(IncomingLine("1", "Skrattande mugg", 2, backordered=2),))
    await shop.order(lines=(IncomingLine("1", "Skrattande mugg", 2),))
    assert await deliver() == []


async def test_whoever_changes_and_stops_for_ever_leaves_the_trail_to_the_steps_and_the_shops_pages_alone(
    shop: Shop, client: httpx2.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "MAX_EVENTS", 12)
    monkeypatch.setattr(trail, "MOST_MARKS", 3)
    await follow(client, shop)
    (one,) = await all_followers(shop)
    before, generation, kept = await shop.row(), await generation_of(shop), await shop.events()
    pages = set()
    for wants in ("problems", "all") * 10:
        await follow_actions.change_wants(shop.desk, shop.id, one.order_id, one.id, wants)
        await follow_actions.stop(shop.desk, shop.id, one.id)
        await follow_actions.confirm(shop.desk, shop.id, one.id)
        pages.add((await client.get(f"/t/{await shop.token()}", headers=SV)).headers["etag"])
    assert len(pages) == 20  # each of them is on the page
    assert (await shop.row(), await generation_of(shop), await shop.events()) == (before, generation, kept)
    await orders.rebuild_order(shop.desk, shop.id, "1001")
    assert (await client.get(f"/t/{await shop.token()}", headers=SV)).headers["etag"] in pages
    await pack(shop)


async def generation_of(shop: Shop) -> int:
    async with shop.desk.db.read() as conn:
        return (await shops.get_shop(conn, shop.id)).generation


async def test_changing_is_limited_and_stopping_is_not(shop: Shop, client: httpx2.AsyncClient) -> None:
    await follow(client, shop)
    (one,) = await all_followers(shop)
    path = f"/t/{await shop.token()}/follow/{one.id}"
    answers = [(await client.post(path, data={"wants": wants})).status_code for wants in ("problems", "all") * 10]
    assert answers == [303] * 19 + [429]
    assert (await client.post(f"{path}/stop")).status_code == 303
    assert not (await all_followers(shop))[0].follows


async def test_an_order_does_not_write_to_one_stranger_after_the_other(
    shop: Shop, client: httpx2.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(follow_actions, "MOST_EVER", 3)
    answers = []
    for count in range(5):
        answers.append((await follow(client, shop, email=f"stranger{count}@example.org")).status_code)
        for one in await all_followers(shop):
            await follow_actions.stop(shop.desk, shop.id, one.id)
    assert answers == [303] * 3 + [409] * 2
