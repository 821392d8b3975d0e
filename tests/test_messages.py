"""Everything that a person may see is said in Swedish too."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest
from babel.messages.catalog import Catalog

SCRIPT = Path(__file__).parents[1] / "scripts" / "messages.py"


@pytest.fixture(scope="module")
def messages() -> ModuleType:
    spec = importlib.util.spec_from_file_location("messages", SCRIPT)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_text_has_its_swedish_and_none_is_a_guess(messages: ModuleType) -> None:
    assert messages.unsaid(messages.read()) == []


def test_a_text_without_swedish_and_a_guessed_one_are_found(messages: ModuleType) -> None:
    known: Catalog = messages.read()
    assert known.get("That went wrong") is not None
    known.delete("That went wrong")
    known["A little too fast"].flags.add("fuzzy")
    assert sorted(messages.unsaid(known)) == ["A little too fast", "That went wrong"]
