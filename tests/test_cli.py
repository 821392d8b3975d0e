"""The commands as an operator types them: a process of their own, its exit status, and what it says."""

from __future__ import annotations

import contextlib
import hashlib
import socket
import sqlite3
import subprocess
import sys
from pathlib import Path
from unittest import mock

import pytest

from storefront_trace import serve as server
from storefront_trace.demo import build
from tests.commands import CSV, opened, orders, refused, run, said

__all__ = ["opened"]

ROOT = Path(__file__).parents[1]
COMMAND = [sys.executable, "-m", "storefront_trace"]
PAYLOADS = Path(__file__).parent / "payloads"


def test_as_a_process_of_its_own(opened: Path) -> None:
    for words, status in ((["doctor"], 0), (["restore", "nowhere.tar"], 1), (["nonsense"], 2)):
        done = subprocess.run([*COMMAND, *words, "--data", str(opened)], cwd=ROOT, capture_output=True, text=True)
        assert (done.returncode, "Traceback" in done.stderr) == (status, False)


def test_a_command_before_init_says_what_to_do_first(tmp_path: Path) -> None:
    assert "init" in refused(run(tmp_path, "token", "create", "--name", "x"))
    (tmp_path / "storefront-trace.db").touch()
    assert "migrate" in refused(run(tmp_path, "token", "create", "--name", "x"))
    assert said(run(tmp_path, "migrate")) == "The database is of this version now."
    assert said(run(tmp_path, "migrate")) == "Nothing to do."
    assert "init" in refused(run(tmp_path, "token", "create", "--name", "x"))


@pytest.mark.parametrize(
    "words",
    [
        ("token", "list"),
        ("connect", "shopify", "--secret", "hush"),
        ("import", "orders.csv"),
        ("link", "renew", "--order", "1001"),
        ("rebuild", "--order", "1001"),
        ("backup", "copy.tar"),
        ("doctor",),
        ("erase", "--order", "1001"),
        ("export", "--customer", "karin@example.com"),
        ("purge",),
        ("signin", "--person", "olga"),
    ],
    ids=" ".join,
)
def test_a_command_in_the_wrong_folder_makes_nothing(tmp_path: Path, words: tuple[str, ...]) -> None:
    for folder in (tmp_path, tmp_path / "nowhere"):
        assert refused(run(folder, *words)) == f"No database in {folder}: use --data, or run init."
    elsewhere = run(tmp_path, *words, DATABASE_URL="sqlite:///other/shop.db")
    assert refused(elsewhere) == f"No database in {tmp_path / 'other'}: use --data, or run init."
    assert list(tmp_path.iterdir()) == []


def test_the_demo_never_touches_the_real_shop_that_the_environment_names(opened: Path, tmp_path: Path) -> None:
    """Its own folder, its own address, and no mail."""
    real = opened / "storefront-trace.db"
    before = real.read_bytes()
    environment = {
        "DATABASE_URL": f"sqlite:///{real}",
        "SECRET_KEY": "x" * 40,
        "SECRET_KEY_FILE": "nowhere",
        "MEDIA_URL": str(tmp_path / "pictures"),
        "PUBLIC_URL": "https://orders.example.com",
        "SMTP_URL": "smtp://mail.example.com",
    }
    built = mock.patch.object(build, "build_demo", return_value=build.DemoLinks([], [], "", "", "", ""))
    with built, mock.patch.object(server, "serve") as served, mock.patch.object(server, "open_door"):
        said(run(tmp_path / "demo", "demo", "--port", "8123", **environment))
    settings = served.call_args.args[0]
    assert settings.database_path == tmp_path / "demo" / "storefront-trace.db" and settings.database_path.exists()
    assert (settings.public_url, settings.smtp) == ("http://127.0.0.1:8123", None)
    assert settings.media_dir == tmp_path / "demo" / "media" and not (tmp_path / "pictures").exists()
    assert real.read_bytes() == before
    shown = said(subprocess.run([*COMMAND, "demo", "--help"], cwd=ROOT, capture_output=True, text=True))
    assert all(name in shown for name in environment)


def test_the_doctor_warns_of_a_folder_without_a_shop(tmp_path: Path) -> None:
    said(run(tmp_path, "migrate"))
    assert "warn\tno shop yet: run `./run init`" in said(run(tmp_path, "doctor")).splitlines()


def test_a_second_shop_of_the_same_name_is_refused_and_others_are_told_apart(opened: Path) -> None:
    assert "already" in refused(run(opened, "init", "--shop", "Roliga Ting", "--owner", "a@example.com"))
    assert said(run(opened, "token", "create", "--name", "erp", "--shop", "Roliga Ting")).startswith("stt_")
    assert "no such shop" in refused(run(opened, "token", "create", "--name", "erp", "--shop", "Other"))


