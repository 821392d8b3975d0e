"""What the commands share: the --data folder, the settings, and an open database."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterator
from pathlib import Path
from typing import TypeVar

import click

from storefront_trace import config
from storefront_trace.actions import endings
from storefront_trace.actions.desk import Desk
from storefront_trace.actions.endings import Trouble
from storefront_trace.actions.privacy import clear_disk
from storefront_trace.command import COMMAND
from storefront_trace.config import Settings
from storefront_trace.domain.errors import Invalid, NotFound
from storefront_trace.domain.shop import Shop
from storefront_trace.photos.files import MediaStore
from storefront_trace.storage import revision, shops
from storefront_trace.storage.database import Database
from storefront_trace.storage.journal import Journal

T = TypeVar("T")
Command = Callable[..., None]

data_option = click.option(
    "--data",
    "data",
    type=click.Path(file_okay=False, path_type=Path),
    default=".",
    show_default=True,
    help="The folder with the database, media/ and secret.key.",
)


def _number(_context: click.Context, _parameter: click.Parameter, text: str | None) -> str | None:
    """As people write it: #1001."""
    return text.lstrip("#").strip() if text is not None else None


order_option = click.option("--order", "order", required=True, callback=_number, help="The order's number.")
shop_option = click.option("--shop", "shop", help="Id or name, when the database holds several shops.")


def load(data: Path) -> Settings:
    """For a command that works on what is there: in a wrong folder it makes nothing."""
    if absent := config.absent_database(os.environ, data):
        raise NotFound("No database in %(folder)s: use --data, or run init.", params={"folder": str(absent.parent)})
    return config.load(os.environ, data)


def begin(data: Path, *, without: Collection[str] = (), **more: str) -> Settings:
    """For a command that may make a shop's folder and secret. `without`: variables of the environment that are none of
    its business."""
    kept = {name: value for name, value in os.environ.items() if name not in without}
    return config.load({**kept, **more}, data)


def run(settings: Settings, work: Callable[[Desk], Awaitable[T]]) -> T:
    """Opens the database, whose schema must be this version's, and closes it whatever happens."""

    async def inside() -> T:
        async with open_desk(settings) as desk:
            if not await revision.is_current(desk.db):
                raise Invalid(f"The database is not of this version. Run `{COMMAND} migrate` first.")
            return await work(desk)

    return asyncio.run(inside())


@contextlib.asynccontextmanager
async def open_desk(settings: Settings) -> AsyncIterator[Desk]:
    db = Database(settings.database_url)
    try:
        yield Desk(db, settings.secrets, Journal(settings.journal_path))
    finally:
        await db.close()


async def end_anew(desk: Desk, settings: Settings) -> int:
    """What the journal knows and the database does not, after a restore or a process that died; how many lines."""
    carried = await endings.carry_out(desk)
    if carried.lines:
        await clear_disk(desk, MediaStore(settings.media_dir), carried.photos)
    return carried.lines


def journal_troubles(settings: Settings, trouble: Trouble) -> Iterator[str]:
    """What is amiss with the journal, and what to do."""
    name = settings.journal_path.name
    if trouble.lost:
        yield (
            f"{name} is not the one that was here: what must not come back after a restore stands in it. What the "
            "database still knew is written into the new one when it is served, but not which passkeys and pictures "
            f"went. Put the old one's lines before the new one's: cat OLD {name} > both, then mv both {name}. If it is "
            "gone for good, make a backup now and delete every older one: whoever was forgotten could come back with "
            "it. This is said for 30 days."
        )
    if trouble.odd:
        few = ", ".join(str(at) for at in trouble.odd[:10])
        more = " and more" if len(trouble.odd) > 10 else ""
        yield (
            f"{counted(len(trouble.odd), 'line', 'lines')} of {name} cannot be read and will not be carried out after "
            f"a restore (number {few}{more}). One that breaks off is what a power cut left: delete it. For any other, "
            "take the whole line from a copy of the file."
        )


async def migrate_if_needed(db: Database) -> bool:
    """Whether there was something to do. Alembic is loaded only then: a start must be quick."""
    if await revision.is_current(db):
        return False
    from storefront_trace.storage.schema import upgrade

    await upgrade(db)
    return True


async def find_shop(desk: Desk, wanted: str | None) -> Shop:
    async with desk.db.read() as conn:
        found = await shops.list_shops(conn)
    if not found:
        raise NotFound(f"There is no shop yet. Run `{COMMAND} init --shop NAME --owner EMAIL` first.")
    chosen = [shop for shop in found if wanted in (None, shop.id, shop.name)]
    if not chosen:
        raise NotFound("There is no such shop. Give --shop the id or the name of one.")
    if len(chosen) > 1:
        names = ", ".join(f"{shop.name} ({shop.id})" for shop in chosen[:10])
        raise Invalid("Which shop? Say --shop ID. There are %(names)s.", params={"names": names})
    return chosen[0]


def warn_of_address(settings: Settings) -> None:
    """After an address was printed that opens nothing on any other computer: a phone, a shop system."""
    if settings.is_local:
        told = f"Only this computer can open {settings.public_url}: set PUBLIC_URL to the address that others use."
        click.echo(told, err=True)


def one_of(**options: str | None) -> None:
    """Exactly one, and something in it: an empty one, as from a script's unset variable, is nobody, not everybody."""
    given = [value for value in options.values() if value is not None]
    if len(given) != 1 or not given[0].strip():
        raise click.UsageError(f"Give one of {', '.join(f'--{name}' for name in options)}, and not an empty one.")


def counted(count: int, one: str, more: str) -> str:
    return f"{count} {one if count == 1 else more}"
