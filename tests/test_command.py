from __future__ import annotations

import re
from pathlib import Path

from storefront_trace.command import COMMAND, command_beside

ROOT = Path(__file__).parents[1]
CODE = [*ROOT.glob("storefront_trace/**/*.py"), *ROOT.glob("templates/**/*.html"), *ROOT.glob("templates/**/*.txt")]
TO_TYPE = re.compile(r"[`>]storefront-trace [a-z]|[Ww]ith storefront-trace ")


def test_in_a_checkout_our_texts_name_what_lies_there_and_else_what_is_installed(tmp_path: Path) -> None:
    assert COMMAND == "./run"
    assert command_beside(ROOT / "storefront_trace") == "./run"
    (tmp_path / "run").touch()  # somebody else's
    assert command_beside(tmp_path / "storefront_trace") == "storefront-trace"


def test_no_text_names_a_command_that_may_not_be_there() -> None:
    told = {
        f"{path.relative_to(ROOT)}:{number}"
        for path in CODE
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if TO_TYPE.search(line) and not line.startswith('"""')
    }
    assert told == set()
