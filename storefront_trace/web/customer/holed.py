"""Pieces of a page that are the same for many orders but for some words: rendered once with holes, filled for each.

Running a template for what never changes cost more than reading the order did.
"""

from __future__ import annotations

from markupsafe import Markup, escape

_MARK = "\0"  # in no text of ours, and in none that the database takes


def hole(name: str) -> str:
    """What a template is given in place of a word that differs."""
    return f"{_MARK}{name}{_MARK}"


class Holed:
    """Takes what a template made, with holes in it. What is filled in later can make no holes itself."""

    __slots__ = ("_names", "_parts")

    def __init__(self, rendered: str) -> None:
        self._parts = rendered.split(_MARK)  # a text, a name, a text …
        self._names = self._parts[1::2]

    def filled(self, **words: str) -> Markup:
        """Plain words are escaped, Markup is taken as it is. A hole without its word raises KeyError."""
        parts = self._parts.copy()
        # escape() makes Markup of Markup once more, which is most of the work here
        parts[1::2] = [word if type(word) is Markup else escape(word) for word in map(words.__getitem__, self._names)]
        return Markup("".join(parts))  # noqa: S704 - rendered by a template, and escaped
