"""An order's things in the form: which are offered, which are ticked, and what the ticks mean."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from storefront_trace.domain.orders import HOME_STATES, SHIPPED, Line, Parcel
from storefront_trace.domain.shop import ShopStep
from storefront_trace.web.staff.visit import Context, Visit

MOST_LINES = 60
MOST_NAMED = 5
MOST_SEEN = 8


def offered_lines(lines: Sequence[Line]) -> list[Line]:
    """What has not left yet. Too many to tick are not offered: the step is then about all of them."""
    left = [line for line in lines if line.shippable and line.open_quantity > line.shipped]
    return left if len(left) <= MOST_LINES else []


def ticked_at_first(lines: Sequence[Line]) -> frozenset[str]:
    """Everything that is here; what is out of stock only when nothing else is left."""
    here = frozenset(line.key for line in lines if line.open_quantity - line.shipped > line.backordered)
    return here or frozenset(line.key for line in lines)


@dataclass(frozen=True)
class Covered:
    """What a step is about. No lines and no parcel: the whole order."""

    lines: tuple[tuple[str, int | None], ...] = ()
    parcel: str | None = None
    new_parcel: bool = False


def covered(
    step: ShopStep, lines: Sequence[Line], parcels: Sequence[Parcel], ticked: Sequence[str], chosen: str = ""
) -> Covered:
    """What the ticks mean. Nothing ticked is the same as the ticks that stood there at first. `chosen` is the key of
    the parcel that was chosen among several.

    Once a part has left, "the whole order" would claim that part again: what leaves now is named line by line and is a
    parcel of its own, or the parts would not add up; what arrives now is the parcel that is on its way.
    """
    if step.effect == "advance" and any(parcel.key == chosen for parcel in parcels):
        return Covered(parcel=chosen)
    offered = offered_lines(lines)
    left, first = {line.key: _here(line) for line in offered}, ticked_at_first(offered)
    leaves = step.effect == "advance" and step.position >= SHIPPED
    if ticked and frozenset(ticked) != first:
        return Covered(tuple((key, left.get(key)) for key in ticked), new_parcel=leaves)
    partly = bool(offered) and any(line.shipped for line in lines)
    here = what_is_here(step, lines)
    if here is not None and here.lines:
        return here
    waited = bool(offered) and all(line.open_quantity - line.shipped <= line.backordered for line in offered)
    if waited and not partly and step.effect == "advance":
        # All of it was out of stock: whoever goes on with it has it in their hands.
        return Covered(tuple((key, left[key]) for key in left if key in first))
    if not partly or step.effect != "advance":
        return Covered()
    if step.position <= SHIPPED:
        return Covered(tuple((key, left[key]) for key in left if key in first), new_parcel=leaves)
    on_the_way = next((parcel.key for parcel in parcels if parcel.state not in HOME_STATES), None)
    if on_the_way is not None:
        return Covered(parcel=on_the_way)
    return Covered(tuple((line.key, line.shipped) for line in lines if line.shipped))


def what_is_here(step: ShopStep, lines: Sequence[Line]) -> Covered | None:
    """What is out of stock today is named by leaving it out: a step about "the whole order" would take it in on the day
    it comes. None when nothing is waited for; without lines, everything is."""
    left = [line for line in lines if line.shippable and line.open_quantity > line.shipped]
    if step.effect != "advance" or step.methods == ("digital",) or not any(line.backordered for line in left):
        return None
    if step.position > SHIPPED and any(line.shipped for line in lines):
        return None  # what has left goes on
    here = [(line.key, line.open_quantity - line.shipped - line.backordered) for line in left]
    return Covered(tuple((key, n) for key, n in here if n > 0), new_parcel=step.position >= SHIPPED)


def left_out(visit: Visit, lines: Sequence[Line]) -> str:
    """What the steps of the form are not about, unless it is ticked. "" when there is nothing else, either."""
    left = [line for line in lines if line.shippable and line.open_quantity > line.shipped]
    if not any(line.open_quantity - line.shipped > line.backordered for line in left):
        return ""
    gone = [(min(line.backordered, line.open_quantity - line.shipped), line.title) for line in left if line.backordered]
    if not gone:
        return ""
    named = ", ".join(title if n == 1 else f"{n} × {title}" for n, title in gone[:MOST_NAMED])
    things = f"{named}, …" if len(gone) > MOST_NAMED else named
    return visit.say("Out of stock: %(things)s. What you log is about what is here.", things=things)


def _here(line: Line) -> int:
    """Pieces to go on with: those that are there, else those that were waited for."""
    left = line.open_quantity - line.shipped
    return left - line.backordered if line.backordered < left else left


def line_tiles(lines: Sequence[Line], ticked: Collection[str] | None) -> list[Context]:
    """`ticked` is None as long as nobody has touched them."""
    return [_tile(line, line.key in (ticked_at_first(lines) if ticked is None else ticked)) for line in lines]


def thing_rows(visit: Visit, lines: Sequence[Line]) -> Context:
    """What there is to pick or pack, and what of it is not here. `rest` are those that are folded."""
    left = [line for line in lines if line.shippable and line.open_quantity > line.shipped][:MOST_LINES]
    rows = [_thing(visit, line) for line in left]
    seen = MOST_SEEN if len(rows) > MOST_SEEN + 1 else len(rows)
    n = len(rows) - seen
    more = visit.texts.ngettext("and %(num)s more", "and %(num)s more", n) % {"num": n}
    return {"seen": rows[:seen], "rest": rows[seen:], "more": more}


def _thing(visit: Visit, line: Line) -> Context:
    left = line.open_quantity - line.shipped
    title = ", ".join(filter(None, (line.title, line.variant)))
    return {"amount": left, "title": title, "pic": _pic(line), "missing": _missing(visit, line, left)}


def _missing(visit: Visit, line: Line, left: int) -> str:
    n, day = min(line.backordered, left), visit.day(line.expected) if line.expected else ""
    if n == 0:
        return ""
    if n < left:
        return visit.say("%(n)s later: %(day)s", n=n, day=day) if day else visit.say("%(n)s later", n=n)
    return visit.say("Out of stock, expected %(day)s", day=day) if day else visit.say("Out of stock")


def things(visit: Visit, lines: Sequence[Line]) -> str:
    """ "3 saker"."""
    n = sum(line.open_quantity - line.shipped for line in lines)
    return visit.texts.ngettext("%(n)s thing", "%(n)s things", n) % {"n": n}


def _tile(line: Line, checked: bool) -> Context:
    left = line.open_quantity - line.shipped
    return {
        "key": line.key,
        "label": line.title if left == 1 else f"{left} × {line.title}",
        "pic": _pic(line),
        "checked": checked,
    }


def _pic(line: Line) -> str | None:
    """Another host's picture would tell that host who packs what."""
    url = line.image_url or ""
    return url if url.startswith("/") and not url.startswith("//") else None
