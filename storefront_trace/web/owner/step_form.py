"""A step as the owner types it: checked, with what to mend at each field, and the step it makes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from starlette.datastructures import FormData

from storefront_trace.domain.errors import N_, DomainError, Invalid
from storefront_trace.domain.sentences import parse
from storefront_trace.domain.shop import Cast, ShopStep
from storefront_trace.domain.steps import ICONS
from storefront_trace.domain.texts import label_within
from storefront_trace.web.languages import AVAILABLE, Catalogue
from storefront_trace.web.owner.forms import text_of

MOST_HOURS = 2000
LONGEST = {"name": 40, "next_name": 80}
HOURS = N_("Write the hours as a number from 0 to 2000, or leave it empty.")
STUCK = N_("It would wait for a team that could not log it. Choose that team here, too, or everybody.")
NEEDED = N_("This cannot be empty in the shop's own language.")


@dataclass(frozen=True)
class TypedStep:
    """As it was typed. The texts are by language."""

    names: Mapping[str, str]
    next_names: Mapping[str, str]
    sentences: Mapping[str, str]
    team: str
    logged_by: str
    icon: str
    expected_hours: str
    chips: tuple[str, ...]
    asks_feedback: bool
    visible: bool


def languages_of(cast: Cast, step: ShopStep) -> list[str]:
    """The shop's own first, then those of our pages, then what else is stored."""
    stored = (*step.names, *step.sentences)
    return list(dict.fromkeys((cast.shop.locale, *AVAILABLE, *stored)))


def typed_of(step: ShopStep) -> TypedStep:
    minutes = step.expected_minutes
    return TypedStep(
        names=step.names,
        next_names=step.next_names,
        sentences=step.sentences,
        team=step.team or "",
        logged_by=step.logged_by or "",
        icon=step.icon,
        expected_hours="" if minutes is None else f"{minutes / 60:g}",
        chips=step.chips,
        asks_feedback=step.asks_feedback,
        visible=step.visible,
    )


def read_step(cast: Cast, step: ShopStep, form: FormData) -> TypedStep:
    def by_language(name: str, kept: Mapping[str, str]) -> dict[str, str]:
        fields = {one: f"{name}.{one}" for one in languages_of(cast, step)}
        return {one: text_of(form, field) if field in form else kept.get(one, "") for one, field in fields.items()}

    return TypedStep(
        names=by_language("name", step.names),
        next_names=by_language("next_name", step.next_names),
        sentences=by_language("sentence", step.sentences),
        team=text_of(form, "team"),
        logged_by=text_of(form, "logged_by") if "logged_by" in form else step.logged_by or "",
        icon=text_of(form, "icon"),
        expected_hours=text_of(form, "expected_hours"),
        chips=tuple(key for key in form.getlist("chips") if isinstance(key, str)),
        asks_feedback=text_of(form, "asks_feedback") == "1",
        visible=text_of(form, "visible") == "1",
    )


def mend_step(cast: Cast, typed: TypedStep, texts: Catalogue) -> dict[str, str]:
    """What to mend, by the id of the input; nothing when it can be saved."""
    errors: dict[str, str] = {}

    def refuse(field: str, error: DomainError) -> None:
        errors[field] = error.render(texts.gettext(error.message))

    for language in typed.names:
        for name, words in (("name", typed.names), ("next_name", typed.next_names), ("sentence", typed.sentences)):
            field, text = f"{name}.{language}", words.get(language, "")
            if not text and language == cast.shop.locale:
                errors[field] = texts.gettext(NEEDED)
            elif text:
                try:
                    parse(text) if name == "sentence" else label_within(text, LONGEST[name], field=field)
                except Invalid as error:
                    refuse(field, error)
    if _minutes(typed.expected_hours) == -1:
        errors["expected_hours"] = texts.gettext(HOURS)
    for field, team in (("team", typed.team), ("logged_by", typed.logged_by)):
        if team and team not in cast.teams:
            errors[field] = texts.gettext("There is no such team.")
    if typed.logged_by and typed.team and typed.team != typed.logged_by:
        errors.setdefault("logged_by", texts.gettext(STUCK))
    return errors


def step_from(cast: Cast, step: ShopStep, typed: TypedStep) -> ShopStep:
    """Of a form with nothing to mend."""
    offered = [key for key, chip in cast.chips.items() if not chip.gone]
    return replace(
        step,
        names=_filled(typed.names),
        next_names=_filled(typed.next_names),
        sentences=_filled(typed.sentences),
        team=typed.team or None,
        logged_by=typed.logged_by or None,
        icon=typed.icon if typed.icon in ICONS else step.icon,
        expected_minutes=_minutes(typed.expected_hours),
        chips=_chips(step.chips, typed.chips, offered),
        asks_feedback=typed.asks_feedback,
        visible=typed.visible,
    )


def _chips(old: tuple[str, ...], ticked: tuple[str, ...], offered: list[str]) -> tuple[str, ...]:
    """In the order they had; those that only a connected system knows stay."""
    kept = tuple(key for key in old if key in ticked or key not in offered)
    return kept + tuple(key for key in offered if key in ticked and key not in old)


def _filled(words: Mapping[str, str]) -> dict[str, str]:
    return {language: text for language, text in words.items() if text}


def _minutes(hours: str) -> int | None:
    """None when nothing is said, -1 when it cannot be read."""
    if not hours:
        return None
    try:
        found = float(hours.replace(",", "."))
    except ValueError:
        return -1
    return round(found * 60) if 0 <= found <= MOST_HOURS else -1
