"""init, token, connect and import."""

from __future__ import annotations

import asyncio
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click

from storefront_trace.actions import connections, imports, shops, tokens
from storefront_trace.actions.desk import Desk
from storefront_trace.cli.common import (
    begin,
    data_option,
    find_shop,
    load,
    migrate_if_needed,
    open_desk,
    run,
    shop_option,
    warn_of_address,
)
from storefront_trace.cli.signin import tell_link
from storefront_trace.domain.errors import DomainError, Invalid, NotFound
from storefront_trace.integrations import files
from storefront_trace.integrations.files import Entry
from storefront_trace.integrations.kinds import KINDS
from storefront_trace.publicdays import OF_ZONE
from storefront_trace.storage import shops as shop_rows
from storefront_trace.storage import tokens as token_rows
from storefront_trace.storage.tokens import ApiToken


@click.command()
@click.option("--shop", "name", required=True, help="The shop's name, as customers know it.")
@click.option("--owner", required=True, help="The owner's e-mail address.")
@click.option("--name", "called", help="What the owner is called; else it is made from the address.")
@click.option("--locale", default="en", show_default=True, help="The shop's language: en, sv, nb, da, fi or de.")
@click.option("--timezone", default="Europe/Stockholm", show_default=True, help="Where the shop's clock hangs.")
@data_option
def init(name: str, owner: str, called: str | None, locale: str, timezone: str, data: Path) -> None:
    """Creates a shop and its owner, and prints the owner's one-time sign-in link."""
    settings = begin(data)

    async def work() -> str:
        async with open_desk(settings) as desk:
            await migrate_if_needed(desk.db)
            async with desk.db.read() as conn:
                present = await shop_rows.list_shops(conn)
            if any(shop.name == " ".join(name.split()) for shop in present):
                raise Invalid("There is a shop of that name already. Choose another name, or another --data folder.")
            told = {"locale": locale, "zone": timezone}
            made, link = await shops.create_shop(desk, name, owner, **told, owner_name=called, starting=True)
            if timezone in OF_ZONE:  # else we would work on its holidays until somebody says which they are
                await shops.set_face(desk, made, country=OF_ZONE[timezone])
            return link

    tell_link(settings, asyncio.run(work()), timezone)


@click.group()
def token() -> None:
    """API tokens."""


@token.command("create")
@click.option("--name", required=True, help="Who will use it.")
@click.option("--scope", "scopes", multiple=True, help=f"May be repeated: {', '.join(tokens.SCOPES)}.")
@shop_option
@data_option
def create_token(name: str, scopes: tuple[str, ...], shop: str | None, data: Path) -> None:
    """Prints a new API token, this once: only its hash is kept."""

    async def work(desk: Desk) -> str:
        found = await find_shop(desk, shop)
        wanted = [part for scope in scopes for part in scope.replace(",", " ").split()]
        return await tokens.create_token(desk, found.id, name, wanted or tokens.DEFAULT_SCOPES)

    click.echo(run(load(data), work))


@token.command("list")
@shop_option
@data_option
def list_tokens(shop: str | None, data: Path) -> None:
    """Id, state, name and scopes of every API token, oldest first."""

    async def work(desk: Desk) -> list[ApiToken]:
        found = await find_shop(desk, shop)
        async with desk.db.read() as conn:
            return await token_rows.list_tokens(conn, found.id)

    for one in run(load(data), work):
        state = "revoked" if one.revoked_at is not None else "valid"
        click.echo("\t".join((one.id, state, one.name, " ".join(one.scopes))))


@token.command("revoke")
@click.argument("which", metavar="ID|NAME")
@shop_option
@data_option
def revoke_token(which: str, shop: str | None, data: Path) -> None:
    """Takes an API token back: it opens nothing from the next request on."""

    async def work(desk: Desk) -> ApiToken:
        found = await find_shop(desk, shop)
        async with desk.db.read() as conn:
            known = await token_rows.list_tokens(conn, found.id)
        chosen = _the_token(known, which)
        await tokens.revoke_token(desk, found.id, chosen.id)
        return chosen

    click.echo(f"{run(load(data), work).name} opens nothing any more.")


