"""Following an order by mail or push: asked for on its page, confirmed by whose address it is, stopped at any time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from storefront_trace.actions.desk import Desk
from storefront_trace.actions.journal import remember
from storefront_trace.domain.clock import DAY, now_micros
from storefront_trace.domain.errors import N_, Conflict, Gone, Invalid, NotFound
from storefront_trace.domain.following import (
    CONFIRM_DAYS,
    MOST_ASKED,
    MOST_EVER,
    MOST_FOLLOWERS,
    MOST_STRANGERS,
    check_address,
    domains_of,
    fingerprint,
    mailbox,
    parse_wants,
)
from storefront_trace.domain.ids import new_id
from storefront_trace.domain.silence import bounced_digests_of, digests_of
from storefront_trace.storage import followers, orders, outbox, silenced
from storefront_trace.storage.database import Connection
from storefront_trace.storage.followers import Follower
from storefront_trace.storage.orders import OrderRow

PAGE = "page"
LINK = "link"
ENOUGH = N_("So much has been changed on this page that it stays as it is. Please write to the shop instead.")
NOBODY = N_("Nobody follows an order by this link any more.")


async def follow_by_mail(desk: Desk, shop_id: str, order_id: str, *, email: str, wants: str, locale: str) -> Follower:
    """Without an address it is the order's own, which follows at once; any that is written is asked by mail first, the
    order's own too, or the page would tell whoever guesses it. Again, it changes what is wanted.

    Who may not be written to is not asked. That is said of the order's own address alone, which the page shows anyway:
    of any other it would tell whoever types it."""
    wants = parse_wants(wants)
    async with desk.db.write() as conn:
        row = await _order(conn, shop_id, order_id)
        address = check_address(email) if email else row.email
        if address is None:
            message = "Write an address like karin@example.com."
            raise Invalid(message, errors=[("email", message)])
        silent = await silenced.silenced_since(conn, desk.secrets, shop_id, address) is not None
        if silent and not email:
            message = N_("Whoever reads the mail of this address wants none from us. Write another one.")
            raise Invalid(message, errors=[("email", message)])
        digest = fingerprint(address)
        known = await _known(conn, shop_id, order_id, "mail", digest)
        now = now_micros()
        if known is not None and known.follows:
            values: dict[str, Any] = {"wants": wants, "locale": locale}
        else:
            values = {"wants": wants, "locale": locale, "created_at": now, "stopped_at": None, "stopped_why": None}
            values["confirmed_at"] = None if email else now
            if email:
                await _check_strangers(conn, shop_id, order_id, address, now)
        found = await _put(conn, shop_id, order_id, known, values, channel="mail", address=address, fingerprint=digest)
        if not (found.follows or silent) and await _may_ask(conn, shop_id, order_id, address, now):
            await _ask(conn, shop_id, row, found, now)
        await orders.touch_order(conn, shop_id, order_id)
        return found


async def follow_by_push(
    desk: Desk, shop_id: str, order_id: str, *, subscription: dict[str, Any], wants: str, locale: str
) -> Follower:
    """The browser has asked its owner already. `subscription` is checked, see integrations/webpush.py."""
    wants = parse_wants(wants)
    async with desk.db.write() as conn:
        await _order(conn, shop_id, order_id)
        digest = fingerprint(subscription["endpoint"])
        known = await _known(conn, shop_id, order_id, "push", digest)
        now = now_micros()
        since = known.confirmed_at if known is not None and known.follows else now
        values: dict[str, Any] = {"wants": wants, "locale": locale, "confirmed_at": since, "subscription": subscription}
        values |= {"stopped_at": None, "stopped_why": None}
        if known is None:
            values["created_at"] = now
        found = await _put(conn, shop_id, order_id, known, values, channel="push", fingerprint=digest)
        await orders.touch_order(conn, shop_id, order_id)
        return found


async def confirm(desk: Desk, shop_id: str, follower_id: str) -> Follower:
    """Whose address it is says yes, which is a later word than their own "never", and no answer to a question that was
    taken back on the page. Again it changes nothing; too late it is Gone."""
    async with desk.db.write() as conn:
        found = await _locked(conn, shop_id, follower_id)
        now = now_micros()
        if found is None:
            raise NotFound(NOBODY)
        if found.follows:
            return found
        if now >= found.created_at + CONFIRM_DAYS * DAY:
            raise Gone("That was too long ago. Ask for the mails on the order's page again.")
        if not may_confirm(found):
            raise Gone("These mails have been stopped. Ask for them on the order's page again.")
        _check_room(found, await followers.list_followers(conn, shop_id, found.order_id))
        changes = {"confirmed_at": now, "stopped_at": None, "stopped_why": None}
        await followers.update_follower(conn, shop_id, follower_id, **changes)
        address = found.address or ""  # a mail to it has just been read
        marks = (*digests_of(desk.secrets, shop_id, address), *bounced_digests_of(desk.secrets, shop_id, address))
        await silenced.delete_silenced(conn, shop_id, marks)
        await orders.touch_order(conn, shop_id, found.order_id)
        return await _follower(conn, shop_id, follower_id)


def may_confirm(found: Follower) -> bool:
    """While the question stands, or after its reader's own no. Who asked by mistake and stopped it on the page is not
    overruled from the mailbox that it was a mistake to ask: they would get the order's link."""
    return found.stopped_at is None or found.stopped_why == "asked"


async def change_wants(desk: Desk, shop_id: str, order_id: str, follower_id: str, wants: str) -> None:
    wants = parse_wants(wants)
    async with desk.db.write() as conn:
        await orders.find_order_by_id(conn, shop_id, order_id, lock=True)
        found = await _of_order(conn, shop_id, order_id, follower_id)
        if found.wants != wants:
            await followers.update_follower(conn, shop_id, found.id, wants=wants)
            await orders.touch_order(conn, shop_id, order_id)


