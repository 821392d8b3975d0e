"""What a person did that the rules refuse, said to that person.

A message is an English msgid for gettext and says what to do. It may carry named parameters in `%(name)s` form; they
are filled in after translation, so never build a message with an f-string: its translation would not be found.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

_PARAM = re.compile(r"%%|%\((\w+)\)[sd]")


def N_(message: str) -> str:
    """Marks a text for the translators where no error is raised on the spot, as in `errors=[("words", N_("…"))]`."""
    return message


class DomainError(Exception):
    """A refusal that the person is shown.

    `message` and the messages in `field_errors` are untranslated templates; `str(error)` and `errors` are the same
    texts in English with `params` filled in. Without params a template is never formatted, so "100 %" is safe in it.
    """

    def __init__(
        self,
        message: str,
        *,
        errors: Sequence[tuple[str, str]] = (),
        params: Mapping[str, object] | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.params: dict[str, object] = dict(params or {})
        self.field_errors: tuple[tuple[str, str], ...] = tuple(errors)

    def __str__(self) -> str:
        return self.render(self.message)

    @property
    def errors(self) -> tuple[tuple[str, str], ...]:
        return tuple((field, self.render(message)) for field, message in self.field_errors)

    def render(self, template: str) -> str:
        """Give it the translation of `message` (or of a field's message) and get the text to show.

        Not the % operator: one slip in a translation would turn a refusal into a crash.
        """
        if not self.params:
            return template
        return _PARAM.sub(lambda found: "%" if found[1] is None else str(self.params.get(found[1], "")), template)


class Invalid(DomainError):
    """What was sent breaks a rule (422)."""


class NotFound(DomainError):
    """There is no such thing, or not for this person: the two must look the same (404)."""


class NotAllowed(DomainError):
    """This person may not do that (403)."""


class Conflict(DomainError):
    """It no longer fits what has happened since (409)."""


class Gone(DomainError):
    """It was there and is not any more (410). Never for tracking links: a dead one looks like one that never was."""


class TooLarge(DomainError):
    """More bytes or more things than we take (413)."""


class TooMany(DomainError):
    """Too often; `retry_after` is in whole seconds, at least 1 (429)."""

    def __init__(
        self,
        message: str,
        *,
        retry_after: int,
        errors: Sequence[tuple[str, str]] = (),
        params: Mapping[str, object] | None = None,
    ) -> None:
        super().__init__(message, errors=errors, params=params)
        self.retry_after = max(1, retry_after)
