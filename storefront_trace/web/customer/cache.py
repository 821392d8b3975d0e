"""Rendered tracking pages, kept until something they show has changed.

A page hangs on the order's version, on the shop's generation (people, steps, face), on the link not being revoked, and
on the day: "today", faded names and a link's end turn at an instant, which is its `until`.
"""

from __future__ import annotations

import gzip
from collections import OrderedDict
from dataclasses import dataclass, field

from storefront_trace.storage.trackread import PageVersion

MOST_BYTES = 64 * 1024 * 1024
_OVERHEAD = 1024


@dataclass(slots=True)
class KeptPage:
    stands: PageVersion
    until: int
    etag: bytes
    body: bytes
    headers: list[tuple[bytes, bytes]]
    seen: int | None
    packed: bytes | None = field(default=None)

    def gzipped(self) -> bytes:
        """Made when the first browser asks, then kept: half a millisecond that bench clients do not pay."""
        if self.packed is None:
            self.packed = gzip.compress(self.body, 6, mtime=0)
        return self.packed


class PageCache:
    """Least recently used first out, bounded in bytes. Keys are (token, what was asked for)."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._pages: OrderedDict[tuple[str, str], KeptPage] = OrderedDict()
        self._most = most_bytes
        self._size = 0

    def get(self, key: tuple[str, str]) -> KeptPage | None:
        page = self._pages.get(key)
        if page is not None:
            self._pages.move_to_end(key)
        return page

    def put(self, key: tuple[str, str], page: KeptPage) -> None:
        self.drop(key)
        self._pages[key] = page
        self._size += _weight(page)
        while self._size > self._most:
            self._size -= _weight(self._pages.popitem(last=False)[1])

    def drop(self, key: tuple[str, str]) -> None:
        page = self._pages.pop(key, None)
        if page is not None:
            self._size -= _weight(page)


def _weight(page: KeptPage) -> int:
    """Counted with its compressed form, which may come later."""
    return len(page.body) + len(page.body) // 3 + _OVERHEAD
