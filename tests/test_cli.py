"""The commands as an operator types them: a process of their own, its exit status, and what it says."""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import os
import socket
import sqlite3
import subprocess
import sys
import tarfile
from pathlib import Path
from unittest import mock

import pytest

from storefront_trace.cli import main
from storefront_trace.storage import backup

ROOT = Path(__file__).parents[1]
PAYLOADS = Path(__file__).parent / "payloads"
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


def test_as_a_process_of_its_own(opened: Path) -> None:
    command = [sys.executable, "-m", "storefront_trace"]
    for words, status in ((["doctor"], 0), (["restore", "nowhere.tar"], 1), (["nonsense"], 2)):
        done = subprocess.run([*command, *words, "--data", str(opened)], cwd=ROOT, capture_output=True, text=True)
        assert (done.returncode, "Traceback" in done.stderr) == (status, False)


def test_a_command_before_init_says_what_to_do_first(tmp_path: Path) -> None:
    assert "migrate" in refused(run(tmp_path, "token", "create", "--name", "x"))
    assert said(run(tmp_path, "migrate")) == "The database is of this version now."
    assert said(run(tmp_path, "migrate")) == "Nothing to do."
    assert "init" in refused(run(tmp_path, "token", "create", "--name", "x"))


def test_a_second_shop_of_the_same_name_is_refused_and_others_are_told_apart(opened: Path) -> None:
    assert "already" in refused(run(opened, "init", "--shop", "Roliga Ting", "--owner", "a@example.com"))
    assert said(run(opened, "token", "create", "--name", "erp", "--shop", "Roliga Ting")).startswith("stt_")
    assert "no such shop" in refused(run(opened, "token", "create", "--name", "erp", "--shop", "Other"))


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
    first = said(run(opened, "link", "renew", "--order", "6001"))
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


def test_a_backup_comes_back_into_an_empty_place_only(opened: Path, tmp_path: Path) -> None:
    uploads = opened / "media" / "uploads" / "ab"
    uploads.mkdir(parents=True, exist_ok=True)
    (uploads / "picture.webp").write_bytes(b"picture")
    copy = tmp_path / "copy.tar"
    said(run(opened, "backup", copy))
    with tarfile.open(copy) as tar:
        assert "secret.key" not in tar.getnames()
    assert said(run(tmp_path / "new", "restore", copy)).startswith("The shop is back")
    assert orders(tmp_path / "new") == orders(opened)
    assert (tmp_path / "new" / "media" / "uploads" / "ab" / "picture.webp").read_bytes() == b"picture"
    assert "not empty" in refused(run(tmp_path / "new", "restore", copy))


@pytest.mark.parametrize("end", ["-wal", "-shm", "-journal"])
def test_nothing_is_restored_beside_what_another_database_left(opened: Path, tmp_path: Path, end: str) -> None:
    said(run(opened, "backup", tmp_path / "copy.tar"))
    left = tmp_path / "new" / f"storefront-trace.db{end}"
    left.parent.mkdir()
    left.write_bytes(b"left")
    assert left.name in refused(run(tmp_path / "new", "restore", tmp_path / "copy.tar"))
    assert [path.name for path in left.parent.iterdir()] == [left.name]


def test_a_database_that_is_not_whole_in_its_place_is_taken_away_again(opened: Path, tmp_path: Path) -> None:
    said(run(opened, "backup", tmp_path / "copy.tar"))
    check, checked = backup._check, []

    def breaks(path: Path) -> None:
        checked.append(path)
        if path.parent == tmp_path / "new":
            raise backup.BadBackup("The copy of the database is damaged.")
        check(path)

    with mock.patch.object(backup, "_check", breaks):
        assert "damaged" in refused(run(tmp_path / "new", "restore", tmp_path / "copy.tar"))
    assert len(checked) == 2 and not (tmp_path / "new" / "storefront-trace.db").exists()


def test_a_backup_overwrites_a_backup_and_else_nothing_unasked(opened: Path, tmp_path: Path) -> None:
    target = tmp_path / "thesis.tar"
    with tarfile.open(target, "x") as tar:
        tar.add(Path(__file__), "thesis.txt")
    before = target.read_bytes()
    assert "--force" in refused(run(opened, "backup", target))
    assert target.read_bytes() == before
    said(run(opened, "backup", target, "--force"))
    said(run(opened, "backup", target))
    (tmp_path / "empty").touch()
    assert "--force" in refused(run(opened, "backup", tmp_path / "empty"))


