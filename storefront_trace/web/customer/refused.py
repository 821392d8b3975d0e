"""Why a form comes back: beside the field that it is about, else above them all."""

from __future__ import annotations

from typing import Any

from storefront_trace.domain.errors import DomainError
from storefront_trace.web.customer.words import Words


def refused(refusal: DomainError | None, words: Words) -> dict[str, Any]:
    """`errors` {field: message} and `refused`, what is said of the whole form, or ""; at most one of them is set."""
    if refusal is None:
        return {"errors": {}, "refused": ""}
    errors = {field: refusal.render(words.texts.gettext(message)) for field, message in refusal.field_errors}
    return {"errors": errors, "refused": "" if errors else refusal.render(words.texts.gettext(refusal.message))}
