"""The demo's drawings, taken in through the same door as everybody's pictures."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path

from storefront_trace.actions.photos import Stored, store_picture
from storefront_trace.photos.files import MediaStore, name_of
from storefront_trace.photos.worker import PhotoWorker

PACKAGE = Path(__file__).resolve().parents[1]
PURPOSES = {"portrait": "portrait", "parcel": "parcel", "product": "line"}
LINE_WIDTH = 192

# By the stem of the file's name ("portrait-anders").
Pictures = Mapping[str, Stored]


async def store_pictures(store: MediaStore, worker: PhotoWorker, *kinds: str) -> Pictures:
    """Those of these kinds. All take about a second of another process's time; doing it again changes nothing."""
    stored: dict[str, Stored] = {}
    for stem, data in await asyncio.to_thread(_drawings, kinds):
        stored[stem] = await store_picture(worker, store, data, PURPOSES[stem.split("-")[0]])
    return stored


def line_url(pictures: Pictures, stem: str) -> str:
    return f"/media/{name_of(pictures[stem].photo_id, LINE_WIDTH, 'webp')}"


def folder() -> Path:
    """In the wheel the drawings lie inside the package, in a checkout at its top."""
    inside = PACKAGE / "demo_media"
    return inside if inside.is_dir() else PACKAGE.parent / "media" / "demo"


def _drawings(kinds: tuple[str, ...]) -> list[tuple[str, bytes]]:
    found = (path for kind in kinds for path in sorted(folder().glob(f"{kind}-*.png")))
    return [(path.stem, path.read_bytes()) for path in found]