def _the_token(known: list[ApiToken], which: str) -> ApiToken:
    chosen = [one for one in known if one.id == which]
    chosen = chosen or [one for one in known if one.name == which and one.revoked_at is None]
    if not chosen:
        raise NotFound("There is no such token. `token list` says which there are.")
    if len(chosen) > 1:
        ids = ", ".join(one.id for one in chosen)
        raise Invalid("Which token? Say its id. There are %(ids)s.", params={"ids": ids})
    return chosen[0]


@click.command()
@click.argument("kind", type=click.Choice(sorted(KINDS)))
@click.option("--secret", required=True, help="What the shop system signs with.")
@click.option("--name", help="To tell two connections of one kind apart; the same name again renews the secret.")
@shop_option
@data_option
def connect(kind: str, secret: str, name: str | None, shop: str | None, data: Path) -> None:
    """Creates a connection to a shop system, and prints the address to send its webhooks to."""
    settings = load(data)

    async def work(desk: Desk) -> str:
        found = await find_shop(desk, shop)
        made = await connections.connect(desk, found.id, kind, secret, name=name)
        return connections.webhook_path(made)

    click.echo(settings.public_url + run(settings, work))
    warn_of_address(settings)


@dataclass
class _Tally:
    applied: int = 0
    known: int = 0
    refused: int = 0
    early: list[Entry] = field(default_factory=list)


@click.command("import")
@click.argument("paths", metavar="FILE…", nargs=-1, required=True, type=click.Path(dir_okay=False, path_type=Path))
@shop_option
@data_option
def import_files(paths: tuple[Path, ...], shop: str | None, data: Path) -> None:
    """Orders from CSV, JSON of ours, or saved Shopify and WooCommerce bodies. Run twice, nothing changes.

    A CSV file has a row for each line of an order, and names its columns in the first one. It needs number, placed_at
    (2026-11-19 14:32, on the shop's clock) and line_title. It may have, of the order: first_name, email, locale,
    promise_from, promise_to (2026-11-25), method (parcel, pickup, local or digital); of the line: line_key, quantity,
    variant, sku, image_url, backordered (pieces out of stock), expected (the day they come).
    """
    tally = _Tally()

    async def work(desk: Desk) -> None:
        found = await find_shop(desk, shop)
        for path in paths:
            await _import_file(desk, found.id, found.zone, path, tally)
        await _import_early(desk, found.id, tally)

    run(load(data), work)
    click.echo(f"{tally.applied} taken over, {tally.known} known already, {tally.refused} refused.")
    if tally.refused:
        raise SystemExit(1)


async def _import_file(desk: Desk, shop_id: str, zone: str, path: Path, tally: _Tally) -> None:
    try:
        reading = files.read(path, zone=zone)
    except Invalid as refusal:
        _refuse(tally, path.name, refusal)
        return
    refused: list[tuple[str, DomainError]] = []
    bar: Any = click.progressbar(reading.entries, length=reading.total, label=path.name, file=sys.stderr)
    with bar as entries:
        for entry in entries:
            try:
                await _import_entry(desk, shop_id, entry, tally)
            except DomainError as refusal:
                refused.append((entry.place, refusal))
            except imports.NotYet:
                tally.early.append(entry)
    for place, error in refused:
        _refuse(tally, place, error)


async def _import_early(desk: Desk, shop_id: str, tally: _Tally) -> None:
    """What spoke of an order that stood in a later file."""
    for entry in tally.early:
        try:
            await _import_entry(desk, shop_id, entry, tally)
        except (DomainError, imports.NotYet) as refusal:
            _refuse(tally, entry.place, refusal)


async def _import_entry(desk: Desk, shop_id: str, entry: Entry, tally: _Tally) -> None:
    new = await imports.import_entry(desk, shop_id, entry) == "applied"
    tally.applied += new
    tally.known += not new
    if new:
        await imports.keep_pace(desk, tally.applied)


def _refuse(tally: _Tally, place: str, refusal: DomainError | imports.NotYet) -> None:
    tally.refused += 1
    click.echo(f"{place}: {imports.explain(refusal)}", err=True)
