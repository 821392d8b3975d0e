"""The shop's own chips, at the foot of /owner/steps: what customers can tap beside everybody's words."""

from __future__ import annotations

from typing import Any

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from storefront_trace.actions import chips
from storefront_trace.domain.errors import Invalid, NotFound
from storefront_trace.domain.shop import Cast
from storefront_trace.web.forms import whole_form
from storefront_trace.web.owner.base import refusals, saved
from storefront_trace.web.owner.chip_form import TypedChip, languages_for
from storefront_trace.web.owner.forms import handle_from, text_of
from storefront_trace.web.owner.step import PATH
from storefront_trace.web.owner.steps import list_page

ANCHOR = "#chips"


async def post_chip(request: Request) -> Response:
    """A new one: its word in the shop's own language, and the steps where customers can choose it."""
    cast: Cast = request.state.cast
    form = await whole_form(request)
    typed = _typed(cast, form, "")
    return await _put(request, typed, _key(cast, typed.words.get(cast.shop.locale, "")))


async def post_chip_change(request: Request) -> Response:
    """With `end` it is taken away; else its words are changed."""
    cast: Cast = request.state.cast
    key = request.path_params["key"]
    old = cast.own_chips.get(key)
    if old is None or old.gone:
        raise NotFound("There is no such chip.")
    form = await whole_form(request)
    if text_of(form, "end"):
        await chips.end_chip(request.app.state.desk, cast.shop.id, key)
        return saved(PATH, "chip-gone", anchor=ANCHOR)
    return await _put(request, _typed(cast, form, key, old.kind), key)


async def _put(request: Request, typed: TypedChip, key: str) -> Response:
    cast: Cast = request.state.cast
    try:
        await chips.put_chip(request.app.state.desk, cast.shop.id, key, typed.kind, typed.words, typed.steps)
    except Invalid as error:
        ids = {f"word.{language}": typed.field_id(language) for language in typed.words}
        errors = refusals(request, error, ids, typed.field_id(cast.shop.locale))
        return list_page(request, errors, chip=typed)
    return saved(PATH, "saved" if typed.key else "added", anchor=ANCHOR)


def _typed(cast: Cast, form: FormData, key: str, kind: str = "") -> TypedChip:
    words = {language: text_of(form, f"word.{language}") for language in languages_for(cast)}
    steps = tuple(one for one in form.getlist("steps") if isinstance(one, str))
    return TypedChip(key, kind or text_of(form, "kind"), words, steps)


def _key(cast: Cast, word: str) -> str:
    taken = [key.replace("_", "-") for key in cast.chips]
    key: Any = handle_from(f"own-{word}"[:30], taken, otherwise="own")
    return str(key).replace("-", "_")
