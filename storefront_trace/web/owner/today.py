"""/owner: who needs the owner, what customers thank for, and everybody in alphabetical order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from storefront_trace.actions.needs import read_needs
from storefront_trace.actions.readings import note_said
from storefront_trace.domain import ladder
from storefront_trace.domain.clock import DAY, now_micros
from storefront_trace.domain.errors import N_
from storefront_trace.domain.moments import from_micros, tz
from storefront_trace.domain.needs import Need
from storefront_trace.domain.shop import Cast
from storefront_trace.storage import feedback, kiosks, questions, reports
from storefront_trace.storage.database import Connection
from storefront_trace.storage.feedback import Feedback, Reply
from storefront_trace.storage.questions import Thread
from storefront_trace.storage.reports import Doer, doer_of
from storefront_trace.web.languages import catalogue
from storefront_trace.web.milestones import News, milestone_text, read_milestone
from storefront_trace.web.owner.asked import asked
from storefront_trace.web.owner.base import (
    doer_face,
    doer_in_sentence,
    frame,
    language_of,
    show,
    texts,
)
from storefront_trace.web.owner.cares import care, customer
from storefront_trace.web.owner.everybody import doers_by_name, people_of, rows_of
from storefront_trace.web.owner.greeting import capitalised, counted, hello, summary
from storefront_trace.web.owner.leaves import leaf_of
from storefront_trace.web.owner.needs import need_view
from storefront_trace.web.owner.numbers import Numbers, read_numbers
from storefront_trace.web.owner.patterns import pattern_views, read_patterns
from storefront_trace.web.owner.start import is_untouched
from storefront_trace.web.rights import begins_at
from storefront_trace.web.wording import recent_text, tied

CARES, PRAISE, NEEDS = 3, 3, 4


@dataclass(frozen=True)
class Morning:
    numbers: Numbers
    words: dict[Doer, Feedback]
    cares: list[Feedback]
    replies: dict[str, Reply]
    open_cares: int
    asked: list[Thread]
    open_asked: int
    patterns: dict[tuple[Doer, str], ladder.Pattern]
    needs: list[Need]
    thanks: int
    praise: list[Feedback]
    rested: list[tuple[str, int]]
    milestone: News | None


async def show_today(request: Request) -> Response:
    """`?page=` turns the leaves of the people, by name. Who is no owner is led to where they begin."""
    if request.state.sight is not None:
        return RedirectResponse(begins_at(request.state.session), 303, {"Cache-Control": "no-store"})
    cast: Cast = request.state.cast
    leaf = leaf_of(request, doers_by_name(cast, language_of(request)))
    if cast.shop.starting and await is_untouched(request):
        return RedirectResponse("/owner/start", 303, {"Cache-Control": "no-store"})
    async with request.app.state.desk.db.read() as conn:
        found = await _read(conn, cast, people_of(leaf.items))
    shown = [*found.praise, *found.cares, *found.words.values()]
    await note_said(request.app.state.desk, cast.shop, request.state.person.id, shown)
    say, language = texts(request), language_of(request)
    first = summary(found.open_cares + found.open_asked + len(found.patterns), len(found.needs), found.thanks, say)
    hour = from_micros(now_micros()).astimezone(tz(cast.shop.zone)).hour
    title = capitalised(first.striptags().split(",")[0].rstrip("."))
    return show(
        request,
        "today",
        frame(request, title, "today")
        | {
            "hello": hello(hour, request.state.person.display_name, say),
            "summary": first,
            "starting": cast.shop.starting,
            "praise": _praise(cast, found, language),
            "asked": [asked(cast, one, language) for one in found.asked],
            "milestone": milestone_text(cast, found.milestone, language),
            "more_asked": found.open_asked > len(found.asked),
            "cares": [
                care(cast, said, found.replies.get(said.id), language, me=request.state.person.id)
                for said in found.cares
            ],
            "more_cares": found.open_cares > len(found.cares),
            "patterns": pattern_views(cast, found.patterns, language)[:CARES],
            "more_patterns": len(found.patterns) > CARES,
            "rests": [_rest(cast, *one, language) for one in found.rested if one[0] in cast.people],
            "needs": [need_view(cast, need, language, me=request.state.person.id) for need in found.needs[:NEEDS]],
            "more_needs": len(found.needs) > NEEDS,
            "period": say.gettext("The last 90 days, in alphabetical order"),
            "people": rows_of(cast, leaf.items, found.numbers, found.words, language),
            "before": leaf.before,
            "after": leaf.after,
        },
    )


async def _read(conn: Connection, cast: Cast, people: list[str]) -> Morning:
    now = now_micros()
    shop_id, week = cast.shop.id, now - 7 * DAY
    cares = await reports.list_concerns(conn, shop_id, done=False, limit=CARES)
    thanks = await feedback.list_feedback(conn, shop_id, choice="thanks", since=week, newest_first=True)
    return Morning(
        numbers=await read_numbers(conn, cast, people),
        words=await reports.latest_words(conn, shop_id, people, now - ladder.REPORT_DAYS * DAY),
        cares=cares,
        replies=await reports.last_replies(conn, shop_id, cares),
        open_cares=await reports.count_open_concerns(conn, shop_id),
        asked=await questions.list_owners(conn, shop_id, limit=CARES),
        open_asked=await questions.count_owners(conn, shop_id),
        patterns=await read_patterns(conn, cast),
        # Questions stand in a list of their own here.
        needs=[need for need in await read_needs(conn, cast) if need.kind != "asked"],
        thanks=await reports.count_choice(conn, shop_id, "thanks", week),
        rested=await kiosks.list_rested(conn, shop_id, now - DAY),
        milestone=await read_milestone(conn, cast),
        praise=[said for said in thanks if said.words][:PRAISE],
    )


def _praise(cast: Cast, found: Morning, language: str) -> dict[str, Any] | None:
    if not found.praise:
        return None
    say = catalogue(language)
    heading = counted(found.thanks, N_("Celebrate the week's thanks"), N_("Celebrate the week's %(n)s thanks"), say)
    link = {"href": "/owner/wall", "label": say.gettext("The wall of thanks")}
    return {"heading": heading, "items": [_praised(cast, said, language) for said in found.praise], "link": link}


def _praised(cast: Cast, said: Feedback, language: str) -> dict[str, Any]:
    doer, message = doer_of(said), N_("%(customer)s to %(name)s")
    name = doer_in_sentence(cast, doer, language)
    by = catalogue(language).say(message, customer=customer(said, language), name=name)
    return {"portrait": doer_face(cast, doer, language)["portrait"], "words": said.words, "by": by}


def _rest(cast: Cast, person_id: str, until: int, language: str) -> dict[str, Any]:
    """A PIN that was guessed at; it leaves the page when the right one was tapped in, or after a day."""
    say, now, person = catalogue(language), now_micros(), cast.people[person_id]
    when = tied(recent_text(until, cast.shop.zone, "minute", language, now=now))
    rests = N_("A PIN was wrong five times in a row: %(name)s. It rests until %(when)s.")
    rested = N_("A PIN was wrong five times in a row: %(name)s. It rested until %(when)s.")
    text = say.say(rests if until > now else rested, name=person.display_name, when=when)
    link = {
        "href": f"/owner/people/{person.handle}/about",
        "label": say.say("Open the page: %(name)s", name=person.display_name),
    }
    return {"text": text, "link": link}
