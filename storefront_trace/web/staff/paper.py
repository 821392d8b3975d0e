"""What stands on an order's slip, in the language of whose order it is: it goes into the parcel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import quote

from storefront_trace.domain.orders import START, Event, Line, came_in, taken_back
from storefront_trace.domain.scanned import shop_mark
from storefront_trace.domain.timeline import visible_as
from storefront_trace.photos.slips import Slip, SlipLine
from storefront_trace.storage import events, orders
from storefront_trace.storage.database import Connection
from storefront_trace.storage.orders import OrderRow
from storefront_trace.web.faces import begun, team_name
from storefront_trace.web.languages import choose
from storefront_trace.web.staff.visit import Visit


async def slips_of(conn: Connection, visit: Visit, rows: Sequence[OrderRow]) -> tuple[Slip, ...]:
    """Two queries for all of them together."""
    ids = [row.id for row in rows]
    lines = await orders.list_lines_of(conn, visit.shop_id, ids)
    told = await events.list_events_of(conn, visit.shop_id, ids)
    return tuple(_slip(visit, row, lines.get(row.id, []), told.get(row.id, [])) for row in rows)


def code_url(visit: Visit, number: str) -> str:
    """Says which order of which shop, no more: it opens for who is signed in here. Never the customer's link."""
    public: str = visit.request.app.state.settings.public_url
    return f"{public}/staff/scan?shop={shop_mark(visit.shop_id)}&code={quote(number, safe='')}"


def _slip(visit: Visit, row: OrderRow, lines: Sequence[Line], told: Sequence[Event]) -> Slip:
    visit = replace(visit, language=choose("", "", row.locale, visit.cast.shop.locale))
    leaving = [line for line in lines if line.shippable]
    taken, face = _taken_by(visit, told)
    shown = [_line(visit, line) for line in lines if line.open_quantity]
    return Slip(
        number=row.number,
        name=row.first_name or "",
        shop=visit.cast.shop.name,
        code=code_url(visit, row.number),
        things=_to_pack(visit, leaving),
        facts=tuple(filter(None, (taken, _way(visit, row), _promise(visit, row)))),
        lines=tuple(sorted(shown, key=lambda line: line.amount == 0)),
        face=face,
        language=visit.language,
        page_of=visit.texts.gettext("Page %(page)s of %(pages)s"),
    )


def _to_pack(visit: Visit, lines: Sequence[Line]) -> str:
    """ "3 saker" that are here, or what is waited for."""
    left = [(line, max(0, line.open_quantity - line.shipped)) for line in lines]
    later = [(line, min(n, line.backordered)) for line, n in left if n and line.backordered]
    n = sum(n for _, n in later)
    now = sum(n for _, n in left) - n
    if now:
        return visit.texts.ngettext("%(n)s thing", "%(n)s things", now) % {"n": now}
    if not later:
        return visit.say("Nothing to pack now")
    days = {line.expected for line, _ in later}
    day = days.pop() if len(days) == 1 else None
    if day is None:
        return visit.say("Nothing to pack now, %(n)s later", n=n)
    text = visit.texts.ngettext(
        "Nothing to pack now, %(n)s comes %(day)s", "Nothing to pack now, %(n)s come %(day)s", n
    )
    return text % {"n": n, "day": visit.day(day)}


def _line(visit: Visit, line: Line) -> SlipLine:
    """What there is to pack of it now, first; what there is not, in words."""
    left = max(0, line.open_quantity - line.shipped)
    later = min(left, line.backordered)
    detail = " · ".join(filter(None, (line.variant, line.sku)))
    if not line.shippable:
        return SlipLine(0, line.title, detail, visit.say("nothing to pack"))
    notes = [visit.say("%(n)s sent already", n=line.shipped)] if line.shipped else []
    if later:
        day = visit.day(line.expected) if line.expected else ""
        text = visit.say("%(n)s later: %(day)s", n=later, day=day) if day else visit.say("%(n)s later", n=later)
        notes.append(text)
    return SlipLine(left - later, line.title, detail, ", ".join(notes))


def _taken_by(visit: Visit, told: Sequence[Event]) -> tuple[str, str]:
    """(words, photo): as customers see that person, since what stands on paper cannot be taken back."""
    fallen = taken_back(told)
    # The first event is the order's own arrival: unless it names somebody, nobody has taken it yet.
    taken = [e for e in told if e.kind == "step" and e.step == START and e.id not in fallen and not came_in(e)]
    if not taken:
        return "", ""
    found = taken[-1]
    person = visit.cast.people.get(found.person_id or "")
    if person is not None and visible_as(person) != "team":
        photo = person.photo if visible_as(person) == "photo" else None
        return visit.say("Taken by %(name)s", name=person.display_name), photo or ""
    team = team_name(visit.cast, found.team or (person.team if person else None), visit.language)
    return begun(visit.say("Taken by %(name)s", name=visit.inside(team))), ""


def _way(visit: Visit, row: OrderRow) -> str:
    ways = {"pickup": visit.say("Will be picked up"), "local": visit.say("We deliver it ourselves")}
    return ways.get(row.method, "")


def _promise(visit: Visit, row: OrderRow) -> str:
    return begun(visit.say("promised for %(day)s", day=visit.day(row.promise_to))) if row.promise_to else ""