async def stop(desk: Desk, shop_id: str, follower_id: str, *, why: str = "asked", order_id: str | None = None) -> bool:
    """Whether somebody followed until now. Who is not there any more has stopped too. `why` is "asked" by the reader of
    the mails, "page" by who has the order's page; the page's word holds after the reader's, see `may_confirm`.
    `order_id`, when it is given, must be the follower's."""
    async with desk.db.write() as conn:
        found = await _locked(conn, shop_id, follower_id)
        if found is None or (order_id and found.order_id != order_id):
            return False
        if found.stopped_at is not None:
            if why == PAGE != found.stopped_why:
                await followers.update_follower(conn, shop_id, follower_id, stopped_why=why)
            return False
        now = now_micros()
        await followers.update_follower(conn, shop_id, follower_id, stopped_at=now, stopped_why=why)
        await orders.touch_order(conn, shop_id, found.order_id)
        await remember(desk, conn, shop_id, "stopped", follower=follower_id, why=why)
        return True


async def stop_others(conn: Connection, shop_id: str, row: OrderRow, now: int) -> None:
    """All but the order's own address, when its link is given anew or taken back: each of them had the old link, and
    would be mailed the next. Nor can they say yes to a question that still stands. Inside the caller's `db.write()`,
    with the order locked."""
    own = ("mail", fingerprint(row.email)) if row.email else None
    for one in await followers.list_followers(conn, shop_id, row.id):
        if (one.channel, one.fingerprint) == own or not may_confirm(one):
            continue
        changes = {"stopped_at": one.stopped_at or now, "stopped_why": LINK}
        await followers.update_follower(conn, shop_id, one.id, **changes)
    await orders.touch_order(conn, shop_id, row.id)


async def _order(conn: Connection, shop_id: str, order_id: str) -> OrderRow:
    row = await orders.find_order_by_id(conn, shop_id, order_id, lock=True)
    if row is None or row.erased_at is not None:
        raise NotFound("We have no order with that number.")
    return row


async def _locked(conn: Connection, shop_id: str, follower_id: str) -> Follower | None:
    """The order first, here as everywhere: locking in two orders, each would wait for the other."""
    found = await followers.find_follower(conn, shop_id, follower_id)
    if found is None:
        return None
    await orders.find_order_by_id(conn, shop_id, found.order_id, lock=True)
    return await followers.find_follower(conn, shop_id, follower_id)


async def _follower(conn: Connection, shop_id: str, follower_id: str) -> Follower:
    found = await followers.find_follower(conn, shop_id, follower_id)
    if found is None:
        raise NotFound(NOBODY)
    return found


async def _of_order(conn: Connection, shop_id: str, order_id: str, follower_id: str) -> Follower:
    found = await _follower(conn, shop_id, follower_id)
    if found.order_id != order_id:
        raise NotFound(NOBODY)
    return found


async def _known(conn: Connection, shop_id: str, order_id: str, channel: str, digest: str) -> Follower | None:
    """This address or browser, when it has followed before; else there must be room for one more."""
    present = await followers.list_followers(conn, shop_id, order_id)
    known = next((one for one in present if (one.channel, one.fingerprint) == (channel, digest)), None)
    _check_room(known, present)
    if known is None and len(present) >= MOST_EVER:
        raise Conflict(ENOUGH)
    return known


def _check_room(known: Follower | None, present: Sequence[Follower]) -> None:
    others = [one for one in present if one.stopped_at is None and (known is None or one.id != known.id)]
    if len(others) >= MOST_FOLLOWERS:
        raise Conflict("Five follow this order already. Stop one of them first.")


async def _check_strangers(conn: Connection, shop_id: str, order_id: str, address: str, now: int) -> None:
    """Those too who are not mailed since they want none or were asked elsewhere: the refusal must not tell of it."""
    present = await followers.list_followers(conn, shop_id, order_id)
    asked = {
        mailbox(one.address)
        for one in present
        if one.address and one.created_at >= now - DAY and one.confirmed_at != one.created_at
    }
    if len(asked - {mailbox(address)}) >= MOST_STRANGERS:
        raise Conflict(ENOUGH)


async def _may_ask(conn: Connection, shop_id: str, order_id: str, address: str, now: int) -> bool:
    """Nobody's mailbox is filled with our question, from however many orders, by however many names it has. Nobody is
    told that it has been asked before: that would say whose order this is, or who follows others."""
    box = mailbox(address)
    told = await followers.list_asked(conn, shop_id, domains_of(box), now - DAY)
    asked = [about for to, about in told if mailbox(to) == box]
    return order_id not in asked and len(asked) < MOST_ASKED


async def _put(
    conn: Connection, shop_id: str, order_id: str, known: Follower | None, values: dict[str, Any], **fixed: Any
) -> Follower:
    follower_id = known.id if known else new_id()
    if known is not None:
        await followers.update_follower(conn, shop_id, known.id, **values)
    else:
        values.setdefault("created_at", now_micros())
        await followers.insert_follower(conn, shop_id, id=follower_id, order_id=order_id, **fixed, **values)
    return await _follower(conn, shop_id, follower_id)


async def _ask(conn: Connection, shop_id: str, row: OrderRow, found: Follower, now: int) -> None:
    await outbox.insert_notice(
        conn,
        shop_id,
        kind="follow_confirm",
        recipient=found.address,
        locale=found.locale,
        detail={"order_id": row.id, "order_number": row.number, "follower_id": found.id},
        once=f"follow_confirm:{found.id}:{found.created_at}",
        created_at=now,
    )
