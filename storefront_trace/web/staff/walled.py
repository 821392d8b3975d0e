"""The question to whom thanks went: may they stand on the shop's wall of thanks? Asked of what the customer allowed."""

from __future__ import annotations

from storefront_trace.actions.wall import is_asked
from storefront_trace.domain.errors import N_
from storefront_trace.domain.timeline import actor, photo_of
from storefront_trace.storage.feedback import Feedback
from storefront_trace.web.faces import inside
from storefront_trace.web.hung import public_face
from storefront_trace.web.staff.visit import Context, Visit

# To change what is asked (MAY, AS) is to ask anew: give domain/wall.py PERSONS_WORDING another name then.
MAY = {
    "name": N_("The customer lets the shop show these words, with their first name, on its wall of thanks. May they?"),
    "nameless": N_("The customer lets the shop show these words, without a name, on its wall of thanks. May they?"),
}
AS = {
    "photo": N_("Your name and your picture stand beside it, as customers see you now."),
    "name": N_("Your name stands beside it, as customers see you now."),
    "team": N_("The team’s name stands beside it: “%(name)s”."),
}
SAYS = {
    "yes": N_("You said yes: the owner may hang this on the wall of thanks."),
    "no": N_("You said no: this stays off the wall of thanks."),
}
YES, NO, BACK, AFTER_ALL = N_("Yes, they may"), N_("No"), N_("Take it back"), N_("Yes, they may after all")


def wall_of(visit: Visit, said: Feedback) -> Context | None:
    if not is_asked(visit.cast, said, visit.person.id):
        return None
    shown = actor(visit.cast, said.person_id, said.team, None, False)
    who = public_face(visit.cast, shown, visit.language)
    way = "team" if shown.person is None else "name" if photo_of(shown) is None else "photo"
    answers = {"yes": (("no", BACK),), "no": (("yes", AFTER_ALL),)}.get(
        said.wall_person or "", (("yes", YES), ("no", NO))
    )
    return {
        "text": visit.say(SAYS[said.wall_person] if said.wall_person else MAY[said.wall or "nameless"]),
        "said": said.wall_person is not None,
        "as": visit.say(AS[way], name=inside(visit.cast, who["name"], visit.language)),
        "portrait": who["portrait"],
        "action": f"/staff/thanks/{said.id}/wall",
        "answers": [{"says": says, "label": visit.say(label)} for says, label in answers],
    }
