"""A concern as the owner reads it: whose step, until when it is the owner's alone, and what can be done."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from markupsafe import Markup

from storefront_trace.actions.feedback import shares_by_itself_at
from storefront_trace.domain.clock import now_micros
from storefront_trace.domain.errors import N_
from storefront_trace.domain.moments import from_micros
from storefront_trace.domain.shop import Cast, in_language
from storefront_trace.storage.feedback import Feedback, Reply
from storefront_trace.storage.reports import doer_of
from storefront_trace.web.faces import begun, team_name
from storefront_trace.web.languages import catalogue
from storefront_trace.web.owner.base import doer_face, doer_in_sentence, this_year
from storefront_trace.web.owner.stages import is_hidden, stage_view
from storefront_trace.web.wording import moment_text, recent_text, tied

Care = dict[str, Any]
# Where the view of each person is switched off: it may be one of the team's people.
UNTIL_UNNAMED = N_("Shared %(day)s at the latest, with whoever did the step")
SHARED_UNNAMED = N_("Shared %(day)s, with whoever did the step")
SHARE_UNNAMED = N_("Share it now, with whoever did the step")


def care(cast: Cast, said: Feedback, reply: Reply | None, language: str, *, me: str) -> Care:
    """See templates/owner/_care.html; `me` is the owner who reads it: their own step is shared with nobody else."""
    say = catalogue(language).say
    name = doer_in_sentence(cast, doer_of(said), language)
    base = f"/owner/concerns/{said.id}"
    hidden, own = is_hidden(cast, said), said.person_id == me
    return {
        "id": said.id,
        "words": said.words or None,
        "chips": chip_labels(cast, said, language),
        "by": byline(cast, said, language),
        "work": f"{step_name(cast, said.step, language)}, {doer_face(cast, doer_of(said), language)['name']}",
        "until": _begins(said, _until(cast, said, name, language)) if hidden and not own else None,
        "shared": None if hidden or own or said.outside_at else _begins(said, _shared(cast, said, name, language)),
        "outside": _outside(said, name, language),
        "reply": reply_view(cast, reply, language),
        "side": _side(cast, said, name, language),
        "reply_action": f"{base}/reply",
        "reply_label": say("Answer %(name)s", name=customer(said, language)) if said.first_name else say("Answer"),
        "reply_hint": None if said.contact else say("The customer did not ask for an answer."),
        "share_label": say("Share with %(name)s now", name=name) if cast.shop.per_person else say(SHARE_UNNAMED),
        "outside_label": say("Outside this person's control") if said.person_id else say("Outside the team's control"),
        **stage_view(cast, said, reply, me, language),
    }


def byline(cast: Cast, said: Feedback, language: str) -> Markup:
    """ "Per, order 994, i går", with a way to the order; without it for thanks where names do not count."""
    who, when = customer(said, language), day_of(cast, said.created_at, language)
    if not said.order_number:
        return Markup("{}, {}").format(who, when)
    order = tied(catalogue(language).say("order %(number)s", number=said.order_number))
    link = Markup('<a href="/staff/orders/{}">{}</a>').format(quote(said.order_number, safe=""), order)
    return Markup("{}, {}, {}").format(who, link, when)


def step_name(cast: Cast, key: str, language: str) -> str:
    step = cast.steps.get(key)
    return in_language(step.names, language, cast.shop.locale) if step else key


def customer(said: Feedback, language: str) -> str:
    return said.first_name or catalogue(language).gettext("A customer")


def day_of(cast: Cast, micros: int, language: str) -> str:
    return tied(recent_text(micros, cast.shop.zone, "day", language, now=now_micros()))


def chip_labels(cast: Cast, said: Feedback, language: str) -> list[str]:
    chips = [cast.chips[key] for key in said.chips if key in cast.chips]
    return [in_language(chip.names, language, cast.shop.locale) for chip in chips]


def reply_view(cast: Cast, reply: Reply | None, language: str) -> dict[str, str] | None:
    if reply is None:
        return None
    person = cast.people.get(reply.person_id)
    here = person is not None and person.left_at is None
    name = person.display_name if person and here else team_name(cast, person.team if person else None, language)
    by = catalogue(language).say("%(name)s answered", name=name)
    return {"words": reply.words, "by": f"{by} · {day_of(cast, reply.created_at, language)}"}


def _side(cast: Cast, said: Feedback, name: str, language: str) -> dict[str, str] | None:
    """What the person it was shared with says of it."""
    if said.side is None or said.side_at is None:
        return None
    by = catalogue(language).say("%(name)s gives their side", name=name)
    return {"words": said.side, "by": f"{by} · {day_of(cast, said.side_at, language)}"}


def _begins(said: Feedback, text: str) -> str:
    """Finnish begins with whom it is shared with; a person's name stays as the person wrote it."""
    return text if said.person_id else begun(text)


def _until(cast: Cast, said: Feedback, name: str, language: str) -> Markup:
    at = shares_by_itself_at(cast, said)
    day = tied(moment_text(at, cast.shop.zone, "day", language, this_year(cast)))
    time = Markup('<time datetime="{}">{}</time>').format(from_micros(at).isoformat(timespec="minutes"), day)
    named = N_("Shared with %(name)s %(day)s at the latest")
    message = catalogue(language).gettext(named if cast.shop.per_person else UNTIL_UNNAMED)
    return Markup(message) % {"name": name, "day": time}  # noqa: S704 - a message of ours; the values are escaped


def _shared(cast: Cast, said: Feedback, name: str, language: str) -> str:
    by_itself = shares_by_itself_at(cast, said)
    at = by_itself if said.shared_at is None else min(said.shared_at, by_itself)
    message = N_("Shared with %(name)s %(day)s") if cast.shop.per_person else SHARED_UNNAMED
    return catalogue(language).say(message, name=name, day=day_of(cast, at, language))


def _outside(said: Feedback, name: str, language: str) -> str | None:
    if said.outside_at is None:
        return None
    message = N_("Outside the control of %(name)s: it counts for the shop, not for the person.")
    if said.person_id is None:
        message = N_("Outside the team's control: it counts for the shop, not for the team.")
    return catalogue(language).say(message, name=name)
