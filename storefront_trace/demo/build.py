"""Makes the demo shop, through the same actions as every other shop's people and machines."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from storefront_trace.actions import (
    corrections,
    feedback,
    history,
    kiosks,
    orders,
    questions,
    shops,
    signin,
    steps,
    tokens,
    wall,
    weeks,
)
from storefront_trace.actions.audit import ITSELF, Actor, acting
from storefront_trace.actions.desk import Desk
from storefront_trace.config import Settings
from storefront_trace.demo.cast import (
    BOOKKEEPER,
    COUNTRY,
    LOCALE,
    MANAGER,
    OWNER,
    OWNER_EMAIL,
    PICKUP,
    SHOP,
    STAFF,
    ZONE,
)
from storefront_trace.demo.finished import finished
from storefront_trace.demo.gallery import make_gallery
from storefront_trace.demo.keys import Keys, load_keys, save_keys
from storefront_trace.demo.past import past
from storefront_trace.demo.pictures import store_pictures
from storefront_trace.demo.staffing import gather, give_rights, hang_portraits
from storefront_trace.demo.stories import SOURCE, Asked, Said, Story, Teller, Told
from storefront_trace.demo.tablet import share_tablet
from storefront_trace.demo.underway import underway
from storefront_trace.demo.wall import hang, screen_token
from storefront_trace.demo.workdays import Workdays
from storefront_trace.domain.clock import now_micros
from storefront_trace.domain.moments import from_micros
from storefront_trace.domain.shop import ShopStep
from storefront_trace.photos.files import MediaStore
from storefront_trace.photos.worker import PhotoWorker
from storefront_trace.storage import links
from storefront_trace.storage import orders as order_rows
from storefront_trace.storage import people as person_rows
from storefront_trace.storage import questions as question_rows
from storefront_trace.storage import shops as shop_rows

LINK_DAYS = 3650
# The fourteen orders that the links show, the ones with most to see first.
NUMBERS = tuple("1001 1002 1003 1011 1006 1007 1004 1012 1009 1008 1010 1013 1014 1005".split())


@dataclass(frozen=True)
class DemoLinks:
    """Whole URLs, with what `names` says of the orders; the most interesting one first. The sign-in links can
    be used again and again; the tablet's works once, and each start has one that does."""

    customers: list[str]
    names: list[str]
    staff: str
    owner: str
    api_token: str
    tablet: str
    wall: str = ""
    manager: str = ""
    reader: str = ""


async def build_demo(desk: Desk, settings: Settings, store: MediaStore, worker: PhotoWorker) -> DemoLinks:
    """Makes the shop, or only its links when it is there. A building that was broken off is finished.

    The schema must be current. The keys that it prints are kept in demo.json in the data folder; when that file is
    lost, new ones are made and the old ones go on working.
    """
    shop_id = await find_shop(desk)
    keys = load_keys(settings.data_dir)
    if keys is None or keys.shop_id != shop_id:
        with acting(ITSELF):  # nobody did it: the demo is built
            shop_id = shop_id or await _open(desk)
            await _fill(desk, shop_id, store, worker)
        with acting(await _owner(desk, shop_id)):
            keys = await _make_keys(desk, shop_id)
    if await kiosks.find_link(desk, keys.tablet) is None:
        keys = replace(keys, tablet=await share_tablet(desk, keys.shop_id, keys.staff))
        await asyncio.to_thread(save_keys, settings.data_dir, keys)
    if await wall.find_screen(desk, keys.wall) is None:
        keys = replace(keys, wall=await screen_token(desk, keys.shop_id))
        await asyncio.to_thread(save_keys, settings.data_dir, keys)
    base, shown = settings.public_url, await _customer_tokens(desk, keys.shop_id)
    return DemoLinks(
        customers=[f"{base}/t/{token}" for token in shown],
        names=list(shown.values()),
        staff=f"{base}/signin/{keys.staff}",
        owner=f"{base}/signin/{keys.owner}",
        api_token=keys.api,
        tablet=f"{base}/kiosk/open/{keys.tablet}",
        wall=f"{base}/wall/{keys.wall}",
        manager=f"{base}/signin/{keys.manager}" if keys.manager else "",
        reader=f"{base}/signin/{keys.reader}" if keys.reader else "",
    )


async def find_shop(desk: Desk) -> str | None:
    async with desk.db.read() as conn:
        return next((shop.id for shop in await shop_rows.list_shops(conn) if shop.name == SHOP), None)


async def _open(desk: Desk) -> str:
    shop_id, _ = await shops.create_shop(desk, SHOP, OWNER_EMAIL, locale=LOCALE, zone=ZONE)
    return shop_id


async def _fill(desk: Desk, shop_id: str, store: MediaStore, worker: PhotoWorker) -> None:
    days = Workdays(from_micros(now_micros()), ZONE)
    await gather(desk, shop_id)
    things = await store_pictures(store, worker, "product")
    # The pictures are read in another process, so the twelve weeks are written meanwhile.
    faces, _ = await asyncio.gather(
        store_pictures(store, worker, "portrait", "parcel"),
        history.record_history(desk, shop_id, past(Teller(days, things)), source="import"),
    )
    pictures = {**things, **faces}
    await hang_portraits(desk, shop_id, pictures)
    await _tell_all(desk, shop_id, Teller(days, pictures))
    await make_gallery(desk, shop_id, Teller(days, pictures))
    # Last: with the country's holidays the pace is counted, from all that has come home by now.
    with acting(owner := await _owner(desk, shop_id)):
        await give_rights(desk, shop_id, owner)
        await shops.set_face(desk, shop_id, country=COUNTRY, pickup=PICKUP)
    await hang(desk, shop_id)
    await weeks.count_all(desk)


