"""Who works here and every team, in alphabetical order whatever the numbers say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from storefront_trace.domain.shop import Cast
from storefront_trace.storage.feedback import Feedback
from storefront_trace.storage.reports import Doer
from storefront_trace.web.languages import catalogue
from storefront_trace.web.owner.base import alphabetical, doer_face, doer_url
from storefront_trace.web.owner.cares import byline
from storefront_trace.web.owner.numbers import Numbers


def doers_by_name(cast: Cast, language: str) -> list[Doer]:
    """The teams alone, where the view of each person is switched off."""
    people = cast.people.values() if cast.shop.per_person else ()
    here = [Doer(person.id) for person in people if person.left_at is None]
    everybody = [*here, *(Doer(None, key) for key in cast.teams)]
    return sorted(everybody, key=lambda doer: alphabetical(doer_face(cast, doer, language)["name"], language))


def people_of(doers: list[Doer]) -> list[str]:
    return [doer.person_id for doer in doers if doer.person_id is not None]


def rows_of(
    cast: Cast, doers: list[Doer], numbers: Numbers, words: Mapping[Doer, Feedback], language: str
) -> list[dict[str, Any]]:
    """Those with a team, and whoever did something."""
    busy = numbers.answers.keys() | numbers.steps.keys()
    return [
        _row(cast, doer, numbers, words.get(doer), language) for doer in doers if doer in busy or _named(cast, doer)
    ]


def _named(cast: Cast, doer: Doer) -> bool:
    return doer.person_id is not None and cast.people[doer.person_id].team is not None


def _row(cast: Cast, doer: Doer, numbers: Numbers, said: Feedback | None, language: str) -> dict[str, Any]:
    return {
        **doer_face(cast, doer, language),
        "url": doer_url(cast, doer),
        "words": said.words if said else None,
        "by": byline(cast, said, language) if said else "",
        "ladder": numbers.view(doer, catalogue(language)),
    }
