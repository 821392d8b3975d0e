"""What somebody may do, as the owner chooses it in a form."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request

from storefront_trace.domain.errors import N_
from storefront_trace.domain.rights import ROLES
from storefront_trace.storage.accounts import Account
from storefront_trace.web.owner.base import language_of, teams_to_choose, texts

NAMES = {
    "owner": N_("Owner"),
    "manager": N_("Manager of a team"),
    "staff": N_("Staff"),
    "reader": N_("Reader"),
}
HINTS = {
    "owner": N_("Reads every concern, and changes everything here."),
    "manager": N_(
        "Reads and takes care of what customers say to one team and its people, but not to an owner or another manager."
    ),
    "staff": N_("Logs steps, answers questions, and reads what customers say of their own work."),
    "reader": N_("Sees the figures of the shop and its teams. Reads nobody's words, and changes nothing."),
}


def rights_view(
    request: Request, account: Account | None, typed: tuple[str, str] | None = None, *, field: str = "role"
) -> dict[str, Any]:
    """See templates/owner/_rights.html. `typed` is what was chosen before a refusal: (role, team)."""
    say = texts(request)
    known = (account.role, account.manages or "") if account else ("staff", "")
    role, manages = typed or known
    return {
        "field": field,
        "now": say.gettext(NAMES[known[0]]),
        "roles": [
            {"value": one, "name": say.gettext(NAMES[one]), "hint": say.gettext(HINTS[one]), "on": one == role}
            for one in reversed(ROLES)
        ],
        "teams": [
            one | {"on": one["key"] == manages} for one in teams_to_choose(request.state.cast, language_of(request))
        ],
    }
