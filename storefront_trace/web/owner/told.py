"""What customers say of one person's or one team's work: their words first, then what could have been better, then the
figures. A person and a team have the same page."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from storefront_trace.actions.readings import note_reading
from storefront_trace.domain.errors import N_
from storefront_trace.domain.shop import Cast
from storefront_trace.storage import feedback, reports
from storefront_trace.storage.feedback import Feedback, Reply
from storefront_trace.storage.reports import Doer
from storefront_trace.web.languages import catalogue
from storefront_trace.web.owner.base import doer_face, doer_url, frame, language_of, show
from storefront_trace.web.owner.cares import byline, chip_labels, reply_view, step_name
from storefront_trace.web.owner.figures import answers_url, days_of, figures_view, read_figures
from storefront_trace.web.owner.patterns import pattern_views, read_patterns
from storefront_trace.web.owner.stages import NAMES, stage_of
from storefront_trace.web.rights import may

WORDS, CARES = 5, 3


async def show_told(request: Request, doer: Doer) -> Response:
    """`?days=` chooses the period of the figures. A reader has them alone, without the words behind them."""
    cast: Cast = request.state.cast
    language, path = language_of(request), doer_url(cast, doer)
    reads = may(request.state.session.role, f"{path}/answers")
    whose: dict[str, Any] = {"person_id": doer.person_id, "team": None if doer.person_id else doer.team}
    sight = request.state.sight
    async with request.app.state.desk.db.read() as conn:
        thanks = await reports.list_words(conn, cast.shop.id, doer, sight=sight, limit=WORDS + 1)
        concerns = await feedback.list_feedback(
            conn, cast.shop.id, **whose, choice="concern", sight=sight, newest_first=True, limit=CARES + 1
        )
        replies = await reports.last_replies(conn, cast.shop.id, [*thanks, *concerns])
        patterns = await read_patterns(conn, cast, doer, sight=sight)
        found = await read_figures(conn, cast, doer, days_of(request.query_params.get("days", "")))
    if doer.person_id:
        await note_reading(request.app.state.desk, cast.shop, request.state.person.id, "page", [doer.person_id])
    face = doer_face(cast, doer, language)
    context = {
        "who": face,
        "about": f"{path}/about",
        "reads": reads,
        "words": [said_view(cast, said, replies.get(said.id), language) for said in thanks[:WORDS]],
        "more_words": answers_url(path, choice="thanks") if len(thanks) > WORDS else None,
        "cares": [said_view(cast, said, replies.get(said.id), language) for said in concerns[:CARES]],
        "more_cares": answers_url(path, choice="concern") if len(concerns) > CARES else None,
        "patterns": [view["text"] for view in pattern_views(cast, patterns, language)],
        "figures": figures_view(cast, found, path, language, reads=reads),
        "answers": f"{path}/answers",
    }
    return show(request, "told", frame(request, face["name"], "people") | context)


def said_view(cast: Cast, said: Feedback, reply: Reply | None, language: str) -> dict[str, Any]:
    """See templates/owner/_said.html."""
    say, concern = catalogue(language), said.choice == "concern"
    return {
        "id": said.id,
        "choice": said.choice,
        "words": said.words or None,
        "chips": chip_labels(cast, said, language),
        "by": byline(cast, said, language),
        "step": step_name(cast, said.step, language),
        "stage": stage_of(said) if concern else None,
        "stage_name": say.gettext(NAMES[stage_of(said)]) if concern else None,
        "url": f"/owner/concerns/{said.id}" if concern else None,
        "outside": say.gettext(N_("Outside their control, not in the figures")) if said.outside_at else None,
        "reply": reply_view(cast, reply, language),
    }
