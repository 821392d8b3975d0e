"""Where a shop has switched off the view of each person, who reads for the shop is told what was said of its teams:
whose step it was does not come with it, and nothing can be asked by a person's name.

It is drawn once, at the door (web/gates.py, api/operations.py), and held to by everything here that reads what
customers say, so that no page has to think of it. One thing is told as passers-by see it: thanks for the wall to which
both have said yes (storage/wall.py). What is written knows whom it is about: inside `write` it is lifted.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from contextvars import ContextVar

import sqlalchemy as sa

from storefront_trace.domain.errors import N_, NotFound

SWITCHED_OFF = N_("This shop does not show what customers say of each person: look at the team.")
_drawn: ContextVar[bool] = ContextVar("veil", default=False)


@contextlib.contextmanager
def veil(drawn: bool) -> Iterator[None]:
    """Whatever is read inside."""
    before = _drawn.set(drawn)
    try:
        yield
    finally:
        _drawn.reset(before)


def is_veiled() -> bool:
    return _drawn.get()


def check_unveiled() -> None:
    """For what is asked about one person. Raises NotFound."""
    if is_veiled():
        raise NotFound(SWITCHED_OFF)


def teams_own(person_id: sa.ColumnElement[str | None]) -> tuple[sa.ColumnElement[bool], ...]:
    """What makes an answer the team's: that nobody did it by name, or, where names do not count, that it has a team."""
    return () if is_veiled() else (person_id.is_(None),)
