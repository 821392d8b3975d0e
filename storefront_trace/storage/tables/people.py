"""Who works there, how they come in, and what they have agreed to."""

from __future__ import annotations

import sqlalchemy as sa

from storefront_trace.storage.tables.columns import ID, JSON, KEY, count, flag, id_of, instant, shop_key, table

person = table(
    "person",
    shop_key(),
    sa.Column("id", ID, primary_key=True),
    sa.Column("handle", sa.String(40), nullable=False),
    sa.Column("display_name", sa.String(40), nullable=False),
    sa.Column("roles", JSON, nullable=False),
    sa.Column("team", KEY),
    sa.Column("email", sa.String(254)),
    id_of("photo"),
    # What the person chose, and when; a person who has chosen nothing is shown as the team.
    sa.Column("visibility", sa.String(8)),
    instant("visibility_chosen_at", null=True),
    # What the API sent: it lowers what is shown, never raises it.
    sa.Column("visibility_ceiling", sa.String(8)),
    # What they call their own work, before what the owner calls it: {language: words}.
    sa.Column("own_roles", JSON),
    # {language: a line to customers}, the languages they can answer in, and what they often write: all their own.
    sa.Column("greeting", JSON),
    sa.Column("languages", JSON),
    sa.Column("phrases", JSON),
    instant("left_at", null=True),
    instant("created_at"),
    sa.UniqueConstraint("shop_id", "handle"),
    sa.Index(
        "ix_person_photo",
        "photo",
        sqlite_where=sa.text("photo IS NOT NULL"),
        postgresql_where=sa.text("photo IS NOT NULL"),
    ),
)

account = table(
    "account",
    shop_key(),
    sa.Column("id", ID, primary_key=True),
    id_of("person_id", null=False),
    # owner, manager, staff or reader; a manager has one team to look after.
    sa.Column("role", sa.String(8), nullable=False),
    sa.Column("manages", KEY),
    # For the shared tablets: argon2, how often it was wrong since it was right, and until when nobody is asked.
    sa.Column("pin_hash", sa.String(200)),
    count("pin_failures"),
    instant("pin_locked_until", null=True),
    # The mails by the clock that they want: of the owner's, the hour of the morning (None: none); the week's thanks.
    sa.Column("morning_hour", sa.Integer),
    flag("friday", default=True),
    # The language of the page on which they last said so; None: the shop's.
    sa.Column("locale", sa.String(10)),
    instant("created_at"),
    instant("ended_at", null=True),
    sa.UniqueConstraint("shop_id", "person_id"),
)

signin_link = table(
    "signin_link",
    shop_key(),
    sa.Column("token_hash", sa.String(64), primary_key=True),
    id_of("account_id", null=False),
    flag("reusable"),
    instant("created_at"),
    instant("expires_at"),
    instant("used_at", null=True),
    sa.Index(None, "token_hash"),
)

session = table(
    "session",
    shop_key(),
    sa.Column("id", ID, primary_key=True),
    sa.Column("token_hash", sa.String(64), nullable=False),
    id_of("account_id", null=False),
    sa.Column("device", sa.String(120), nullable=False, server_default=""),
    # On a shared tablet: which one, and after how many minutes without a tap it is nobody's again.
    id_of("kiosk_id"),
    sa.Column("idle_minutes", sa.Integer),
    instant("created_at"),
    # When they last proved who they are with more than a link: a passkey or a code.
    instant("strong_at", null=True),
    instant("seen_at"),
    instant("expires_at"),
    instant("ended_at", null=True),
    sa.Index(None, "token_hash"),
    sa.Index(None, "shop_id", "account_id"),
)

kiosk = table(
    "kiosk",
    shop_key(),
    sa.Column("id", ID, primary_key=True),
    sa.Column("name", sa.String(80), nullable=False),
    # Of the link that makes a tablet this one; from `opened_at` on of the tablet's own token.
    sa.Column("token_hash", sa.String(64), nullable=False),
    instant("created_at"),
    instant("opened_at", null=True),
    instant("seen_at"),
    instant("ended_at", null=True),
    sa.Index(None, "token_hash"),
)

passkey = table(
    "passkey",
    shop_key(),
    sa.Column("id", ID, primary_key=True),
    id_of("account_id", null=False),
    sa.Column("name", sa.String(80), nullable=False),
    # SHA-256 of the credential's own id, by which it is looked for; both of them in base64url.
    sa.Column("fingerprint", sa.String(64), nullable=False),
    sa.Column("credential_id", sa.String(1400), nullable=False),
    sa.Column("public_key", sa.String(2000), nullable=False),
    sa.Column("sign_count", sa.BigInteger, nullable=False, server_default="0"),
    instant("created_at"),
    instant("used_at", null=True),
    sa.Index(None, "fingerprint"),
    sa.Index(None, "shop_id", "account_id"),
)

consent = table(
    "consent",
    shop_key(),
    sa.Column("id", ID, primary_key=True),
    id_of("person_id", null=False),
    # To what (domain/consents.py); `visibility` is which way of the three, and "" where it is about something else.
    sa.Column("about", sa.String(12), nullable=False, server_default="visibility"),
    sa.Column("visibility", sa.String(8), nullable=False),
    # self: in their own login; elsewhere: agreed on paper and reported by the API with visibility_agreed_at
    sa.Column("given", sa.String(10), nullable=False),
    sa.Column("wording", sa.String(20), nullable=False),
    # The very text that they read, in their language; NULL where we did not show it.
    sa.Column("said", sa.Text),
    sa.Column("locale", sa.String(10), nullable=False),
    instant("agreed_at"),
    instant("withdrawn_at", null=True),
    instant("created_at"),
    sa.Index(None, "shop_id", "person_id"),
)
