"""When several customers found the same: a reason to help, shown with the one thing to do about it."""

from __future__ import annotations

from typing import Any

from storefront_trace.domain import ladder
from storefront_trace.domain.clock import DAY, now_micros
from storefront_trace.domain.errors import N_
from storefront_trace.domain.shop import Cast
from storefront_trace.storage import reports
from storefront_trace.storage.database import Connection
from storefront_trace.storage.reports import Doer
from storefront_trace.web.languages import catalogue
from storefront_trace.web.owner.base import doer_face, doer_url
from storefront_trace.web.owner.cares import step_name
from storefront_trace.web.owner.greeting import capitalised
from storefront_trace.web.wording import number_text

PATTERN_DAYS = 365


async def read_patterns(conn: Connection, cast: Cast) -> dict[tuple[Doer, str], ladder.Pattern]:
    since = now_micros() - PATTERN_DAYS * DAY
    last = await reports.last_answers(conn, cast.shop.id, since, most=ladder.PATTERN_WINDOW)
    found = {key: ladder.pattern(answers) for key, answers in last.items()}
    return {key: pattern for key, pattern in found.items() if pattern is not None and _works_here(cast, key[0])}


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


def _works_here(cast: Cast, doer: Doer) -> bool:
    person = cast.people.get(doer.person_id or "")
    return person.left_at is None if person else doer.team in cast.teams
