"""Orders from files, through the same door as webhooks."""

from __future__ import annotations

from storefront_trace.actions.desk import Desk
from storefront_trace.actions.incoming import NotYet, apply_incoming
from storefront_trace.domain.errors import DomainError
from storefront_trace.integrations.files import Entry

__all__ = ["NotYet", "explain", "import_entry"]


async def import_entry(desk: Desk, shop_id: str, entry: Entry) -> str:
    """ "applied", or "nothing" when all of it was known. Raises a DomainError for what is refused, and NotYet for what
    may be said again when the rest of the files is read."""
    if isinstance(entry.facts, DomainError):
        raise entry.facts
    return (await apply_incoming(desk, shop_id, entry.facts, source=entry.source)).result


def explain(refusal: DomainError | NotYet) -> str:
    """One line, with the fields that it is about."""
    if isinstance(refusal, NotYet):
        return f"{refusal} Import it once more then."
    fields = [f"{field}: {message}" for field, message in refusal.errors if message != str(refusal)]
    return " ".join([str(refusal), *fields])
