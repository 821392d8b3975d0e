"""Which shop systems we understand: the one table from a connection's kind to its module.

To add one, write a module with these functions and name it here; nothing else asks what kind a connection is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from storefront_trace.domain.errors import NotFound
from storefront_trace.domain.incoming import Incoming
from storefront_trace.integrations import shopify, woocommerce
from storefront_trace.integrations.strict_json import Body


class Kind(Protocol):
    """`parse`, `facts` and `scrub` raise Invalid, the others nothing. `facts` is `parse` for a body already read."""

    @property
    def TOPICS(self) -> frozenset[str]: ...

    def verify(self, secret: str | Sequence[str], headers: Mapping[str, str], raw: bytes) -> bool: ...
    def delivery_key(self, headers: Mapping[str, str], raw: bytes) -> str: ...
    def topic(self, headers: Mapping[str, str]) -> str: ...
    def is_ping(self, headers: Mapping[str, str], raw: bytes) -> bool: ...
    def parse(self, topic: str, raw: bytes, *, zone: str) -> tuple[Incoming, ...]: ...
    def facts(self, topic: str, body: Body, *, zone: str) -> tuple[Incoming, ...]: ...
    def scrub(self, raw: bytes) -> bytes: ...
    def topic_of(self, body: Body) -> str | None: ...


KINDS: Mapping[str, Kind] = {"shopify": shopify, "woocommerce": woocommerce}


def kind(name: str) -> Kind:
    found = KINDS.get(name)
    if found is None:
        raise NotFound("There is no such kind of connection.")
    return found