@pytest.mark.parametrize(
    "name",
    [
        "storefront-trace.db",
        "storefront-trace.db-wal",
        "storefront-trace.db-shm",
        "storefront-trace.db-journal",
        "secret.key",
        "media/copy.tar",
        "media/uploads/../copy.tar",
    ],
)
def test_a_backup_is_never_written_over_the_shop_itself(opened: Path, name: str) -> None:
    (opened / "media" / "uploads").mkdir(parents=True, exist_ok=True)
    before = (opened / "storefront-trace.db").read_bytes(), (opened / "secret.key").read_bytes()
    for words in ((), ("--force",)):
        assert "the shop itself" in refused(run(opened, "backup", opened / name, *words))
    assert ((opened / "storefront-trace.db").read_bytes(), (opened / "secret.key").read_bytes()) == before


def test_a_link_to_the_database_is_the_database(opened: Path, tmp_path: Path) -> None:
    (tmp_path / "copy.tar").symlink_to(opened / "storefront-trace.db")
    assert "the shop itself" in refused(run(opened, "backup", tmp_path / "copy.tar", "--force"))


def modes(folder: Path) -> set[int]:
    return {path.stat().st_mode & 0o077 for path in [folder, *folder.rglob("*")]}


def test_what_the_commands_make_is_for_this_user_alone(tmp_path: Path) -> None:
    data = tmp_path / "data"
    before = os.umask(0o022)
    try:
        said(run(data, "init", "--shop", "Norrsken", "--owner", "nora@example.com"))
        os.umask(0o022)
        (data / "media" / "uploads").mkdir(parents=True)
        (data / "media" / "uploads" / "picture.webp").write_bytes(b"picture")
        assert "chmod" not in said(run(data, "doctor"))
        data.chmod(0o755)
        (data / "storefront-trace.db").chmod(0o644)
        assert "chmod" in said(run(data, "doctor"))
        (data / "storefront-trace.db").chmod(0o600)
        assert "chmod" not in said(run(data, "doctor"))
        said(run(data, "backup", tmp_path / "copy.tar"))
        said(run(tmp_path / "new", "restore", tmp_path / "copy.tar"))
    finally:
        os.umask(before)
    assert {path.name for path in data.iterdir() if path.stat().st_mode & 0o077} == {"media"}
    assert modes(tmp_path / "new") == {0} and modes(tmp_path / "copy.tar") == {0}


