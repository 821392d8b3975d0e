"""migrate, backup, restore and doctor."""

from __future__ import annotations

import asyncio
import shutil
import smtplib
import socket
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

import click

from storefront_trace.actions import endings
from storefront_trace.actions.desk import Desk
from storefront_trace.cli.common import (
    begin,
    counted,
    data_option,
    end_anew,
    journal_troubles,
    load,
    migrate_if_needed,
    open_desk,
    run,
)
from storefront_trace.command import COMMAND
from storefront_trace.config import Settings
from storefront_trace.domain.errors import Invalid, NotFound
from storefront_trace.domain.links import token_hash
from storefront_trace.storage import backup as copies
from storefront_trace.storage import deliveries, followers, links, outbox, revision, shops
from storefront_trace.storage.database import Connection, DatabaseError, sqlite_is_affected

FILE = click.Path(dir_okay=False, path_type=Path)
LEAST_FREE = 500_000_000
OLDEST_CLOCK = 1_790_000_000  # September 2026: a clock before this version was made is wrong
Finding = tuple[str, str]
WHY_JOURNAL = "it keeps what was forgotten from coming back with an older backup."
SIGN_IN_ANEW = "Everybody signs in anew, tablets and recovery codes too: `signin --owner EMAIL` prints your link."
JOURNAL_LEFT_OUT = (
    "There was no erased.log here: whoever has been forgotten since this backup was made is back, and so is "
    "every link that was revoked. If the lost folder still has its erased.log, restore into another place with "
    "--journal FILE."
)
KEY_LEFT_OUT = (
    "Put your secret.key beside the database now, before anything is served. Without it tracking links that are out "
    "still open, but no mail goes out about orders that are here and the API has no link to them until `link renew`, "
    "and the links that stop mails are dead."
)


@click.command()
@data_option
def migrate(data: Path) -> None:
    """Brings the database to this version. Twice is once."""
    settings = begin(data)

    async def work() -> bool:
        async with open_desk(settings) as desk:
            return await migrate_if_needed(desk.db)

    click.echo("The database is of this version now." if asyncio.run(work()) else "Nothing to do.")


@click.command()
@click.argument("target", metavar="FILE", type=FILE)
@click.option("--with-secret", is_flag=True, help="Puts secret.key in too: the copy then opens every tracking link.")
@click.option("--force", is_flag=True, help="Overwrites FILE even when it is no backup.")
@data_option
def backup(target: Path, with_secret: bool, force: bool, data: Path) -> None:
    """Copies database and pictures into one .tar FILE, while the shop is open. An older backup of that name goes."""
    settings = load(data)
    database = _sqlite_file(settings, "pg_dump")
    secret = database.with_name(copies.SECRET)
    if with_secret and not secret.exists():
        raise Invalid("There is no secret.key here: your secret is in the environment. Leave --with-secret out.")
    kept = {"secret": secret if with_secret else None, "journal": settings.journal_path}
    copies.write_backup(database, settings.media_dir, target, **kept, force=force)
    click.echo(f"{target} holds the shop{' and its secret' if with_secret else '; keep secret.key apart from it'}.")


@click.command()
@click.argument("source", metavar="FILE", type=FILE)
@click.option("--journal", type=FILE, help="The erased.log of the folder that was lost, when it is elsewhere.")
@data_option
def restore(source: Path, journal: Path | None, data: Path) -> None:
    """Puts a backup into an empty place, when it is whole, and forgets anew what was forgotten since it was made."""
    if journal is not None and not journal.exists():
        raise NotFound("There is no %(file)s.", params={"file": str(journal)})
    data.mkdir(parents=True, exist_ok=True)
    fresh = not (data / copies.SECRET).exists()
    settings = begin(data)
    database = _sqlite_file(settings, "pg_restore", then=f" Then run `{COMMAND} restored`.")
    made = database.with_name(copies.SECRET)
    if fresh and made.exists():
        made.unlink()  # load() has just made it for a shop that does not exist
    found = copies.restore_backup(source, database, settings.media_dir, settings.journal_path, also=journal)
    if not found.secret:
        click.echo(KEY_LEFT_OUT, err=True)
    if not found.journal:
        click.echo(JOURNAL_LEFT_OUT, err=True)
    _carry_out(load(data) if found.secret else settings)  # the hashes are made with the secret that came along
    click.echo(f"The shop is back in {database.parent}.")


@click.command()
@data_option
def restored(data: Path) -> None:
    """After another tool has put an older database back: forgets anew what was forgotten since."""
    settings = load(data)

    async def work(desk: Desk) -> None:
        await endings.mark_restored(desk)

    run(settings, work)
    _carry_out(settings)


def _carry_out(settings: Settings) -> None:
    lines = asyncio.run(_open(settings))
    click.echo(
        f"{counted(lines, 'line', 'lines')} of {settings.journal_path.name} carried out. {SIGN_IN_ANEW}", err=True
    )


