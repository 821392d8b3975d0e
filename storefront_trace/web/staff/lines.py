"""An order's things in the form: which are offered, which are ticked, and what the ticks mean."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from storefront_trace.domain.orders import Line
from storefront_trace.web.staff.visit import Context, Visit

MOST_LINES = 60


def offered_lines(lines: Sequence[Line]) -> list[Line]:
    """What has not left yet. Too many to tick are not offered: the step is then about all of them."""
    left = [line for line in lines if line.shippable and line.open_quantity > line.shipped]
    return left if len(left) <= MOST_LINES else []


def ticked_at_first(lines: Sequence[Line]) -> frozenset[str]:
    """Everything that is here; what is out of stock only when nothing else is left."""
    here = frozenset(line.key for line in lines if line.open_quantity - line.shipped > line.backordered)
    return here or frozenset(line.key for line in lines)


def chosen_lines(lines: Sequence[Line], ticked: Collection[str]) -> tuple[tuple[str, int | None], ...]:
    """For `StepToLog.lines`: empty means the whole order, which is what ticking everything that is here means.

    Once a part has left, "the whole order" would claim that part again, so the rest is named line by line.
    """
    offered = offered_lines(lines)
    untouched = all(line.shipped == 0 for line in lines)
    if untouched and frozenset(ticked) in (ticked_at_first(offered), frozenset()):
        return ()
    left = {line.key: line.open_quantity - line.shipped for line in offered}
    return tuple((key, left.get(key)) for key in (ticked or ticked_at_first(offered)))


def line_tiles(lines: Sequence[Line], ticked: Collection[str] | None) -> list[Context]:
    """`ticked` is None as long as nobody has touched them."""
    return [_tile(line, line.key in (ticked_at_first(lines) if ticked is None else ticked)) for line in lines]


def things(visit: Visit, lines: Sequence[Line]) -> str:
    """ "3 saker"."""
    n = sum(line.open_quantity - line.shipped for line in lines)
    return visit.texts.ngettext("%(n)s thing", "%(n)s things", n) % {"n": n}


def _tile(line: Line, checked: bool) -> Context:
    left = line.open_quantity - line.shipped
    url = line.image_url or ""
    return {
        "key": line.key,
        "label": line.title if left == 1 else f"{left} × {line.title}",
        # Another host's picture would tell that host who packs what.
        "pic": url if url.startswith("/") and not url.startswith("//") else None,
        "checked": checked,
    }
