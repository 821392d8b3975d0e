"""A shop begins, and its owner changes its face and its teams. Its steps are in shop_steps.py."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from storefront_trace.actions import pace, signin
from storefront_trace.actions.audit import note
from storefront_trace.actions.desk import Desk
from storefront_trace.actions.shop_steps import put_step as put_step
from storefront_trace.domain.clock import now_micros
from storefront_trace.domain.colours import parse_colour
from storefront_trace.domain.errors import N_, Invalid
from storefront_trace.domain.golive import LOOK
from storefront_trace.domain.ids import new_id
from storefront_trace.domain.lifetimes import KEPT_DAYS, KEPT_MONTHS
from storefront_trace.domain.moments import is_zone
from storefront_trace.domain.origins import parse_origins
from storefront_trace.domain.people import clean_display_name
from storefront_trace.domain.shop import LANGUAGES, LONGEST_PICKUP, Person, Shop, Team
from storefront_trace.domain.steps import CARRIER_TEAM, DEFAULT_TEAMS, first_steps
from storefront_trace.domain.texts import words_within
from storefront_trace.publicdays import countries
from storefront_trace.storage import accounts, people, shops

WRONG_DAYS = N_("Write a whole number of days from %(least)s to %(most)s.")
WRONG_MONTHS = N_("Choose from %(least)s to %(most)s months.")
WRONG_COUNTRY = N_("We do not know the holidays of that country. Choose another, or none.")


async def create_shop(
    desk: Desk,
    name: str,
    owner_email: str,
    *,
    locale: str,
    zone: str,
    owner_name: str | None = None,
    starting: bool = False,
) -> tuple[str, str]:
    """(shop id, the owner's one-time sign-in token): the shop with its owner, its teams and its steps. Without
    `owner_name` it is made from the address. `starting`: the owner is led through the first steps."""
    shop = Shop(
        id=new_id(),
        name=_name(name),
        locale=_locale(locale),
        zone=_zone(zone),
        starting=starting,
        created_at=now_micros(),
    )
    owner = _owner(owner_email, owner_name, shop.created_at)
    async with desk.db.write() as conn:
        await shops.insert_shop(conn, shop)
        for place, team in enumerate(DEFAULT_TEAMS):
            if team.key != CARRIER_TEAM:  # nobody here: a step of the carrier's belongs to no team of the shop
                await shops.upsert_team(conn, shop.id, Team(team.key, dict(team.names), None, place))
        for step in first_steps():
            await shops.upsert_step(conn, shop.id, step)
        await people.insert_person(conn, shop.id, owner)
        token = await signin.make_link(conn, shop.id, owner, "owner")
        await note(conn, shop.id, "shop.created")
    return shop.id, token


async def set_face(desk: Desk, shop_id: str, **changes: Any) -> None:
    """Any of name, brand, logo, locale, zone, origins, fade_days, link_days, share_days, question_minutes, ask_hours,
    pickup, any_order, starting, session_days, words_months, log_months, country, calendar (checked by
    domain/calendar.py); every page is new at once, and the pace is counted anew where it hangs on them. Fewer
    `session_days` than before end older sessions."""
    checks: dict[str, Callable[[Any], Any]] = {
        "name": _name,
        "brand": parse_colour,
        "locale": _locale,
        "zone": _zone,
        "country": _country,
        "origins": _origins,
        "pickup": _pickup,
        **{name: partial(whole_days, name) for name in KEPT_DAYS},
        **{name: partial(whole_months, name) for name in KEPT_MONTHS},
    }
    checked = {key: checks[key](value) if key in checks else value for key, value in changes.items()}
    async with desk.db.write() as conn:
        old = await shops.get_shop(conn, shop_id, lock=True)
        if "calendar" in checked:  # nobody may meet it without its holidays
            checked["calendar"] = pace.with_public(changes["calendar"], (old.calendar or {}).get("public"))
        await shops.update_shop(conn, shop_id, **checked)
        if "session_days" in changes:
            await accounts.update_sessions_shortened(conn, shop_id, checked["session_days"])
        await shops.update_generation(conn, shop_id)
        before = {name: getattr(old, name) for name in checked}
        await note(conn, shop_id, "shop.changed", before=before, after=checked)
    if checked.keys() & {"zone", "country", "calendar"}:
        await pace.recount(desk, shop_id)


async def keep_look(desk: Desk, shop_id: str, *, by_person: str) -> None:
    """Colour and logo are settled as they are. Said again it keeps its day."""
    async with desk.db.write() as conn:
        settled = (await shops.get_shop(conn, shop_id, lock=True)).golive or {}
        if LOOK in settled:
            return
        kept = {LOOK: {"by": by_person, "at": now_micros()}}
        await shops.update_shop(conn, shop_id, golive={**settled, **kept})
        await shops.update_generation(conn, shop_id)
        await note(conn, shop_id, "shop.look_kept")


async def put_team(desk: Desk, shop_id: str, team: Team) -> None:
    async with desk.db.write() as conn:
        old = (await shops.get_cast(conn, shop_id)).teams.get(team.key)
        await shops.upsert_team(conn, shop_id, team)
        await shops.update_generation(conn, shop_id)
        deed = "shop.team_changed" if old else "shop.team_added"
        await note(conn, shop_id, deed, "team", team.key, before=old, after=team)


def _owner(email: str, name: str | None, now: int) -> Person:
    if not re.fullmatch(r"[^@\s]{1,64}@[^@\s]+\.[^@\s]+", email) or len(email) > 254:
        raise Invalid("That is not an e-mail address.", errors=[("owner", "Write it like maria@example.com.")])
    first = re.split(r"[._+-]", email.split("@")[0])[0]
    handle = re.sub(r"[^a-z0-9-]", "", first.lower()).strip("-") or "owner"
    called = clean_display_name(first.capitalize()[:40] if name is None else name)
    return Person(id=new_id(), handle=handle[:40], display_name=called, roles={}, email=email, created_at=now)


def _name(name: str) -> str:
    name = " ".join(name.split())
    if not 0 < len(name) <= 80 or not name.isprintable():
        raise Invalid("The shop needs a name of at most 80 characters.", errors=[("name", "Write a name.")])
    return name


def _locale(locale: str) -> str:
    _check_language(locale)
    return locale


def _check_language(language: str) -> None:
    if language not in LANGUAGES:
        raise Invalid("We do not speak that language yet.", errors=[("locale", "Use en, sv, nb, da, fi or de.")])


def _country(country: str | None) -> str | None:
    if country is not None and country not in countries():
        raise Invalid(WRONG_COUNTRY, errors=[("country", WRONG_COUNTRY)])
    return country


def whole_days(name: str, value: object, most: int | None = None) -> int:
    """As typed or as counted. `most`: who runs the server may allow fewer than a shop may choose."""
    least, limit = KEPT_DAYS[name]
    limit, text = min(limit, most or limit), str(value).strip()
    if not (text.isascii() and text.isdigit() and len(text) < 5 and least <= int(text) <= limit):
        raise Invalid(WRONG_DAYS, errors=[(name, WRONG_DAYS)], params={"least": least, "most": limit})
    return int(text)


def whole_months(name: str, value: object) -> int:
    """As typed or as counted."""
    (least, most), text = KEPT_MONTHS[name], str(value).strip()
    if not (text.isascii() and text.isdigit() and len(text) < 4 and least <= int(text) <= most):
        raise Invalid(WRONG_MONTHS, errors=[(name, WRONG_MONTHS)], params={"least": least, "most": most})
    return int(text)


def _origins(texts: Iterable[str]) -> list[str]:
    return list(parse_origins(texts))


def _pickup(text: str | None) -> str | None:
    return words_within(text or "", LONGEST_PICKUP, field="pickup") or None


def _zone(zone: str) -> str:
    if not is_zone(zone):
        raise Invalid("There is no such time zone.", errors=[("zone", "Use a name like Europe/Stockholm.")])
    return zone