def test_a_new_shop_keeps_the_holidays_of_where_its_clock_hangs(tmp_path: Path) -> None:
    """Else it would promise days on which nobody works; of a clock that tells of no country we know, none are kept."""
    for zone in ("Europe/Oslo", "Europe/Berlin", "Europe/Paris"):
        said(run(tmp_path, "init", "--shop", zone, "--owner", "olga@example.com", "--timezone", zone))
    with contextlib.closing(sqlite3.connect(tmp_path / "storefront-trace.db")) as db:
        found = dict(db.execute("SELECT name, country FROM shop"))
        assert found == {"Europe/Oslo": "NO", "Europe/Berlin": "DE", "Europe/Paris": None}
        assert "-05-17" in db.execute("SELECT calendar FROM shop WHERE country = 'NO'").fetchone()[0]


@pytest.mark.parametrize(
    "words", [("init",), ("unknown",), ("serve", "--port", "0"), ("connect", "magento", "--secret", "x"), ("erase",)]
)
def test_wrong_usage_is_2(opened: Path, words: tuple[str, ...]) -> None:
    refused(run(opened, *words), status=2)


def test_a_bad_setting_is_one_line_that_names_it(opened: Path) -> None:
    line = refused(run(opened, "doctor", DATABASE_URL="mysql://x"))
    assert line.startswith("DATABASE_URL") and "\n" not in line


def test_a_bad_scope_is_one_line(opened: Path) -> None:
    line = refused(run(opened, "token", "create", "--name", "erp", "--scope", "everything"))
    assert "orders:write" in line and "\n" not in line


def test_a_token_is_listed_and_taken_back(opened: Path) -> None:
    for name in ("till", "till", "stock"):
        said(run(opened, "token", "create", "--name", name))
    listed = [line.split("\t") for line in said(run(opened, "token", "list")).splitlines()]
    tills = [token_id for token_id, state, name, _ in listed if (state, name) == ("valid", "till")]
    assert len(tills) == 2
    assert all(token_id in refused(run(opened, "token", "revoke", "till")) for token_id in tills)
    assert said(run(opened, "token", "revoke", "stock")) == said(run(opened, "token", "revoke", tills[0])).replace(
        "till", "stock"
    )
    after = {line.split("\t")[0]: line.split("\t")[1] for line in said(run(opened, "token", "list")).splitlines()}
    assert [after[token_id] for token_id in tills] == ["revoked", "valid"]
    assert "no such token" in refused(run(opened, "token", "revoke", "stock"))


def test_an_orders_link_is_renewed_and_taken_back(opened: Path, tmp_path: Path) -> None:
    file = tmp_path / "orders.csv"
    file.write_text(CSV.splitlines()[0] + "\n6001,2026-11-19T14:32:00+01:00,Karin,karin@example.com,Mugg,2\n")
    said(run(opened, "import", file))
    renewed = run(opened, "link", "renew", "--order", "6001")
    assert renewed.stderr == "Nobody follows the order by mail or push any more, but for its own address.\n"
    first = said(renewed)
    second = said(run(opened, "link", "renew", "--order", "#6001"))
    assert first != second and all(link.startswith("http://127.0.0.1:8000/t/") for link in (first, second))
    assert live_links(opened) == [hashlib.sha256(second.rsplit("/", 1)[1].encode()).hexdigest()]
    assert "dead" in said(run(opened, "link", "revoke", "--order", "6001"))
    assert live_links(opened) == []
    for words in (("link", "renew"), ("link", "revoke"), ("rebuild",)):
        assert "no order" in refused(run(opened, *words, "--order", "9999"))


def live_links(data: Path) -> list[str]:
    with sqlite3.connect(data / "storefront-trace.db") as conn:
        query = "SELECT token_hash FROM tracking_link JOIN orders ON id = order_id"
        found = conn.execute(query + " WHERE revoked_at IS NULL AND orders.number = '6001'").fetchall()
    conn.close()
    return [row[0] for row in found]


def test_an_order_is_made_again_from_its_events(opened: Path, tmp_path: Path) -> None:
    file = tmp_path / "orders.csv"
    file.write_text(CSV.splitlines()[0] + "\n6002,2026-11-19T14:32:00+01:00,Karin,karin@example.com,Mugg,2\n")
    said(run(opened, "import", file))
    conn = sqlite3.connect(opened / "storefront-trace.db")
    with conn:
        conn.execute("UPDATE orders SET state = 'lost' WHERE number = '6002'")
    said(run(opened, "rebuild", "--order", "6002"))
    assert conn.execute("SELECT state FROM orders WHERE number = '6002'").fetchone() == ("received",)
    conn.close()


def test_connecting_prints_the_webhooks_address_and_the_same_one_again(opened: Path) -> None:
    first, again = (said(run(opened, "connect", "woocommerce", "--secret", "hush")) for _ in range(2))
    assert first == again and "/hooks/woocommerce/" in first


def test_an_import_refuses_line_by_line_and_twice_changes_nothing(opened: Path, tmp_path: Path) -> None:
    file = tmp_path / "orders.csv"
    file.write_text(CSV)
    first = run(opened, "import", file)
    assert first.stdout.strip() == "2 taken over, 0 known already, 2 refused."
    lines = [line for line in refused(first).splitlines() if line.startswith("orders.csv:")]
    assert [line.split(":")[1] for line in lines] == ["4", "5"]
    before = (opened / "storefront-trace.db").read_bytes(), orders(opened)
    second = run(opened, "import", file)
    assert second.stdout.strip() == "0 taken over, 2 known already, 2 refused."
    assert orders(opened) == before[1] and ("5001", "Karin") in before[1]