def test_a_damaged_or_cut_off_backup_is_refused_and_leaves_nothing(opened: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.tar"
    said(run(opened, "backup", copy, "--with-secret"))
    whole = copy.read_bytes()
    middle = len(whole) // 3
    damaged = whole[:middle] + bytes(20_000) + whole[middle + 20_000 :]
    for name, content in {
        "cut": whole[:middle],
        "short": whole[:-20_000],
        "damaged": damaged,
        "text": b"hello",
    }.items():
        bad = tmp_path / f"{name}.tar"
        bad.write_bytes(content)
        refused(run(tmp_path / name, "restore", bad))
        assert not (tmp_path / name / "storefront-trace.db").exists()
    said(run(tmp_path / "new", "restore", copy))
    assert (tmp_path / "new" / "secret.key").read_text() == (opened / "secret.key").read_text()


def test_a_backup_with_something_else_in_it_writes_nothing_outside(opened: Path, tmp_path: Path) -> None:
    link = tarfile.TarInfo("uploads/a.webp")
    link.type, link.linkname = tarfile.SYMTYPE, str(tmp_path / "outside")
    for number, member in enumerate((tarfile.TarInfo("../../outside"), tarfile.TarInfo(f"{tmp_path}/outside"), link)):
        bad = tmp_path / f"{number}.tar"
        with tarfile.open(bad, "x") as tar:
            tar.addfile(member)
        refused(run(tmp_path / str(number), "restore", bad))
        assert not (tmp_path / "outside").exists()


def test_the_doctor_tells_of_unknown_settings_and_a_silent_mail_server(opened: Path) -> None:
    found = said(run(opened, "doctor", STOREFRONT_TRACE_COLOUR="red"))
    assert "STOREFRONT_TRACE_COLOUR" in found and "Roliga Ting" in found
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        done = run(opened, "doctor", SMTP_URL=f"smtp://127.0.0.1:{closed.getsockname()[1]}")
    assert "SMTP_URL" in done.stdout
    refused(done)


def test_the_pictures_of_who_is_erased_are_no_files_any_more_unless_another_order_shows_them(tmp_path: Path) -> None:
    said(run(tmp_path, "init", "--shop", "S", "--owner", "o@example.com"))
    file = tmp_path / "orders.csv"
    file.write_text(CSV.split("\n,")[0] + "\n")
    said(run(tmp_path, "import", file))
    pictures = {}
    conn = sqlite3.connect(tmp_path / "storefront-trace.db")
    for photo, numbers in (("ab" * 16, ("5001",)), ("cd" * 16, ("5001", "5002"))):
        pictures[photo] = tmp_path / "media" / "uploads" / photo[:2] / f"{photo}-640.webp"
        pictures[photo].parent.mkdir(parents=True)
        pictures[photo].write_bytes(b"picture")
        with conn:
            for number in numbers:
                seq = "SELECT max(seq) + 1 FROM event WHERE order_id = (SELECT id FROM orders WHERE number = :number)"
                conn.execute(
                    "INSERT INTO event"
                    " (shop_id, order_id, seq, id, kind, at, zone, precision, recorded_at, photo, source)"
                    f" SELECT shop_id, id, ({seq}), :id, 'answer', 1, 'UTC', 'second', 1, :photo, 'test'"
                    " FROM orders WHERE number = :number",
                    {"number": number, "photo": photo, "id": f"{number}{photo}"[:32]},
                )
    conn.close()
    said(run(tmp_path, "erase", "--order", "5001"))
    assert [path.exists() for path in pictures.values()] == [False, True]
    said(run(tmp_path, "erase", "--order", "5002"))
    assert [path.exists() for path in pictures.values()] == [False, False]


def test_an_erased_customer_is_in_no_file_any_more(tmp_path: Path) -> None:
    said(run(tmp_path, "init", "--shop", "Norrsken", "--owner", "nora@example.com"))
    file = tmp_path / "orders.csv"
    file.write_text("number,placed_at,first_name,email,line_title\n1,2026-11-19,Xantippe,xantippe@example.com,Mugg\n")
    said(run(tmp_path, "import", file))
    file.unlink()
    told = json.loads(said(run(tmp_path, "export", "--customer", "Xantippe@example.com")))
    assert told["orders"][0]["first_name"] == "Xantippe"
    assert "1 orders" in said(run(tmp_path, "erase", "--order", "#1"))
    for path in tmp_path.rglob("*"):
        assert not path.is_file() or b"antippe" not in path.read_bytes(), path
    assert "nothing" in refused(run(tmp_path, "erase", "--customer", "xantippe@example.com"))
    assert orders(tmp_path) == [("1", None)]


@pytest.mark.parametrize(
    "words",
    [
        ("erase", "--order", "#"),
        ("erase", "--order", " "),
        ("erase", "--order", " # "),
        ("erase", "--order", ""),
        ("erase", "--customer", ""),
        ("erase", "--customer", " "),
        ("erase", "--person", ""),
        ("erase", "--order", "1", "--customer", ""),
        ("export", "--customer", ""),
        ("export", "--customer", " "),
        ("export", "--person", ""),
    ],
)
def test_an_empty_name_is_wrong_usage_and_erases_nobody(opened: Path, words: tuple[str, ...]) -> None:
    refused(run(opened, *words), status=2)


def test_an_empty_number_leaves_every_customer_as_they_were(tmp_path: Path) -> None:
    said(run(tmp_path, "init", "--shop", "Norrsken", "--owner", "nora@example.com"))
    (tmp_path / "orders.csv").write_text(CSV.split("\n,")[0] + "\n")
    said(run(tmp_path, "import", tmp_path / "orders.csv"))
    before = orders(tmp_path)
    refused(run(tmp_path, "erase", "--order", "#"), status=2)
    assert orders(tmp_path) == before == [("5001", "Karin"), ("5002", "Bo")]


def test_a_port_that_is_taken_is_one_line(opened: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        line = refused(run(opened, "serve", "--port", str(port)))
    assert str(port) in line and "\n" not in line


def test_a_file_that_is_no_database_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "storefront-trace.db").write_text("this is a letter to my aunt, not a database" * 50)
    line = refused(run(tmp_path, "token", "create", "--name", "x"))
    assert "\n" not in line
