"""Who changed what, and what an owner shows besides their sign-in link."""

from __future__ import annotations

import sqlalchemy as sa

from storefront_trace.storage.tables.columns import DAY, ID, JSON, count, id_of, instant, shop_key, table

# Appended to, never changed: names are not in it, only the ids of those who have them.
audit = table(
    "audit",
    shop_key(),
    sa.Column("id", ID, primary_key=True),
    instant("at"),
    # Who: a person, a machine by its token's name, or, without either, somebody at the command line.
    id_of("person_id"),
    sa.Column("token", sa.String(80)),
    # What was done ("steps.changed"), and to what: a code and its id or key.
    sa.Column("what", sa.String(40), nullable=False),
    sa.Column("subject", sa.String(16)),
    sa.Column("subject_key", sa.String(64)),
    sa.Column("detail", JSON, nullable=False),
    sa.Index(None, "shop_id", "person_id", "id"),
)

# Who read what customers say of whom: a line for each reader, person, way and day on the shop's wall.
reading = table(
    "reading",
    shop_key(),
    sa.Column("id", ID, primary_key=True),
    instant("at"),
    sa.Column("day", DAY, nullable=False),
    # A person's, or an API token's.
    id_of("reader_id", null=False),
    # Of whom; "" of everybody, in one file.
    id_of("person_id", null=False),
    # page | answers | concerns | file | all
    sa.Column("what", sa.String(8), nullable=False),
    sa.UniqueConstraint("shop_id", "person_id", "day", "reader_id", "what"),
)

# How far the journal of endings (storage/journal.py) has been carried out in this database: the id of its last line.
journal_mark = table(
    "journal_mark",
    shop_key(),
    id_of("line", null=False),
)

second_factor = table(
    "second_factor",
    shop_key(),
    sa.Column("account_id", ID, primary_key=True),
    # The authenticator's secret, sealed with the server's; from `confirmed_at` on a link alone lets nobody in.
    sa.Column("sealed", sa.String(200), nullable=False),
    # The 30 seconds whose code was used last.
    sa.Column("counter", sa.BigInteger, nullable=False, server_default="0"),
    count("failures"),
    instant("locked_until", null=True),
    instant("created_at"),
    instant("confirmed_at", null=True),
)

recovery_code = table(
    "recovery_code",
    shop_key(),
    sa.Column("code_hash", sa.String(64), primary_key=True),
    id_of("account_id", null=False),
    instant("created_at"),
    instant("used_at", null=True),
    sa.Index(None, "shop_id", "account_id"),
)

# Who has used a sign-in link and still owes a code. Not a session: it opens the page that asks for the code.
pending_signin = table(
    "pending_signin",
    shop_key(),
    sa.Column("token_hash", sa.String(64), primary_key=True),
    id_of("account_id", null=False),
    instant("created_at"),
    instant("expires_at"),
    sa.Index(None, "token_hash"),
    sa.Index(None, "shop_id", "account_id"),
)