def test_saved_bodies_may_come_before_the_order_they_are_about(opened: Path) -> None:
    files = [PAYLOADS / "shopify" / f"{name}.json" for name in ("fulfillment", "order")]
    done = run(opened, "import", *files)
    assert said(done) == "2 taken over, 0 known already, 0 refused."
    assert said(run(opened, "import", *files)) == "0 taken over, 2 known already, 0 refused."


def test_an_owner_who_is_locked_out_is_let_in_again_and_it_is_noted(opened: Path) -> None:
    made = run(opened, "owner", "reset-factor", "--email", "Olga@example.com")
    assert said(made).startswith("http://127.0.0.1:8000/signin/sti_")
    with contextlib.closing(sqlite3.connect(opened / "storefront-trace.db")) as conn:
        noted = conn.execute("SELECT person_id, token FROM audit WHERE what = 'signin.factor_reset'").fetchall()
    assert noted == [(None, None)]
    assert "No owner" in refused(run(opened, "owner", "reset-factor", "--email", "karin@example.com"))


def test_a_sole_owner_who_lost_the_link_gets_another_and_the_last_one_is_dead(opened: Path) -> None:
    made = run(opened, "signin", "--owner", "Olga@example.com")
    first, second = said(made), said(run(opened, "signin", "--person", "olga"))
    assert first != second and all(link.startswith("http://127.0.0.1:8000/signin/sti_") for link in (first, second))
    days = [line for line in made.stderr.splitlines() if "It signs in once, until 20" in line]
    assert len(days) == 1 and days[0].endswith("(Europe/Stockholm).")
    with contextlib.closing(sqlite3.connect(opened / "storefront-trace.db")) as conn:
        kept = [row[0] for row in conn.execute("SELECT token_hash FROM signin_link")]
        assert kept == [hashlib.sha256(second.rsplit("/", 1)[1].encode()).hexdigest()]
        assert conn.execute("SELECT role FROM account").fetchall() == [("owner",)]


def test_whose_shop_it_is_is_called_by_the_name_that_was_given(tmp_path: Path) -> None:
    words = ("--shop", "Roliga Ting", "--owner", "orders@example.com")
    assert "A name needs a letter" in refused(run(tmp_path, "init", *words, "--name", "…"))
    said(run(tmp_path, "init", *words, "--name", "Maria Öberg"))
    with contextlib.closing(sqlite3.connect(tmp_path / "storefront-trace.db")) as conn:
        assert conn.execute("SELECT display_name FROM person").fetchall() == [("Maria Öberg",)]


def test_an_address_that_only_this_computer_knows_comes_with_a_word_about_it(tmp_path: Path) -> None:
    commands = (
        ("init", "--shop", "Roliga Ting", "--owner", "olga@example.com"),
        ("signin", "--owner", "olga@example.com", "--shop", "Roliga Ting"),
        ("connect", "shopify", "--secret", "hush", "--shop", "Roliga Ting"),
    )
    for words in commands:
        assert "set PUBLIC_URL" in run(tmp_path, *words).stderr, words
        away = run(
            tmp_path, *(word.replace("Roliga", "Nya") for word in words), PUBLIC_URL="https://orders.example.com"
        )
        assert "PUBLIC_URL" not in away.stderr, words


def test_nobody_is_let_in_who_has_left_or_never_was(opened: Path) -> None:
    assert "No owner" in refused(run(opened, "signin", "--owner", "karin@example.com"))
    refused(run(opened, "signin", "--person", "karin"))
    refused(run(opened, "signin"), status=2)
    with contextlib.closing(sqlite3.connect(opened / "storefront-trace.db")) as conn, conn:
        conn.execute(
            "INSERT INTO person (shop_id, id, handle, display_name, roles, visibility, created_at, email, left_at)"
            " SELECT shop_id, 'gone', 'gone', 'Gone', roles, visibility, created_at, 'gone@example.com', 1 FROM person"
        )
    assert "has left" in refused(run(opened, "signin", "--person", "gone"))
    assert "No owner" in refused(run(opened, "signin", "--owner", "gone@example.com"))


def test_the_doctor_tells_of_unknown_settings_and_a_silent_mail_server(opened: Path) -> None:
    found = said(run(opened, "doctor", STOREFRONT_TRACE_COLOUR="red"))
    assert "STOREFRONT_TRACE_COLOUR" in found and "Roliga Ting" in found
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        done = run(opened, "doctor", SMTP_URL=f"smtp://127.0.0.1:{closed.getsockname()[1]}")
    assert "SMTP_URL" in done.stdout
    refused(done)


def test_a_port_that_is_taken_is_one_line(opened: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        line = refused(run(opened, "serve", "--port", str(port)))
    assert str(port) in line and "\n" not in line


def test_a_file_that_is_no_database_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "storefront-trace.db").write_text("this is a letter to my aunt, not a database" * 50)
    line = refused(run(tmp_path, "token", "create", "--name", "x"))
    assert "\n" not in line
