"""The link at the end of the mail that asks whether to follow: never to be written to again, and allowed again. GET
only shows a button."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from storefront_trace.actions.silence import allow, is_silent, silence
from storefront_trace.domain.errors import NotFound
from storefront_trace.domain.silence import read_silence_token
from storefront_trace.storage import shops
from storefront_trace.web.customer.follow import NO_LINK, state_page, words_to
from storefront_trace.web.customer.words import Words
from storefront_trace.web.forms import read_form
from storefront_trace.web.limits import visitor


async def show_silence(request: Request) -> Response:
    words, digest = await _reader(request)
    silent = await is_silent(request.app.state.desk, words.shop.id, digest)
    return state_page(request, words, "silent" if silent else "ask_silence")


async def post_silence(request: Request) -> Response:
    """The form's `undo` allows it again. Both change nothing when they come twice."""
    words, digest = await _reader(request)
    state = request.app.state
    state.limits.hit("following", visitor(request))  # it reads all followers of the shop
    async with read_form(request, max_fields=5) as form:
        undo = bool(form.get("undo"))
    if undo:
        opened = await allow(state.desk, words.shop.id, digest)
        return state_page(request, words, "allowed" if opened else "unopened")
    await silence(state.desk, words.shop.id, digest)
    return state_page(request, words, "silent")


async def _reader(request: Request) -> tuple[Words, str]:
    """In which words to answer who holds this link, and the address by its hash."""
    state = request.app.state
    found = read_silence_token(state.desk.secrets, request.path_params["token"])
    if found is None:
        state.limits.hit("token-miss", visitor(request))
        raise NotFound(NO_LINK)
    shop_id, digest = found
    async with state.desk.db.read() as conn:
        if shop_id not in {shop.id for shop in await shops.list_shops(conn)}:
            raise NotFound(NO_LINK)
        cast = await state.desk.casts.get(conn, shop_id)
    return words_to(request, cast, None), digest
