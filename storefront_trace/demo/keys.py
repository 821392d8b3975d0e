"""The demo's own keys, kept beside its database: of a key the database has only the hash."""

from __future__ import annotations

import json
import os
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

FILE = "demo.json"


@dataclass(frozen=True)
class Keys:
    """`shop_id` says to which database they belong: a folder can outlive one."""

    shop_id: str
    staff: str
    owner: str
    api: str
    # The link that makes a device the shared tablet: it works once, for a day.
    tablet: str = ""
    # Empty in a folder that an older demo made.
    manager: str = ""
    reader: str = ""
    # Of the link to a screen that shows the wall of thanks.
    wall: str = ""


def load_keys(data_dir: Path) -> Keys | None:
    """None when there is no such file, or nothing of ours in it."""
    try:
        return Keys(**json.loads((data_dir / FILE).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def save_keys(data_dir: Path, keys: Keys) -> None:
    """Whole or not at all, and readable by the owner of the folder alone."""
    handle, draft = tempfile.mkstemp(dir=data_dir, prefix=".demo-")  # mode 0600
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(asdict(keys), file, indent=1)
        file.write("\n")
    os.replace(draft, data_dir / FILE)
