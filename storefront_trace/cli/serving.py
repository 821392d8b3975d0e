"""demo and serve. The web application is imported here only when it is needed: the other commands start faster."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from pathlib import Path

import click

from storefront_trace.actions import endings
from storefront_trace.cli.common import (
    begin,
    counted,
    data_option,
    end_anew,
    journal_troubles,
    migrate_if_needed,
    open_desk,
)
from storefront_trace.command import COMMAND
from storefront_trace.config import Settings
from storefront_trace.storage import shops

PORT = click.IntRange(1, 65535)
THE_SHOPS = ("DATABASE_URL", "SECRET_KEY", "SECRET_KEY_FILE", "MEDIA_URL", "PUBLIC_URL", "SMTP_URL")
"""What names a real shop: its database and pictures, its address, its secret, its mail."""


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", type=PORT, help="The port; else PORT, else 8000.")
@click.option("--workers", type=click.IntRange(1, 64), default=1, show_default=True, help="Processes.")
@data_option
def serve(host: str, port: int | None, workers: int, data: Path) -> None:
    """Serves your shop. Brings the database to this version first."""
    from storefront_trace import serve as server

    settings = _settings(data, port)
    door = server.open_door(host, settings.port)
    if not asyncio.run(_prepare(settings)):
        click.echo(f"There is no shop yet: run `{COMMAND} init --shop NAME --owner EMAIL`.", err=True)
    click.echo(_where(host, settings))
    server.serve(settings, door, workers=workers)


@click.command()
@click.option("--port", type=PORT, help="The port; else PORT, else 8000.")
@click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    default="./demo-data",
    show_default=True,
    help="The folder for the demo shop.",
)
@click.option("--quiet-shop", is_flag=True, help="No simulated colleague.")
def demo(port: int | None, data: Path, quiet_shop: bool) -> None:
    """Makes the demo shop if it is absent, prints its links, and serves it.

    All of it is in its own folder, at its own address, and it mails nobody: DATABASE_URL, SECRET_KEY, SECRET_KEY_FILE,
    MEDIA_URL, PUBLIC_URL and SMTP_URL of the environment are those of a real shop, and mean nothing here.
    """
    from storefront_trace import serve as server
    from storefront_trace.demo.colleague import simulate
    from storefront_trace.demo.gallery import show_gallery

    settings = _settings(data, port, without=THE_SHOPS)
    door = server.open_door("127.0.0.1", settings.port)
    asyncio.run(_announce(settings))
    server.serve(settings, door, more=(show_gallery,) if quiet_shop else (show_gallery, simulate))


def _where(host: str, settings: Settings) -> str:
    here = f"http://{f'[{host}]' if ':' in host else host}:{settings.port}"
    return (
        f"Serves at {here}"
        if here == settings.public_url
        else f"Serves at {here}, links begin with {settings.public_url}"
    )


async def _prepare(settings: Settings) -> bool:
    """Whether there is a shop."""
    async with open_desk(settings) as desk:
        await migrate_if_needed(desk.db)
        if lines := await end_anew(desk, settings):
            click.echo(f"{counted(lines, 'line', 'lines')} of {settings.journal_path.name} carried out.", err=True)
        for text in journal_troubles(settings, await endings.find_trouble(desk)):
            click.echo(text, err=True)
        async with desk.db.read() as conn:
            return bool(await shops.list_shops(conn))


async def _announce(settings: Settings) -> None:
    """The contract's first lines: others read them to find their way in."""
    from storefront_trace.demo.build import build_demo
    from storefront_trace.demo.tablet import PIN
    from storefront_trace.photos.files import MediaStore
    from storefront_trace.photos.worker import PhotoWorker

    worker = PhotoWorker()
    try:
        async with open_desk(settings) as desk:
            await migrate_if_needed(desk.db)
            links = await build_demo(desk, settings, MediaStore(settings.media_dir), worker)
    finally:
        await worker.close()
    for customer, name in zip(links.customers, links.names, strict=True):
        click.echo(f"{name}:", err=True)  # for eyes: the lines below it are read by others, and are links alone
        click.echo(f"customer\t{customer}")
    click.echo(f"staff\t{links.staff}")
    click.echo(f"owner\t{links.owner}")
    click.echo(f"tablet\t{links.tablet}\t{PIN}")
    click.echo(f"wall\t{links.wall}")
    for right, link in (("manager", links.manager), ("reader", links.reader)):
        if link:
            click.echo(f"{right}\t{link}")
    click.echo(f"api\t{settings.public_url}/api/v1\t{links.api_token}")


def _settings(data: Path, port: int | None, without: Collection[str] = ()) -> Settings:
    return begin(data, without=without, **({"PORT": str(port)} if port else {}))