async def _owner(desk: Desk, shop_id: str) -> Actor:
    async with desk.db.read() as conn:
        return Actor((await person_rows.get_person(conn, shop_id, OWNER)).id)


async def _tell_all(desk: Desk, shop_id: str, teller: Teller) -> None:
    stories = sorted((*underway(teller), *finished(teller)), key=lambda story: story.order.number)
    logged = [(story, await _tell(desk, shop_id, story)) for story in stories]
    # The first story's thanks come last, so that they are the newest.
    for story, events in reversed(logged):
        await _say(desk, shop_id, story, events)
        for asked in story.asked:
            await _ask(desk, shop_id, story.order.number, asked)


async def _tell(desk: Desk, shop_id: str, story: Story) -> list[str]:
    """Returns the events of the story's steps. What is there already stays as it is."""
    number = story.order.number
    async with desk.db.read() as conn:
        known = await order_rows.find_order(conn, shop_id, number) is not None
    if not known:
        await orders.put_order(desk, shop_id, story.order, source=SOURCE)
    return [await _log(desk, shop_id, number, told, f"{number}:{place}") for place, told in enumerate(story.steps, 1)]


async def _log(desk: Desk, shop_id: str, number: str, told: Told, source_key: str) -> str:
    done = await steps.log_step(desk, shop_id, number, replace(told.step, source_key=source_key))
    if told.taken_back:
        await corrections.correct_event(
            desk, shop_id, number, done.event.id, by=told.step.by, reason=told.taken_back, source=SOURCE
        )
    return done.event.id


async def _say(desk: Desk, shop_id: str, story: Story, events: Iterable[str]) -> None:
    async with desk.db.read() as conn:
        order_id = (await order_rows.get_order(conn, shop_id, story.order.number)).id
    for told, event_id in zip(story.steps, events, strict=True):
        if told.said is not None:
            await _say_of(desk, shop_id, order_id, event_id, told.said)


async def _say_of(desk: Desk, shop_id: str, order_id: str, event_id: str, said: Said) -> None:
    answer = feedback.Answer(said.choice, said.chips, said.words, said.contact, locale=LOCALE)
    saved = await feedback.save_feedback(desk, shop_id, order_id, event_id, answer)
    for handle, words in said.replies:
        async with desk.db.read() as conn:
            person = await person_rows.get_person(conn, shop_id, handle)
        await feedback.reply(desk, shop_id, saved.id, by_person=person.id, as_owner=False, words=words)


async def _ask(desk: Desk, shop_id: str, number: str, asked: Asked) -> None:
    """What was asked before a building was broken off stays as it is."""
    async with desk.db.read() as conn:
        order_id = (await order_rows.get_order(conn, shop_id, number)).id
        known = await question_rows.list_of_order(conn, shop_id, order_id)
    found = next((one for one in known if one.words == asked.words), None)
    if found is not None and found.answered_at is not None:
        return
    question_id = await questions.ask(desk, shop_id, order_id, asked.words, locale=LOCALE)
    if asked.answer is not None:
        handle, words = asked.answer
        async with desk.db.read() as conn:
            person = await person_rows.get_person(conn, shop_id, handle)
        await questions.answer(desk, shop_id, question_id, by_person=person.id, as_owner=False, words=words)


async def _make_keys(desk: Desk, shop_id: str) -> Keys:
    return Keys(
        shop_id,
        staff=await _signin_token(desk, shop_id, STAFF, "staff"),
        owner=await _signin_token(desk, shop_id, OWNER, "owner"),
        manager=await _signin_token(desk, shop_id, MANAGER, "manager"),
        reader=await _signin_token(desk, shop_id, BOOKKEEPER.handle, "reader"),
        api=await tokens.create_token(desk, shop_id, "Demo", tokens.SCOPES),
    )


async def _signin_token(desk: Desk, shop_id: str, handle: str, role: str) -> str:
    async with desk.db.write() as conn:
        person = await person_rows.get_person(conn, shop_id, handle)
        return await signin.make_link(conn, shop_id, person, role, days=LINK_DAYS, reusable=True)


async def _customer_tokens(desk: Desk, shop_id: str) -> dict[str, str]:
    """Of the fourteen orders whose link has not been revoked, and how one tells them apart: "1001, Karin, packed"."""
    async with desk.db.read() as conn:
        rows = [await order_rows.find_order(conn, shop_id, number) for number in NUMBERS]
        found = [row for row in rows if row is not None]
        current = await links.current_links(conn, shop_id, [row.id for row in found])
        steps = (await desk.casts.get(conn, shop_id)).steps
    made = {row: desk.link_token(shop_id, row.id, current[row.id]) for row in found if row.id in current}
    return {token: _told_of(row, steps) for row, token in made.items() if token is not None}


def _told_of(row: order_rows.OrderRow, steps: Mapping[str, ShopStep]) -> str:
    state = steps[row.state].names["en"].lower() if row.state in steps else row.state
    return ", ".join(part for part in (row.number, row.first_name, state) if part)
