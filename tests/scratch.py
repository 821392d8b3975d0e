"""Where the tests write: in memory where there is room. On a disk every small file costs, and the tests make hundreds
of thousands: a copy of a PostgreSQL database took half a second there and takes a fiftieth of one here."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

MEMORY = Path("/dev/shm")
ROOM = 2 * 2**30  # bytes; a whole run needs about half of it


def use_memory() -> None:
    """For this process and what it starts, unless the caller chose a place."""
    if "TMPDIR" not in os.environ and _is_good(MEMORY):
        os.environ["TMPDIR"] = str(MEMORY)
        tempfile.tempdir = None


def _is_good(folder: Path) -> bool:
    """A container's own is often small, or nothing in it may be run: the tests make environments with programs."""
    if not os.access(folder, os.W_OK) or os.statvfs(folder).f_flag & os.ST_NOEXEC:
        return False
    return shutil.disk_usage(folder).free >= ROOM and _free_memory() >= 2 * ROOM


def _free_memory() -> int:
    """In bytes; what caches hold is free."""
    for line in Path("/proc/meminfo").read_text().splitlines():
        if line.startswith("MemAvailable:"):
            return int(line.split()[1]) * 1024
    return 0
