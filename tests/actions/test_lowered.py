"""The owner can lower what customers see of somebody, and never raise it: every pair."""

from __future__ import annotations

from itertools import product

import pytest

from storefront_trace.actions import people
from storefront_trace.domain.errors import Invalid
from storefront_trace.domain.people import VISIBILITIES
from storefront_trace.domain.timeline import visible_as
from storefront_trace.storage import people as rows
from tests.people import Shop

MOSTS = (None, *VISIBILITIES)
ORDER = VISIBILITIES.index


@pytest.mark.parametrize("chosen", MOSTS)
async def test_nobody_is_shown_as_more_than_they_chose_or_than_the_owner_said_last(
    shop: Shop, chosen: str | None
) -> None:
    await people.put_person(shop.desk, shop.id, "elin", people.PersonTold("Elin", {}, "warehouse"))
    if chosen is not None:
        await people.choose_visibility(shop.desk, shop.id, await shop.person_id("elin"), chosen, locale="sv")
    for wanted in (one for pair in product(MOSTS, MOSTS) for one in pair):
        await people.lower(shop.desk, shop.id, "elin", wanted)
        async with shop.desk.db.read() as conn:
            elin = await rows.get_person(conn, shop.id, "elin")
        assert elin.visibility == chosen
        assert visible_as(elin) == min(chosen or "team", wanted or "photo", key=ORDER)  # type: ignore[arg-type]


async def test_what_is_no_way_to_be_shown_is_refused(shop: Shop) -> None:
    with pytest.raises(Invalid):
        await people.lower(shop.desk, shop.id, "anders", "everything")
