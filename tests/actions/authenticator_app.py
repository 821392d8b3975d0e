"""An owner's phone with an authenticator app, for the tests."""

from __future__ import annotations

import pyotp

from storefront_trace.actions import factor, signin
from storefront_trace.domain.clock import SECOND, now_micros
from storefront_trace.storage import accounts, people
from storefront_trace.storage.accounts import Session
from tests.people import Shop


class App:
    """`code()` is what it shows now, `code(1)` what it shows half a minute later."""

    def __init__(self, secret: str) -> None:
        self._totp = pyotp.TOTP(secret)

    def code(self, later: int = 0) -> str:
        return self._totp.at(now_micros() // SECOND + later * 30)

    def wrong(self) -> str:
        """Of no step around now."""
        near = {self.code(step) for step in range(-3, 4)}
        return next(f"{n:06}" for n in range(10) if f"{n:06}" not in near)


async def link_of(shop: Shop, handle: str = "olga") -> str:
    """A new sign-in link's token; the role stays as it is."""
    async with shop.desk.db.write() as conn:
        person = await people.get_person(conn, shop.id, handle)
        account = await accounts.find_account(conn, shop.id, person.id)
        return await signin.make_link(conn, shop.id, person, account.role if account else "staff")


async def session_of(shop: Shop, handle: str = "olga") -> Session:
    """Of somebody whom a link is enough for."""
    return (await signin.use_link(shop.desk, await link_of(shop, handle), device="Linux · Firefox", days=30))[1]


async def pending(shop: Shop) -> str:
    """After the link: what the page that asks for a code is opened with."""
    token, session = await signin.enter(shop.desk, await link_of(shop), device="Linux · Firefox", days=30)
    assert session is None
    return token


async def set_up(shop: Shop, session: Session) -> tuple[App, list[str]]:
    """(the app, the recovery codes). The code of the step before is used up by it, so that today's is not."""
    await factor.begin_setup(shop.desk, session)
    secret = await factor.secret_in_setup(shop.desk, session)
    assert secret is not None
    app = App(secret)
    return app, await factor.finish_setup(shop.desk, session, app.code(-1))
