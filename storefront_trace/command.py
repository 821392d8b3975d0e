"""How those who run the shop call our commands, for every text that names one: what is not there helps nobody."""

from __future__ import annotations

from pathlib import Path


def command_beside(package: Path) -> str:
    """A checkout brings ./run, which sets itself up; where the package is installed there is a command of its own."""
    checkout = all((package.parent / name).is_file() for name in ("run", "scripts/environment.sh"))
    return "./run" if checkout else "storefront-trace"


COMMAND = command_beside(Path(__file__).parent)
