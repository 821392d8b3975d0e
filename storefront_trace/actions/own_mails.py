"""Which mails by the clock somebody wants: said on a page of their own, or by the link in such a mail."""

from __future__ import annotations

from storefront_trace.actions.consents import Agreed, agree, withdraw
from storefront_trace.actions.desk import Desk
from storefront_trace.domain.clock import now_micros
from storefront_trace.domain.errors import N_, Invalid, NotFound
from storefront_trace.domain.mailing import MORNING_HOURS, OwnMail
from storefront_trace.storage import accounts
from storefront_trace.storage.database import Connection

WRONG_HOUR = N_("Choose one of the hours.")


async def set_morning(desk: Desk, shop_id: str, person_id: str, hour: int | None, *, locale: str) -> None:
    """What needs the owner, at this hour of the shop's clock; None: no such mail."""
    if hour is not None and hour not in MORNING_HOURS:
        raise Invalid(WRONG_HOUR, errors=[("hour", WRONG_HOUR)])
    async with desk.db.write() as conn:
        await _put(conn, shop_id, person_id, morning_hour=hour, locale=locale)


async def set_friday(
    desk: Desk, shop_id: str, person_id: str, wanted: bool, *, locale: str, agreed: Agreed | None = None
) -> None:
    """`agreed` is what they read where they asked for it."""
    async with desk.db.write() as conn:
        await _put(conn, shop_id, person_id, friday=wanted, locale=locale)
        if wanted:
            await agree(conn, shop_id, person_id, "mails", agreed)
        else:
            await withdraw(conn, shop_id, person_id, "mails")


async def end_own_mail(desk: Desk, shop_id: str, account_id: str, mail: OwnMail) -> None:
    """Twice is once, and of who is gone there is nothing to end."""
    ended = {"morning_hour": None} if mail == "morning" else {"friday": False}
    async with desk.db.write() as conn:
        await accounts.update_account(conn, shop_id, account_id, **ended)
        person_id = await accounts.find_person_of(conn, shop_id, account_id, now_micros())
        if mail == "friday" and person_id is not None:
            await withdraw(conn, shop_id, person_id, "mails")


async def _put(conn: Connection, shop_id: str, person_id: str, **wants: object) -> None:
    account = await accounts.find_account(conn, shop_id, person_id)
    if account is None or account.ended_at is not None:
        raise NotFound("There is no such person.")
    await accounts.update_account(conn, shop_id, account.id, **wants)
