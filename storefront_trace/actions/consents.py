"""What a person has agreed to: the very words that they read, in their language, when, and until when. A line is only
ever added, and closed: what was agreed to stays to be shown."""

from __future__ import annotations

from dataclasses import dataclass

from storefront_trace.domain.clock import now_micros
from storefront_trace.domain.ids import new_id
from storefront_trace.storage import people
from storefront_trace.storage.database import Connection

# Which words people agree to: a new one for every change of the texts in web/staff/agreeing.py, which a test holds to.
WORDING = "2026-11.3"


@dataclass(frozen=True)
class Agreed:
    """What somebody read when they pressed the button."""

    said: str
    locale: str


async def agree(
    conn: Connection,
    shop_id: str,
    person_id: str,
    about: str,
    agreed: Agreed | None,
    *,
    visibility: str = "",
    given: str = "self",
    at: int | None = None,
) -> None:
    """`about` is one of web/agreed.py ABOUT; what was agreed about it before ends now. `at` is when they agreed, where
    that was not here. Inside `db.write()`."""
    now = now_micros()
    await people.update_consents_ended(conn, shop_id, person_id, now, about=about)
    await people.insert_consent(
        conn,
        shop_id,
        id=new_id(),
        person_id=person_id,
        about=about,
        visibility=visibility,
        given=given,
        wording=WORDING if agreed else "",
        said=agreed.said if agreed else None,
        locale=agreed.locale if agreed else "en",
        agreed_at=at or now,
        created_at=now,
    )


async def withdraw(conn: Connection, shop_id: str, person_id: str, about: str | None = None) -> None:
    """About one thing, or everything: who leaves has agreed to nothing any more. Inside `db.write()`."""
    await people.update_consents_ended(conn, shop_id, person_id, now_micros(), about=about)
