"""A person's own words: on every customer's page from the moment they are saved."""

from __future__ import annotations

from storefront_trace.actions.consents import Agreed, agree, withdraw
from storefront_trace.actions.desk import Desk
from storefront_trace.domain.own_words import OwnWords
from storefront_trace.storage import people, shops


async def save_own_words(
    desk: Desk, shop_id: str, person_id: str, told: OwnWords, *, agreed: Agreed | None = None
) -> None:
    """All of them: what is not among them is gone. The same again changes nothing. `agreed` is what they read of who
    will see their line."""
    async with desk.db.write() as conn:
        person = await people.get_person_by_id(conn, shop_id, person_id)
        wanted = {
            "own_roles": dict(told.roles) or None,
            "greeting": dict(told.greeting) or None,
            "languages": list(told.languages) or None,
            "phrases": list(told.phrases) or None,
        }
        known = {
            "own_roles": person.own_roles,
            "greeting": person.greeting,
            "languages": list(person.languages or ()) or None,
            "phrases": list(person.phrases or ()) or None,
        }
        if wanted != known:
            await people.update_person(conn, shop_id, person_id, **wanted)
            await shops.update_generation(conn, shop_id)
        if wanted["greeting"] is None:
            await withdraw(conn, shop_id, person_id, "line")
        elif wanted["greeting"] != known["greeting"]:
            await agree(conn, shop_id, person_id, "line", agreed)
