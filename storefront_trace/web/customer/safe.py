"""A step's sentence made safe for HTML once, for every order."""

from __future__ import annotations

from dataclasses import replace

from markupsafe import escape

from storefront_trace.domain.sentences import TEXT, Part, Sentence


def escaped(sentence: Sentence) -> Sentence:
    """The same sentence with its own words safe for HTML; the values bring their own."""

    def safe(part: Part) -> Part:
        return replace(part, text=str(escape(part.text))) if part.kind == TEXT else part

    parts = tuple(
        safe(part)
        if isinstance(part, Part)
        else replace(part, parts=tuple(map(safe, part.parts)), otherwise=tuple(map(safe, part.otherwise)))
        for part in sentence.parts
    )
    return replace(sentence, parts=parts)
