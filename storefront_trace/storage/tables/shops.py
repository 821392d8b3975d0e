"""What a shop is: its face and settings, its teams and its steps."""

from __future__ import annotations

import sqlalchemy as sa

from storefront_trace.storage.tables.columns import DAY, ID, JSON, KEY, count, flag, id_of, instant, shop_key, table

shop = table(
    "shop",
    sa.Column("id", ID, primary_key=True),
    sa.Column("name", sa.String(80), nullable=False),
    sa.Column("locale", sa.String(10), nullable=False),
    sa.Column("zone", sa.String(64), nullable=False),
    sa.Column("brand", sa.String(7), nullable=False),
    id_of("logo"),
    count("fade_days", 30),
    count("link_days", 60),
    count("share_days", 14),
    # After so many months what customers wrote is let go; what they chose stays counted.
    count("words_months", 12),
    # And so many months the log of changes, and of who read whose feedback.
    count("log_months", 24),
    # After so many minutes without an answer a question is the team's, after as many again the owner's.
    count("question_minutes", 240),
    # Whose public holidays count; None: none do.
    sa.Column("country", sa.String(2)),
    # {"days": [1, …, 7], "opens": "08:00", "closes": "17:00", "closed": ["2026-12-24", …], "public": …}; see
    # domain/calendar.py for what None stands for, and actions/pace.py for the public holidays in it.
    sa.Column("calendar", JSON),
    # How long the shop's own finished orders took, step by step: counted anew now and then, see actions/pace.py.
    sa.Column("pace", JSON),
    # The pages that may hold a tracking page in a frame: ["https://shop.example", …].
    sa.Column("origins", JSON),
    # The shop's own chips: [{"key", "kind", "names": {"sv": …}, "gone"}, …], see domain/chips.py.
    sa.Column("chips", JSON),
    # So many hours after delivery customers are asked by mail, once, what they would say; None: they are not.
    sa.Column("ask_hours", sa.Integer),
    # Where and when to collect, for the orders that customers fetch at the shop: a few lines, in the shop's language.
    sa.Column("pickup", sa.String(300)),
    # How long a phone stays signed in at most, and after how many minutes a shared tablet forgets who stands there.
    count("session_days", 30),
    count("kiosk_minutes", 2),
    # Whether a step may be skipped, repeated or gone back to, after a plain question.
    flag("any_order", default=True),
    # Whether a sign-in link alone is enough for an owner.
    flag("needs_factor"),
    # Whether the owner is still shown the first steps, and which of the three ready-made shops was chosen in them:
    # alone | warehouse | delivery.
    flag("starting"),
    sa.Column("shape", sa.String(12)),
    # Whether people get their week's thanks by mail on Fridays, and the owners what the week taught.
    flag("friday", default=True),
    # Whether owners read what customers say of each person's work; without it, of the shop's and the teams' alone.
    flag("per_person", default=True),
    # Whenever that was switched, the last at the end: [{"on", "at", "by", "name", "day"}, …], see actions/papers.py.
    sa.Column("agreed", JSON),
    # What the shop alone can say of itself for its papers: domain/papers.py FIELDS.
    sa.Column("papers", JSON),
    # What is settled before real customers come: {key: {"by", "at"}}, see domain/golive.py.
    sa.Column("golive", JSON),
    # Moves when people, teams, steps or the shop's own face change: every rendered page of the shop is then stale.
    count("generation", 1),
    instant("created_at"),
)

team = table(
    "team",
    shop_key(),
    sa.Column("key", KEY, primary_key=True),
    sa.Column("names", JSON, nullable=False),
    id_of("photo"),
    count("position"),
)

step = table(
    "step",
    shop_key(),
    sa.Column("key", KEY, primary_key=True),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("effect", sa.String(8), nullable=False),
    sa.Column("icon", sa.String(20), nullable=False),
    sa.Column("team", KEY),
    sa.Column("names", JSON, nullable=False),
    sa.Column("next_names", JSON, nullable=False),
    sa.Column("sentences", JSON, nullable=False),
    sa.Column("chips", JSON, nullable=False),
    sa.Column("expected_minutes", sa.Integer),
    # The ways to the customer that it is part of (domain/orders.py METHODS); None: all of them.
    sa.Column("methods", JSON),
    flag("asks_feedback", default=True),
    flag("visible", default=True),
    # The one team whose people may log it; None: everybody may.
    sa.Column("logged_by", KEY),
    # Since then it is not logged any more. What was logged before keeps its words.
    instant("gone_at", null=True),
)

# How often customers opened their pages, see web/customer/visits.py: nothing about who, nor which order.
visit = table(
    "visit",
    shop_key(),
    sa.Column("day", DAY, primary_key=True),
    count("visits"),
)

# How the shop did, week by week: counted when the week is over, and now and then before, see actions/weeks.py.
week = table(
    "week",
    shop_key(),
    # Its Monday.
    sa.Column("day", DAY, primary_key=True),
    sa.Column("numbers", JSON, nullable=False),
    flag("whole"),
    instant("counted_at"),
)

# A screen that shows the wall of thanks to whoever stands before it: its link is the key.
wall_screen = table(
    "wall_screen",
    shop_key(),
    sa.Column("id", ID, primary_key=True),
    sa.Column("name", sa.String(80), nullable=False),
    sa.Column("token_hash", sa.String(64), nullable=False),
    instant("created_at"),
    instant("ended_at", null=True),
    sa.Index(None, "token_hash"),
)
