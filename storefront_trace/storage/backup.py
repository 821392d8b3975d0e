"""Copies of a SQLite shop: one .tar with the database and the pictures, made while the shop is open.

Measured: copying the main file of a database in use gave 7 corrupt copies of 12, and a stepped backup never ends while
others write. VACUUM INTO is one read transaction.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import sqlite3
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

from storefront_trace.command import COMMAND
from storefront_trace.domain.clock import now_micros
from storefront_trace.domain.ids import new_id
from storefront_trace.storage.journal import RESTORED, Ending, Journal

DATABASE = "storefront-trace.db"
UPLOADS = "uploads"
MANIFEST = "manifest.json"
SECRET = "secret.key"  # noqa: S105 - a file name
ENDINGS = "erased.log"  # what must not come back: see storage/journal.py
LOOSE = ("-wal", "-shm", "-journal")  # what SQLite keeps beside a database, and reads as part of it


class BadBackup(Exception):
    """The message is for the operator."""


def write_backup(
    database: Path, media: Path, target: Path, *, secret: Path | None, journal: Path | None = None, force: bool = False
) -> None:
    """`target` appears whole or not at all, in the place of an older backup or, with `force`, of anything but the shop
    itself. Pictures have their content for a name, so they may be copied afterwards: what the database copy names is
    there. With `secret` the copy opens every tracking link: keep it like a key."""
    if not database.exists():
        raise BadBackup(f"There is no database at {database}. Give --data the shop's folder.")
    _check_target(database, media, target, force)
    with tempfile.TemporaryDirectory(dir=target.absolute().parent, prefix=".backup-") as folder:
        copy = Path(folder) / DATABASE
        uri = f"{database.absolute().as_uri()}?mode=ro"
        with contextlib.closing(sqlite3.connect(uri, uri=True, timeout=30)) as conn:
            conn.execute("VACUUM INTO ?", (str(copy),))
        _check(copy)
        draft, lines = Path(folder) / "draft.tar", None
        if journal is not None and journal.exists():  # it may grow while it is packed
            lines = Path(shutil.copy(journal, Path(folder) / ENDINGS))
        _pack(draft, _contents(copy, media, secret, lines), Path(folder) / MANIFEST)
        draft.chmod(0o600)
        with draft.open("rb") as file:
            os.fsync(file.fileno())
        draft.replace(target)


@dataclass(frozen=True)
class Restored:
    """Whether the secret came with it or was here, and whether a journal that is newer than the backup was."""

    secret: bool
    journal: bool


def restore_backup(source: Path, database: Path, media: Path, journal: Path, *, also: Path | None = None) -> Restored:
    """Everything is looked at before anything is put in its place. `journal` is this shop's, `also` one that lies
    elsewhere: together with the backup's own they say what must end once more, see actions/endings.py."""
    if database.exists() or (media / UPLOADS).exists():
        raise BadBackup(f"{database.parent} is not empty. Restore into an empty folder: --data DIR.")
    for left in _loose(database):
        if left.exists():  # it would be read into the database that comes back
            raise BadBackup(f"{left.name} of another database lies in {database.parent}. Restore into an empty folder.")
    with tempfile.TemporaryDirectory(dir=database.parent, prefix=".restore-") as folder:
        _unpack(source, Path(folder))
        copy = Path(folder) / DATABASE
        if not copy.exists():
            raise BadBackup("There is no database in this backup. Take a file that `backup` has written.")
        _check(copy)
        _close_to_others(Path(folder))
        secret, pictures = Path(folder) / SECRET, Path(folder) / UPLOADS
        if pictures.exists():
            media.mkdir(mode=0o700, parents=True, exist_ok=True)
            shutil.move(pictures, media / UPLOADS)
        if secret.exists():
            secret.replace(database.with_name(SECRET))
        known = journal.exists() or also is not None
        _take_over(Journal(journal), copy, [one for one in (Path(folder) / ENDINGS, also) if one is not None])
        copy.replace(database)  # last: a shop that was restored halfway has no database
    _check_in_place(database)
    return Restored(database.with_name(SECRET).exists(), known)


def _take_over(journal: Journal, copy: Path, others: list[Path]) -> None:
    """Before the database is in its place, so that nobody opens it who does not know that it is an older one."""
    for other in others:
        journal.take_over(other)
    with contextlib.closing(sqlite3.connect(copy)) as conn:
        found = [str(row[0]) for row in conn.execute("SELECT id FROM shop ORDER BY id")]
    journal.append([Ending(new_id(), shop_id, now_micros(), RESTORED, {}) for shop_id in found])


