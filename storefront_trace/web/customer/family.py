"""Who stands on top when the order is with the customer: those who helped it there."""

from __future__ import annotations

from typing import Any

from storefront_trace.domain.timeline import Actor, Timeline, helpers
from storefront_trace.web.customer.words import Words

MOST = 4


def closed_by(line: Timeline) -> Actor | None:
    """Who called it off or took it back, which a refund or a word after it does not change."""
    live = [shown for shown in line.steps if not shown.corrected]
    ended = [shown for shown in live if shown.step.effect in ("cancel", "return")] or live
    return ended[-1].actor if ended else None


def family(line: Timeline, words: Words) -> dict[str, Any]:
    """People whom the customer may know, else the teams. One with a picture has it large; several stand together."""
    faces = [words.face(who) for who, _ in helpers(line) if who.kind != "carrier"]
    found = [face for face in faces if face.kind == "person"] or faces
    portrait = found[0].portrait if len(found) == 1 else None
    return {"portrait": portrait, "family": () if portrait else [face.stamp for face in found[:MOST]]}
