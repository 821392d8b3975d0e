"""Files under media/uploads: their names, and what is left when writing fails."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from storefront_trace.photos import files
from storefront_trace.photos.files import MediaStore
from storefront_trace.photos.pictures import Processed, Rendition


def picture(content: bytes = b"jpeg") -> Processed:
    small = [Rendition(196, "webp", (196, 238), b"small" + content), Rendition(196, "jpg", (196, 238), b"s" + content)]
    large = [Rendition(588, "webp", (588, 714), b"large" + content), Rendition(588, "jpg", (588, 714), content)]
    return Processed("portrait", (*small, *large))


def everything_under(root: Path) -> list[str]:
    return sorted(path.name for path in root.rglob("*") if path.is_file())


def test_a_saved_picture_is_found_by_id_width_and_kind(tmp_path: Path) -> None:
    store = MediaStore(tmp_path)
    photo_id = store.save(picture())
    assert len(photo_id) == 32
    found = store.path(photo_id, 588, "jpg")
    assert found == tmp_path / "uploads" / photo_id[:2] / f"{photo_id}-588.jpg"
    assert found.read_bytes() == b"jpeg"
    assert store.find(f"{photo_id}-196.webp") is not None
    assert store.path(photo_id, 100, "jpg") is None


def test_saving_the_same_picture_twice_is_one_picture(tmp_path: Path) -> None:
    store = MediaStore(tmp_path)
    assert store.save(picture()) == store.save(picture())
    assert len(everything_under(tmp_path)) == 4
    assert store.save(picture(b"other")) != store.save(picture())
    assert len(everything_under(tmp_path)) == 8


@pytest.mark.parametrize(
    "name",
    [
        "",
        "../../etc/passwd",
        "..",
        "{id}-196.webp/../../../secret.key",
        "../{id}-196.webp",
        "{id}-196.webp\0.jpg",
        "{id}-196.webp\n",
        "{id}-196.svg",
        "{id}-0196.webp",
        "{id}-.webp",
        "{id}-١٩٦.webp",
        "{id}-196.webp" + "a" * 5_000,
        "\u202e{id}-196.webp",
        "{ID}-196.webp",
    ],
)
def test_no_other_name_finds_a_file(tmp_path: Path, name: str) -> None:
    store = MediaStore(tmp_path)
    (tmp_path / "secret.key").write_text("secret")
    photo_id = store.save(picture())
    assert store.find(name.replace("{id}", photo_id).replace("{ID}", photo_id.upper())) is None


@pytest.mark.parametrize("photo_id", ["../../secret", "..", "", "/etc/passwd", "*", "a" * 31, "?" * 32])
def test_an_id_that_is_none_finds_and_deletes_nothing(tmp_path: Path, photo_id: str) -> None:
    store = MediaStore(tmp_path)
    store.save(picture())
    store.delete(photo_id)
    assert store.path(photo_id, 196, "webp") is None
    assert len(everything_under(tmp_path)) == 4


def test_deleting_removes_all_sizes_of_that_picture_only(tmp_path: Path) -> None:
    store = MediaStore(tmp_path)
    kept, gone = store.save(picture()), store.save(picture(b"other"))
    store.delete(gone)
    store.delete(gone)
    assert store.path(gone, 196, "webp") is None
    assert {name[:32] for name in everything_under(tmp_path)} == {kept}


@pytest.mark.parametrize("allowed", range(4))
def test_a_full_disk_leaves_no_half_picture(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, allowed: int) -> None:
    calls = 0

    def fsync(handle: int) -> None:
        nonlocal calls
        calls += 1
        if calls > allowed:
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", fsync)
    with pytest.raises(OSError, match="No space left"):
        MediaStore(tmp_path).save(picture())
    assert everything_under(tmp_path) == []


def test_every_file_is_on_disk_before_it_has_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names_at_sync: list[list[str]] = []
    monkeypatch.setattr(os, "fsync", lambda handle: names_at_sync.append(everything_under(tmp_path)))
    MediaStore(tmp_path).save(picture())
    for names in names_at_sync[:4]:
        assert all(name.startswith(files.UNFINISHED) for name in names)
    assert not any(name.startswith(files.UNFINISHED) for name in names_at_sync[-1])
    assert len(names_at_sync[-1]) == 4


def test_what_a_power_cut_left_is_swept_away_later(tmp_path: Path) -> None:
    store = MediaStore(tmp_path)
    photo_id = store.save(picture())
    folder = tmp_path / "uploads" / photo_id[:2]
    old, new = folder / f"{files.UNFINISHED}old", folder / f"{files.UNFINISHED}new"
    for path in (old, new):
        path.write_bytes(b"half")
    os.utime(old, (0, 0))
    assert store.sweep() == 1
    assert not old.exists() and new.exists()
    assert store.path(photo_id, 196, "webp") is not None
