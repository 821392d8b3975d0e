"""Pictures that many ask for at once: each is drawn once, and no page waits for them."""

from __future__ import annotations

import asyncio
import os
import signal

import httpx2
import pytest
from starlette.applications import Starlette

from storefront_trace.domain.errors import TooMany
from storefront_trace.photos.sheets import Sheet
from storefront_trace.photos.worker import CardWorker
from tests.patience import until
from tests.people import Shop
from tests.web.customer.drawers import Desk, desk_of_drawers, packed

__all__ = ["desk_of_drawers"]


async def test_many_who_ask_at_once_get_one_drawing(
    shop: Shop, client: httpx2.AsyncClient, desk_of_drawers: Desk
) -> None:
    card = f"{await packed(shop)}/card.png"
    answers = await asyncio.gather(*(client.get(card) for _ in range(20)))
    assert {answer.status_code for answer in answers} == {200}
    assert len(desk_of_drawers.sheets) == 1


async def test_a_picture_is_made_though_the_first_who_asked_has_gone(
    shop: Shop, client: httpx2.AsyncClient, desk_of_drawers: Desk
) -> None:
    card = f"{await packed(shop)}/card.png"
    desk_of_drawers.open.clear()
    impatient = asyncio.create_task(client.get(card))
    while not desk_of_drawers.sheets:
        await asyncio.sleep(0.001)
    patient = asyncio.create_task(client.get(card))
    impatient.cancel()
    desk_of_drawers.open.set()
    assert (await patient).status_code == 200
    assert len(desk_of_drawers.sheets) == 1


async def test_pages_are_answered_while_twenty_cards_are_drawn(
    app: Starlette, shop: Shop, client: httpx2.AsyncClient
) -> None:
    await shop.order()
    for number in range(2000, 2020):
        await shop.order(str(number))
    tokens = [await shop.token(str(number)) for number in range(2000, 2020)]
    page = f"/t/{await shop.token()}"
    cards = [asyncio.create_task(client.get(f"/t/{token}/card.png")) for token in tokens]
    drawer = app.state.card_worker
    await until(lambda: bool(app.state.drawing) and drawer.pid is not None)
    os.kill(drawer.pid, signal.SIGSTOP)  # it takes its time
    answer = await client.get(page)
    assert answer.status_code == 200 and not all(card.done() for card in cards)
    os.kill(drawer.pid, signal.SIGCONT)
    assert {one.status_code for one in await asyncio.gather(*cards)} == {200}


async def test_who_has_one_link_keeps_nobody_elses_picture_waiting(
    shop: Shop, client: httpx2.AsyncClient, desk_of_drawers: Desk
) -> None:
    url = await packed(shop)
    await shop.order("1002")
    desk_of_drawers.open.clear()
    wanted = [f"{url}/{shape}.png?lang={lang}" for shape in ("card", "strip") for lang in ("sv", "nb", "da", "fi")]
    many = [asyncio.create_task(client.get(one)) for one in wanted]
    while sum(one.done() for one in many) < 5:
        await asyncio.sleep(0.001)
    hers = asyncio.create_task(client.get(f"/t/{await shop.token('1002')}/card.png"))
    while len(desk_of_drawers.sheets) < 4:
        await asyncio.sleep(0.001)
    desk_of_drawers.open.set()
    assert (await hers).status_code == 200
    assert sorted([(await one).status_code for one in many]) == [200] * 3 + [429] * 5


async def test_more_than_can_be_drawn_are_told_to_come_again(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(CardWorker, "most_waiting", 0)
    worker = CardWorker()
    with pytest.raises(TooMany, match="being drawn right now"):
        await worker.draw(Sheet("card", {}, "", "", "", "", "", ""))
    await worker.close()


async def test_a_drawing_that_takes_too_long_is_told_to_come_again_too() -> None:
    worker = CardWorker(wall_seconds=0.001)
    with pytest.raises(TooMany, match="being drawn right now"):
        await worker.draw(Sheet("card", {}, "", "", "", "", "", ""))
    await worker.close()