@click.command()
@data_option
def doctor(data: Path) -> None:
    """Looks at settings, SQLite, disk, mail and clock. Ends with 1 when something must be done."""
    settings = load(data)
    findings = [*_look(settings), *asyncio.run(_look_inside(settings))]
    for grade, text in findings:
        click.echo(f"{grade}\t{text}")
    if any(grade == "bad" for grade, _ in findings):
        raise Invalid("Something needs your hand: see the lines that begin with bad.")


def _look(settings: Settings) -> Iterator[Finding]:
    yield "ok", f"data folder {settings.data_dir}, links begin with {settings.public_url}"
    if not settings.https:
        yield "warn", "PUBLIC_URL is not https: fine on this machine, not on the internet."
    for name in settings.unknown:
        yield "warn", f"{name} means nothing to this version: is it misspelt?"
    version = sqlite3.sqlite_version
    if settings.database_path is not None and sqlite_is_affected(version):
        yield (
            "warn",
            f"SQLite {version} can lose rows when two processes write (WAL-reset race). Use 3.51.3 or newer, "
            "or one worker, and no command that writes while the shop is open.",
        )
    else:
        yield "ok", f"SQLite {version}"
    yield _disk(settings)
    yield from _open_to_others(settings)
    yield _mail(settings)
    right = time.time() > OLDEST_CLOCK
    yield ("ok", "clock") if right else ("bad", "The clock is wrong: every step would get a false time. Set it.")


def _disk(settings: Settings) -> Finding:
    free = shutil.disk_usage(settings.data_dir).free
    if free < LEAST_FREE:
        return "bad", f"Only {free // 1_000_000} MB are free: make room."
    return "ok", f"{free // 1_000_000_000} GB free"


def _open_to_others(settings: Settings) -> Iterator[Finding]:
    """Files of a version before 0600 was the rule, or copied by hand. A folder that is closed keeps what is in it."""
    database = settings.database_path
    if database is None or not database.exists() or not database.parent.stat().st_mode & 0o011:
        return
    if any(path.stat().st_mode & 0o077 for path in (database, database.with_name(copies.SECRET)) if path.exists()):
        yield "warn", f"Others on this machine can read the shop: chmod -R go= {database.parent}"


def _mail(settings: Settings) -> Finding:
    if settings.smtp is None:
        return "warn", "SMTP_URL is not set: notices wait until there is a mail server."
    kind = smtplib.SMTP_SSL if settings.smtp.tls else smtplib.SMTP
    try:
        with kind(settings.smtp.host, settings.smtp.port, timeout=5) as server:
            server.noop()
    except (OSError, smtplib.SMTPException, socket.gaierror) as error:
        return (
            "bad",
            f"The mail server of SMTP_URL does not answer ({type(error).__name__}): is it on, and the address right?",
        )
    return "ok", "mail server answers"


async def _look_inside(settings: Settings) -> list[Finding]:
    try:
        async with open_desk(settings) as desk:
            if not await revision.is_current(desk.db):
                return [("bad", f"The database is not of this version: run `{COMMAND} migrate`.")]
            async with desk.db.read() as conn:
                found = await shops.list_shops(conn)
                mails = await outbox.count_waiting(conn)
                waiting = await followers.count_followers(conn)
                calls = await deliveries.count_unprocessed(conn)
                trouble = await endings.find_trouble(desk)
                strange = [shop.name for shop in found if await _is_strange(desk, conn, shop.id)]
    except (DatabaseError, OSError) as error:
        return [("bad", f"The database does not answer ({type(error).__name__}): is it on, and DATABASE_URL right?")]
    names = ", ".join(shop.name for shop in found)
    told = [("ok", f"database: {names}") if names else ("warn", f"no shop yet: run `{COMMAND} init`")]
    told.append(("ok", f"{counted(mails, 'notice', 'notices')} and {counted(calls, 'delivery', 'deliveries')} wait"))
    told += [("warn", text) for text in journal_troubles(settings, trouble)]
    for name in strange:
        told.append(("bad", f"{name}: the links were made with another secret. Put the secret.key of this shop back."))
    if waiting and settings.smtp is None:
        promised = counted(waiting, "follower was", "followers were")
        told.append(("bad", f"{promised} promised mails, and SMTP_URL is not set: set it."))
    return told


async def _is_strange(desk: Desk, conn: Connection, shop_id: str) -> bool:
    """Whether none of our secrets makes the link again that was made last."""
    newest = await links.newest_link(conn, shop_id)
    if newest is None:
        return False
    token = desk.link_token(shop_id, *newest)
    return token is None or token_hash(token) != newest[1].token_hash


async def _open(settings: Settings) -> int:
    """How many lines of the journal were carried out."""
    async with open_desk(settings) as desk:
        await migrate_if_needed(desk.db)
        return await end_anew(desk, settings)


def _sqlite_file(settings: Settings, tool: str, *, then: str = "") -> Path:
    if settings.database_path is None:
        told = {"tool": tool, "then": then}
        raise Invalid("This shop is on PostgreSQL: use %(tool)s, and copy the media folder.%(then)s", params=told)
    return settings.database_path
