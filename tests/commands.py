"""What an operator types, and what comes back: for the tests of the commands."""

from __future__ import annotations

import contextlib
import io
import os
import sqlite3
import subprocess
import sys
from pathlib import Path
from unittest import mock

import pytest

from storefront_trace.cli import main

CSV = """number,placed_at,first_name,email,line_title,quantity
5001,2026-11-19T14:32:00+01:00,Karin,karin@example.com,Mugg,2
5002,2026-11-19T14:40:00+01:00,Bo,bo@example.com,Lampa,1
,2026-11-19T14:40:00+01:00,Bo,bo@example.com,Lampa,1
5003,yesterday,Bo,bo@example.com,Lampa,1
"""


def run(data: Path, *words: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """In this process, as if typed; `test_as_a_process_of_its_own` types for real."""
    command = ["storefront-trace", *map(str, words), "--data", str(data)]
    out, err = io.StringIO(), io.StringIO()
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG", "LC_ALL")}
    with (
        mock.patch.object(sys, "argv", command),
        mock.patch.dict(os.environ, {**kept, **environment}, clear=True),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
        pytest.raises(SystemExit) as ended,
    ):
        main()
    return subprocess.CompletedProcess(command, int(ended.value.code or 0), out.getvalue(), err.getvalue())


def said(done: subprocess.CompletedProcess[str]) -> str:
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    return done.stdout.strip()


def refused(done: subprocess.CompletedProcess[str], status: int = 1) -> str:
    assert done.returncode == status, (done.stdout, done.stderr)
    assert "Traceback" not in done.stderr
    return done.stderr.strip()


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a shop in it."""
    data = tmp_path_factory.mktemp("shop")
    link = said(run(data, "init", "--shop", "Roliga Ting", "--owner", "olga@example.com", "--locale", "sv"))
    assert link.startswith("http://127.0.0.1:8000/signin/sti_")
    return data


def orders(data: Path) -> list[tuple[str, str | None]]:
    with sqlite3.connect(data / "storefront-trace.db") as conn:
        found = conn.execute("SELECT number, first_name FROM orders ORDER BY number").fetchall()
    conn.close()
    return found
