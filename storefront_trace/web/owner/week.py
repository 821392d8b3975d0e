"""One week of the shop in customers' words, to be read together: the same for the page and for Friday's mail.

It is of the shop, not of its people: thanks stand beside whom they were for, in alphabetical order; what was learned
stands with the step alone, in the words that the person wrote for the owner. Nothing is compared with another week.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from storefront_trace.domain.errors import N_
from storefront_trace.domain.ladder import COUNTS_FROM
from storefront_trace.domain.mailing import bounds_of, question_of
from storefront_trace.domain.moments import to_micros
from storefront_trace.domain.shop import Cast, in_language
from storefront_trace.notify.letters import Item, Part, WeekSaid
from storefront_trace.storage import fridays, talks
from storefront_trace.storage.database import Connection
from storefront_trace.storage.feedback import Feedback
from storefront_trace.storage.reports import doer_of
from storefront_trace.storage.talks import Talk
from storefront_trace.web.alphabet import alphabetical
from storefront_trace.web.faces import face_of
from storefront_trace.web.languages import catalogue
from storefront_trace.web.owner.base import doer_in_sentence
from storefront_trace.web.owner.cares import chip_labels, customer, step_name
from storefront_trace.web.wording import capital, date_text, listed, number_text, tied

QUOTES, LEARNED = 10, 10
WORDED, CHIPPED, CLOSED = 200, 2_000, 200
LONGEST = 280
# A chip that was said once is one customer's word, and no more often than others.
OFTEN, MOST_OFTEN = 2, 3


@dataclass(frozen=True)
class Week:
    friday: date
    thanks: int
    chips: Counter[str]
    worded: list[Feedback]
    closed: list[Feedback]
    talks: dict[str, Talk]


async def read_week(conn: Connection, cast: Cast, friday: date) -> Week:
    since, until = bounds_of(friday, cast.shop.zone)
    span, shop_id = (to_micros(since), to_micros(until)), cast.shop.id
    closed = await fridays.list_closed(conn, shop_id, span, limit=CLOSED)
    count, chips = await fridays.count_thanks(conn, shop_id, span, limit=CHIPPED)
    return Week(
        friday=friday,
        thanks=count,
        chips=chips,
        worded=await fridays.list_worded(conn, shop_id, span, limit=WORDED),
        closed=closed,
        talks=await talks.list_talks(conn, shop_id, [one.id for one in closed]),
    )


def week_said(cast: Cast, week: Week, language: str) -> WeekSaid | None:
    """None when nobody was thanked and no concern was closed."""
    if not (week.thanks or week.closed):
        return None
    say = catalogue(language).say
    parts = [
        Part(say("What customers thanked for"), (*_counts(cast, week, language), *_quotes(cast, week, language))),
        Part(say("What was learned"), tuple(_learned(cast, week, language))),
        Part(say("A question to think about together"), (Item(text=say(question_of(week.friday))),)),
    ]
    return WeekSaid(until(week.friday, language), tuple(part for part in parts if part.items))


def shown_of(week: Week) -> list[Feedback]:
    """What of the week stands there in words."""
    return [*_latest(week), *(said for said, _ in _taken(week))]


def until(friday: date, language: str) -> str:
    return catalogue(language).say("The week until %(day)s", day=tied(date_text(friday.isoformat(), language)))


def _counts(cast: Cast, week: Week, language: str) -> tuple[Item, ...]:
    """Few are not counted: they stay words."""
    say, said = catalogue(language).say, []
    if week.thanks >= COUNTS_FROM:
        said.append(say("%(number)s thanks this week.", number=capital(number_text(week.thanks, language))))
    often = [key for key, n in week.chips.most_common(MOST_OFTEN) if n >= OFTEN and key in cast.chips]
    if often:
        names = [in_language(cast.chips[key].names, language, cast.shop.locale) for key in often]
        said.append(say("Most often: %(chips)s.", chips=listed(names, language)))
    return (Item(text=" ".join(said)),) if said else ()


def _quotes(cast: Cast, week: Week, language: str) -> list[Item]:
    """The newest words to each, of those who were thanked last; by their names."""
    if not cast.shop.per_person:
        return [Item(quote=_short(said.words), by=customer(said, language)) for said in week.worded[:QUOTES]]
    named = [(doer_in_sentence(cast, doer_of(said), language), said) for said in _latest(week)]
    named.sort(key=lambda one: (alphabetical(one[0], language), one[1].id))
    to = N_("%(customer)s to %(name)s")
    say = catalogue(language).say
    return [
        Item(
            quote=_short(said.words),
            by=say(to, customer=customer(said, language), name=name),
            portrait=_face(cast, said, language),
        )
        for name, said in named
    ]


def _latest(week: Week) -> list[Feedback]:
    latest = list({doer_of(said): said for said in reversed(week.worded)}.values())
    return sorted(latest, key=lambda said: (said.created_at, said.id), reverse=True)[:QUOTES]


def _face(cast: Cast, said: Feedback, language: str) -> dict[str, str | None] | None:
    portrait = face_of(cast, said.person_id, said.team, language)["portrait"]
    return {"src": portrait["src"]} if portrait else None


def _learned(cast: Cast, week: Week, language: str) -> list[Item]:
    """The talk's notes are not here: they were the owner's and the person's. What the person took along is, since they
    wrote it for the owner to read."""
    if not week.closed:
        return []
    say = catalogue(language).say
    found = [Item(text=say("Could have been better, and is closed now: %(n)s.", n=len(week.closed)))]
    if not cast.shop.per_person:
        return found
    shared = [
        Item(text=_about(cast, said, language), quote=_short(words), by=say("What was taken along from the talk"))
        for said, words in _taken(week)
    ]
    if shared:
        found.append(Item(text=say("What was taken along was written to you: ask before you read it to others.")))
    return found + shared


def _taken(week: Week) -> list[tuple[Feedback, str]]:
    taken = [(said, week.talks[said.id].takeaways) for said in week.closed if said.id in week.talks]
    return [(said, words) for said, words in taken[:LEARNED] if words]


def _short(words: str) -> str:
    """So much of what somebody wrote that the week fits on a sheet; the whole of it stands on its own page."""
    if len(words) <= LONGEST:
        return words
    return f"{words[:LONGEST].rsplit(maxsplit=1)[0]} …"


def _about(cast: Cast, said: Feedback, language: str) -> str:
    step, chips = step_name(cast, said.step, language), chip_labels(cast, said, language)
    return f"{step}: {listed(chips, language)}" if chips else step
