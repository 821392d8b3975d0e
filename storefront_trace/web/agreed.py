"""What somebody has agreed to, as they read it themselves and as the owner does: to what, when, until when, in which
words. Who has not agreed to anything looks like who has not been asked: nobody is told who refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from storefront_trace.domain.clock import now_micros
from storefront_trace.domain.errors import N_
from storefront_trace.domain.shop import Cast
from storefront_trace.web.languages import catalogue
from storefront_trace.web.wording import recent_text, tied

MOST = 20
ABOUT = {
    "name": N_("First name shown to customers"),
    "photo": N_("First name and picture shown to customers"),
    "portrait": N_("The picture put here"),
    "line": N_("The line to customers"),
    "mails": N_("Mails by the clock"),
}


def agreed_view(cast: Cast, rows: Sequence[Mapping[str, Any]], language: str) -> list[dict[str, Any]]:
    """Newest first, at most MOST: [{about, when, until: str|None, said: str|None, lang, version}]. See
    templates/_agreed.html."""
    told = [row for row in rows if _key(row) in ABOUT]
    return [_view(cast, row, language) for row in told[: -MOST - 1 : -1]]


def _key(row: Mapping[str, Any]) -> str:
    return str(row["visibility"] if row["about"] == "visibility" else row["about"])


def _view(cast: Cast, row: Mapping[str, Any], language: str) -> dict[str, Any]:
    say = catalogue(language)

    def when(micros: int) -> str:
        return tied(recent_text(micros, cast.shop.zone, "minute", language, now=now_micros()))

    here = row["given"] == "self"
    message = N_("Agreed %(when)s") if here else N_("Agreed %(when)s, as the shop's system says")
    ended = row["withdrawn_at"]
    return {
        "about": say.gettext(ABOUT[_key(row)]),
        "when": say.say(message, when=when(row["agreed_at"])),
        "until": say.say(N_("until %(when)s"), when=when(ended)) if ended is not None else None,
        "said": row["said"] or None,
        "lang": row["locale"],
        "version": row["wording"],
    }
