"""The only code that names, writes, finds or deletes a picture's file. No name that anybody sent ever reaches it."""

from __future__ import annotations

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
