"""/owner/privacy/papers: the shop's papers about people's data and what only the shop can say in them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from storefront_trace.actions import papers as actions
from storefront_trace.domain.errors import N_, Invalid
from storefront_trace.domain.papers import FIELDS, NEEDED, PAPERS, missing
from storefront_trace.domain.shop import Cast
from storefront_trace.web.forms import text_of, whole_form
from storefront_trace.web.owner.base import frame, refusals, saved, show, texts
from storefront_trace.web.owner.paper import PATH

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


def _page(
    request: Request, errors: Mapping[str, str] | None = None, typed: Mapping[str, str] | None = None
) -> Response:
    cast: Cast = request.state.cast
    say = texts(request).gettext
    values = {**{name: (cast.shop.papers or {}).get(name, "") for name in FIELDS}}
    context: dict[str, Any] = {
        "papers": [{"url": f"{PATH}/{key}", "name": say(NAMES[key][0]), "what": say(NAMES[key][1])} for key in PAPERS],
        "fields": [
            {"name": name, "label": say(label), "hint": say(hint) if hint else None, "most": FIELDS[name],
             "needed": name in NEEDED}
            for name, (label, hint) in LABELS.items()
        ],
        "values": values | dict(typed or {}),
        "missing": len(missing(cast.shop.papers)),
    }  # fmt: skip
    return show(request, "papers", frame(request, texts(request).gettext("Papers"), "shop", errors) | context)
