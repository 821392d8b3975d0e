from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from email.message import EmailMessage

import pytest
import sqlalchemy as sa
from starlette.applications import Starlette

from storefront_trace.config import Settings
from storefront_trace.notify import sender
from storefront_trace.storage.tables import notice
from tests.notify.follow.following import Deliver
from tests.notify.postman import Postman, post_office
from tests.people import Shop


@pytest.fixture
def settings(settings: Settings, postman: Postman) -> Iterator[Settings]:
    with post_office(postman) as server:
        yield replace(settings, smtp=server)


@pytest.fixture(autouse=True)
async def ordered(shop: Shop) -> None:
    await shop.order()


@pytest.fixture
def deliver(app: Starlette, shop: Shop, settings: Settings, postman: Postman) -> Deliver:
    """Everything that waits, as if its time had come; returns the mails of this round."""

    async def go() -> list[EmailMessage]:
        async with shop.desk.db.write() as conn:
            await conn.execute(sa.update(notice).values(due_at=0))
        before = len(postman.mails)
        await sender.send_due(shop.desk, settings, app.state.voice)
        return postman.mails[before:]

    return go
