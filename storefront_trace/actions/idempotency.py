"""One request, one effect: a request told again under its Idempotency-Key gets the answer it got before."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from storefront_trace.actions.desk import Desk
from storefront_trace.domain.clock import DAY, SECOND, now_micros
from storefront_trace.domain.errors import Conflict, Invalid
from storefront_trace.storage import events, idempotency

KEPT = DAY
# A request that has no answer after this long has died with its process.
LOST = 10 * SECOND
BROKE = 0


@dataclass(frozen=True)
class Claim:
    """Who makes which request: the token, the key, and the hash of method, path and body."""

    shop_id: str
    token_id: str
    key: str
    fingerprint: str

    @property
    def source(self) -> str:
        return f"api:{self.token_id}"


@dataclass(frozen=True)
class Turn:
    """It is this request's turn to do the work. `source_key` names the fact it makes, also after a crash between
    the work and the answer: with it in the event, doing the work again finds what was done."""

    claim: Claim
    created_at: int

    @property
    def source_key(self) -> str:
        return _source_key(self.claim, self.created_at)


@dataclass(frozen=True)
class Replay:
    status: int
    body: str


async def begin(desk: Desk, claim: Claim) -> Turn | Replay:
    """Invalid for a key that came with another request before; Conflict while that request is still at work."""
    now = now_micros()
    async with desk.db.write() as conn:
        mine = (claim.shop_id, claim.token_id, claim.key)
        await idempotency.delete_key_before(conn, *mine, now - KEPT)
        if await idempotency.insert_key(conn, *mine, claim.fingerprint, now):
            return Turn(claim, now)
        kept = await idempotency.get_key(conn, *mine)
        if kept.fingerprint != claim.fingerprint:
            raise Invalid(
                "This Idempotency-Key came with another request before. Use a new key for each request.",
                errors=[("Idempotency-Key", "Use a new key for each request.")],
            )
        if kept.status:
            return Replay(kept.status, kept.body or "")
        turn = Turn(claim, kept.created_at)
        done = await events.find_event_by_source_key(conn, claim.shop_id, claim.source, turn.source_key)
    if done is None and kept.status is None and now - kept.created_at < LOST:
        raise Conflict("The same request is still being worked on. Send it again in a few seconds.")
    return turn


async def finish(desk: Desk, turn: Turn, status: int, body: str) -> None:
    """Keeps the answer for a day. Call it before answering."""
    await _keep(desk, turn, status, body)


async def give_back(desk: Desk, turn: Turn) -> None:
    """The work broke without an answer: the sender may try again at once."""
    await _keep(desk, turn, BROKE, None)


async def _keep(desk: Desk, turn: Turn, status: int, body: str | None) -> None:
    claim = turn.claim
    async with desk.db.write() as conn:
        mine = (claim.shop_id, claim.token_id, claim.key)
        await idempotency.update_key_answer(conn, *mine, turn.created_at, status, body)


def _source_key(claim: Claim, created_at: int) -> str:
    """With the instant of the first request: an expired key used anew names a new fact. Hashed: a key may be longer
    than a source key."""
    return "key:" + hashlib.sha256(f"{created_at}:{claim.key}".encode()).hexdigest()
