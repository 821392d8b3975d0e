"""What the mail about a step says, for people and for machines."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from email.message import EmailMessage
from typing import Any

import httpx2
import pytest
import time_machine

from storefront_trace.actions import people
from storefront_trace.actions.shops import put_step, set_face
from storefront_trace.actions.steps import StepToLog, log_step
from storefront_trace.domain.clock import now_micros
from storefront_trace.domain.orders import Parcel
from storefront_trace.storage import outbox, shops
from tests.notify.follow.following import SV, Deliver, all_followers, follow, pack
from tests.notify.postman import text_of
from tests.people import SOON_AFTER, Shop


@time_machine.travel(SOON_AFTER)
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
        assert "Anders packade din beställning" in text and re.search(r"\bDen \d+ \w+ kl\. \d+\.\d\d\b", text)
        assert "Dubbelt bubbelplast" in text and "Onsdag 2 december" in text and page in text
    assert f'src="{page}/steps/{event}/face.jpg"' in text_of(mail, "html")
    assert 'alt="Porträtt av Anders"' in text_of(mail, "html")
    assert text_of(mail, "html").index("face.jpg") < text_of(mail, "html").index("<h1")  # the face first
    assert await deliver() == []


async def test_who_has_it_next_is_told_in_the_whole_sentence(
    shop: Shop, client: httpx2.AsyncClient, deliver: Deliver
) -> None:
    await follow(client, shop)
    await pack(shop, hand_to="lisa")
    (mail,) = await deliver()
    assert "Anders på lagret packade din beställning" in text_of(mail) and "över till" in text_of(mail)


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


def about(mail: EmailMessage) -> dict[str, object]:
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', text_of(mail, "html"), re.DOTALL)
    assert found is not None
    return json.loads(found[1])  # type: ignore[no-any-return]
