"""Long lists by name, a leaf at a time: `?page=2`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

from starlette.requests import Request

LEAF = 50
Item = TypeVar("Item")


@dataclass(frozen=True)
class Leaf(Generic[Item]):
    """`before` and `after` are the URLs of the leaves beside this one."""

    items: list[Item]
    before: str | None
    after: str | None


def leaf_of(request: Request, items: list[Item]) -> Leaf[Item]:
    """Of all items; a number that is none, or too large, is the nearest leaf that there is."""
    asked, last = request.query_params.get("page", ""), max(1, -(-len(items) // LEAF))
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 1
    number = min(max(1, number), last)
    path = request.url.path
    return Leaf(
        items[(number - 1) * LEAF : number * LEAF],
        None if number == 1 else path if number == 2 else f"{path}?page={number - 1}",
        f"{path}?page={number + 1}" if number < last else None,
    )
