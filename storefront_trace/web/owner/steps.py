"""/owner/steps: what happens to an order, and the sentence that a customer reads when it has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from babel import Locale
from starlette.requests import Request
from starlette.responses import Response

from storefront_trace.actions import shops
from storefront_trace.domain.errors import N_, Invalid, NotFound
from storefront_trace.domain.sentences import PLACEHOLDERS, parse
from storefront_trace.domain.shop import Cast, ShopStep, in_language
from storefront_trace.domain.steps import ICONS, is_step_key
from storefront_trace.domain.texts import label_within
from storefront_trace.web.faces import team_name
from storefront_trace.web.forms import whole_form
from storefront_trace.web.languages import NAMES
from storefront_trace.web.owner.base import Page, frame, language_of, refusals, saved, show, teams_to_choose, texts
from storefront_trace.web.owner.chip_form import TypedChip, chip_section
from storefront_trace.web.owner.forms import handle_from, text_of
from storefront_trace.web.owner.samples import example, readings
from storefront_trace.web.owner.step_form import (
    LONGEST,
    TypedStep,
    languages_of,
    mend_step,
    read_step,
    step_from,
    typed_of,
)
from storefront_trace.web.owner.step_words import DRAWINGS, MEANINGS

PATH = "/owner/steps"
FIRST_CHIPS = ("kind", "fast", "clear", "late", "unclear")
NO_ROOM = N_("There is no room for a step there. Choose another place.")
TAKEN = N_("There is such a step already. Choose another name.")


async def show_steps(request: Request) -> Response:
    return list_page(request)


async def post_new_step(request: Request) -> Response:
    """Puts a step after another one; its own page has the rest."""
    cast: Cast = request.state.cast
    form = await whole_form(request)
    typed = {name: text_of(form, name) for name in ("name", "sentence", "after", "team")}
    try:
        step = _new_step(cast, typed)
        await shops.put_step(request.app.state.desk, cast.shop.id, step)
    except Invalid as error:
        return list_page(request, refusals(request, error, {}, "sentence"), typed)
    return saved(f"{PATH}/{step.key}", "added")


async def show_step(request: Request) -> Response:
    step = _step(request)
    return _page(request, step, typed_of(step))


async def post_step(request: Request) -> Response:
    """With `preview` it shows how the typed sentences read, and saves nothing."""
    cast: Cast = request.state.cast
    step, form = _step(request), await whole_form(request)
    typed = read_step(cast, step, form)
    errors = mend_step(cast, typed, texts(request))
    if errors or text_of(form, "preview"):
        return _page(request, step, typed, errors)
    await shops.put_step(request.app.state.desk, cast.shop.id, step_from(cast, step, typed))
    return saved(f"{PATH}/{step.key}")


def list_page(
    request: Request,
    errors: dict[str, str] | None = None,
    typed: dict[str, str] | None = None,
    chip: TypedChip | None = None,
) -> Response:
    cast: Cast = request.state.cast
    language = language_of(request)
    steps = cast.steps_in_order
    places = [step for step in steps if step.position > 0]
    context = {
        "steps": [_row(request, step) for step in steps],
        "places": [{"key": step.key, "name": _named(cast, step, language)} for step in places],
        "teams": teams_to_choose(cast, language),
        "values": typed or {"name": "", "sentence": "", "after": places[-1].key if places else "", "team": ""},
        "own_language": _language_name(cast.shop.locale),
        "fields": _fields(request),
        "chips": chip_section(cast, language, chip),
    }
    return show(request, "steps", frame(request, texts(request).gettext("Steps"), "shop", errors) | context)


def _row(request: Request, step: ShopStep) -> dict[str, Any]:
    cast: Cast = request.state.cast
    language, say = language_of(request), texts(request).gettext
    facts = [team_name(cast, step.team, language) if step.team else say("The carrier")]
    facts += [say("Customers can thank for it")] if step.asks_feedback and step.visible else []
    facts += [] if step.visible else [say("Not shown to customers")]
    return {
        "key": step.key,
        "name": _named(cast, step, language),
        "url": f"{PATH}/{step.key}",
        "icon": step.icon,
        "sentence": example(cast, step, language),
        "facts": facts,
    }


def _page(request: Request, step: ShopStep, typed: TypedStep, errors: dict[str, str] | None = None) -> Response:
    cast: Cast = request.state.cast
    language, name = language_of(request), _named(cast, step, language_of(request))
    context: Page = {
        "action": f"{PATH}/{step.key}",
        "name": name,
        "texts": [_texts(request, one, typed, errors or {}) for one in languages_of(cast, step)],
        "fields": _fields(request),
        "icons": [{"key": icon, "name": texts(request).gettext(DRAWINGS[icon])} for icon in ICONS],
        "teams": teams_to_choose(cast, language),
        "chips": [
            {
                "key": key,
                "name": in_language(chip.names, language, cast.shop.locale),
                "kind": chip.kind,
                "on": key in typed.chips,
            }
            for key, chip in cast.chips.items()
            if not chip.gone
        ],
        "values": {
            "icon": typed.icon,
            "team": typed.team,
            "expected_hours": typed.expected_hours,
            "asks_feedback": typed.asks_feedback,
            "visible": typed.visible,
        },
    }
    return show(request, "step", frame(request, name, "shop", errors) | context)


def _texts(request: Request, language: str, typed: TypedStep, errors: Mapping[str, str]) -> dict[str, Any]:
    """The shop's own language lies open, and whichever has something to mend or has another text than is kept."""
    cast: Cast = request.state.cast
    sentence, own = typed.sentences.get(language, ""), language == cast.shop.locale
    kept = cast.steps.get(request.path_params.get("key", ""))
    changed = kept is not None and sentence != kept.sentences.get(language, "")
    mended = any(field.rpartition(".")[2] == language for field in errors)
    return {
        "lang": language,
        "language": _language_name(language),
        "own": own,
        "open": own or mended or changed,
        "name": typed.names.get(language, ""),
        "next_name": typed.next_names.get(language, ""),
        "sentence": sentence,
        "mend": errors.get(f"sentence.{language}", ""),
        "readings": readings(request, sentence, typed.team or None, language) if sentence else [],
    }


