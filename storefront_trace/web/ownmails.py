"""/mails: the links in the mails by the clock. One ends them, one shows the reader's own portrait. GET only asks; a
person's tap, or a mail program's one-click POST, ends them. Nobody need be signed in: the link is the key."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import anyio.to_thread
from starlette.requests import Request
from starlette.responses import Response

from storefront_trace.actions.own_mails import end_own_mail
from storefront_trace.domain.errors import N_, NotFound
from storefront_trace.domain.mailing import OWN_MAILS, OwnMail, read_own_mail_token
from storefront_trace.domain.shop import Cast
from storefront_trace.domain.timeline import visible_as
from storefront_trace.storage import mailed, shops
from storefront_trace.storage.mailed import Mailed
from storefront_trace.web.files import IN_MAILS, NO_PICTURE, SANDBOX
from storefront_trace.web.front import shop_frame
from storefront_trace.web.languages import catalogue, choose
from storefront_trace.web.limits import visitor
from storefront_trace.web.page import page

NO_LINK = N_("There is nothing behind this link. It may be misspelt, or too old.")
WIDTH = 196
# Mail programs' own stores ask again each time, if they keep to this.
HEADERS = {"Cache-Control": "private, no-cache, max-age=0", **IN_MAILS, **SANDBOX}


async def show_stop(request: Request) -> Response:
    cast, mail, _, reader = await _reader(request)
    wanted = reader is not None and (reader.morning_hour is not None if mail == "morning" else reader.friday)
    return _page(request, cast, mail, reader, asks=wanted)


async def post_stop(request: Request) -> Response:
    """Ending twice is ending once."""
    cast, mail, account_id, reader = await _reader(request)
    await end_own_mail(request.app.state.desk, cast.shop.id, account_id, mail)
    return _page(request, cast, mail, reader, asks=False)


async def show_face(request: Request) -> Response:
    """The picture only of who shows it to customers too, for a mail can be passed on; else a drawing."""
    cast, mail, _, reader = await _reader(request)
    person = cast.people.get(reader.person_id) if reader else None
    if person is None or mail != "friday":
        raise NotFound(NO_PICTURE)
    photo = person.photo if visible_as(person) == "photo" else None
    path = request.app.state.media.path(photo, WIDTH, "jpg") if photo else None
    if path is not None:
        body = await anyio.to_thread.run_sync(Path.read_bytes, path)
    else:
        from storefront_trace.photos.drawings import drawing  # Pillow takes 4 MB, and few servers send mails

        body = await anyio.to_thread.run_sync(drawing, "person", person.display_name, person.id)
    return Response(body, media_type="image/jpeg", headers=HEADERS)


async def _reader(request: Request) -> tuple[Cast, OwnMail, str, Mailed | None]:
    """The account, and who reads its mails: None when they have left."""
    state, mail = request.app.state, request.path_params["mail"]
    token = request.path_params["token"]
    ids = read_own_mail_token(state.desk.secrets, mail, token) if mail in OWN_MAILS else None
    if ids is None:
        state.limits.hit("token-miss", visitor(request))
        raise NotFound(NO_LINK)
    shop_id, account_id = ids
    async with state.desk.db.read() as conn:
        if shop_id not in {shop.id for shop in await shops.list_shops(conn)}:
            raise NotFound(NO_LINK)
        cast = await state.desk.casts.get(conn, shop_id)
        return cast, mail, account_id, await mailed.find_mailed(conn, shop_id, account_id)


def _page(request: Request, cast: Cast, mail: OwnMail, reader: Mailed | None, *, asks: bool) -> Response:
    locale = reader.locale if reader else None
    accept = request.headers.get("accept-language", "")
    language = choose(request.query_params.get("lang"), accept, locale, cast.shop.locale)
    title = N_("Stop these mails?") if asks else N_("These mails have been stopped")
    context: dict[str, Any] = {
        "lang": language,
        "title": catalogue(language).gettext(title),
        "shop": shop_frame(cast.shop),
        "order_number": None,
        "languages": [],
        "links": [],
        "foot": None,
        "mail": mail,
        "asks": asks,
        "action": request.url.path,
    }
    return page(request, "ownmails.html", language=language, page=context)
