from __future__ import annotations

from pathlib import Path

import storefront_trace

PACKAGE = Path(storefront_trace.__file__).parent


def written_in(text: str) -> list[str]:
    found = [path for path in PACKAGE.rglob("*.py") if text in path.read_text()]
    return sorted(path.relative_to(PACKAGE).as_posix() for path in found)


def test_which_database_has_which_insert_is_known_in_one_place() -> None:
    """But for the hot one, which is compiled for both beforehand."""
    assert written_in("sqlite.insert(") == ["storage/events.py", "storage/insertion.py"]
    assert written_in("sqlite.insert if") == []


def test_what_stands_for_a_forgotten_name_is_said_in_one_place() -> None:
    assert written_in('"Somebody who is forgotten"') == ["domain/people.py"]
