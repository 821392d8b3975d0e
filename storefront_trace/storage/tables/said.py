"""What customers say, ask and want to hear of."""

from __future__ import annotations

import sqlalchemy as sa

from storefront_trace.storage.tables.columns import ID, JSON, KEY, flag, id_of, instant, shop_key, table

# As an index and the queries that read by it must both spell it.
CONCERN = "feedback.choice = 'concern'"
_CONCERNS = sa.text(CONCERN.removeprefix("feedback."))
_TEAMS = sa.text("person_id IS NULL")
_SHOWN = sa.text("wall IS NOT NULL")
# What is counted of each answer: with it the indexes alone tell every figure.
_COUNTED = ("step", "choice", "outside_at")

feedback = table(
    "feedback",
    shop_key(),
    sa.Column("id", ID, primary_key=True),
    id_of("order_id", null=False),
    id_of("event_id", null=False),
    sa.Column("order_number", sa.String(64), nullable=False),
    sa.Column("step", KEY, nullable=False),
    # Who did the work when the answer was given: a later change of team does not move the thanks.
    id_of("person_id"),
    sa.Column("team", KEY),
    sa.Column("choice", sa.String(8), nullable=False),
    sa.Column("chips", JSON, nullable=False),
    sa.Column("words", sa.String(2000), nullable=False, server_default=""),
    flag("contact"),
    sa.Column("first_name", sa.String(80)),
    sa.Column("locale", sa.String(10), nullable=False),
    # Wording version, order of the options and channel: without them two shares cannot be compared.
    sa.Column("asked", sa.String(40), nullable=False),
    instant("created_at"),
    instant("edited_at", null=True),
    # When it became a concern, which thanks can do later: the owner's days count from here.
    instant("concern_at", null=True),
    sa.Column("history", JSON, nullable=False),
    instant("shared_at", null=True),
    # What the person it was shared with says of it.
    sa.Column("side", sa.String(1000)),
    instant("side_at", null=True),
    # How far the owner's care for a concern has come, see domain/concerns.py.
    instant("looking_at", null=True),
    instant("talked_at", null=True),
    instant("done_at", null=True),
    instant("outside_at", null=True),
    # For the wall of thanks, see domain/wall.py: name | nameless once the customer lets these words be shown, yes | no
    # once the person has been asked, and since when the owner has them hang there.
    sa.Column("wall", sa.String(8)),
    sa.Column("wall_person", sa.String(3)),
    instant("wall_put_at", null=True),
    sa.UniqueConstraint("shop_id", "order_id", "event_id"),
    sa.Index("ix_feedback_person", "shop_id", "person_id", "created_at", *_COUNTED),
    sa.Index("ix_feedback_created", "shop_id", "created_at", "id", "person_id", "team", *_COUNTED),
    sa.Index(
        "ix_feedback_team",
        "shop_id",
        "team",
        "created_at",
        *_COUNTED,
        "person_id",  # SQLite looks it up to see that it is NULL, even where the index says so
        sqlite_where=_TEAMS,
        postgresql_where=_TEAMS,
    ),
    sa.Index(
        "ix_feedback_concern",
        "shop_id",
        "created_at",
        "id",
        "done_at",
        "talked_at",
        "looking_at",
        "outside_at",
        "person_id",
        "team",
        "step",
        "choice",  # always the same, but SQLite looks it up
        sqlite_where=_CONCERNS,
        postgresql_where=_CONCERNS,
    ),
    sa.Index("ix_feedback_wall", "shop_id", "created_at", "id", sqlite_where=_SHOWN, postgresql_where=_SHOWN),
)

# What was said to the question about the wall of thanks, and to which wording of it: a line for each time.
wall_consent = table(
    "wall_consent",
    shop_key(),
    sa.Column("id", ID, primary_key=True),
    id_of("order_id", null=False),
    id_of("feedback_id", null=False),
    # Who was asked; None: the customer.
    id_of("person_id"),
    # name | nameless | no of the customer, yes | no of the person
    sa.Column("says", sa.String(8), nullable=False),
    sa.Column("wording", sa.String(20), nullable=False),
    sa.Column("locale", sa.String(10), nullable=False),
    instant("said_at"),
    sa.Index(None, "shop_id", "feedback_id"),
    sa.Index(None, "shop_id", "order_id"),
    sa.Index(None, "shop_id", "person_id"),
)

