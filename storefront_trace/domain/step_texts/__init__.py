"""The words of the steps, teams and chips that a shop starts with, one file per language.

A sentence has to be true whoever did the step and whichever value is missing, and no name in it is inflected. "when"
has its preposition ("den 20 november kl. 9.14"). What "role" is in a language stands at the top of its file.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from storefront_trace.domain.step_texts import da, de, en, fi, nb, sv

Names = Mapping[str, str]
_ALL = {"en": en, "sv": sv, "nb": nb, "da": da, "fi": fi, "de": de}
ROLE_EXAMPLES: Names = {language: texts.ROLE_EXAMPLE for language, texts in _ALL.items()}


class StepTexts(NamedTuple):
    """Each by language."""

    names: Names
    next_names: Names
    sentences: Names


def step_texts(key: str) -> StepTexts:
    said = {language: texts.STEPS[key] for language, texts in _ALL.items() if key in texts.STEPS}
    names, next_names, sentences = ({one: words[place] for one, words in said.items()} for place in range(3))
    return StepTexts(names, next_names, sentences)


def team_names(key: str) -> Names:
    return {language: texts.TEAMS[key] for language, texts in _ALL.items() if key in texts.TEAMS}


def chip_names(key: str) -> Names:
    return {language: texts.CHIPS[key] for language, texts in _ALL.items() if key in texts.CHIPS}
