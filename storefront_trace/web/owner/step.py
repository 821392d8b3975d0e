"""/owner/steps/{key}: one step, with its sentence as customers will read it while it is typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from babel import Locale
from starlette.requests import Request
from starlette.responses import Response

from storefront_trace.actions import shop_steps
from storefront_trace.domain.errors import DomainError, Invalid, NotFound
from storefront_trace.domain.sentences import PLACEHOLDERS, parse
from storefront_trace.domain.shop import Cast, ShopStep, in_language
from storefront_trace.domain.steps import ICONS, may_be_taken_away
from storefront_trace.storage import listing
from storefront_trace.storage.listing import Wanted
from storefront_trace.web.forms import whole_form
from storefront_trace.web.languages import NAMES
from storefront_trace.web.owner.base import Page, frame, language_of, saved, show, teams_to_choose, texts
from storefront_trace.web.owner.forms import text_of
from storefront_trace.web.owner.samples import readings
from storefront_trace.web.owner.step_form import (
    TypedStep,
    languages_of,
    mend_step,
    read_step,
    step_from,
    typed_of,
)
from storefront_trace.web.owner.step_orders import label_of, offered
from storefront_trace.web.owner.step_words import DRAWINGS, MEANINGS

PATH = "/owner/steps"


async def show_step(request: Request) -> Response:
    step = _step(request)
    return await _page(request, step, typed_of(step))


async def post_step(request: Request) -> Response:
    """With `preview` it shows how the typed sentences read, and saves nothing."""
    cast: Cast = request.state.cast
    step, form = _step(request), await whole_form(request)
    typed = read_step(cast, step, form)
    errors = mend_step(cast, typed, texts(request))
    if errors or text_of(form, "preview"):
        return await _page(request, step, typed, errors, text_of(form, "order"))
    await shop_steps.make_step(
        request.app.state.desk, cast.shop.id, step.key, lambda old: step_from(cast, old or step, typed)
    )
    return saved(f"{PATH}/{step.key}")


async def post_away(request: Request) -> Response:
    """Nothing is lost by it, so nobody is asked twice: it is brought back from the list."""
    try:
        await shop_steps.take_step_away(request.app.state.desk, request.state.cast.shop.id, request.path_params["key"])
    except DomainError as error:
        if isinstance(error, NotFound):
            raise
        step, said = _step(request), error.render(texts(request).gettext(error.message))
        return await _page(request, step, typed_of(step), {"away": said})
    return saved(PATH, "step-gone")


async def _page(
    request: Request,
    step: ShopStep,
    typed: TypedStep,
    errors: dict[str, str] | None = None,
    asked: str = "",
) -> Response:
    cast: Cast = request.state.cast
    language, name = language_of(request), step_name(cast, step, language_of(request))
    languages = languages_of(cast, step)
    choices, number = await offered(request, step, asked)
    real = await _real(request, step, typed, number, languages) if number else {}
    context: Page = {
        "action": f"{PATH}/{step.key}",
        "name": name,
        "texts": [_texts(request, one, typed, errors or {}, real.get(one)) for one in languages],
        "orders": choices,
        "fields": fields(request),
        "icons": [{"key": icon, "name": texts(request).gettext(DRAWINGS[icon])} for icon in ICONS],
        "teams": teams_to_choose(cast, language),
        "chips": _chips(cast, typed, language),
        "away": await _away(request, step),
        "values": {
            "icon": typed.icon,
            "team": typed.team,
            "logged_by": typed.logged_by,
            "expected_hours": typed.expected_hours,
            "asks_feedback": typed.asks_feedback,
            "visible": typed.visible,
        },
    }
    return show(request, "step", frame(request, name, "shop", errors) | context)


async def _real(
    request: Request, step: ShopStep, typed: TypedStep, number: str, languages: list[str]
) -> dict[str, dict[str, Any]]:
    """By language: a reading of the chosen order, made by the customer's own page."""
    cast: Cast = request.state.cast
    kept = {one: text for one, text in typed.sentences.items() if text and _is_readable(text)}
    if not kept:
        return {}
    seen = replace(
        step,
        names=typed.names,
        next_names=typed.next_names,
        sentences=kept,
        team=typed.team if typed.team in cast.teams else None,
    )
    found = await request.app.state.step_readings.read(cast, number, seen, languages)
    wrong = {one for one, text in typed.sentences.items() if text and one not in kept}
    return {
        one: {"label": label_of(request, number, read["happened"]), "who": read, "text": read["text"], "real": True}
        for one, read in found.items()
        if one not in wrong
    }


def _is_readable(sentence: str) -> bool:
    try:
        parse(sentence)
    except Invalid:
        return False
    return True


def _texts(
    request: Request, language: str, typed: TypedStep, errors: Mapping[str, str], real: dict[str, Any] | None
) -> dict[str, Any]:
    """The shop's own language lies open, and whichever has something to mend or has another text than is kept."""
    cast: Cast = request.state.cast
    sentence, own = typed.sentences.get(language, ""), language == cast.shop.locale
    kept = cast.steps.get(request.path_params.get("key", ""))
    changed = kept is not None and sentence != kept.sentences.get(language, "")
    mended = any(field.rpartition(".")[2] == language for field in errors)
    found = readings(request, sentence, typed.team or None, language) if sentence else []
    return {
        "lang": language,
        "language": language_name(language),
        "own": own,
        "open": own or mended or changed,
        "name": typed.names.get(language, ""),
        "next_name": typed.next_names.get(language, ""),
        "sentence": sentence,
        "mend": errors.get(f"sentence.{language}", ""),
        "readings": [*([real] if real else []), *({**one, "real": False} for one in found)],
    }


def _chips(cast: Cast, typed: TypedStep, language: str) -> list[dict[str, Any]]:
    return [
        {
            "key": key,
            "name": in_language(chip.names, language, cast.shop.locale),
            "kind": chip.kind,
            "on": key in typed.chips,
        }
        for key, chip in cast.chips.items()
        if not chip.gone
    ]


async def _away(request: Request, step: ShopStep) -> dict[str, str] | None:
    """What is said beside the button; None where every shop has the step."""
    if not may_be_taken_away(step.key):
        return None
    cast: Cast = request.state.cast
    async with request.app.state.desk.db.read() as conn:
        n = await listing.count_wanted(conn, cast.shop.id, Wanted(state=step.key))
    count = texts(request).ngettext("%(n)s order is at it now.", "%(n)s orders are at it now.", n) % {"n": n}
    return {"action": f"{PATH}/{step.key}/away", "count": count if n else ""}


def fields(request: Request) -> list[dict[str, str]]:
    say = texts(request).gettext
    return [{"key": f"{{{name}}}", "meaning": say(MEANINGS[name])} for name in PLACEHOLDERS]


def step_name(cast: Cast, step: ShopStep, language: str) -> str:
    return in_language(step.names, language, cast.shop.locale) or step.key


def language_name(language: str) -> str:
    return NAMES.get(language) or (Locale.parse(language).get_display_name(language) or language).capitalize()


def _step(request: Request) -> ShopStep:
    cast: Cast = request.state.cast
    found = cast.steps.get(request.path_params["key"])
    if found is None or found.gone:
        raise NotFound("There is no such step.")
    return found
