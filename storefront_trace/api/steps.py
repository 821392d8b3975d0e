"""The steps of the shop: read, changed, added."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from pydantic import Field

from storefront_trace.actions import shop_steps
from storefront_trace.api import fields
from storefront_trace.api.callers import Caller
from storefront_trace.api.fields import Shown, Strict
from storefront_trace.api.operations import Answer, operation
from storefront_trace.domain.chips import CHIPS
from storefront_trace.domain.errors import Conflict, Invalid
from storefront_trace.domain.orders import METHODS
from storefront_trace.domain.own_chips import MOST_OWN
from storefront_trace.domain.sentences import parse
from storefront_trace.domain.shop import Cast, ShopStep
from storefront_trace.domain.steps import DEFAULT_STEPS, Effect, Icon

DEFAULTS = {step.key: step for step in DEFAULT_STEPS}
FIXED = "The place and the effect of a step that every shop has cannot be changed. Leave them out, or add a step."
YEAR = 366 * 24 * 60
Sentence = Annotated[str, Field(min_length=1, max_length=300)]


MOST_CHIPS = len(CHIPS) + MOST_OWN


class StepBody(Strict):
    """`position` orders the steps of the way to the customer: received 10, picked 20, packed 30, shipped 40,
    delivered 70; 0 is beside it, which no step that advances is. It and `effect` are fixed for the steps that every
    shop has. `names` and `sentences` are in the shop's own language at least. A sentence has the placeholders {name},
    {role}, {when}, {to}, {parcel}, {carrier}, {number} and {shop}, and [parts] that go when their value is missing.
    `methods` are the ways to the customer that it is part of; left out, they stay as they are, at first all of them.
    `chips` are keys of everybody's chips (well_packed, fast, kind, clear, careful, on_time; late, damaged, missing,
    wrong_item, unclear, packaging) and of the shop's own, which the owner makes. A step that the owner has taken away
    is brought back."""

    key: fields.StepKey | None = None
    names: dict[fields.Language, fields.Line40] = Field(min_length=1)
    sentences: dict[fields.Language, Sentence] = Field(min_length=1)
    next_names: dict[fields.Language, fields.Line40] = Field(default={})
    position: Annotated[int, Field(ge=0, le=99), fields.WHOLE] | None = None
    effect: Effect | None = None
    icon: Icon | None = None
    team: fields.Handle | None = None
    methods: list[fields.Method] | None = Field(default=None, min_length=1, max_length=len(METHODS))
    chips: list[fields.StepKey] = Field(default=[], max_length=MOST_CHIPS)
    expected_minutes: Annotated[int, Field(ge=0, le=YEAR), fields.WHOLE] | None = None
    asks_feedback: bool = True
    visible: bool = True


class StepShown(Shown):
    key: str
    position: int
    effect: Effect
    icon: str
    team: str | None
    names: dict[str, str]
    next_names: dict[str, str]
    sentences: dict[str, str]
    chips: list[str]
    methods: list[str] | None
    expected_minutes: int | None
    asks_feedback: bool
    visible: bool


class StepPage(Shown):
    items: list[StepShown]
    next_cursor: str | None = None


EXAMPLE = {
    "names": {"sv": "Inslagen", "en": "Gift-wrapped"},
    "sentences": {"sv": "{name} slog in din present {when}.", "en": "{name} wrapped your present {when}."},
    "position": 25,
    "icon": "hand",
    "team": "warehouse",
    "chips": ["careful", "late"],
}


@operation("The steps of the shop, in their order", {200: StepPage})
async def list_steps(caller: Caller) -> Answer:
    return Answer(StepPage(items=[_shown(step) for step in caller.cast.standing]))


@operation(
    "Add a step or change one; what has been logged keeps the meaning it had",
    {201: StepShown, 200: StepShown},
    body=StepBody,
    example=EXAMPLE,
    conflicts=True,
)
async def put_step(caller: Caller, key: str, body: StepBody) -> Answer:
    _check_languages(caller.cast.shop.locale, body)
    for language, sentence in body.sentences.items():
        _check_sentence(language, sentence)
    _check_chips(caller.cast, body.chips)
    step, new = await shop_steps.make_step(caller.desk, caller.shop_id, key, partial(_step, key, body))
    return Answer(_shown(step), 201 if new else 200)


def _check_languages(own: str, body: StepBody) -> None:
    """Who reads a language that the step does not speak reads the shop's: without it, half of the page would be in a
    language that nobody chose. What is stored does not fill it in: a step is what was sent last."""
    told = {"names": body.names, "sentences": body.sentences}
    missing = [field for field, texts in told.items() if own not in texts]
    if missing:
        raise Invalid(
            f"The shop's own language is missing: {own}.",
            errors=[(f"{field}.{own}", "Send it in the shop's own language, too.") for field in missing],
        )


def _check_chips(cast: Cast, keys: list[str]) -> None:
    wrong = [place for place, key in enumerate(keys) if key not in cast.chips or cast.chips[key].gone]
    if wrong:
        raise Invalid(
            "There is no such chip.", errors=[(f"chips.{place}", "There is no such chip.") for place in wrong]
        )


def _check_sentence(language: str, sentence: str) -> None:
    try:
        parse(sentence)
    except Invalid as refusal:
        where = f"sentences.{language}"
        raise Invalid(refusal.message, errors=[(where, refusal.message)], params=refusal.params) from None


def _step(key: str, body: StepBody, old: ShopStep | None) -> ShopStep:
    position, effect = _place(key, body, old)
    return ShopStep(
        key=key,
        position=position,
        effect=effect,
        icon=body.icon or (old.icon if old else "check"),
        team=body.team,
        names={language: name for language, name in body.names.items()},
        next_names={language: name for language, name in (body.names | body.next_names).items()},
        sentences={language: text for language, text in body.sentences.items()},
        chips=tuple(dict.fromkeys(body.chips)),
        methods=_methods(key, body, old),
        expected_minutes=body.expected_minutes,
        asks_feedback=body.asks_feedback,
        visible=body.visible,
        logged_by=old.logged_by if old else None,
    )


def _methods(key: str, body: StepBody, old: ShopStep | None) -> tuple[str, ...] | None:
    if body.methods is None:
        fixed = DEFAULTS.get(key)
        return old.methods if old else fixed.methods if fixed else None
    return tuple(method for method in METHODS if method in body.methods)


def _place(key: str, body: StepBody, old: ShopStep | None) -> tuple[int, str]:
    fixed = DEFAULTS.get(key)
    if fixed is not None:
        if body.position not in (None, fixed.position) or body.effect not in (None, fixed.effect):
            raise Conflict(FIXED, errors=[("position", "Leave it out."), ("effect", "Leave it out.")])
        return fixed.position, fixed.effect
    position = body.position if body.position is not None else (old.position if old else 0)
    effect = body.effect or (old.effect if old else "advance")
    if not position and effect == "advance":
        raise Invalid("A step of your own needs a position.", errors=[("position", "Send a number from 1 to 99.")])
    return position, effect


def _shown(step: ShopStep) -> StepShown:
    return StepShown(**{name: getattr(step, name) for name in StepShown.model_fields})
