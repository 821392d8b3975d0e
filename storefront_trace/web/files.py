"""Static files, portraits, photos, and the shop's colour."""

from __future__ import annotations

import gzip
import mimetypes
import re
from functools import cache, lru_cache
from pathlib import Path

import anyio
from anyio import to_thread
from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response

from storefront_trace.domain.colours import palette
from storefront_trace.domain.errors import N_, NotFound
from storefront_trace.domain.shop import Person
from storefront_trace.domain.timeline import visible_as
from storefront_trace.photos.files import MEDIA_TYPES, MediaStore
from storefront_trace.photos.initials import initials, stamp
from storefront_trace.storage import people, shops
from storefront_trace.web.gates import find_kiosk, find_session
from storefront_trace.web.page import STATIC, build

# Body, the same packed, media type.
StaticFile = tuple[bytes, bytes | None, str]
FOR_EVER = "public, max-age=31536000, immutable"
# What becomes much smaller.
TEXT = ("text/", "application/javascript", "image/svg+xml", "application/wasm")
# As a Palette's fields.
BRAND_NAMES = (
    "--brand-fill",
    "--on-brand",
    "--brand-ink",
    "--brand-edge",
    "--brand-wash",
    "--brand-wash-2",
    "--brand-line",
)
NO_PICTURE = N_("There is no such picture.")
# A mail program on the web shows our picture on a page that is not ours. Of what we keep only logos are PNG.
IN_MAILS = {"Cross-Origin-Resource-Policy": "cross-origin"}
SANDBOX = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox"}


async def show_static(request: Request) -> Response:
    """The URL carries the build, so a browser never asks twice; an old build's URL gets today's file, briefly."""
    found = _static_files().get(request.path_params["path"])
    if found is None:
        raise NotFound("There is no such file.")
    return _sent(request, found)


def _sent(request: Request, file: StaticFile) -> Response:
    body, packed, kind = file
    current = request.path_params["build"] == build()
    headers = {"Cache-Control": FOR_EVER if current else "public, max-age=60", "Vary": "Accept-Encoding"}
    if packed is not None and "gzip" in request.headers.get("accept-encoding", ""):
        return Response(packed, media_type=kind, headers={**headers, "Content-Encoding": "gzip"})
    return Response(body, media_type=kind, headers=headers)


async def show_push_worker(request: Request) -> Response:
    """At the top, where it may serve the pages below /t/, and asked for anew each time: a worker stays for long."""
    body, _, kind = _static_files()["push-worker.js"]
    return Response(body, media_type=kind, headers={"Cache-Control": "no-cache"})


async def show_look(request: Request) -> Response:
    """app.css in a shop's colour. As with other static files, an old build's URL gets today's."""
    colour = request.path_params["colour"]
    if not re.fullmatch(r"[0-9a-f]{6}", colour):
        raise NotFound("There is no such colour.")
    return _sent(request, _look(f"#{colour}"))


@lru_cache(64)  # a shop has one; an owner who is choosing, some more
def _look(brand: str) -> StaticFile:
    body, _, kind = _static_files()["app.css"]
    body += brand_sheet(brand).encode()
    return body, gzip.compress(body, 9), kind


def brand_sheet(brand: str) -> str:
    """Finished values, outside of any layer, so that they go before those of app.css."""
    light, dark = (
        ";".join(f"{name}:{value}" for name, value in zip(BRAND_NAMES, palette(brand, scheme), strict=True))
        for scheme in ("light", "dark")
    )
    return f":root{{--brand:{brand};{light}}}\n@media (prefers-color-scheme:dark){{:root{{{dark}}}}}\n"


async def show_photo(request: Request) -> Response:
    """Names are made from the content, so what is behind one never changes; a deleted picture is gone at once
    wherever it is asked for anew, which is why others may keep it for a day only, and a portrait for five minutes:
    the person may choose otherwise. Other pictures are open to who knows their name, which nobody can guess."""
    path = _find(request.app.state.media, request.path_params["name"])
    if path is None:
        raise NotFound(NO_PICTURE)
    async with request.app.state.desk.db.read() as conn:
        theirs = await people.find_people_by_photo(conn, path.name.split("-")[0])
    if theirs and not await _may_see(request, theirs):
        raise NotFound(NO_PICTURE)
    seconds = 300 if theirs else 86400
    headers = {"Cache-Control": f"private, max-age={seconds}", **SANDBOX}
    if path.suffix == ".png" and not theirs:
        headers |= IN_MAILS
    return FileResponse(path, media_type=MEDIA_TYPES[path.suffix[1:]], headers=headers)


