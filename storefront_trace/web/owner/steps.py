"""/owner/steps: what happens to an order, in its order, and the sentence that a customer reads when it has."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from storefront_trace.actions import shop_steps
from storefront_trace.domain.errors import N_, Conflict, Invalid
from storefront_trace.domain.sentences import parse
from storefront_trace.domain.shop import Cast, ShopStep
from storefront_trace.domain.step_places import is_movable, moves, places
from storefront_trace.domain.steps import is_step_key
from storefront_trace.domain.texts import label_within
from storefront_trace.web.faces import inside, team_name
from storefront_trace.web.forms import whole_form
from storefront_trace.web.languages import AVAILABLE
from storefront_trace.web.owner.base import frame, language_of, refusals, saved, show, teams_to_choose, texts
from storefront_trace.web.owner.chip_form import TypedChip, chip_section
from storefront_trace.web.owner.forms import handle_from, text_of
from storefront_trace.web.owner.samples import example
from storefront_trace.web.owner.step import PATH, fields, language_name, step_name
from storefront_trace.web.owner.step_form import LONGEST
from storefront_trace.web.wording import listed, wait_text

FIRST_CHIPS = ("kind", "fast", "clear", "late", "unclear")
TAKEN = N_("There is such a step already. Choose another name.")
GONE = N_("There was such a step. Bring it back from the foot of the list, or choose another name.")
ANYTIME = "anytime"


async def show_steps(request: Request) -> Response:
    return list_page(request)


async def post_new_step(request: Request) -> Response:
    """Puts a step after another one; its own page has the rest."""
    cast: Cast = request.state.cast
    desk, form = request.app.state.desk, await whole_form(request)
    typed = {name: text_of(form, name) for name in ("name", "sentence", "after", "team")}
    try:
        step = _new_step(cast, typed)
        after = None if typed["after"] == ANYTIME else typed["after"]
        await shop_steps.add_step(desk, cast.shop.id, step, after)
    except (Invalid, Conflict) as error:
        return list_page(request, refusals(request, error, {}, "sentence"), typed)
    return saved(f"{PATH}/{step.key}", "added")


async def post_move(request: Request) -> Response:
    """Behind the step that `after` names. Whoever moved it has the same button at hand again."""
    cast: Cast = request.state.cast
    form = await whole_form(request)
    key, way = request.path_params["key"], request.query_params.get("way")
    try:
        await shop_steps.move_step(request.app.state.desk, cast.shop.id, key, text_of(form, "after"))
    except Invalid as error:
        return list_page(request, {f"step-{key}": error.render(texts(request).gettext(error.message))})
    query = f"said=moved&moved={key}&way={'up' if way == 'up' else 'down'}"
    return RedirectResponse(f"{PATH}?{query}", 303, {"Cache-Control": "no-store"})


async def post_back(request: Request) -> Response:
    cast: Cast = request.state.cast
    key = request.path_params["key"]
    try:
        await shop_steps.bring_step_back(request.app.state.desk, cast.shop.id, key)
    except Invalid as error:
        return list_page(request, {f"step-{key}": error.render(texts(request).gettext(error.message))})
    return saved(PATH, "step-back", anchor=f"#step-{key}")


def list_page(
    request: Request,
    errors: dict[str, str] | None = None,
    typed: dict[str, str] | None = None,
    chip: TypedChip | None = None,
) -> Response:
    cast: Cast = request.state.cast
    language = language_of(request)
    after = places(cast)
    gone = sorted((step for step in cast.steps.values() if step.gone), key=lambda step: step.gone_at or 0, reverse=True)
    context = {
        "way": [_row(request, step) for step in cast.steps_in_order if step.position],
        "beside": [_row(request, step) for step in cast.steps_in_order if not step.position],
        "gone": [_row(request, step) for step in gone],
        "places": [
            *({"key": step.key, "name": step_name(cast, step, language)} for step in after),
            {"key": ANYTIME, "name": texts(request).gettext("At any time: the order waits then")},
        ],
        "teams": teams_to_choose(cast, language),
        "values": typed or {"name": "", "sentence": "", "after": after[-1].key if after else "", "team": ""},
        "own_language": language_name(cast.shop.locale),
        "fields": fields(request),
        "chips": chip_section(cast, language, chip),
    }
    return show(request, "steps", frame(request, texts(request).gettext("Steps"), "shop", errors) | context)


def _row(request: Request, step: ShopStep) -> dict[str, Any]:
    cast: Cast = request.state.cast
    language = language_of(request)
    up, down = moves(cast, step) if not step.gone else (None, None)
    return {
        "key": step.key,
        "name": step_name(cast, step, language),
        "url": f"{PATH}/{step.key}",
        "icon": step.icon,
        "sentence": example(cast, step, language),
        "facts": _facts(request, step),
        "movable": is_movable(step) and not step.gone,
        "place": step in places(cast),
        "up": up,
        "down": down,
        "focus": _focus(request, step, up, down),
    }


def _facts(request: Request, step: ShopStep) -> list[str]:
    cast: Cast = request.state.cast
    language, say = language_of(request), texts(request)
    found = [team_name(cast, step.team, language) if step.team else say.gettext("The carrier")]
    if step.expected_minutes and step.position:
        found.append(say.say("usually within %(span)s", span=wait_text(step.expected_minutes, language)))
    if step.logged_by is not None:
        found.append(
            say.say("Only %(team)s logs it", team=inside(cast, team_name(cast, step.logged_by, language), language))
        )
    found += [say.gettext("Customers can thank for it")] if step.asks_feedback and step.visible else []
    missing = [one for one in AVAILABLE if not step.sentences.get(one)]
    if missing and step.visible:
        spoken = listed([language_name(one) for one in AVAILABLE if one not in missing], language)
        found.append(say.say("Written only in %(languages)s", languages=spoken))
    return found + ([] if step.visible else [say.gettext("Not shown to customers")])


def _focus(request: Request, step: ShopStep, up: str | None, down: str | None) -> str:
    """ "up" or "down": which button of the step that was just moved is at hand."""
    asked = request.query_params
    if asked.get("moved") != step.key:
        return ""
    wished = "up" if asked.get("way") == "up" else "down"
    return wished if (up if wished == "up" else down) else "down" if up is None else "up"


def _new_step(cast: Cast, typed: dict[str, str]) -> ShopStep:
    """Its place among the others is settled when it is put there."""
    name = label_within(typed["name"], LONGEST["name"], field="name")
    parse(typed["sentence"])
    own = cast.shop.locale
    return ShopStep(
        key=_key(name, cast),
        position=0,
        effect="pause" if typed["after"] == ANYTIME else "advance",
        icon="clock" if typed["after"] == ANYTIME else "check",
        team=typed["team"] or None,
        names={own: name},
        next_names={own: name},
        sentences={own: typed["sentence"]},
        chips=FIRST_CHIPS,
    )


def _key(name: str, cast: Cast) -> str:
    same = [
        step for step in cast.steps.values() if name.casefold() in (text.casefold() for text in step.names.values())
    ]
    if same:
        said = GONE if all(step.gone for step in same) else TAKEN
        raise Invalid(said, errors=[("name", said)])
    key = handle_from(name, [key.replace("_", "-") for key in cast.steps], otherwise="step").replace("-", "_")
    return key if is_step_key(key) else f"step_{key}"[:40]
