"""Scanning: whatever is read or typed leads to the order, and Enter logs its next step; never another order's."""

from __future__ import annotations

import html
import re
from collections.abc import Awaitable, Callable

import httpx2
import pytest

from storefront_trace.actions.steps import StepToLog, log_step
from storefront_trace.domain.orders import Parcel
from storefront_trace.domain.scanned import shop_mark
from storefront_trace.web.frame import CSP
from tests.people import Shop
from tests.shops import ORIGIN

SignIn = Callable[[str], Awaitable[httpx2.AsyncClient]]
ORDER = "/staff/orders/1001?scanned=1"


async def scan(visitor: httpx2.AsyncClient, code: str) -> httpx2.Response:
    return await visitor.get("/staff/scan", params={"code": code, "lang": "sv"})


def ready(page: str) -> bool:
    """Whether what is typed next lands in the box."""
    return re.search(r'<input [^>]*name="code"[^>]* autofocus', page) is not None


async def sent(shop: Shop, number: str, tracking: str | None, carrier: str = "PostNord") -> None:
    await shop.order(number)
    told = StepToLog("shipped", "anders", parcel=Parcel("", carrier, tracking))
    await log_step(shop.desk, shop.id, number, told)


@pytest.mark.parametrize(
    "code", ["1001", " #1001\t", f"{ORIGIN}/staff/scan?code=1001", "httpÖ--127.0.0.1Ö8000-staff-scan_code´1001"]
)
async def test_a_slips_code_and_a_typed_number_lead_to_the_order(shop: Shop, signed_in: SignIn, code: str) -> None:
    await shop.order()
    answer = await scan(await signed_in("anders"), code)
    assert (answer.status_code, answer.headers["location"]) == (303, ORDER)


@pytest.mark.parametrize("code", ["RR 123 456 789 SE", "rr123456789se"])
async def test_a_parcels_number_leads_to_its_order(shop: Shop, signed_in: SignIn, code: str) -> None:
    await sent(shop, "1001", "RR123456789SE")
    assert (await scan(await signed_in("anders"), code)).headers["location"] == ORDER


async def test_a_serial_number_in_bars_is_the_parcels(shop: Shop, signed_in: SignIn) -> None:
    await sent(shop, "1001", "373500789123456785")
    assert (await scan(await signed_in("anders"), "00373500789123456785")).headers["location"] == ORDER


async def test_one_number_on_the_parcels_of_two_orders_is_a_choice(shop: Shop, signed_in: SignIn) -> None:
    await sent(shop, "1001", "77")
    await sent(shop, "1002", "77", "DHL")
    answer = await scan(await signed_in("anders"), "77")
    assert answer.status_code == 200 and "Vilken av dem är det?" in answer.text
    assert 'href="/staff/orders/1001?scanned=1"' in answer.text
    assert 'href="/staff/orders/1002?scanned=1"' in answer.text


async def test_an_orders_own_number_and_anothers_parcel_are_a_choice_too(shop: Shop, signed_in: SignIn) -> None:
    await shop.order("1001")
    await sent(shop, "1002", "1001")
    assert "Vilken av dem är det?" in (await scan(await signed_in("anders"), "1001")).text


@pytest.mark.parametrize("code", ["9999", "https://other.example/staff/scan?code=1001", "<b>1001"])
async def test_what_is_not_found_is_said_with_what_was_scanned(shop: Shop, signed_in: SignIn, code: str) -> None:
    await shop.order()
    answer = await scan(await signed_in("anders"), code)
    assert answer.status_code == 200 and "Ingen order och inget paket" in answer.text
    assert html.escape(code) in answer.text
    assert ready(answer.text)


async def test_another_shops_order_is_not_found(shop: Shop, signed_in: SignIn) -> None:
    await sent(shop, "1001", "RR1")
    nora = await signed_in("nora")
    for code in ("1001", "RR1", f"{ORIGIN}/staff/scan?code=1001"):
        answer = await scan(nora, code)
        assert answer.status_code == 200 and "Karin" not in answer.text