async def show_stamp(request: Request) -> Response:
    """The drawn initials of somebody without a photo."""
    name, key = request.path_params["letters"], request.path_params["key"]
    if len(name) > 12 or len(key) > 64:
        raise NotFound("There is no such picture.")
    headers = {"Cache-Control": FOR_EVER, **SANDBOX}
    return Response(stamp(name, key), media_type="image/svg+xml", headers=headers)


async def show_icon(request: Request) -> Response:
    """A shop's letter in its colour, and no other. Open to everybody: phones ask for it without saying who they are."""
    colour, kind, letter = (request.path_params[name] for name in ("colour", "kind", "letter"))
    async with request.app.state.desk.db.read() as conn:
        known = {(shop.brand, initials(shop.name)[:1]) for shop in await shops.list_shops(conn)}
    if (f"#{colour}", letter) not in known:  # each costs a quarter of a second to draw
        raise NotFound(NO_PICTURE)
    body = await to_thread.run_sync(_icon, f"#{colour}", letter, kind)
    return Response(body, media_type="image/png", headers={"Cache-Control": FOR_EVER, **SANDBOX})


def _icon(colour: str, letter: str, kind: str) -> bytes:
    """Pillow weighs some megabytes, and most of the time nobody puts us on a home screen."""
    from storefront_trace.photos.icons import ICONS, draw_icon

    if kind not in ICONS:
        raise NotFound(NO_PICTURE)
    return draw_icon(colour, letter, kind)


async def show_health(request: Request) -> Response:
    return Response("ok\n", media_type="text/plain", headers={"Cache-Control": "no-store"})


async def show_ready(request: Request) -> Response:
    """200 when the database answers within two seconds and all that works beside the requests is at work."""
    ready = False
    with anyio.move_on_after(2):
        try:
            ready = await request.app.state.desk.db.is_alive()
        except Exception:
            ready = False
    broken = request.app.state.broken
    text = "the database does not answer\n" if not ready else f"{', '.join(broken)} ended\n" if broken else "ready\n"
    return Response(text, 200 if ready and not broken else 503, {"Cache-Control": "no-store"}, "text/plain")


async def show_home(request: Request) -> Response:
    """Who is signed in goes to their own page. Nobody else has one here without a link: customers look for their order,
    and whoever works here finds the way in at the foot of that page."""
    session = await find_session(request)
    way = "/track" if session is None else "/staff" if session.role == "staff" else "/owner"
    return RedirectResponse(way, 303, {"Cache-Control": "no-store"})


def _find(media: MediaStore, name: str) -> Path | None:
    """A portrait that was sent before there was a middle size has the large one."""
    found: Path | None = media.find(name)
    return found or (media.find(name.replace("-392.", "-588.")) if "-392." in name else None)


async def _may_see(request: Request, theirs: list[tuple[str, Person]]) -> bool:
    """Everybody, when one of those whose portrait it is shows it now; else only who works in the same shop,
    and the tablets there."""
    if any(visible_as(person) == "photo" for _, person in theirs):
        return True
    session = await find_session(request)
    if session is not None and any(shop_id == session.shop_id for shop_id, _ in theirs):
        return True
    tablet = await find_kiosk(request)
    if tablet is not None and any(shop_id == tablet.shop_id for shop_id, _ in theirs):
        return True
    async with request.app.state.desk.db.read() as conn:
        return await people.is_team_photo(conn, theirs[0][1].photo or "")


@cache
def _static_files() -> dict[str, StaticFile]:
    """By name. What anybody sends is looked up here, and never becomes a path."""
    return {path.relative_to(STATIC).as_posix(): _static_file(path) for path in STATIC.rglob("*") if path.is_file()}


def _static_file(path: Path) -> StaticFile:
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    kind = {"text/javascript": "application/javascript"}.get(kind, kind)
    body = path.read_bytes()
    return body, gzip.compress(body, 9) if kind.startswith(TEXT) else None, kind
