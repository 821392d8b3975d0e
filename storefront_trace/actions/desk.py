"""What every action needs: the database, the shops' casts, and the secrets that links are made from."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

from storefront_trace.domain import links
from storefront_trace.storage.casts import Casts
from storefront_trace.storage.database import Database
from storefront_trace.storage.journal import Journal
from storefront_trace.storage.links import TrackingLink


@dataclass(frozen=True)
class Desk:
    """One per process. The first secret signs; the others are being retired and only make their old links again."""

    db: Database
    secrets: Sequence[str]
    # What must never come back is written here; without one (in tests, where measured) a restore brings it back.
    journal: Journal | None = None
    casts: Casts = field(default_factory=Casts)
    # Set when a delivery or a notice was written, so that whoever works them off in this process need not wait.
    arrived: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def secret(self) -> bytes:
        return self.secrets[0].encode()

    def link_token(self, shop_id: str, order_id: str, link: TrackingLink) -> str | None:
        """The customer's token of this link, or None when the secret it was made with is gone."""
        for secret in self.secrets:
            if links.key_id(secret.encode()) == link.secret_id:
                return links.make_token(secret.encode(), link.secret_id, shop_id, order_id, link.number)
        return None

    def new_link(self, shop_id: str, order_id: str, number: int, now: int) -> TrackingLink:
        secret_id = links.key_id(self.secret)
        token = links.make_token(self.secret, secret_id, shop_id, order_id, number)
        return TrackingLink(number, links.token_hash(token), secret_id, now, None)