def _loose(database: Path) -> list[Path]:
    return [database.with_name(database.name + end) for end in LOOSE]


def _check_target(database: Path, media: Path, target: Path, force: bool) -> None:
    goal, real = target.resolve(), database.resolve()
    ours = [
        real,
        *_loose(real),
        *(real.with_name(name) for name in (SECRET, ENDINGS)),
        database.with_name(SECRET).resolve(),
    ]
    same = target.exists() and any(one.exists() and target.samefile(one) for one in ours)
    if same or goal in ours or goal.is_relative_to(media.resolve()):
        raise BadBackup(f"{target} belongs to the shop itself. Write the backup to another file.")
    if target.exists() and not force and not _is_backup(target):
        raise BadBackup(f"{target} is there already and is no backup of ours. Use another name, or --force.")


def _is_backup(target: Path) -> bool:
    try:
        with tarfile.open(target) as tar:
            return {MANIFEST, DATABASE} <= set(tar.getnames())
    except (tarfile.TarError, EOFError):
        return False


def _close_to_others(folder: Path) -> None:
    """A backup keeps the modes that the files had: from an earlier version, or another machine."""
    for path in folder.rglob("*"):
        path.chmod(0o700 if path.is_dir() else 0o600)


def _check_in_place(database: Path) -> None:
    """What was whole elsewhere must be whole here too; if not, nobody opens it."""
    try:
        _check(database)
    except BadBackup:
        database.unlink()
        raise


def _contents(copy: Path, media: Path, secret: Path | None, journal: Path | None) -> dict[str, Path]:
    """By name inside the backup."""
    uploads = media / UPLOADS
    pictures = (path for path in sorted(uploads.rglob("*")) if path.is_file() and not path.name.startswith("."))
    found = {DATABASE: copy, **{f"{UPLOADS}/{path.relative_to(uploads).as_posix()}": path for path in pictures}}
    if journal is not None:
        found[ENDINGS] = journal
    return found if secret is None else {**found, SECRET: secret}


def _pack(draft: Path, contents: dict[str, Path], manifest: Path) -> None:
    """The list of everything comes last: without it a backup was cut off."""
    sums: dict[str, str] = {}
    with tarfile.open(draft, "x", dereference=True) as tar:  # a link would point to nothing elsewhere
        for name, path in contents.items():
            tar.add(path, name)
            sums[name] = _sum(path)
        manifest.write_text(json.dumps(sums))
        tar.add(manifest, MANIFEST)


def _unpack(source: Path, folder: Path) -> None:
    try:
        with tarfile.open(source) as tar:
            for member in tar:
                _take_out(tar, member, folder)
        sums = json.loads((folder / MANIFEST).read_text())
        whole = all(_sum(folder / name) == known for name, known in sums.items())
    except (tarfile.TarError, EOFError, ValueError, FileExistsError, FileNotFoundError, AttributeError) as error:
        if not source.exists():
            raise
        raise BadBackup("This backup is damaged or incomplete. Take an earlier one.") from error
    if not whole:
        raise BadBackup("This backup is damaged. Take an earlier one.")


def _take_out(tar: tarfile.TarFile, member: tarfile.TarInfo, folder: Path) -> None:
    """Only plain files, inside the folder. Not `extractall(filter="data")`: Python 3.11.2 of Debian 12 has none."""
    path = folder / member.name
    data = tar.extractfile(member) if member.isreg() else None
    if data is None or not path.resolve().is_relative_to(folder.resolve()):
        raise BadBackup("This backup holds something that is not ours. Take another one.")
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("xb") as file:
        shutil.copyfileobj(data, file)


def _sum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _check(copy: Path) -> None:
    try:
        with contextlib.closing(sqlite3.connect(copy)) as conn:
            found = conn.execute("PRAGMA integrity_check").fetchone()[0]
            conn.execute("SELECT count(*) FROM shop").fetchone()
            conn.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.Error as error:
        raise BadBackup(
            f"The copy of the database cannot be opened. Run `{COMMAND} doctor`, and take an earlier backup."
        ) from error
    if found != "ok":
        raise BadBackup(f"The copy of the database is damaged. Run `{COMMAND} doctor`, and take an earlier backup.")
