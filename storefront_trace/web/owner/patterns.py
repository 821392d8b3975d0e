"""When several customers found the same: a reason to help, shown with the one thing to do about it."""

from __future__ import annotations

from typing import Any

from storefront_trace.domain import ladder
from storefront_trace.domain.clock import DAY, now_micros
from storefront_trace.domain.errors import N_
from storefront_trace.domain.rights import Sight
from storefront_trace.domain.shop import Cast
from storefront_trace.storage import patterns
from storefront_trace.storage.database import Connection
from storefront_trace.storage.reports import Doer
from storefront_trace.web.languages import catalogue
from storefront_trace.web.owner.base import alphabetical, doer_face, doer_url
from storefront_trace.web.owner.cares import step_name
from storefront_trace.web.owner.greeting import capitalised
from storefront_trace.web.wording import number_text

PATTERN_DAYS = 365


async def read_patterns(
    conn: Connection, cast: Cast, doer: Doer | None = None, *, sight: Sight | None = None
) -> dict[tuple[Doer, str], ladder.Pattern]:
    """Of everybody, or of one."""
    now, shop_id = now_micros(), cast.shop.id
    close = await patterns.close_concerns(conn, shop_id, now - PATTERN_DAYS * DAY, doer)
    theirs = (key for key in close if _works_here(cast, key[0]) and (sight is None or _sees(sight, cast, key[0])))
    several = {key: one for key in theirs if (one := ladder.pattern(close[key]))}
    if not several:
        return {}
    others = await patterns.count_others(conn, shop_id, now - ladder.REPORT_DAYS * DAY, several)
    return {key: one for key, one in several.items() if ladder.stands_apart(one, others[key])}


def pattern_views(cast: Cast, found: dict[tuple[Doer, str], ladder.Pattern], language: str) -> list[dict[str, Any]]:
    """By name, never by number."""
    views = [pattern_view(cast, *one, language) for one in found.items()]
    return sorted(views, key=lambda view: (alphabetical(view["link"]["label"], language), view["text"]))


def pattern_view(cast: Cast, key: tuple[Doer, str], pattern: ladder.Pattern, language: str) -> dict[str, Any]:
    doer, step = key
    texts, face = catalogue(language), doer_face(cast, doer, language)
    message = N_("%(concerns)s of the last %(answers)s answers about %(step)s could have been better.")
    if pattern.answers < ladder.COUNTS_FROM:
        message = N_("Several of the latest answers about %(step)s could have been better.")
    text = texts.say(
        message,
        concerns=capitalised(number_text(pattern.concerns, language)),
        answers=number_text(pattern.answers, language),
        step=step_name(cast, step, language),
    )
    link = {"href": doer_url(cast, doer), "label": face["name"]}
    return {"text": f"{text} {texts.gettext(ladder.PATTERN_PROMPT)}", "link": link}


def _sees(sight: Sight, cast: Cast, doer: Doer) -> bool:
    person = cast.people.get(doer.person_id or "")
    return sight.takes_in(Doer(person.id, person.team) if person else doer)


def _works_here(cast: Cast, doer: Doer) -> bool:
    person = cast.people.get(doer.person_id or "")
    return person.left_at is None if person else doer.team in cast.teams
