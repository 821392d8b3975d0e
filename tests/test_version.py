from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import storefront_trace

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def pins(name: str) -> set[str]:
    """`package==version`, as one lock file has them, markers left out."""
    lines = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return {line.split(" ")[0] for line in lines if re.match("[a-z0-9]", line)}


def test_the_version_has_one_source() -> None:
    assert "version" not in PROJECT["project"]
    assert PROJECT["project"]["dynamic"] == ["version"]
    assert PROJECT["tool"]["hatch"]["version"]["path"] == "storefront_trace/__init__.py"
    assert re.fullmatch(r"\d+\.\d+\.\d+", storefront_trace.__version__)


def test_the_changelog_begins_with_this_version() -> None:
    headings = re.findall(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert headings[0] == storefront_trace.__version__


@pytest.mark.parametrize(("smaller", "larger"), [("run", "postgres"), ("postgres", "check")])
def test_one_environment_serves_run_and_check(smaller: str, larger: str) -> None:
    assert pins(smaller) < pins(larger)


@pytest.mark.parametrize("name", ["run", "postgres", "check"])
def test_lock_files_have_a_hash_for_everything_and_name_no_host(name: str) -> None:
    text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    assert "://" not in text
    for entry in re.split(r"\n(?=[a-z0-9])", text.strip()):
        assert "--hash=sha256:" in entry, entry.splitlines()[0]


def test_everything_the_package_asks_for_is_locked() -> None:
    asked = [
        *PROJECT["project"]["dependencies"],
        *PROJECT["project"]["optional-dependencies"]["postgres"],
        *PROJECT["dependency-groups"]["check"],
    ]
    locked = dict(pin.split("==") for pin in pins("check"))
    for requirement in map(Requirement, asked):
        version = locked.get(canonicalize_name(requirement.name))
        assert version, f"run scripts/lock: {requirement.name} is not locked"
        assert requirement.specifier.contains(version), f"run scripts/lock: {requirement} is locked at {version}"
