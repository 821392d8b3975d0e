"""Who asks, read for many who ask at once: their sessions in one statement, and in which shops a question is open.

Each statement gives the interpreter's lock away and waits for it while the event loop is busy: two for each request
were as much work for the reader's thread as all that was done with what they found.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from storefront_trace.domain.clock import now_micros
from storefront_trace.storage import accounts, questions
from storefront_trace.storage.database import Ahead, Connection
from storefront_trace.storage.jsonrows import json_row, json_rows
from storefront_trace.storage.prepared import prepared
from storefront_trace.storage.tables import question, session, shop

_WANTED = sa.func.json_each(sa.bindparam("wanted")).table_valued("value")
_SESSIONS = prepared(
    accounts.holding(sa.select(json_rows(json_row(session.c.token_hash, *accounts.FOUND))).select_from(session)).where(
        session.c.token_hash.in_(sa.select(_WANTED.c.value))
    )
)
ASKED = prepared(
    sa.select(json_rows(shop.c.id)).where(
        shop.c.id.in_(sa.select(_WANTED.c.value)),
        # The second column of the index of those that are open, or all that were ever asked would be looked through.
        sa.exists().where(questions.OPEN, questions.IN_SHOP, question.c.created_at > 0),
    )
)


def ahead(token_hash: str) -> Ahead:
    """For the jobs of `read_together` that begin with `accounts.find_session`."""
    return Ahead(_read, token_hash)


async def _read(conn: Connection, hashes: Sequence[str]) -> dict[Any, Any]:
    """The sessions by their tokens' hashes, and whether a question is open by shop."""
    values = {"wanted": json.dumps(hashes), "now": now_micros()}
    rows = json.loads((await conn.execute(_SESSIONS, values)).scalar_one())
    shops = list({row[1] for row in rows})
    asked = json.loads((await conn.execute(ASKED, {"wanted": json.dumps(shops)})).scalar_one())
    return {row[0]: row[1:] for row in rows} | {questions.asked_key(shop_id): shop_id in asked for shop_id in shops}
