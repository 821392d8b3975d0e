"""A row in every table that hangs on a customer or a person, with a mark in every field that must go with them.

Asked of the tables themselves: a new column that holds text stands in GOES, and is planted, or in STAYS.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from storefront_trace.domain.ids import new_id
from storefront_trace.storage.database import Connection
from storefront_trace.storage.tables import metadata

MARK = "Xantippe7q"
Columns = dict[str, str]

# What goes with a customer, by table. The row hangs on the order, or on what hangs on it.
CUSTOMERS: Columns = {
    "orders": "first_name email search_name search_email",
    "line": "title variant sku image_url",
    "parcel": "key tracking_number search_number tracking_url",
    "event": "note photo detail facts source_key",
    "correction": "reason",
    "feedback": "words first_name history side",
    "reply": "words",
    "talk": "notes takeaways",
    "question": "words answer",
    "follower": "address subscription",
    "notice": "recipient detail error",
    "delivery": "body error",
    "idempotency_key": "body",
}
# And what goes with a person.
PEOPLES: Columns = {
    "person": "display_name roles email photo own_roles greeting phrases",
    "event": "note photo device",
    "feedback": "side",
    "talk": "notes takeaways",
    "session": "device",
    "passkey": "name credential_id public_key",
    "notice": "recipient detail error",
    "idempotency_key": "body",
}
# Everything else that is text, and why nobody is named there.
STAYS: Columns = {
    # Keys, kinds and settings that the shop chose.
    "orders": "number source external_id locale state placed_zone placed_precision method holder_team waiting_team "
    "next_step promise_from promise_to waiting_until due",
    "event": "kind step effect zone precision team hand_team source",
    "feedback": "order_number step team choice chips locale asked wall wall_person",
    "follower": "channel fingerprint wants locale stopped_why",
    "notice": "kind channel locale once",
    "delivery": "key topic outcome",
    "idempotency_key": "key fingerprint",
    "question": "team locale",
    "person": "handle team visibility visibility_ceiling languages",
    "consent": "about visibility given wording said locale",
    "session": "token_hash",
    "passkey": "fingerprint",
    # How many things and parcels there were, by the sender's own count of them, and who carried them.
    "line": "key expected",
    "parcel": "carrier state lines expected_from expected_to",
    # Hashes and seals.
    "tracking_link": "token_hash secret_id",
    "account": "role manages pin_hash locale",
    "signin_link": "token_hash",
    "pending_signin": "token_hash",
    "recovery_code": "code_hash",
    "second_factor": "sealed",
    "silenced": "digest",
    "kiosk": "name token_hash",
    "wall_screen": "name token_hash",
    "wall_consent": "says wording locale",
    "api_token": "name token_hash scopes",
    "connection": "kind name secrets",
    # Logs without names, and counts.
    "audit": "token what subject subject_key detail",
    "reading": "day what",
    "journal_mark": "",
    "purged": "counts",
    "visit": "day",
    "week": "day numbers",
    # The shop's own.
    "shop": "name locale zone brand country calendar pace origins chips pickup agreed papers golive shape",
    "team": "key names photo",
    "step": "key effect icon team names next_names sentences chips methods logged_by",
}
# Their rows are there already, with the mark where an order's own texts are: see test_marker.py.
THERE = ("orders", "person", "line", "parcel")
_TEXT = (sa.String, sa.Text, sa.JSON, sa.LargeBinary)


def unplanned() -> list[str]:
    """Columns with text that are neither planted nor said to stay."""
    found = []
    for table in metadata.sorted_tables:
        known = " ".join(where.get(table.name, "") for where in (CUSTOMERS, PEOPLES, STAYS)).split()
        for column in table.columns:
            is_id = isinstance(column.type, sa.String) and column.type.length == 32 and column.name != "photo"
            if isinstance(column.type, _TEXT) and not is_id and column.name not in known:
                found.append(f"{table.name}.{column.name}")
    return found


async def plant(conn: Connection, goes: Columns, known: dict[str, Any], places: dict[str, dict[str, Any]]) -> None:
    """A row with the mark in each table of `goes`, in whose columns stands what `known` or `places` (by table) says."""
    for name, columns in goes.items():
        if name in THERE:
            continue
        table = metadata.tables[name]
        told = {**{key: value for key, value in known.items() if key in table.c}, **places.get(name, {})}
        await conn.execute(sa.insert(table).values(**_row(table, columns.split(), told)))


async def mark(conn: Connection, name: str, row_id: str, columns: str, **values: Any) -> None:
    """The mark in a row that is there."""
    table = metadata.tables[name]
    marked = {column: _marked(table.c[column]) for column in columns.split()} | values
    await conn.execute(sa.update(table).where(table.c.id == row_id).values(**marked))


def _row(table: sa.Table, goes: list[str], told: dict[str, Any]) -> dict[str, Any]:
    row = {column.name: _plain(column) for column in table.columns if _needs(column)}
    row |= {name: _marked(table.c[name]) for name in goes if name not in told}
    return row | told


def _needs(column: sa.Column[Any]) -> bool:
    return not column.nullable and column.server_default is None


def _plain(column: sa.Column[Any]) -> Any:
    if isinstance(column.type, sa.JSON):
        return []
    if isinstance(column.type, sa.LargeBinary):
        return b""
    if isinstance(column.type, sa.String):
        return new_id() if column.type.length == 32 else "x"
    return 1


def _marked(column: sa.Column[Any]) -> Any:
    if isinstance(column.type, sa.JSON):
        return [MARK] if column.name in ("phrases", "history") else {"sv": MARK}
    return MARK.encode() if isinstance(column.type, sa.LargeBinary) else MARK