async def test_a_slip_of_one_shop_logs_nothing_in_another_that_has_the_same_number(
    shop: Shop, signed_in: SignIn
) -> None:
    await shop.order("1001")
    elsewhere = Shop(shop.desk, shop.other_id, shop.id)
    await elsewhere.order("1001")
    address = f"/staff/scan?shop={shop_mark(shop.id)}&code=1001"
    anders, nora = await signed_in("anders"), await signed_in("nora")
    for read in (scan(anders, ORIGIN + address), anders.get(address)):
        assert (await read).headers["location"] == ORDER
    for read in (scan(nora, ORIGIN + address), nora.get(address)):
        assert (await read).status_code == 200
    form = {"step": "packed", "code": ORIGIN + address, "once": "a"}
    assert (await nora.post("/staff/row", data=form)).status_code == 404
    assert (await nora.post("/staff/orders/1001/log", data={**form, "scanned": ORIGIN + address})).status_code == 303
    assert (await elsewhere.row()).state == "received"


async def test_only_pages_with_a_camera_may_compile_what_reads_codes(shop: Shop, signed_in: SignIn) -> None:
    await shop.order()
    visitor = await signed_in("anders")
    policy = (await visitor.get("/staff/scan")).headers["content-security-policy"]
    assert policy == CSP.replace("script-src 'self'", "script-src 'self' 'wasm-unsafe-eval'")
    assert (await visitor.get("/staff/row?step=packed")).headers["content-security-policy"] == policy
    for path in ("/staff", "/staff/orders/1001?scanned=1", "/staff/slips", "/staff/row", "/staff/orders"):
        assert "wasm" not in (await visitor.get(path)).headers["content-security-policy"]


async def test_after_a_scan_enter_logs_and_the_box_is_ready_again(shop: Shop, signed_in: SignIn) -> None:
    await shop.order()
    visitor = await signed_in("anders")
    assert 'name="scanned"' in (await visitor.get(ORDER)).text
    assert 'name="scanned"' not in (await visitor.get("/staff/orders/1001")).text
    for code, state in (("", "packed"), ("#1001", "shipped")):
        form = {"step": state, "scanned": code, "led": "scan"}
        answer = await visitor.post("/staff/orders/1001/log", data=form)
        assert answer.status_code == 303 and answer.headers["location"].startswith("/staff/scan?done=")
        assert (await shop.row()).state == state
    page = await visitor.get(answer.headers["location"])
    assert "/staff/orders/1001/undo" in page.text and ready(page.text)


@pytest.mark.parametrize("code", ["1002", "9999", "https://other.example/staff/scan?code=1001"])
async def test_another_code_on_an_orders_page_logs_nothing(shop: Shop, signed_in: SignIn, code: str) -> None:
    """A scanner sends Enter after every code: on the page of 1001 that must not pack 1001 when 1002 was scanned."""
    await shop.order("1001")
    await shop.order("1002")
    visitor = await signed_in("anders")
    form = {"step": "packed", "scanned": code, "led": "scan"}
    answer = await visitor.post("/staff/orders/1001/log", data=form)
    assert (await shop.row("1001")).state == (await shop.row("1002")).state == "received"
    following = await visitor.get(answer.headers["location"])
    if code == "1002":
        assert following.headers["location"] == "/staff/orders/1002?scanned=1"
    else:
        assert following.status_code == 200 and ready(following.text)


async def test_an_order_with_nothing_next_has_no_box_that_enter_could_send(shop: Shop, signed_in: SignIn) -> None:
    await shop.order()
    await log_step(shop.desk, shop.id, "1001", StepToLog("cancelled", "anders"))
    assert 'name="scanned"' not in (await (await signed_in("anders")).get(ORDER)).text


async def test_what_waited_on_a_phone_logs_nothing_either_when_another_code_was_scanned(
    shop: Shop, signed_in: SignIn
) -> None:
    await shop.order("1001")
    await shop.order("1002")
    visitor = await signed_in("anders")
    form = {"order": "1001", "step": "packed", "once": "x1", "scanned": "1002", "led": "scan"}
    assert (await visitor.post("/staff/sync", data=form)).status_code == 409
    assert (await shop.row("1001")).state == "received"