reply = table(
    "reply",
    shop_key(),
    sa.Column("id", ID, primary_key=True),
    id_of("order_id", null=False),
    id_of("feedback_id", null=False),
    id_of("person_id", null=False),
    sa.Column("words", sa.String(1000), nullable=False),
    instant("created_at"),
    sa.Index(None, "shop_id", "feedback_id"),
    sa.Index(None, "shop_id", "order_id"),
)

# What was noted when a concern was talked over: the person whose step it was reads all of it.
talk = table(
    "talk",
    shop_key(),
    sa.Column("feedback_id", ID, primary_key=True),
    id_of("order_id", null=False),
    id_of("person_id", null=False),
    id_of("by_person", null=False),
    # {key of domain/concerns.py PROMPTS: words}
    sa.Column("notes", JSON, nullable=False),
    # What the person takes along, in their own words.
    sa.Column("takeaways", sa.String(1000)),
    instant("takeaways_at", null=True),
    instant("created_at"),
    instant("edited_at", null=True),
    sa.Index(None, "shop_id", "order_id"),
    sa.Index(None, "shop_id", "person_id"),
)

question = table(
    "question",
    shop_key(),
    sa.Column("id", ID, primary_key=True),
    id_of("order_id", null=False),
    id_of("person_id"),
    sa.Column("team", KEY),
    sa.Column("words", sa.String(2000), nullable=False),
    sa.Column("locale", sa.String(10), nullable=False, server_default="en"),
    instant("created_at"),
    # When it waits for somebody else if nobody has answered; None: it is the owner's already, or answered.
    instant("due_at", null=True),
    instant("to_team_at", null=True),
    instant("to_owner_at", null=True),
    instant("answered_at", null=True),
    sa.Column("answer", sa.String(2000)),
    id_of("answered_by"),
    sa.Index(None, "shop_id", "order_id"),
    sa.Index(
        "ix_question_open",
        "shop_id",
        "created_at",
        "id",
        sqlite_where=sa.text("answered_at IS NULL"),
        postgresql_where=sa.text("answered_at IS NULL"),
    ),
    sa.Index(
        "ix_question_answered",
        "shop_id",
        "answered_at",
        "id",
        sqlite_where=sa.text("answered_at IS NOT NULL"),
        postgresql_where=sa.text("answered_at IS NOT NULL"),
    ),
    sa.Index(
        "ix_question_due",
        "due_at",
        sqlite_where=sa.text("due_at IS NOT NULL"),
        postgresql_where=sa.text("due_at IS NOT NULL"),
    ),
)

# Addresses that the shop may not write to on its own, see domain/silence.py: keyed hashes, and no address.
silenced = table(
    "silenced",
    shop_key(),
    sa.Column("digest", sa.String(43), primary_key=True),
    instant("created_at"),
)

# Who wants to hear of an order's steps, by mail or push.
follower = table(
    "follower",
    shop_key(),
    sa.Column("id", ID, primary_key=True),
    id_of("order_id", null=False),
    # mail | push
    sa.Column("channel", sa.String(8), nullable=False),
    # The mail address; None for push.
    sa.Column("address", sa.String(254)),
    # {"endpoint": …, "keys": {"p256dh": …, "auth": …}}; None for mail.
    sa.Column("subscription", JSON),
    # SHA-256 of the folded address or the endpoint: the same one follows an order once.
    sa.Column("fingerprint", sa.String(64), nullable=False),
    # all | milestones | problems
    sa.Column("wants", sa.String(12), nullable=False),
    sa.Column("locale", sa.String(10), nullable=False),
    instant("created_at"),
    # None: another address than the order's own, whose owner has not confirmed it yet.
    instant("confirmed_at", null=True),
    instant("stopped_at", null=True),
    # asked | page | bounced | gone | link
    sa.Column("stopped_why", sa.String(12)),
    sa.UniqueConstraint("shop_id", "order_id", "channel", "fingerprint"),
    sa.Index(None, "shop_id", "fingerprint"),
)
