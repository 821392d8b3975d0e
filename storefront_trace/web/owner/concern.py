"""/owner/concerns/{feedback}: one concern, and a talk about it with the person whose step it was."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from storefront_trace.actions import concerns as actions
from storefront_trace.actions.readings import note_reading
from storefront_trace.domain.concerns import LONGEST_NOTE, PROMPTS
from storefront_trace.domain.errors import Conflict, Invalid, NotFound
from storefront_trace.domain.shop import Cast
from storefront_trace.storage import feedback, reports, talks
from storefront_trace.storage.feedback import Feedback
from storefront_trace.storage.reports import doer_of
from storefront_trace.storage.talks import Talk
from storefront_trace.web.forms import whole_form
from storefront_trace.web.languages import catalogue
from storefront_trace.web.owner.base import (
    doer_face,
    doer_in_sentence,
    frame,
    language_of,
    refusals,
    saved,
    show,
    texts,
)
from storefront_trace.web.owner.cares import care, day_of
from storefront_trace.web.owner.stages import may_talk


async def show_concern(request: Request) -> Response:
    return await _page(request)


async def post_talk(request: Request) -> Response:
    feedback_id = request.path_params["feedback"]
    form = await whole_form(request)
    typed = {key: str(form.get(key, "")) for key, _, _ in PROMPTS}
    state = request.state
    try:
        await actions.note_talk(
            request.app.state.desk, state.cast.shop.id, feedback_id, by_person=state.person.id, notes=typed
        )
    except (Invalid, Conflict) as error:
        return await _page(request, refusals(request, error, {}, "intent"), typed)
    return saved(f"/owner/concerns/{feedback_id}", "talked", anchor="#talk")


async def _page(
    request: Request, errors: dict[str, str] | None = None, typed: Mapping[str, str] | None = None
) -> Response:
    cast: Cast = request.state.cast
    language, me = language_of(request), request.state.person.id
    async with request.app.state.desk.db.read() as conn:
        said = await feedback.get_feedback(conn, cast.shop.id, request.path_params["feedback"])
        replies = await reports.last_replies(conn, cast.shop.id, [said])
        talk = await talks.find_talk(conn, cast.shop.id, said.id)
    if said.choice != "concern":
        raise NotFound("There is no such feedback.")
    whose = [said.person_id] if said.person_id else []
    await note_reading(request.app.state.desk, cast.shop, me, "concerns", whose)
    context = {
        "who": doer_face(cast, doer_of(said), language),
        "care": care(cast, said, replies.get(said.id), language, me=me),
        "talk": _talk(cast, said, talk, typed, language) if may_talk(cast, said, me) or talk else None,
        "talk_action": f"/owner/concerns/{said.id}/talk" if may_talk(cast, said, me) else None,
        "longest": LONGEST_NOTE,
    }
    title = texts(request).say("Order %(number)s could have been better", number=said.order_number)
    return show(request, "concern", frame(request, title, "concerns", errors) | context)


def _talk(
    cast: Cast, said: Feedback, talk: Talk | None, typed: Mapping[str, str] | None, language: str
) -> dict[str, Any]:
    say = catalogue(language)
    name = doer_in_sentence(cast, doer_of(said), language)
    kept: Mapping[str, str] = talk.notes if talk else {}
    words = kept if typed is None else typed
    return {
        "heading": say.gettext("What you talked about") if talk else say.say("Talk it over with %(name)s", name=name),
        "reads": say.say("%(name)s reads these notes, and sees the concern, once you have saved them.", name=name),
        "prompts": [
            {
                "key": key,
                "label": say.gettext(label),
                "hint": say.gettext(hint),
                "words": words.get(key, ""),
                "kept": kept.get(key, ""),
            }
            for key, label, hint in PROMPTS
        ],
        "when": say.say("You talked %(when)s", when=day_of(cast, talk.created_at, language)) if talk else None,
        "takes": say.say("What %(name)s takes along", name=name),
        "takeaways": talk.takeaways if talk else None,
        "waits": say.say("%(name)s writes this on their own page, after the talk.", name=name),
    }
