"""How each line of the journal is carried out: see actions/endings.py."""

from __future__ import annotations

import contextlib
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import structlog

from storefront_trace.actions import follow
from storefront_trace.actions.desk import Desk
from storefront_trace.actions.people import end_employment
from storefront_trace.actions.privacy import Erased, erase_person, forget_addresses, forget_orders
from storefront_trace.actions.purging import ORDERS, forget_past, parts
from storefront_trace.domain.errors import NotFound
from storefront_trace.storage import (
    accounts,
    connections,
    endings,
    followers,
    links,
    orders,
    passkeys,
    people,
    privacy,
    retention,
    shops,
    silenced,
    tokens,
    wall,
)
from storefront_trace.storage.journal import LOST, RESTORED, Ending

log = structlog.get_logger()


@dataclass
class Known:
    """The addresses in a shop that lines speak of, by their hash, and the orders (with when they came in) of each."""

    addresses: dict[str, set[str]] = field(default_factory=dict)
    orders: dict[str, list[tuple[str, int]]] = field(default_factory=dict)

    def named(self, digests: Sequence[str]) -> list[str]:
        return sorted({address for digest in digests for address in self.addresses.get(digest, ())})


@dataclass(frozen=True)
class Round:
    """One shop's. What it does is not written down once more."""

    desk: Desk
    shop_id: str
    known: Known
    photos: list[str] = field(default_factory=list)

    def took(self, done: Erased) -> None:
        self.photos.extend(done.photos)


async def carry_out_one(now: Round, ending: Ending) -> None:
    """Twice is once. Whom an older database does not know yet has nothing there to end."""
    if ending.do == LOST:
        return
    act = _DOES.get(ending.do)
    if act is None:
        log.warning("the journal has a line of another version", do=ending.do)
        return
    with contextlib.suppress(NotFound):
        await act(now, ending)


def digests_in(told: Mapping[str, Any]) -> Iterator[str]:
    """Of the addresses that a line speaks of."""
    yield from told.get("to") or ()
    if told.get("mail"):
        yield told["mail"]


async def _customer(now: Round, ending: Ending) -> None:
    mail = ending.told.get("mail")
    theirs = [order_id for order_id, created_at in now.known.orders.get(mail or "", ()) if created_at <= ending.at]
    await _orders(now, [*ending.told["orders"], *theirs])
    addresses = now.known.named(list(digests_in(ending.told)))
    following = now.known.named([mail] if mail else [])
    async with now.desk.db.write() as conn:
        await forget_addresses(now.desk, conn, now.shop_id, addresses)
        for address in following:
            await forget_addresses(now.desk, conn, now.shop_id, [], follower=address)


async def _orders(now: Round, ids: Sequence[str]) -> None:
    for part in parts(sorted(set(ids)), ORDERS):
        async with now.desk.db.write() as conn:
            present = await endings.list_present(conn, now.shop_id, part)
            if present:
                now.took(await forget_orders(now.desk, conn, now.shop_id, present))


async def _past(now: Round, ending: Ending) -> None:
    for part in parts(list(ending.told["orders"]), ORDERS):
        async with now.desk.db.write() as conn:
            await privacy.delete_notices_of(conn, now.shop_id, part)
            await followers.delete_followers(conn, now.shop_id, part)
            await forget_past(conn, now.shop_id, part, ending.at)


async def _words(now: Round, ending: Ending) -> None:
    for old in retention.old_words(ending.told["before"]):
        while True:
            async with now.desk.db.write() as conn:
                keys = await retention.list_old(conn, now.shop_id, old, limit=500)
                await retention.delete_old(conn, now.shop_id, old, keys)
            if len(keys) < 500:
                break


async def _person(now: Round, ending: Ending) -> None:
    async with now.desk.db.read() as conn:
        person = await people.get_person_by_id(conn, now.shop_id, ending.told["person"])
    now.took(await erase_person(now.desk, now.shop_id, person.handle, anyway=True))
    async with now.desk.db.write() as conn:
        await forget_addresses(now.desk, conn, now.shop_id, now.known.named(ending.told.get("to") or ()))


async def _left(now: Round, ending: Ending) -> None:
    async with now.desk.db.read() as conn:
        person = await people.get_person_by_id(conn, now.shop_id, ending.told["person"])
    photo = await end_employment(now.desk, now.shop_id, person.handle, anyway=True)
    now.photos.extend([photo] if photo else [])


async def _lowered(now: Round, ending: Ending) -> None:
    async with now.desk.db.write() as conn:
        told = ending.told
        await endings.update_visibility_lowered(conn, now.shop_id, told["person"], told["visibility"], ending.at)