def _new_step(cast: Cast, typed: dict[str, str]) -> ShopStep:
    name = label_within(typed["name"], LONGEST["name"], field="name")
    parse(typed["sentence"])
    own = cast.shop.locale
    return ShopStep(
        key=_key(name, cast),
        position=_position(cast, typed["after"]),
        effect="advance",
        icon="check",
        team=typed["team"] or None,
        names={own: name},
        next_names={own: name},
        sentences={own: typed["sentence"]},
        chips=FIRST_CHIPS,
    )


def _key(name: str, cast: Cast) -> str:
    if any(name.casefold() == text.casefold() for step in cast.steps.values() for text in step.names.values()):
        raise Invalid(TAKEN, errors=[("name", TAKEN)])
    key = handle_from(name, [key.replace("_", "-") for key in cast.steps], otherwise="step").replace("-", "_")
    return key if is_step_key(key) else f"step_{key}"[:40]


def _position(cast: Cast, after: str) -> int:
    """Halfway to the step that came next until now."""
    places = sorted({step.position for step in cast.steps.values() if step.position > 0})
    before = cast.steps[after].position if after in cast.steps else 0
    following = next((place for place in places if place > before), before + 20)
    if following - before < 2:
        raise Invalid(NO_ROOM, errors=[("after", NO_ROOM)])
    return (before + following) // 2


def _fields(request: Request) -> list[dict[str, str]]:
    say = texts(request).gettext
    return [{"key": f"{{{name}}}", "meaning": say(MEANINGS[name])} for name in PLACEHOLDERS]


def _named(cast: Cast, step: ShopStep, language: str) -> str:
    return in_language(step.names, language, cast.shop.locale) or step.key


def _language_name(language: str) -> str:
    return NAMES.get(language) or (Locale.parse(language).get_display_name(language) or language).capitalize()


def _step(request: Request) -> ShopStep:
    cast: Cast = request.state.cast
    found = cast.steps.get(request.path_params["key"])
    if found is None:
        raise NotFound("There is no such step.")
    return found
