"""Noting that somebody has read what customers say of a person.

It is the one thing that opening a page writes, and no exception to "GET changes nothing": it is a log of the opening
itself, like a server's own. It changes nothing that anybody sees but the log, reading twice notes once, and a scanner
that follows links cannot come here, for the page asks who it is. It is written before the answer goes out: what cannot
be noted is not read.
"""

from __future__ import annotations

from collections.abc import Iterable

from storefront_trace.actions.desk import Desk
from storefront_trace.domain.clock import now_micros
from storefront_trace.domain.ids import new_id
from storefront_trace.domain.moments import day_of
from storefront_trace.domain.shop import Shop
from storefront_trace.storage import readings
from storefront_trace.storage.feedback import Feedback
from storefront_trace.storage.readings import Reading


async def note_reading(desk: Desk, shop: Shop, reader_id: str, what: str, people: Iterable[str]) -> None:
    """The first time in a day writes; after that it is one look at an index. What is about oneself is one's own.
    `reader_id` is a person's, or an API token's."""
    of, now = sorted(set(people) - {reader_id}), now_micros()
    day = day_of(now, shop.zone)
    async with desk.db.read() as conn:
        known = await readings.list_noted(conn, shop.id, day, reader_id, what, of) if of else set()
    new = [one for one in of if one not in known]
    if not new:
        return
    async with desk.db.write() as conn:
        for person_id in new:
            await readings.insert_reading(conn, shop.id, Reading(new_id(), now, day, reader_id, person_id, what))


async def note_said(desk: Desk, shop: Shop, reader_id: str, said: Iterable[Feedback]) -> None:
    """What stands on a page about several: each by what it is."""
    shown = [(one.choice, one.person_id) for one in said if one.person_id]
    for what, choice in (("answers", "thanks"), ("concerns", "concern")):
        await note_reading(desk, shop, reader_id, what, [person for is_, person in shown if is_ == choice])
