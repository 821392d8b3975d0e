"""Taking in a picture, for staff, owner and API alike. Always before the transaction: reading one takes a while."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from storefront_trace.actions.desk import Desk
from storefront_trace.photos.files import MediaStore
from storefront_trace.photos.worker import PhotoWorker
from storefront_trace.storage import events, people


@dataclass(frozen=True)
class Stored:
    """`width` and `height` are the largest rendition's: what an <img> needs to keep its place."""

    photo_id: str
    width: int
    height: int


async def store_picture(worker: PhotoWorker, store: MediaStore, data: bytes, purpose: str) -> Stored:
    """Refuses a bad picture (Invalid, TooLarge) or a crowd of them (TooMany) before anything is kept.

    `purpose` is a key of `photos.pictures.PURPOSES`. The same picture again is the same photo.
    """
    processed = await worker.process(data, purpose)
    photo_id = await asyncio.to_thread(store.save, processed)
    width, height = max(rendition.pixels for rendition in processed.renditions)
    return Stored(photo_id, width, height)


async def forget_portrait(desk: Desk, store: MediaStore, photo_id: str | None) -> None:
    """Deletes the files of a portrait that was replaced, unless somebody else has the very same picture."""
    if photo_id is None:
        return
    async with desk.db.read() as conn:
        used = await people.find_people_by_photo(conn, photo_id) or await people.is_team_photo(conn, photo_id)
    if not used:
        await asyncio.to_thread(store.delete, photo_id)


async def forget_unlogged(desk: Desk, store: MediaStore, photo_id: str) -> None:
    """Deletes the files of a photo whose step was refused after all, unless another step shows the very same one."""
    async with desk.db.read() as conn:
        used = await events.is_photo_used(conn, photo_id)
    if not used:
        await asyncio.to_thread(store.delete, photo_id)
