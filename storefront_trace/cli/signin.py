"""signin: a way back in for who lost the link, or whose session has ended. And until when a link holds."""

from __future__ import annotations

from pathlib import Path

import click

from storefront_trace.actions import factor, people
from storefront_trace.actions.desk import Desk
from storefront_trace.actions.signin import LINK_DAYS
from storefront_trace.cli.common import data_option, find_shop, load, one_of, run, shop_option, warn_of_address
from storefront_trace.config import Settings
from storefront_trace.domain.clock import DAY, now_micros
from storefront_trace.domain.errors import NotFound
from storefront_trace.domain.moments import from_micros, tz
from storefront_trace.storage import accounts
from storefront_trace.storage import people as person_rows


@click.command()
@click.option("--person", help="The handle of somebody who works here.")
@click.option("--owner", help="An owner's e-mail address.")
@shop_option
@data_option
def signin(person: str | None, owner: str | None, shop: str | None, data: Path) -> None:
    """Prints a new one-time sign-in link; one that was not used is dead from now."""
    one_of(person=person, owner=owner)
    settings = load(data)

    async def work(desk: Desk) -> tuple[str, str]:
        found = await find_shop(desk, shop)
        handle = person.strip() if person else await _owners_handle(desk, found.id, (owner or "").strip())
        return await people.invite(desk, found.id, handle), found.zone

    token, zone = run(settings, work)
    tell_link(settings, token, zone)


def tell_link(settings: Settings, token: str, zone: str) -> None:
    """The link alone on stdout; until when it holds is for eyes."""
    until = from_micros(now_micros() + LINK_DAYS * DAY).astimezone(tz(zone))
    click.echo(f"{settings.public_url}/signin/{token}")
    click.echo(f"It signs in once, until {until:%Y-%m-%d %H:%M} ({zone}).", err=True)
    warn_of_address(settings)


@click.group()
def owner() -> None:
    """Owners who are locked out."""


@owner.command("reset-factor")
@click.option("--email", required=True, help="The owner's e-mail address.")
@shop_option
@data_option
def reset_factor(email: str, shop: str | None, data: Path) -> None:
    """Takes codes, recovery codes, passkeys and sessions of an owner away, and prints a new sign-in link.

    For an owner whose phone is lost along with the recovery codes. They are told by mail, and it is noted.
    """
    settings = load(data)

    async def work(desk: Desk) -> tuple[str, str]:
        found = await find_shop(desk, shop)
        handle = await _owners_handle(desk, found.id, email.strip())
        return await factor.reset(desk, found.id, handle), found.zone

    tell_link(settings, *run(settings, work))


async def _owners_handle(desk: Desk, shop_id: str, email: str) -> str:
    async with desk.db.read() as conn:
        for one in await person_rows.list_people(conn, shop_id):
            if one.left_at is None and (one.email or "").casefold() == email.casefold():
                account = await accounts.find_account(conn, shop_id, one.id)
                if account is not None and account.role == "owner" and account.ended_at is None:
                    return one.handle
    raise NotFound("No owner has that address. Say --person and their handle.")
