"""Who changed what: every action of an owner's notes itself here, in its own transaction.

Who acts is said once, at the door (`acting`), and not handed through every action: what is forgotten in between would
be noted as nobody's. Without a word it is the command line, which has no door.

Names, addresses and what customers wrote are never noted: rows stay, and hold the ids of those whose names may go.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from contextvars import ContextVar
from dataclasses import asdict, dataclass
from typing import Any

from storefront_trace.actions.desk import Desk
from storefront_trace.domain.clock import now_micros
from storefront_trace.domain.ids import new_id
from storefront_trace.storage import audit
from storefront_trace.storage.database import Connection

LONGEST = 200
MOST = 60
# Of these it is noted that they changed, not from what to what.
WITHOUT_VALUES = frozenset({"display_name", "email", "roles", "photo", "logo", "calendar.public", "pace", "papers"})


@dataclass(frozen=True)
class Actor:
    """A person by id, or a machine by its token's name; neither is somebody at the command line. What is not `noted`
    is nobody's business: what staff do with what is their own, and what happens by itself."""

    person_id: str | None = None
    token: str | None = None
    noted: bool = True


COMMAND_LINE, ITSELF = Actor(), Actor(noted=False)
_acting: ContextVar[Actor] = ContextVar("acting", default=COMMAND_LINE)


@contextlib.contextmanager
def acting(actor: Actor) -> Iterator[None]:
    """Whatever is done inside, `actor` does."""
    before = _acting.set(actor)
    try:
        yield
    finally:
        _acting.reset(before)


async def note(
    conn: Connection,
    shop_id: str,
    what: str,
    subject: str | None = None,
    key: str | None = None,
    *,
    before: Any = None,
    after: Any = None,
    by: Actor | None = None,
    **told: Any,
) -> None:
    """Inside the action's `db.write()`. `what` is one of domain/audit.py; `before` and `after` are the thing as it was
    and is (a mapping or a dataclass): when both say the same, nothing was changed and nothing is noted. `told` is what
    else the sentence needs."""
    actor = by or _acting.get()
    if not actor.noted:
        return
    changes = _changes(_flat(before), _flat(after))
    if before is not None and after is not None and not changes:
        return
    detail: dict[str, Any] = {name: _short(value) for name, value in told.items() if value is not None}
    if before is not None:
        detail["changes"] = changes
    await audit.insert_audit(
        conn,
        shop_id,
        id=new_id(),
        at=now_micros(),
        person_id=actor.person_id,
        token=actor.token,
        what=what,
        subject=subject,
        subject_key=key,
        detail=detail,
    )


async def note_alone(desk: Desk, shop_id: str, what: str, *of: str, **told: Any) -> None:
    """What only looked, and wrote nothing that could be noted along with it."""
    if _acting.get().noted:
        async with desk.db.write() as conn:
            await note(conn, shop_id, what, *of, **told)


def _changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[list[Any]]:
    """[field, what it was, what it is] of what differs."""
    names = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    return [
        [name]
        if name.split(".")[0] in WITHOUT_VALUES or name in WITHOUT_VALUES
        else [name, *_both(name, before, after)]
        for name in names[:MOST]
    ]


def _both(name: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Any, Any]:
    return _short(before.get(name)), _short(after.get(name))


def _flat(thing: Any) -> dict[str, Any]:
    """One level deep: {"sentences": {"sv": "…"}} is {"sentences.sv": "…"}. What is empty is not there."""
    values: Mapping[str, Any] = {} if thing is None else thing if isinstance(thing, Mapping) else asdict(thing)
    flat: dict[str, Any] = {}
    for name, value in values.items():
        inner = {f"{name}.{key}": one for key, one in value.items()} if isinstance(value, Mapping) else {name: value}
        flat |= {key: list(one) if isinstance(one, tuple) else one for key, one in inner.items()}
    return {name: value for name, value in flat.items() if value not in (None, "", [], {})}


def _short(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float):
        return value
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
