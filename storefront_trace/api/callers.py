"""Who calls: a machine with a bearer token of one shop."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.requests import Request

from storefront_trace.actions.desk import Desk
from storefront_trace.domain.errors import NotAllowed
from storefront_trace.domain.links import PREFIXES, token_hash
from storefront_trace.domain.shop import Cast
from storefront_trace.storage.tokens import ApiToken, find_token

ANY = "any"
ANY_READ = "any:read"


@dataclass(frozen=True)
class Caller:
    """`cast` is the shop as the request found it; read it again after a change of people or steps."""

    request: Request
    desk: Desk
    token: ApiToken
    cast: Cast

    @property
    def shop_id(self) -> str:
        return self.token.shop_id

    @property
    def source(self) -> str:
        return f"api:{self.token.id}"

    @property
    def zone(self) -> str:
        return self.cast.shop.zone

    def has(self, scope: str) -> bool:
        return scope in self.token.scopes

    def url(self, path: str) -> str:
        return str(self.request.app.state.settings.public_url) + path

    def photo_url(self, photo: str | None, width: int) -> str | None:
        return self.url(f"/media/{photo}-{width}.jpg") if photo else None

    def handle(self, person_id: str | None) -> str | None:
        person = self.cast.people.get(person_id or "")
        return person.handle if person else None

    def handle_here(self, person_id: str | None) -> str | None:
        """None for who has left: what was said of them, and what they said, is their team's."""
        person = self.cast.people.get(person_id or "")
        return person.handle if person and person.left_at is None else None


async def find_caller(request: Request, scope: str) -> Caller:
    """401 without a token that holds, 403 when it may not do this."""
    desk: Desk = request.app.state.desk
    kind, _, text = request.headers.get("authorization", "").partition(" ")
    text = text.strip()
    if kind.lower() != "bearer" or not text.startswith(PREFIXES["api"]) or len(text) > 100:
        raise _unknown('Bearer realm="storefront-trace"')
    async with desk.db.read() as conn:
        token = await find_token(conn, token_hash(text))
        if token is None:
            raise _unknown('Bearer realm="storefront-trace", error="invalid_token"')
        _check_scope(token, scope)
        return Caller(request, desk, token, await desk.casts.get(conn, token.shop_id))


def _unknown(challenge: str) -> HTTPException:
    return HTTPException(
        401, "Send a token of this shop: Authorization: Bearer stt_….", {"WWW-Authenticate": challenge}
    )


def _check_scope(token: ApiToken, scope: str) -> None:
    # Who may write orders may read them: the answer to a PUT is the order as it is.
    if scope == ANY or scope in token.scopes or scope.replace(":read", ":write") in token.scopes:
        return
    if scope == ANY_READ and any(each.endswith(":read") for each in token.scopes):
        return
    needed = "a scope that reads" if scope == ANY_READ else f"the scope {scope}"
    raise NotAllowed("This token may not do that: it needs %(needed)s.", params={"needed": needed})
