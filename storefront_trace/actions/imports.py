"""Orders from files, through the same door as webhooks."""

from __future__ import annotations

from storefront_trace.actions.desk import Desk
from storefront_trace.actions.incoming import NotYet, apply_incoming
from storefront_trace.domain.errors import DomainError
from storefront_trace.integrations.files import Entry
from storefront_trace.storage.statistics import update_statistics

__all__ = ["NotYet", "explain", "import_entry", "keep_pace"]


async def import_entry(desk: Desk, shop_id: str, entry: Entry) -> str:
    """ "applied", or "nothing" when all of it was known. Raises a DomainError for what is refused, and NotYet for what
    may be said again when the rest of the files is read."""
    if isinstance(entry.facts, DomainError):
        raise entry.facts
    return (await apply_incoming(desk, shop_id, entry.facts, source=entry.source)).result


async def keep_pace(desk: Desk, applied: int) -> None:
    """After each entry that was new: at 1,024, 2,048, 4,096 of them and so on, so that the next is found as soon as the
    first was."""
    if applied >= 1024 and applied.bit_count() == 1:
        async with desk.db.write() as conn:
            await update_statistics(conn)


def explain(refusal: DomainError | NotYet) -> str:
    """One line, with the fields that it is about."""
    if isinstance(refusal, NotYet):
        return f"{refusal} Import it once more then."
    fields = [f"{field}: {message}" for field, message in refusal.errors if message != str(refusal)]
    return " ".join([str(refusal), *fields])
