"""The only code that names, writes, finds or deletes a picture's file. No name that anybody sent ever reaches it."""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import time
from collections.abc import Iterable
from pathlib import Path

from storefront_trace.photos.pictures import Processed

PHOTO_ID = re.compile(r"[0-9a-f]{32}", re.ASCII)
NAME = re.compile(r"([0-9a-f]{32})-[1-9][0-9]{0,4}\.(?:webp|jpg|png)", re.ASCII)
MEDIA_TYPES = {"webp": "image/webp", "jpg": "image/jpeg", "png": "image/png"}
UNFINISHED = ".unfinished-"
# What somebody was asked about and may never answer: an empty file for each, named as the photo.
ASKED = ".asked"


class MediaStore:
    """Files under `root`/uploads. Everything here waits for the disk: call it in a thread."""

    def __init__(self, root: Path) -> None:
        self._uploads = root / "uploads"

    def save(self, processed: Processed) -> str:
        """Returns the photo id; saving the same picture again changes nothing. OSError (disk full) leaves no file."""
        photo_id = processed.photo_id
        folder = self._folder(photo_id)
        folder.mkdir(parents=True, exist_ok=True)
        named: dict[Path, Path] = {}
        try:
            for rendition in processed.renditions:
                unfinished = folder / f"{UNFINISHED}{secrets.token_hex(8)}"
                named[unfinished] = folder / name_of(photo_id, rendition.width, rendition.ext)
                _write(unfinished, rendition.data)
            # Nothing gets its name before all of it is on disk: there is never half a picture to show.
            for unfinished, final in named.items():
                unfinished.replace(final)
            _sync(folder)
        finally:
            _remove(named)
        return photo_id

    def path(self, photo_id: str, width: int, ext: str) -> Path | None:
        """The file if it is there; None for anything that is not one of our names."""
        return self.find(name_of(photo_id, width, ext))

    def find(self, name: str) -> Path | None:
        """Like path(), from the last part of a URL such as `<photo id>-196.webp`."""
        match = NAME.fullmatch(name)
        if match is None:
            return None
        path = self._folder(match[1]) / name
        return path if path.is_file() else None

    def delete(self, photo_id: str) -> None:
        """All files of a photo, at once; nothing when it has none.

        The same picture saved twice is one photo: make sure first that nobody else's row still names it.
        """
        folder = self._folder(photo_id)
        if PHOTO_ID.fullmatch(photo_id) and folder.is_dir():
            _remove(folder.glob(f"{photo_id}-*"))
            _sync(folder)

    def sweep(self, older_than_seconds: float = 3_600) -> int:
        """Removes what a power cut left unfinished; returns how many files."""
        limit = time.time() - older_than_seconds
        left = [path for path in self._uploads.glob(f"*/{UNFINISHED}*") if path.stat().st_mtime < limit]
        _remove(left)
        return len(left)

    def mark_asked(self, photo_id: str) -> None:
        """Nothing shows it yet, and perhaps nothing ever will: list_asked() finds it again."""
        folder = self._uploads / ASKED
        folder.mkdir(parents=True, exist_ok=True)
        (folder / photo_id).touch()

    def unmark_asked(self, photo_id: str) -> None:
        (self._uploads / ASKED / photo_id).unlink(missing_ok=True)

    def list_asked(self, older_than_seconds: float) -> list[str]:
        limit = time.time() - older_than_seconds
        return [path.name for path in (self._uploads / ASKED).glob("*") if path.stat().st_mtime < limit]

    def touch(self, photo_id: str) -> bool:
        """As if it had just been saved: delete_old() leaves it alone from now on. False when it is gone."""
        touched = False
        for path in self._folder(photo_id).glob(f"{photo_id}-*"):
            with contextlib.suppress(FileNotFoundError):
                os.utime(path)
                touched = True
        return touched

    def delete_old(self, photo_id: str, older_than_seconds: float) -> bool:
        """As delete(), unless it was saved or touched since: then False. Safe against that happening at this moment:
        each file is put aside before its time is looked at, so that whoever comes later finds nothing to touch."""
        limit = time.time() - older_than_seconds
        aside: dict[Path, Path] = {}
        for path in self._folder(photo_id).glob(f"{photo_id}-*"):
            with contextlib.suppress(FileNotFoundError):
                aside[path.rename(path.with_name(f"{UNFINISHED}{secrets.token_hex(8)}"))] = path
        if all(path.stat().st_mtime < limit for path in aside):
            _remove(aside)
            return True
        for path, name in aside.items():
            path.rename(name)
        return False

    def _folder(self, photo_id: str) -> Path:
        return self._uploads / photo_id[:2]


def name_of(photo_id: str, width: int, ext: str) -> str:
    """The last part of a picture's path, and of its URL."""
    return f"{photo_id}-{width}.{ext}"


def _write(path: Path, data: bytes) -> None:
    with path.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _remove(paths: Iterable[Path]) -> None:
    for path in list(paths):
        path.unlink(missing_ok=True)
