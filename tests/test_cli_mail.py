"""The commands about mail."""

from __future__ import annotations

import io
import sqlite3
import sys
from pathlib import Path
from types import SimpleNamespace
from unittest import mock

import pytest

from storefront_trace.domain.following import fingerprint
from tests.commands import refused, run, said
from tests.notify.test_bounces import report

NOTICE, FOLLOWER = "a" * 32, "b" * 32


@pytest.fixture
def followed(tmp_path: Path) -> Path:
    said(run(tmp_path, "init", "--shop", "Roliga Ting", "--owner", "olga@example.com"))
    with sqlite3.connect(tmp_path / "storefront-trace.db") as conn:
        (shop,) = conn.execute("SELECT id FROM shop").fetchone()
        conn.execute(
            "INSERT INTO follower (shop_id, id, order_id, channel, address, fingerprint, wants, locale, created_at, "
            "confirmed_at) VALUES (?, ?, 'o', 'mail', 'karin@example.com', ?, 'all', 'sv', 1, 1)",
            (shop, FOLLOWER, fingerprint("karin@example.com")),
        )
        conn.execute(
            "INSERT INTO notice (shop_id, id, kind, channel, recipient, locale, detail, once, created_at, due_at, "
            "attempts) VALUES (?, ?, 'step', 'mail', 'karin@example.com', 'sv', ?, 'once', 1, 1, 0)",
            (shop, NOTICE, f'{{"follower_id": "{FOLLOWER}"}}'),
        )
    conn.close()
    return tmp_path


def pipe(data: Path, raw: bytes) -> str:
    with mock.patch.object(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(raw))):
        return said(run(data, "bounce"))


def test_a_mail_that_came_back_is_piped_in_and_one_that_is_none_of_ours_harms_nobody(followed: Path) -> None:
    assert pipe(followed, b"Subject: hello\n\nHello!") == "Nothing changes by that mail."
    changed = "That address gets no more mails about an order, until somebody follows with it again."
    assert pipe(followed, report(NOTICE)) == changed
    assert pipe(followed, report(NOTICE)) == "Nothing changes by that mail."


def test_the_doctor_minds_that_followers_wait_and_no_mail_server_is_set(followed: Path) -> None:
    done = run(followed, "doctor")
    refused(done)
    assert "1 follower was promised mails, and SMTP_URL is not set" in done.stdout
