"""Taking in a picture, for staff, owner and API alike. Always before the transaction: reading one takes a while."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from storefront_trace.actions.desk import Desk
from storefront_trace.photos.files import MediaStore
from storefront_trace.photos.pictures import Crop
from storefront_trace.photos.worker import PhotoWorker
from storefront_trace.storage import privacy

UNANSWERED = 24 * 3_600
AT_ONCE = 200


@dataclass(frozen=True)
class Stored:
    """`width` and `height` are the largest rendition's: what an <img> needs to keep its place."""

    photo_id: str
    width: int
    height: int


async def store_picture(
    worker: PhotoWorker, store: MediaStore, data: bytes, purpose: str, crop: Crop | None = None
) -> Stored:
    """Refuses a bad picture (Invalid, TooLarge) or a crowd of them (TooMany) before anything is kept.

    `purpose` is a key of `photos.pictures.PURPOSES`. The same picture again is the same photo.
    """
    processed = await worker.process(data, purpose, crop)
    photo_id = await asyncio.to_thread(store.save, processed)
    width, height = max(rendition.pixels for rendition in processed.renditions)
    return Stored(photo_id, width, height)


async def forget_portrait(desk: Desk, store: MediaStore, photo_id: str | None) -> None:
    """Deletes the files of a portrait or logo that was replaced, unless anything else here shows the very same
    picture: a colleague, a team, a shop's logo, or a step that somebody photographed."""
    if photo_id is None:
        return
    async with desk.db.read() as conn:
        unused = await privacy.list_unused_photos(conn, [photo_id])
    if unused:
        await asyncio.to_thread(store.delete, photo_id)


async def ask_about(store: MediaStore, photo_id: str) -> None:
    """Nothing shows it yet, and perhaps nothing ever will: a page asks whether it is right, or its step was refused."""
    await asyncio.to_thread(store.mark_asked, photo_id)


async def still_there(store: MediaStore, photo_id: str) -> bool:
    """Before a step is logged with a picture that was asked about: once True, `forget_unanswered` leaves it alone."""
    return await asyncio.to_thread(store.touch, photo_id)


async def forget_unanswered(desk: Desk, store: MediaStore) -> int:
    """Deletes pictures that somebody was asked about a day ago and that nothing shows; returns how many."""
    gone = 0
    asked = await asyncio.to_thread(store.list_asked, UNANSWERED)
    for start in range(0, len(asked), AT_ONCE):
        some = asked[start : start + AT_ONCE]
        async with desk.db.read() as conn:
            unused = set(await privacy.list_unused_photos(conn, some))
        for photo_id in some:
            if photo_id in unused:
                if not await asyncio.to_thread(store.delete_old, photo_id, UNANSWERED):
                    continue  # answered at this very moment
                gone += 1
            await asyncio.to_thread(store.unmark_asked, photo_id)
    return gone
