"""What a shop settles about its people's data: what its papers say, whether owners read each person's feedback, and
what is done before real customers come."""

from __future__ import annotations

from collections.abc import Mapping

from storefront_trace.actions.audit import note
from storefront_trace.actions.desk import Desk
from storefront_trace.actions.journal import remember
from storefront_trace.domain.clock import now_micros
from storefront_trace.domain.errors import NotFound
from storefront_trace.domain.golive import RENEWED, TICKS
from storefront_trace.domain.moments import day_of
from storefront_trace.domain.papers import check_agreed, check_papers
from storefront_trace.storage import shops

MOST_SWITCHES = 50


async def set_papers(desk: Desk, shop_id: str, typed: Mapping[str, str]) -> None:
    """Raises Invalid with the fields of domain/papers.py."""
    checked = check_papers(typed)
    async with desk.db.write() as conn:
        old = await shops.get_shop(conn, shop_id, lock=True)
        await shops.update_shop(conn, shop_id, papers=checked)
        await shops.update_generation(conn, shop_id)
        await note(conn, shop_id, "privacy.papers", before={"papers": old.papers}, after={"papers": checked})


async def hide_people(desk: Desk, shop_id: str, *, by_person: str) -> None:
    """From now on owners read what customers say of the shop and its teams, and nothing of one person. Twice is
    once."""
    async with desk.db.write() as conn:
        old = await shops.get_shop(conn, shop_id, lock=True)
        if old.per_person:
            switched = {"on": False, "at": now_micros(), "by": by_person}
            await shops.update_shop(
                conn, shop_id, per_person=False, agreed=[*(old.agreed or []), switched][-MOST_SWITCHES:]
            )
            await shops.update_generation(conn, shop_id)
            await note(conn, shop_id, "privacy.view_off")
            await remember(desk, conn, shop_id, "view")


async def show_people(desk: Desk, shop_id: str, *, by_person: str, name: str, day: str) -> None:
    """Owners read each person's feedback again; `name` agreed to it for the employees on `day` (Invalid: "agreed" or
    "day"). What they were told before is another thing, so it is to be settled anew. Twice is once."""
    async with desk.db.write() as conn:
        old = await shops.get_shop(conn, shop_id, lock=True)
        if old.per_person:
            return
        now = now_micros()
        agreed, on = check_agreed(name, day, today=day_of(now, old.zone))
        switched = {"on": True, "at": now, "by": by_person, "name": agreed, "day": on}
        left = {key: tick for key, tick in (old.golive or {}).items() if key not in RENEWED}
        changes = {"agreed": [*(old.agreed or []), switched][-MOST_SWITCHES:], "golive": left}
        await shops.update_shop(conn, shop_id, per_person=True, **changes)
        await shops.update_generation(conn, shop_id)
        await note(conn, shop_id, "privacy.view_on", day=on)


async def settle(desk: Desk, shop_id: str, key: str, *, by_person: str, done: bool) -> None:
    """Ticks one of domain/golive.py TICKS, or takes the tick back. Ticked again it keeps its day."""
    if key not in TICKS:
        raise NotFound("There is nothing like that on the list.")
    async with desk.db.write() as conn:
        old = await shops.get_shop(conn, shop_id, lock=True)
        ticked = dict(old.golive or {})
        if (key in ticked) == done:
            return
        if done:
            ticked[key] = {"by": by_person, "at": now_micros()}
        else:
            del ticked[key]
        await shops.update_shop(conn, shop_id, golive=ticked)
        await shops.update_generation(conn, shop_id)
        await note(conn, shop_id, "privacy.settled" if done else "privacy.unsettled", "golive", key)
