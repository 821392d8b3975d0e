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


Headers = list[tuple[bytes, bytes]]


@dataclass(slots=True)
class KeptPage:
    """`seen` is the database's data_version when the page was last known to be right; `host` the name it was asked
    under, which has been found to be ours. `headers` are all but the length, the safe ones included. `body` goes when
    the page has been compressed: who takes it plain afterwards, which no browser does, has it unpacked. A `sample` is
    nobody's order."""

    stands: PageVersion
    until: int
    etag: bytes
    host: bytes
    body: bytes
    headers: Headers
    seen: int | None
    sample: bool = False
    weight: int = field(init=False)
    _plain: Headers | None = field(default=None)
    _packed: tuple[Headers, bytes] | None = field(default=None)

    def __post_init__(self) -> None:
        # As before it is compressed, when it takes the most room.
        self.weight = len(self.body) + len(self.body) // 3 + _OVERHEAD

    def plain(self) -> tuple[Headers, bytes]:
        body = gzip.decompress(self._packed[1]) if self._packed else self.body
        if self._plain is None:
            self._plain = [*self.headers, (b"content-length", str(len(body)).encode())]
        return self._plain, body

    def packed(self) -> tuple[Headers, bytes]:
        """Made when the first browser asks for it, then kept: it costs half a millisecond."""
        if self._packed is None:
            body = gzip.compress(self.body, 6, mtime=0)
            size = (b"content-length", str(len(body)).encode())
            self._packed = ([*self.headers, (b"content-encoding", b"gzip"), size], body)
            self.body = b""
        return self._packed


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
        self._size += page.weight
        while self._size > self._most:
            self._size -= self._pages.popitem(last=False)[1].weight

    def drop(self, key: tuple[str, str]) -> None:
        page = self._pages.pop(key, None)
        if page is not None:
            self._size -= page.weight
