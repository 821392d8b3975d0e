"""/owner/privacy/papers: the shop's papers about people's data, what only the shop can say in them, and whether its
owners read what customers say of each person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from storefront_trace.actions import papers as actions
from storefront_trace.domain.clock import now_micros
from storefront_trace.domain.errors import N_, Invalid
from storefront_trace.domain.moments import day_of
from storefront_trace.domain.papers import FIELDS, LONGEST_NAME, NEEDED, PAPERS, missing
from storefront_trace.domain.shop import Cast
from storefront_trace.web.faces import person_face
from storefront_trace.web.forms import text_of, whole_form
from storefront_trace.web.owner.base import frame, language_of, refusals, saved, show, texts
from storefront_trace.web.owner.paper import PATH
from storefront_trace.web.wording import full_date_text

NAMES = {
    "notice": (N_("Notice to staff"), N_("What everybody who works here is told before it begins.")),
    "record": (N_("Record of processing"), N_("What is kept, why, on which ground and for how long (Article 30).")),
    "balance": (N_("Balancing test"), N_("Why the shop may, weighed against those whose data it is.")),
    "dpia": (N_("Impact assessment"), N_("The risks and what meets them: a first draft (Article 35).")),
}
LABELS = {
    "controller": (N_("Who is responsible"), N_("The company's full name and number.")),
    "address": (N_("Address"), ""),
    "contact": (N_("Whom to write to about data"), N_("A mail address or a phone number.")),
    "dpo": (N_("Data protection officer"), N_("Empty when none has been appointed.")),
    "host": (N_("Who runs the server, and where"), N_("Name and country, or that you do it yourselves.")),
    "mailer": (N_("Who carries the mails"), N_("Name and country.")),
    "authority": (
        N_("Supervisory authority"),
        N_("Empty for the one of your country, as we know it from the holidays."),
    ),
}
SWITCHED = {True: N_("Switched on %(day)s, agreed to by %(name)s"), False: N_("Switched off %(day)s")}
MOST_TOLD = 5


async def show_papers(request: Request) -> Response:
    return _page(request)


async def post_papers(request: Request) -> Response:
    """The fields of domain/papers.py FIELDS."""
    form = await whole_form(request)
    typed = {name: text_of(form, name) for name in FIELDS}
    try:
        await actions.set_papers(request.app.state.desk, request.state.cast.shop.id, typed)
    except Invalid as error:
        return _page(request, refusals(request, error, {}, "controller"), typed)
    return saved(PATH, "papers")


async def post_view(request: Request) -> Response:
    """`on` is 1 or 0; to switch it on it needs `agreed` and `day`: who agreed for the employees, and when."""
    form = await whole_form(request)
    desk, cast, me = request.app.state.desk, request.state.cast, request.state.person.id
    typed = {name: text_of(form, name) for name in ("agreed", "day")}
    try:
        if text_of(form, "on") == "1":
            agreed, day = typed["agreed"], typed["day"]
            await actions.show_people(desk, cast.shop.id, by_person=me, name=agreed, day=day)
        else:
            await actions.hide_people(desk, cast.shop.id, by_person=me)
    except Invalid as error:
        return _page(request, refusals(request, error, {}, "agreed"), typed)
    return saved(PATH, "view", anchor="#view")


def _page(
    request: Request, errors: Mapping[str, str] | None = None, typed: Mapping[str, str] | None = None
) -> Response:
    cast: Cast = request.state.cast
    say = texts(request).gettext
    values = {**{name: (cast.shop.papers or {}).get(name, "") for name in FIELDS}, "agreed": "", "day": ""}
    context: dict[str, Any] = {
        "papers": [{"url": f"{PATH}/{key}", "name": say(NAMES[key][0]), "what": say(NAMES[key][1])} for key in PAPERS],
        "fields": [
            {"name": name, "label": say(label), "hint": say(hint) if hint else None, "most": FIELDS[name],
             "needed": name in NEEDED}
            for name, (label, hint) in LABELS.items()
        ],
        "values": values | dict(typed or {}),
        "missing": len(missing(cast.shop.papers)),
        "per_person": cast.shop.per_person,
        "switched": _switched(request),
        "today": day_of(now_micros(), cast.shop.zone),
        "longest_name": LONGEST_NAME,
    }  # fmt: skip
    return show(request, "papers", frame(request, texts(request).gettext("Papers"), "shop", errors) | context)


def _switched(request: Request) -> list[str]:
    """When the view was switched, the last first."""
    cast: Cast = request.state.cast
    language, say = language_of(request), texts(request)
    rows = []
    for one in reversed((cast.shop.agreed or [])[-MOST_TOLD:]):
        day = full_date_text(day_of(one["at"], cast.shop.zone), language)
        told = say.say(SWITCHED[bool(one["on"])], day=day, name=one.get("name", ""))
        person = cast.people.get(one["by"])
        rows.append(f"{told} ({person_face(cast, person, language)['name']})" if person else told)
    return rows
