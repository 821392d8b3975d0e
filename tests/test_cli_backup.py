"""The commands that put a shop away and bring it back."""

from __future__ import annotations

import os
import shutil
import tarfile
from pathlib import Path
from unittest import mock

import pytest

from storefront_trace.storage import backup
from tests.commands import opened, orders, refused, run, said

__all__ = ["opened"]


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


def test_a_shop_that_came_back_without_its_secret_is_told_what_that_means(opened: Path, tmp_path: Path) -> None:
    file = tmp_path / "orders.csv"
    file.write_text("number,placed_at,first_name,email,line_title\n7001,2026-11-19,Karin,karin@example.com,Mugg\n")
    said(run(opened, "import", file))
    said(run(opened, "backup", tmp_path / "copy.tar"))
    told = run(tmp_path / "new", "restore", tmp_path / "copy.tar").stderr
    assert "still open" in told and "every link ever mailed" not in told
    done = run(tmp_path / "new", "doctor")
    refused(done)
    assert "bad\tRoliga Ting: the links were made with another secret" in done.stdout
    shutil.copy(opened / "secret.key", tmp_path / "new" / "secret.key")
    assert "bad" not in said(run(tmp_path / "new", "doctor"))


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