async def _portrait(now: Round, ending: Ending) -> None:
    async with now.desk.db.write() as conn:
        if await endings.update_portrait_gone(conn, now.shop_id, ending.told["person"], ending.told["photo"]):
            now.photos.append(ending.told["photo"])


async def _role(now: Round, ending: Ending) -> None:
    async with now.desk.db.write() as conn:
        told = ending.told
        await accounts.update_account(conn, now.shop_id, told["account"], role=told["role"], manages=told["manages"])


async def _links(now: Round, ending: Ending) -> None:
    told = ending.told
    async with now.desk.db.write() as conn:
        row = await orders.find_order_by_id(conn, now.shop_id, told["order"], lock=True)
        if row is None:
            return
        await endings.update_links_revoked_to(conn, now.shop_id, row.id, told["upto"], ending.at)
        await follow.stop_others(conn, now.shop_id, row, ending.at)
        made = await links.list_links(conn, now.shop_id, row.id)
        if told["renew"] and row.erased_at is None and all(one.number <= told["upto"] for one in made):
            link = now.desk.new_link(now.shop_id, row.id, told["upto"] + 1, ending.at)
            await links.insert_link(conn, now.shop_id, row.id, link)


async def _stopped(now: Round, ending: Ending) -> None:
    async with now.desk.db.write() as conn:
        told = ending.told
        await endings.update_follower_stopped(conn, now.shop_id, told["follower"], told["why"], ending.at)


async def _silence(now: Round, ending: Ending) -> None:
    async with now.desk.db.write() as conn:
        await silenced.insert_silenced(conn, now.shop_id, ending.told["digest"], ending.at)


async def _allow(now: Round, ending: Ending) -> None:
    async with now.desk.db.write() as conn:
        await silenced.delete_silenced(conn, now.shop_id, ending.told["digests"])


async def _passkeys(now: Round, ending: Ending) -> None:
    async with now.desk.db.write() as conn:
        await endings.delete_keys_of(conn, now.shop_id, ending.told["account"], ending.at, passkeys=True)


async def _passkey(now: Round, ending: Ending) -> None:
    async with now.desk.db.write() as conn:
        await passkeys.delete_passkey(conn, now.shop_id, ending.told["account"], ending.told["passkey"])


async def _factor(now: Round, ending: Ending) -> None:
    async with now.desk.db.write() as conn:
        await endings.delete_keys_of(conn, now.shop_id, ending.told["account"], ending.at, passkeys=False)


async def _keys(now: Round, ending: Ending) -> None:
    """Both: a transaction writes one line, since two that it leaves undone look like an older database."""
    await _passkeys(now, ending)
    await _factor(now, ending)


async def _token(now: Round, ending: Ending) -> None:
    async with now.desk.db.write() as conn:
        await tokens.update_token_revoked(conn, now.shop_id, ending.told["token"], ending.at)


async def _connection(now: Round, ending: Ending) -> None:
    async with now.desk.db.write() as conn:
        ended = {"ended_at": ending.at, "secrets": []}
        await connections.update_connection(conn, now.shop_id, ending.told["connection"], **ended)


async def _wall(now: Round, ending: Ending) -> None:
    async with now.desk.db.write() as conn:
        told = ending.told
        await endings.update_off_the_wall(conn, now.shop_id, told["feedback"], ending.at, by_person=told["by_person"])


async def _screen(now: Round, ending: Ending) -> None:
    async with now.desk.db.write() as conn:
        await wall.update_screen_ended(conn, now.shop_id, ending.told["screen"], ending.at)


async def _view(now: Round, ending: Ending) -> None:
    """Unless somebody has agreed to it anew since."""
    async with now.desk.db.write() as conn:
        old = await shops.get_shop(conn, now.shop_id, lock=True)
        if old.per_person and all(switch["at"] <= ending.at for switch in old.agreed or ()):
            await shops.update_shop(conn, now.shop_id, per_person=False)


async def _restored(now: Round, ending: Ending) -> None:
    async with now.desk.db.write() as conn:
        await endings.update_doors_shut(conn, now.shop_id, ending.at)


_DOES: Mapping[str, Callable[[Round, Ending], Awaitable[None]]] = {
    "customer": _customer,
    "past": _past,
    "words": _words,
    "person": _person,
    "left": _left,
    "lowered": _lowered,
    "portrait": _portrait,
    "role": _role,
    "links": _links,
    "stopped": _stopped,
    "silence": _silence,
    "allow": _allow,
    "passkeys": _passkeys,
    "passkey": _passkey,
    "factor": _factor,
    "keys": _keys,
    "token": _token,
    "connection": _connection,
    "wall": _wall,
    "screen": _screen,
    "view": _view,
    RESTORED: _restored,
}
