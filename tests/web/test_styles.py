from __future__ import annotations

import re
from pathlib import Path

import pytest

from storefront_trace.web.page import STATIC


@pytest.mark.parametrize("path", sorted(STATIC.glob("*.css")), ids=lambda path: path.name)
def test_every_block_of_a_style_sheet_is_closed_before_the_next_begins(path: Path) -> None:
    """A browser says nothing of a brace too many or too few: it drops the block after it."""
    text = re.sub(r"/\*.*?\*/", lambda comment: "\n" * comment[0].count("\n"), path.read_text(), flags=re.S)
    text = re.sub(r'"[^"]*"', "", text)
    depth = 0
    for number, line in enumerate(text.splitlines(), 1):
        assert not (line.startswith("@layer") and depth), f"line {number} begins inside another block"
        for brace in re.findall(r"[{}]", line):
            depth += 1 if brace == "{" else -1
            assert depth >= 0, f"line {number} closes what is not open"
    assert depth == 0
