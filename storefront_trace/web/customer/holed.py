"""Pieces of a page that are the same for many orders but for some words: rendered once with holes, filled for each.

Running a template for what never changes cost more than reading the order did.
"""

from __future__ import annotations

import secrets

from markupsafe import Markup, escape

_MARK = f"\0{secrets.token_hex(8)}\0"  # which nobody can guess, so that no name or note makes a hole


def hole(name: str) -> str:
    """What a template is given in place of a word that differs."""
    return f"{_MARK}{name}{_MARK}"


class Holed:
    """Takes what a template made, with holes in it. What is filled in later can make no holes itself."""

    __slots__ = ("_form",)

    def __init__(self, rendered: str) -> None:
        parts = str(rendered).replace("%", "%%").split(_MARK)  # a text, a name, a text …
        parts[1::2] = [f"%({name})s" for name in parts[1::2]]
        self._form = "".join(parts)

    def filled(self, **words: str) -> Markup:
        """Plain words are escaped, Markup is taken as it is. A hole without its word raises KeyError."""
        return Markup(self._form % {name: escape(word) for name, word in words.items()})  # noqa: S704 - escaped

    def filled_raw(self, **safe: str) -> str:
        """Nothing is escaped: for HTML, and for what is made of ids and tokens alone. `filled` took three times as
        long, at each step of each page."""
        return self._form % safe
