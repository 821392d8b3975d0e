"""How far the owner has come with a concern, and what the next step is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from storefront_trace.actions.feedback import shares_by_itself_at
from storefront_trace.domain import concerns
from storefront_trace.domain.clock import now_micros
from storefront_trace.domain.errors import N_
from storefront_trace.domain.moments import from_micros
from storefront_trace.domain.shop import Cast
from storefront_trace.storage.feedback import Feedback, Reply
from storefront_trace.web.languages import Catalogue, catalogue
from storefront_trace.web.wording import tied, wait_text

NAMES: dict[concerns.Stage, str] = {
    "new": N_("New"),
    "looking": N_("Looking into it"),
    "talked": N_("Talked over"),
    "closed": N_("Closed"),
}


def stage_of(said: Feedback) -> concerns.Stage:
    return concerns.stage_of(said.looking_at, said.talked_at, said.done_at)


def stage_view(cast: Cast, said: Feedback, reply: Reply | None, me: str, language: str) -> dict[str, Any]:
    """`me` is the owner who reads: nobody shares with themselves, or says of their own step that it was outside their
    control."""
    say, base = catalogue(language), f"/owner/concerns/{said.id}"
    stage, own = stage_of(said), said.person_id == me
    open_still = stage != "closed"
    return {
        "url": base,
        "stage": stage,
        "stage_name": say.gettext(NAMES[stage]),
        "own": say.gettext("It is about a step of your own.") if own else None,
        "late": _late(cast, said, reply, say),
        "look_action": f"{base}/looking" if stage == "new" else None,
        "talk_label": _talk_label(said, say) if open_still and may_talk(cast, said, me) else None,
        "share_action": f"{base}/share" if is_hidden(cast, said) and not own else None,
        "outside_action": f"{base}/outside" if said.outside_at is None and not own else None,
        "done_action": f"{base}/done" if open_still else None,
        "reopen_action": None if open_still else f"{base}/reopen",
    }


def may_talk(cast: Cast, said: Feedback, me: str) -> bool:
    """With the one person whose step it was, while they work here."""
    person = cast.people.get(said.person_id or "")
    return person is not None and person.left_at is None and person.id != me and said.outside_at is None


def is_hidden(cast: Cast, said: Feedback) -> bool:
    """Whether it is still the owner's alone, and will be shared."""
    return said.outside_at is None and said.shared_at is None and now_micros() < shares_by_itself_at(cast, said)


def _talk_label(said: Feedback, say: Catalogue) -> str:
    return say.gettext("Talk it over") if said.talked_at is None else say.gettext("What you talked about")


def _late(cast: Cast, said: Feedback, reply: Reply | None, say: Catalogue) -> str | None:
    came = said.concern_at if said.concern_at is not None else said.created_at
    if reply is not None or said.done_at is not None:
        return None
    if not concerns.is_late(cast.calendar, from_micros(came), from_micros(now_micros())):
        return None
    return say.gettext("The customer has waited longer than one working day for an answer.")


def pace_text(cast: Cast, answers: Sequence[tuple[int, int]], language: str) -> str:
    """How soon customers were answered, in words; "" as long as there is too little to tell it by."""
    told = concerns.pace(cast.calendar, [(from_micros(came), from_micros(at)) for came, at in answers])
    if told.median is None:
        return ""
    hours = catalogue(language).say(
        N_("In the last 90 days customers had their first answer after %(time)s of working time, as a median."),
        time=tied(wait_text(max(1, told.median), language)),
    )
    kept = catalogue(language).say(
        N_("%(kept)s of %(all)s were answered within one working day, which is the aim."),
        kept=told.in_time,
        all=told.answered,
    )
    return f"{hours} {kept}"
