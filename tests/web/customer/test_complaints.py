"""What people complain about on other order pages, one test each, by the number it has in our notes on them."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import httpx2
import pytest
import time_machine
from starlette.applications import Starlette

from storefront_trace.actions import shops
from storefront_trace.actions.steps import StepToLog, log_step
from storefront_trace.domain.incoming import IncomingLine
from storefront_trace.domain.moments import Moment, from_naive_local, parse_moment
from storefront_trace.domain.orders import Parcel
from storefront_trace.photos.sheets import PNG, Sheet
from tests.people import Shop
from tests.web.customer.karin import text_of

EN = {"Accept-Language": "en"}


@pytest.mark.parametrize("zone", ["Pacific/Honolulu", "Europe/Stockholm", "Pacific/Kiritimati"])
@pytest.mark.parametrize("source", ["shop", "carrier"])
async def test_complaint_6_wrong_day_a_date_sent_as_midnight_utc(
    shop: Shop, client: httpx2.AsyncClient, zone: str, source: str
) -> None:
    """A promised day is the same day on every wall, from the first minute of it to the last, and late only then."""
    await shops.set_face(shop.desk, shop.id, zone=zone)
    day = date(2026, 11, 26) if source == "shop" else None
    await shop.order(promise_from=day, promise_to=day, lines=())
    parcel = Parcel("RR1", "PostNord", "RR1", expected_to="2026-11-26" if source == "carrier" else None)
    await log_step(shop.desk, shop.id, "1001", StepToLog("shipped", "anders", parcel=parcel))
    url = f"/t/{await shop.token()}"
    seen = []
    for clock in ("2026-11-26T00:00", "2026-11-26T23:59", "2026-11-27T00:00"):
        with time_machine.travel(from_naive_local(datetime.fromisoformat(clock), zone).instant, tick=False):
            text = text_of((await client.get(url, headers=EN)).text)
            order = (await client.get(f"{url}.json")).json()["order"]
        assert not re.search(r"(?<!Today, Friday )(25|27) November", text)
        seen.append((order["promise"] and order["promise"]["to"], order["late"]))
    after = "2026-11-26" if source == "shop" else None
    assert seen == [("2026-11-26", False), ("2026-11-26", False), (after, True)]


async def test_complaint_7_fourteen_hours_ago_for_a_value_known_to_the_day(
    shop: Shop, client: httpx2.AsyncClient
) -> None:
    """What is known to the day is told as a day: no clock, no hours ago, and no clock for programs either."""
    await shop.order()
    packed = parse_moment("2026-11-20", default_zone="Europe/Stockholm")
    assert packed.precision == "day"
    await log_step(shop.desk, shop.id, "1001", StepToLog("packed", "anders", packed))
    url = f"/t/{await shop.token()}"
    for when in (datetime(2026, 11, 20, 13, tzinfo=UTC), datetime(2026, 11, 22, 13, tzinfo=UTC)):
        with time_machine.travel(when, tick=False):
            html = (await client.get(url, headers=EN)).text
            event = (await client.get(f"{url}.json")).json()["events"][-1]
        assert "Anders from the warehouse packed your order on 20 November." in text_of(html)
        assert '<time datetime="2026-11-20">' in html
        assert not re.search(r"\bago\b|20 November at|00:00", text_of(html))
        assert (event["at"], event["precision"]) == ("2026-11-20", "day")


# Complaints 4 and 5, where they concern the page, its pictures and its embedded form.

PATHS = ("", ".json", "/embed", "/card.png", "/strip.png")


async def test_complaint_4_public_lookup_leaks_the_stored_order(
    app: Starlette, shop: Shop, client: httpx2.AsyncClient
) -> None:
    """The link is 256 random bits, not a number to count up; behind it stands little, in every form."""
    await shop.order()
    token = await shop.token()
    assert re.fullmatch(r"[\w-]{43}", token) and "1001" not in token
    drawn: list[Sheet] = []

    async def draw(sheet: Sheet) -> bytes:
        drawn.append(sheet)
        return PNG

    app.state.card_worker.draw = draw
    for path in PATHS:
        answer = await client.get(f"/t/{token}{path}")
        assert answer.status_code == 200
        assert "karin@example.com" not in answer.text and "example.com" not in str(answer.headers)
        for near in (
            "1001",
            token[:-1],
            token[:-1] + ("A" if token[-1] != "A" else "B"),
            await shop_id_and_order(shop),
        ):
            assert (await client.get(f"/t/{near}{path}")).status_code == 404
    facts = (await client.get(f"/t/{token}.json")).json()
    assert not {"email", "phone", "address", "customer"} & set(re.findall(r'"(\w+)":', str(facts).replace("'", '"')))
    assert len(drawn) == 2 and "Karin" not in repr(drawn)


async def shop_id_and_order(shop: Shop) -> str:
    """What our own database calls the order: of no use as a link."""
    return (await shop.row()).id


async def test_complaint_5_an_email_address_in_the_url_lands_in_logs_and_referrers(
    shop: Shop, client: httpx2.AsyncClient, capsys: pytest.CaptureFixture[str]
) -> None:
    """The form that takes an address is sent as POST and leads nowhere with it; no page tells the next site where its
    reader came from; nothing of either is logged."""
    await shop.order()
    token = await shop.token()
    form = (await client.get("/track")).text
    assert re.search(r'<form[^>]* method="post"[^>]* action="/track"', form)
    asked = await client.get("/track?number=1001&email=karin@example.com")
    assert "karin@example.com" not in asked.text
    said = await client.post("/track", data={"number": "1001", "email": "karin@example.com"})
    assert "karin" not in str(said.url) and "karin" not in said.headers.get("location", "")
    for path in PATHS:
        answer = await client.get(f"/t/{token}{path}")
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert "karin@example.com" not in answer.text
    out, err = capsys.readouterr()
    assert "karin@example.com" not in out + err and token not in out + err


SV = {"Accept-Language": "sv"}
MUG, LAMP, VASE = (IncomingLine(key, title, 1) for key, title in (("1", "Mugg"), ("2", "Lampa"), ("3", "Vas")))
POSTNORD = Parcel("A", "PostNord", "RR1", "https://postnord.example/RR1")
DHL = Parcel("B", "DHL", "JD2", "https://dhl.example/JD2")


def at(hour: int) -> Moment:
    return Moment(datetime(2026, 11, 20, tzinfo=UTC) + timedelta(hours=hour), "+01:00", "minute")


def words_of(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).replace("\u00a0", " ").split())


async def page_of(shop: Shop, client: httpx2.AsyncClient) -> str:
    return (await client.get(f"/t/{await shop.token()}", headers=SV)).text


async def facts_of(shop: Shop, client: httpx2.AsyncClient) -> dict[str, object]:
    facts: dict[str, object] = (await client.get(f"/t/{await shop.token()}.json", headers=SV)).json()
    return facts


async def two_parcels(shop: Shop) -> None:
    await shop.order(lines=(MUG, LAMP, VASE))
    for hour, parcel, keys in ((8, POSTNORD, "13"), (9, DHL, "2")):
        lines = tuple((key, None) for key in keys)
        await log_step(shop.desk, shop.id, "1001", StepToLog("shipped", "lisa", at(hour), lines=lines, parcel=parcel))


def cards(html: str) -> list[str]:
    return re.findall(r'<article class="parcel".*?</article>', html, re.DOTALL)


async def test_complaint_1_which_things_are_in_which_parcel(shop: Shop, client: httpx2.AsyncClient) -> None:
    await two_parcels(shop)
    first, second = (words_of(card) for card in cards(await page_of(shop, client)))
    assert "Paket 1" in first and "Mugg" in first and "Vas" in first and "Lampa" not in first
    assert "Paket 2" in second and "Lampa" in second and "Mugg" not in second


async def test_complaint_2_two_carriers_and_never_the_wrong_link(shop: Shop, client: httpx2.AsyncClient) -> None:
    await two_parcels(shop)
    for hour, parcel in ((20, POSTNORD), (21, DHL), (22, POSTNORD)):
        told = StepToLog("in_transit", None, at(hour), parcel=Parcel(parcel.key), carrier_scan=True)
        await log_step(shop.desk, shop.id, "1001", told)
    html = await page_of(shop, client)
    first, second = cards(html)
    assert 'href="https://postnord.example/RR1"' in first and "dhl.example" not in first
    assert 'href="https://dhl.example/JD2"' in second and "postnord.example" not in second
    steps = re.findall(r'<li class="step".*?</div>\s*</li>', html, re.DOTALL)
    for carrier, other in (("PostNord", "dhl.example"), ("DHL", "postnord.example")):
        mine = [step for step in steps if f"Följ paketet hos {carrier}" in words_of(step)]
        assert len(mine) == 1 and other not in mine[0]


async def test_complaint_3_a_guest_follows_an_order_without_an_account(shop: Shop, client: httpx2.AsyncClient) -> None:
    await shop.order()
    answer = await client.get(f"/t/{await shop.token()}", headers=SV)
    assert answer.status_code == 200 and "set-cookie" not in answer.headers
    assert "Skrattande mugg" in answer.text and "/signin" not in answer.text


@pytest.mark.parametrize(
    ("language", "words"), [("de", "kümmert sich gerade Anders"), ("fi", "hoitaa nyt Anders"), ("nb", "bestillingen")]
)
async def test_complaint_8_the_page_comes_in_the_customers_language_and_not_the_admins(
    shop: Shop, client: httpx2.AsyncClient, language: str, words: str
) -> None:
    """The shop is Swedish, and so is everybody in it. What the order says of its customer counts, unless her browser
    says otherwise."""
    await shop.order(locale=language)
    await log_step(shop.desk, shop.id, "1001", StepToLog("packed", "anders", at(8)))
    url = f"/t/{await shop.token()}"
    for path in PATHS[:3]:
        answer = await client.get(url + path, headers={"Accept-Language": ""})
        assert answer.headers["content-language"] == language, path
        assert "Just nu" not in answer.text
    html = (await client.get(url, headers={"Accept-Language": ""})).text
    assert f'<html lang="{language}">' in html and words in words_of(html)
    assert '<html lang="da">' in (await client.get(url, headers={"Accept-Language": "da"})).text


async def test_complaint_9_a_step_inside_the_shop_is_never_a_blank(shop: Shop, client: httpx2.AsyncClient) -> None:
    await shop.order(lines=(MUG,))
    async with shop.desk.db.read() as conn:
        packed = (await shop.desk.casts.get(conn, shop.id)).steps["packed"]
    await shops.put_step(shop.desk, shop.id, replace(packed, key="checked", position=35, visible=False))
    await log_step(shop.desk, shop.id, "1001", StepToLog("packed", "anders", at(8), "Dubbelt bubbelplast"))
    before, page = await facts_of(shop, client), await page_of(shop, client)
    await log_step(
        shop.desk, shop.id, "1001", StepToLog("checked", "lisa", at(9), "Kassan stämmer inte", hand_to="sam")
    )
    after, text = await facts_of(shop, client), words_of(await page_of(shop, client))
    assert "Just nu är din beställning hos Anders" in words_of(page) and "Just nu är din beställning hos Anders" in text
    assert "Dubbelt bubbelplast" in text and "Kassan" not in text and "Lisa" not in text
    for what in ("holder", "events", "next"):
        assert after[what] == before[what], what
    assert before["order"]["state"] == after["order"]["state"] == "packed"  # type: ignore[index]


async def test_complaint_10_a_timeline_with_times_and_what_is_to_come_apart(
    shop: Shop, client: httpx2.AsyncClient
) -> None:
    await shop.order(lines=(MUG,))
    await log_step(shop.desk, shop.id, "1001", StepToLog("packed", "anders", at(8)))
    html = await page_of(shop, client)
    done, ahead = html.split('<ol class="chain chain--next"')
    assert '<time datetime="2026-11-20T09:00+01:00">' in done
    assert "Skickas" in words_of(ahead) and "Packas" not in words_of(ahead)


async def test_complaint_11_a_picture_of_each_thing(shop: Shop, client: httpx2.AsyncClient) -> None:
    picture = f"/media/{'a' * 32}-196.webp"
    await shop.order(
        lines=(replace(MUG, image_url=picture), replace(LAMP, image_url="https://elsewhere.example/x.png"))
    )
    html = await page_of(shop, client)
    assert f'<img class="pic" src="{picture}"' in html
    assert "elsewhere.example" not in html


async def test_complaint_15_a_person_corrects_the_carrier_and_its_link_goes(
    shop: Shop, client: httpx2.AsyncClient
) -> None:
    await shop.order(lines=(MUG,))
    await log_step(shop.desk, shop.id, "1001", StepToLog("shipped", "lisa", at(8), parcel=POSTNORD))
    right = StepToLog("in_transit", "lisa", at(9), parcel=Parcel("A", "DHL", "JD2"))
    await log_step(shop.desk, shop.id, "1001", right)
    html = await page_of(shop, client)
    (parcel,) = (await facts_of(shop, client))["parcels"]  # type: ignore[misc]
    assert (parcel["carrier"], parcel["tracking_number"], parcel["tracking_url"]) == ("DHL", "JD2", None)
    assert "postnord.example" not in html
