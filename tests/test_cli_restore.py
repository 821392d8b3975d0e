"""Who was forgotten does not come back with a backup: the commands, as an operator types them."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from storefront_trace import config
from storefront_trace.cli import serving
from tests.commands import opened, orders, refused, run, said

__all__ = ["opened"]
NAME = "Xantippe"
CSV = "number,placed_at,first_name,email,line_title\n"
KARIN = f"7001,2026-11-19,{NAME},xantippe@example.com,Mugg\n7002,2026-11-19,Bo,bo@example.com,Lampa\n"


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A folder with a shop that Xantippe and Bo have ordered in."""
    data = tmp_path / "shop"
    said(run(data, "init", "--shop", "Norrsken", "--owner", "nora@example.com"))
    file = tmp_path / "orders.csv"
    file.write_text(CSV + KARIN)
    said(run(data, "import", file))
    return data


def lost(data: Path) -> None:
    """The database and the pictures are gone; what lies beside them is not."""
    for path in data.glob("storefront-trace.db*"):
        path.unlink()
    shutil.rmtree(data / "media", ignore_errors=True)


def found_in(folder: Path) -> list[str]:
    return [path.name for path in folder.rglob("*") if path.is_file() and b"antippe" in path.read_bytes()]


def test_backup_erase_restore_and_the_name_is_nowhere(shop: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.tar"
    said(run(shop, "backup", copy))
    said(run(shop, "erase", "--customer", "Xantippe@example.com"))
    lost(shop)
    done = run(shop, "restore", copy)
    said(done)
    assert "2 lines of erased.log" in done.stderr and "signs in anew" in done.stderr
    assert found_in(shop) == []
    assert orders(shop) == [("7001", None), ("7002", "Bo")]
    assert "erased.log" not in said(run(shop, "doctor"))


def test_the_journal_of_the_lost_folder_is_named_where_another_is_restored_into(shop: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.tar"
    said(run(shop, "backup", copy))
    said(run(shop, "erase", "--order", "7001"))
    told = run(tmp_path / "without", "restore", copy)
    assert "There was no erased.log here" in told.stderr and orders(tmp_path / "without")[0] == ("7001", NAME)
    done = run(tmp_path / "with", "restore", copy, "--journal", shop / "erased.log")
    said(done)
    assert "no erased.log" not in done.stderr and orders(tmp_path / "with")[0] == ("7001", None)
    refused(run(tmp_path / "wrong", "restore", copy, "--journal", tmp_path / "nothing"))


def test_an_older_backup_after_a_newer_one_still_forgets(shop: Path, tmp_path: Path) -> None:
    """The newer one carries the lines to a machine that has nothing else."""
    said(run(shop, "backup", tmp_path / "older.tar"))
    said(run(shop, "erase", "--order", "7001"))
    said(run(shop, "backup", tmp_path / "newer.tar"))
    there = tmp_path / "there"
    said(run(there, "restore", tmp_path / "newer.tar"))
    lost(there)
    said(run(there, "restore", tmp_path / "older.tar"))
    assert orders(there) == [("7001", None), ("7002", "Bo")] and found_in(there) == []


def test_sessions_links_and_codes_of_a_backup_open_nothing(shop: Path, tmp_path: Path) -> None:
    with sqlite3.connect(shop / "storefront-trace.db") as conn:
        account = conn.execute("SELECT shop_id, id FROM account").fetchone()
        conn.execute("INSERT INTO recovery_code VALUES (?, 'h', ?, 1, NULL)", account)
        conn.execute(
            "INSERT INTO session (shop_id, id, token_hash, account_id, created_at, seen_at, expires_at)"
            " VALUES (?, 's', 'h', ?, 1, 1, 9000000000000000)",
            account,
        )
    conn.close()
    said(run(shop, "backup", tmp_path / "copy.tar"))
    said(run(tmp_path / "new", "restore", tmp_path / "copy.tar"))
    with sqlite3.connect(tmp_path / "new" / "storefront-trace.db") as conn:
        counts = [
            conn.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in ("recovery_code", "signin_link")
        ]
        open_ones = conn.execute("SELECT count(*) FROM session WHERE ended_at IS NULL").fetchone()[0]
    conn.close()
    assert (counts, open_ones) == ([0, 0], 0)
    assert "/signin/" in said(run(tmp_path / "new", "signin", "--owner", "nora@example.com"))


KILLED = """
import os, signal
from storefront_trace.storage.journal import Journal
append = Journal.append

def dies(self, endings):
    append(self, endings)
    os.kill(os.getpid(), signal.SIGKILL)

Journal.append = dies
from storefront_trace.cli import main
main()
"""


def test_killed_between_the_journal_and_the_database_it_is_done_at_the_next_start(shop: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME")}
    command = [sys.executable, "-c", KILLED, "erase", "--order", "7001", "--data", str(shop)]
    ended = subprocess.run(command, env=environment, capture_output=True, cwd=Path(__file__).parent.parent)
    assert ended.returncode == -signal.SIGKILL and orders(shop)[0] == ("7001", NAME)
    asyncio.run(serving._prepare(config.load({}, shop)))
    assert orders(shop) == [("7001", None), ("7002", "Bo")] and found_in(shop) == []


def test_another_tools_restore_is_told_by_a_command(shop: Path, tmp_path: Path) -> None:
    database = shop / "storefront-trace.db"
    shutil.copy(database, tmp_path / "older.db")
    said(run(shop, "erase", "--order", "7001"))
    lost(shop)
    shutil.copy(tmp_path / "older.db", database)
    done = run(shop, "restored")
    said(done)
    assert "2 lines of erased.log" in done.stderr
    assert orders(shop)[0] == ("7001", None) and found_in(shop) == []


def test_a_journal_of_another_shop_is_told_by_the_doctor(shop: Path) -> None:
    said(run(shop, "erase", "--order", "7001"))
    (shop / "erased.log").unlink()
    assert "warn\terased.log is not the one" in said(run(shop, "doctor"))
    said(run(shop, "erase", "--order", "7002"))
    assert "warn\terased.log is not the one" in said(run(shop, "doctor"))


def test_a_line_that_cannot_be_read_is_told_by_the_doctor(shop: Path) -> None:
    said(run(shop, "erase", "--order", "7001"))
    with (shop / "erased.log").open("ab") as file:
        file.write(b'{"id":"cut')
    assert "warn\t1 line of erased.log cannot be read" in said(run(shop, "doctor"))
