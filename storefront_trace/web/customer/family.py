"""Who stands on top when the order is with the customer: those who helped it there."""

from __future__ import annotations

from typing import Any

from storefront_trace.domain.timeline import Timeline, helpers
from storefront_trace.web.customer.words import Words

MOST = 4


def family(line: Timeline, words: Words) -> dict[str, Any]:
    """People whom the customer may know, else the teams. One with a picture has it large; several stand together."""
    faces = [words.face(who) for who, _ in helpers(line) if who.kind != "carrier"]
    found = [face for face in faces if face.kind == "person"] or faces
    portrait = found[0].portrait if len(found) == 1 else None
    return {"portrait": portrait, "family": () if portrait else [face.stamp for face in found[:MOST]]}
