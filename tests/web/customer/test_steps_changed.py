"""Whatever an owner makes of the steps while orders are under way: every page is whole, and none is an old one."""

from __future__ import annotations

import asyncio
import re
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx2
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storefront_trace import config
from storefront_trace.actions import shop_steps
from storefront_trace.actions.orders import rebuild_order
from storefront_trace.actions.steps import StepToLog, log_step
from storefront_trace.domain.errors import DomainError
from storefront_trace.domain.shop import Cast, ShopStep
from storefront_trace.domain.steps import ICONS
from storefront_trace.storage import shops
from tests.people import Shop, find_shops
from tests.shops import ORIGIN, SECRET, Templates, started

NUMBERS = ("1001", "1002", "1003")
OWN = ("gift", "card", "check")
KEYS = ("received", "picked", "packed", "shipped", "delivered", "delayed", *OWN)
SENTENCES = ("{name} gjorde det {when}.", "[{parcel}|Allt] {{klart}} {when}, [till {to}|sist].", "{shop}: {number}!")
# Whatever the page says, nothing of how it is made shows through.
LEAKS = re.compile(r"\{(?:name|role|when|to|parcel|carrier|number|shop)\}|%\(|\bNone\b|[\x00\x01]|\|\|")

step_key, own_key = st.sampled_from(KEYS), st.sampled_from(OWN)
log = st.tuples(st.just("log"), st.sampled_from(NUMBERS), step_key, st.sampled_from(["anders", "jocke", "olga"]))
word = st.tuples(st.just("word"), step_key, st.integers(0, len(SENTENCES) - 1), st.sampled_from(["sv", "en", "fi"]))
look = st.tuples(st.just("look"), step_key, st.sampled_from(ICONS), st.booleans(), st.booleans())
whose = st.tuples(st.just("whose"), step_key, st.sampled_from([None, "orders", "warehouse"]), st.booleans())
add = st.tuples(st.just("add"), own_key, step_key)
move = st.tuples(st.just("move"), step_key, step_key)
end = st.tuples(st.sampled_from(["away", "back"]), step_key)
act = st.one_of(log, log, word, look, whose, add, move, end)


async def cast(shop: Shop) -> Cast:
    async with shop.desk.db.read() as conn:
        return await shops.get_cast(conn, shop.id)


def changed(step: ShopStep, what: tuple[Any, ...]) -> ShopStep:
    kind, _, *told = what
    if kind == "word":
        place, language = told
        return replace(step, sentences={**step.sentences, language: SENTENCES[place]})
    if kind == "look":
        icon, visible, asks = told
        return replace(step, icon=icon, visible=visible, asks_feedback=asks)
    team, alone = told
    return replace(step, team=team, logged_by=team if alone else None)


async def attempt(shop: Shop, what: tuple[Any, ...]) -> None:
    """Does it, or is refused: both are fine here."""
    kind, key, *told = what
    desk, found = shop.desk, await cast(shop)
    try:
        if kind == "log":
            step, by = told
            await log_step(desk, shop.id, key, StepToLog(step, by=by))
        elif kind == "add":
            new = ShopStep(key, 0, "advance", "gift", "warehouse", {"sv": key}, {"sv": key}, {"sv": SENTENCES[0]})
            await shop_steps.add_step(desk, shop.id, new, told[0])
        elif kind == "move":
            await shop_steps.move_step(desk, shop.id, key, told[0])
        elif kind in ("away", "back"):
            do = shop_steps.take_step_away if kind == "away" else shop_steps.bring_step_back
            await do(desk, shop.id, key)
        elif key in found.steps:
            await shop_steps.put_step(desk, shop.id, changed(found.steps[key], what))
    except DomainError:
        pass


@asynccontextmanager
async def shop_with_orders(templates: Templates) -> AsyncIterator[tuple[Shop, httpx2.AsyncClient]]:
    with TemporaryDirectory() as folder:
        shutil.copy(templates.with_cast, f"{folder}/x.db")
        found = config.load({"DATABASE_URL": f"sqlite:///{folder}/x.db", "SECRET_KEY": SECRET}, Path(folder))
        async with started(found) as app:
            shop = await find_shops(app.state.desk)
            for number in NUMBERS:
                await shop.order(number)
            async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url=ORIGIN) as client:
                yield shop, client


async def check_pages(shop: Shop, client: httpx2.AsyncClient, tokens: dict[str, str]) -> None:
    found = await cast(shop)
    for number, token in tokens.items():
        page = await client.get(f"/t/{token}?lang=sv")
        facts = (await client.get(f"/t/{token}.json?lang=sv")).json()
        assert page.status_code == 200 and number in page.text
        assert not LEAKS.search(re.sub(r"<(style|script).*?</\1>", "", page.text, flags=re.S)), number
        told = [event for event in await shop.events(number) if event.kind == "step"]
        shown = {event["step"] for event in facts["events"]}
        assert shown == {e.step for e in told if found.steps[e.step or ""].visible}, "what happened stays, gone or not"
        assert all(event["sentence"].strip() for event in facts["events"])
        coming = facts["next"]["step"] if facts["next"] else None
        assert coming is None or not found.steps[coming].gone
        assert coming not in {e.step for e in told} or coming not in OWN, "nobody does it twice"
        row = await shop.row(number)
        await rebuild_order(shop.desk, shop.id, number)
        assert replace(await shop.row(number), updated_at=0) == replace(row, updated_at=0), "it was counted anew"


async def check_staff(shop: Shop, client: httpx2.AsyncClient) -> None:
    client.cookies.set("session", await shop.session("anders"))
    for path in ("/staff", "/staff/orders", "/staff/row", "/staff/orders/1001", "/staff/slips", "/staff/offline"):
        assert (await client.get(path)).status_code == 200, path
    client.cookies.clear()


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(acts=st.lists(act, min_size=1, max_size=12))
def test_every_page_is_whole_and_new_whatever_becomes_of_the_steps(
    sqlite_templates: Templates, acts: list[tuple[Any, ...]]
) -> None:
    asyncio.run(live_through(sqlite_templates, acts))


async def live_through(templates: Templates, acts: list[tuple[Any, ...]]) -> None:
    async with shop_with_orders(templates) as (shop, client):
        tokens = {number: await shop.token(number) for number in NUMBERS}
        for what in acts:
            await attempt(shop, what)
            await check_pages(shop, client, tokens)
        await check_staff(shop, client)


async def test_a_page_that_was_kept_is_made_anew_after_each_change_of_a_step(sqlite_templates: Templates) -> None:
    async with shop_with_orders(sqlite_templates) as (shop, client):
        await log_step(shop.desk, shop.id, "1001", StepToLog("packed", by="anders"))
        path = f"/t/{await shop.token('1001')}?lang=sv"
        seen = {(await client.get(path)).headers["etag"]}
        for what in (
            ("word", "packed", 0, "sv"),
            ("look", "packed", "gift", True, False),
            ("add", "gift", "packed"),
            ("add", "card", "gift"),
            ("move", "gift", "card"),
            ("away", "gift"),
            ("back", "gift"),
        ):
            await attempt(shop, what)
            tag = (await client.get(path)).headers["etag"]
            assert tag not in seen, what
            seen.add(tag)
            assert (await client.get(path, headers={"If-None-Match": tag})).status_code == 304
