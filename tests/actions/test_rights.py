from __future__ import annotations

import pytest
from starlette.applications import Starlette

from storefront_trace.actions import people, rights
from storefront_trace.config import Settings
from storefront_trace.domain.errors import Conflict, Invalid
from storefront_trace.storage import accounts
from tests.notify.test_questions import mail
from tests.people import Shop


async def rights_of(shop: Shop, handle: str) -> tuple[str, str | None]:
    async with shop.desk.db.read() as conn:
        found = await accounts.find_account(conn, shop.id, await shop.person_id(handle))
    assert found is not None
    return found.role, found.manages


async def test_a_manager_has_one_team_and_nobody_else_has(shop: Shop) -> None:
    await shop.give("lisa", "manager", "warehouse")
    assert await rights_of(shop, "lisa") == ("manager", "warehouse")
    await rights.set_role(shop.desk, shop.id, "lisa", "reader", "warehouse")
    assert await rights_of(shop, "lisa") == ("reader", None)


@pytest.mark.parametrize(("role", "team"), [("manager", None), ("manager", "nowhere"), ("boss", "warehouse")])
async def test_a_manager_of_no_team_there_is_cannot_be_made(shop: Shop, role: str, team: str | None) -> None:
    await people.invite(shop.desk, shop.id, "lisa")
    with pytest.raises(Invalid):
        await rights.set_role(shop.desk, shop.id, "lisa", role, team)
    assert await rights_of(shop, "lisa") == ("staff", None)


@pytest.mark.parametrize("role", ["manager", "staff", "reader"])
async def test_the_last_owner_stays_one(shop: Shop, role: str) -> None:
    with pytest.raises(Conflict):
        await rights.set_role(shop.desk, shop.id, "olga", role, "warehouse")
    with pytest.raises(Conflict):
        await people.end_employment(shop.desk, shop.id, "olga")
    assert await rights_of(shop, "olga") == ("owner", None)


async def test_the_other_owners_read_whose_rights_were_changed_and_by_whom(
    app: Starlette, shop: Shop, settings: Settings
) -> None:
    await shop.give("jocke", "owner")
    await people.invite(shop.desk, shop.id, "lisa")
    jocke = await shop.person_id("jocke")
    await rights.set_role(shop.desk, shop.id, "lisa", "manager", "warehouse", by_person=jocke)
    message, text = await mail(app, shop, settings, "rights_changed")
    assert (message["To"], message["Subject"]) == ("olga@example.com", "Lisa är teamledare nu: Lagerteamet")
    assert "Jocke ändrade det." in text and "/owner/people/lisa/about" in text
