"""Everything that a person may see is said in every language that we speak."""

from __future__ import annotations

import ast
import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest
from babel.messages.catalog import Catalog

from storefront_trace.domain.shop import LANGUAGES
from storefront_trace.languages import AVAILABLE
from storefront_trace.web.customer.follow import NO_LINK
from storefront_trace.web.customer.track import NO_ORDER
from storefront_trace.web.files import NO_PICTURE
from storefront_trace.web.gates import BY_HAND

SCRIPT = Path(__file__).parents[1] / "scripts" / "messages.py"


@pytest.fixture(scope="module")
def messages() -> ModuleType:
    spec = importlib.util.spec_from_file_location("messages", SCRIPT)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_text_is_said_in_every_language_and_none_is_a_guess(messages: ModuleType) -> None:
    assert {"en", *messages.COMPLETE} == set(AVAILABLE)
    for language in messages.COMPLETE:
        assert messages.unsaid(messages.read(language)) == [], language


@pytest.mark.parametrize("language", [one for one in LANGUAGES if one != "en"])
def test_a_translation_has_the_same_values_and_marks_as_the_text(messages: ModuleType, language: str) -> None:
    assert messages.broken(messages.read(language)) == []


@pytest.mark.parametrize("language", [one for one in LANGUAGES if one != "en"])
def test_no_name_is_inflected(messages: ModuleType, language: str) -> None:
    bent = re.compile(r"%\((name|names|team|carrier|shop|reader|customer|step)\)s(\w|[:'’]\w)")
    for message in messages.read(language):
        said = (message.string,) if isinstance(message.string, str) else tuple(message.string or ())
        assert not any(bent.search(text) for text in said if message.id), said


def test_a_language_is_offered_only_when_a_catalogue_has_it(messages: ModuleType) -> None:
    for language in AVAILABLE:
        assert language == "en" or len(messages.read(language)) > 100, language


def test_a_text_without_swedish_and_a_guessed_one_are_found(messages: ModuleType) -> None:
    known: Catalog = messages.read("sv")
    assert known.get("That went wrong") is not None
    known.delete("That went wrong")
    known["A little too fast"].flags.add("fuzzy")
    assert sorted(messages.unsaid(known)) == ["A little too fast", "That went wrong"]


@pytest.mark.parametrize("language", [one for one in LANGUAGES if one != "en"])
def test_what_a_customer_is_refused_with_is_said_in_her_language(messages: ModuleType, language: str) -> None:
    known = messages.read(language)
    for text in (NO_ORDER, NO_LINK, BY_HAND, NO_PICTURE):
        assert known.get(text) is not None and known.get(text).string, text


@pytest.mark.parametrize(
    ("call", "found"),
    [
        ("NotFound(NO_ORDER)", ["No such order."]),
        ("words.say(NO_ORDER if old else 'Too old.')", ["No such order.", "Too old."]),
        ("Invalid('Write more.', errors=[('words', NO_ORDER)])", ["Write more.", "No such order."]),
        ("NotFound(elsewhere)", []),
    ],
)
def test_a_refusal_is_found_by_the_name_of_its_constant(messages: ModuleType, call: str, found: list[str]) -> None:
    made = ast.parse(call, mode="eval").body
    assert list(messages.said(made, {"NO_ORDER": "No such order."})) == found


@pytest.mark.parametrize("wrong", ["Hei!", "Hei %(nimi)s!", "Hei <b>%(name)s</b>!"])
def test_a_lost_or_misspelt_value_is_found(messages: ModuleType, wrong: str) -> None:
    known = Catalog(locale="fi")
    known.add("Hello %(name)s!", wrong)
    known.add("Sign in to %(shop)s", "Kirjaudu: %(shop)s")
    assert messages.broken(known) == ["Hello %(name)s!"]


def test_each_form_of_a_plural_has_its_values(messages: ModuleType) -> None:
    known = Catalog(locale="fi")
    known.add(("%(num)s thing", "%(num)s things"), ("%(num)s tuote", "tuotetta"))
    assert messages.broken(known) == ["('%(num)s thing', '%(num)s things')"]


# Said of one by a text of its own, or of no fewer than several.
ONLY_OF_MANY = {
    "%(n)s things to take care of",
    "%(n)s things to look in on",
    "%(n)s thanks this week",
    "%(n)s things need you today",
    "And %(n)s things more.",
    "%(n)s customers said thanks without words.",
    "Celebrate the week's %(n)s thanks",
    "More than %(n)s orders; write more of the name",
    "Early, %(answers)s answers",
    "%(concerns)s of the last %(answers)s answers about %(step)s could have been better.",
}


def test_a_count_with_its_noun_has_a_form_for_one(messages: ModuleType) -> None:
    counted = re.compile(r"%\((n|num|total|days|hours|minutes|orders|answers|thanks)\)s(</b>)? [a-z]+s\b")
    texts = [str(one.id) for one in messages.read("sv") if isinstance(one.id, str) and counted.search(str(one.id))]
    assert set(texts) <= ONLY_OF_MANY


def test_a_catalogue_comes_out_the_same_in_whatever_order_its_texts_stood(messages: ModuleType) -> None:
    """Two branches that are merged append theirs one after the other."""
    known: Catalog = messages.read("sv")
    turned = Catalog(locale="sv", fuzzy=False)
    for message in reversed([one for one in known if one.id]):
        turned.add(message.id, message.string, locations=message.locations)
    written = [[one.id for one in messages.merge(catalog)[0]] for catalog in (known, turned)]
    assert written[0] == written[1]
