"""/staff/orders: the desk's table. What is asked for stands in the URL, so that it can be kept and passed on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import get_args
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from storefront_trace.domain.clock import DAY
from storefront_trace.domain.errors import N_
from storefront_trace.domain.ids import new_id
from storefront_trace.domain.moments import day_of
from storefront_trace.domain.orders import FINAL_STATES, Line
from storefront_trace.storage import listing, orders, queue
from storefront_trace.storage.database import Connection
from storefront_trace.storage.listing import Sort, Wanted
from storefront_trace.storage.orders import OrderRow
from storefront_trace.web.faces import team_name
from storefront_trace.web.staff.each import offered_steps
from storefront_trace.web.staff.found import LONGEST, scanned_orders
from storefront_trace.web.staff.turns import whose_turn
from storefront_trace.web.staff.visit import Context, Visit, order_url, page_number

PAGE = 50
CONCERNS_OF = 90 * DAY
SORTS: tuple[Sort, ...] = get_args(Sort)
PROMISES = {"late": N_("Past its day"), "today": N_("Today"), "week": N_("This week")}
PROBLEMS = {
    "late": N_("Past its day"),
    "stock": N_("Out of stock"),
    "question": N_("A question waits"),
    "concern": N_("Could be better"),
}
SORT_NAMES = {"promise": N_("Promise"), "placed": N_("Placed"), "waiting": N_("Waiting")}


@dataclass(frozen=True)
class Asked:
    """What stands in the URL; what is not known there is as if nothing stood."""

    q: str = ""
    step: str = ""
    team: str = ""
    promise: str = ""
    problem: str = ""
    mine: bool = False
    sort: Sort = "promise"

    @classmethod
    def of(cls, params: Mapping[str, str], visit: Visit) -> Asked:
        cast = visit.cast
        return cls(
            q=params.get("q", "").strip()[:LONGEST],
            step=_known(params.get("step", ""), cast.steps),
            team=_known(params.get("team", ""), cast.teams),
            promise=_known(params.get("promise", ""), PROMISES),
            problem=_known(params.get("problem", ""), PROBLEMS),
            mine=params.get("for") == "me",
            sort=next((sort for sort in SORTS if sort == params.get("sort")), "promise"),
        )

    def query(self, page: int = 1) -> str:
        told = {"q": self.q, "step": self.step, "team": self.team, "promise": self.promise, "problem": self.problem}
        told |= {"for": "me" if self.mine else "", "sort": "" if self.sort == "promise" else self.sort}
        told |= {"page": str(page) if page > 1 else ""}
        return urlencode({name: value for name, value in told.items() if value})

    def url(self, page: int = 1) -> str:
        query = self.query(page)
        return "/staff/orders" + (f"?{query}" if query else "")


@dataclass(frozen=True)
class Against:
    """What stands against the orders of a page: the ids of those with a question and of those with a concern that this
    reader may know of, and what is in them."""

    asked: frozenset[str]
    concerned: frozenset[str]
    lines: Mapping[str, Sequence[Line]]


async def show_orders(request: Request) -> Response:
    visit = Visit.of(request)
    asked, page = Asked.of(request.query_params, visit), page_number(request)
    async with visit.desk.db.read() as conn:
        questions = await listing.asked_orders(conn, visit.shop_id)
        concerns = await _concerns(conn, visit)
        wanted = await _wanted(conn, visit, asked, questions, concerns)
        rows = await listing.list_wanted(conn, visit.shop_id, wanted, limit=PAGE + 1, offset=(page - 1) * PAGE)
        rows, more = rows[:PAGE], len(rows) > PAGE
        n = await listing.count_wanted(conn, visit.shop_id, wanted)
        lines = await orders.list_lines_of(conn, visit.shop_id, [row.id for row in rows])
    against = Against(frozenset(questions), frozenset(concerns), lines)
    heading = visit.say("Waiting for you") if asked.mine else visit.say("Orders")
    count = visit.texts.ngettext("%(n)s order", "%(n)s orders", n) % {"n": n}
    if n >= queue.MOST_COUNTED:
        count = visit.say("%(n)s or more", n=queue.MOST_COUNTED)
    return visit.show(
        "staff/orders.html",
        f"{heading}: {count}",
        heading=heading,
        count=count,
        query=asked.q,
        among=visit.say("Looked for among open orders. A whole order number finds any.")
        if _is_among_open(wanted)
        else "",
        mine=asked.mine,
        sort=asked.sort,
        filters=_filters(visit, asked),
        sorts=_sorts(visit, asked),
        clear="/staff/orders" if asked != Asked(sort=asked.sort) else None,
        rows=[_row(visit, row, against) for row in rows],
        newer=asked.url(page - 1) if page > 1 else None,
        older=asked.url(page + 1) if more else None,
        steps=_choices(visit, rows),
        once=new_id(),
        back=asked.query(page),
    )


async def _concerns(conn: Connection, visit: Visit) -> tuple[str, ...]:
    """The owner reads them first; a person those about their own work, once they are shared."""
    person_id = None if visit.as_owner else visit.person.id
    since, days = visit.now - CONCERNS_OF, visit.cast.shop.share_days
    return await listing.concerned_orders(
        conn, visit.shop_id, since, person_id=person_id, share_days=days, now=visit.now
    )


async def _wanted(
    conn: Connection, visit: Visit, asked: Asked, questions: tuple[str, ...], concerns: tuple[str, ...]
) -> Wanted:
    today = date.fromisoformat(day_of(visit.now, visit.cast.shop.zone))
    wanted = Wanted(
        state=asked.step or None,
        team=asked.team or None,
        out_of_stock=asked.problem == "stock",
        mine=(visit.person.id, visit.person.team) if asked.mine else None,
        today=today.isoformat(),
        sort=asked.sort,
    )
    first, last = _between(today, "late" if asked.problem == "late" else asked.promise)
    wanted = replace(wanted, promise_from=first, promise_to=last)
    if asked.problem in ("question", "concern"):
        wanted = replace(wanted, ids=questions if asked.problem == "question" else concerns)
    if not asked.q:
        return wanted
    exact = [row.id for row in await scanned_orders(conn, visit, asked.q)]
    if not exact:
        return replace(wanted, text=asked.q.removeprefix("#"))
    # The one with this number, or this parcel, whatever has become of it.
    return replace(wanted, ids=tuple(one for one in exact if wanted.ids is None or one in wanted.ids))


def _is_among_open(wanted: Wanted) -> bool:
    return bool(wanted.text) and wanted.ids is None and not wanted.closed


def _between(today: date, promise: str) -> tuple[str | None, str | None]:
    """A week ends with its Sunday."""
    match promise:
        case "late":
            return None, (today - timedelta(days=1)).isoformat()
        case "today":
            return today.isoformat(), today.isoformat()
        case "week":
            return today.isoformat(), (today + timedelta(days=6 - today.weekday())).isoformat()
        case _:
            return None, None


def _filters(visit: Visit, asked: Asked) -> list[Context]:
    steps = [(step.key, visit.step_name(step)) for step in visit.cast.steps_in_order]
    teams = [(key, team_name(visit.cast, key, visit.language)) for key in visit.cast.teams]
    promises = [(key, visit.say(name)) for key, name in PROMISES.items()]
    problems = [(key, visit.say(name)) for key, name in PROBLEMS.items()]
    return [
        _filter("step", visit.say("State"), steps, asked.step),
        _filter("team", visit.say("Team"), teams, asked.team),
        _filter("promise", visit.say("Promise"), promises, asked.promise),
        _filter("problem", visit.say("Problem"), problems, asked.problem),
    ]


def _filter(name: str, label: str, options: list[tuple[str, str]], chosen: str) -> Context:
    told = [{"value": key, "label": text, "chosen": key == chosen} for key, text in options]
    return {"name": name, "label": label, "options": told}


def _sorts(visit: Visit, asked: Asked) -> dict[str, Context]:
    return {
        sort: {"label": visit.say(SORT_NAMES[sort]), "url": replace(asked, sort=sort).url(), "now": sort == asked.sort}
        for sort in SORTS
    }


def _row(visit: Visit, row: OrderRow, against: Against) -> Context:
    step, over = visit.cast.steps.get(row.state), row.state in FINAL_STATES
    face = whose_turn(visit, row)
    return {
        "number": row.number,
        "name": row.first_name or "",
        "url": order_url(row.number),
        "state": visit.step_name(step) if step else row.state,
        "icon": step.icon if step else "box",
        "holder": {"name": face["name"], "portrait": face["portrait"], "kind": face["kind"]} if face else None,
        "wait": visit.wait(row.waiting_since) if row.waiting_since else "",
        "promise": visit.day(row.promise_to) if row.promise_to and not over else "",
        "late": _late(visit, row, over),
        "problems": list(_problems(visit, row, against, over)),
    }


def _late(visit: Visit, row: OrderRow, over: bool) -> str:
    """In the queue's words. Here what a carrier has kept too long is late too."""
    today = day_of(visit.now, visit.cast.shop.zone)
    if over or not row.promise_to or row.promise_to >= today:
        return ""
    return visit.say("was promised for %(day)s", day=visit.day(row.promise_to))


def _problems(visit: Visit, row: OrderRow, against: Against, over: bool) -> Sequence[str]:
    found = []
    if not over:
        found += [_missing(visit, line) for line in against.lines.get(row.id, ()) if _is_missing(line)][:2]
    if row.id in against.asked:
        found.append(visit.say("A question waits"))
    if row.id in against.concerned:
        found.append(visit.say("Could be better"))
    return found


def _is_missing(line: Line) -> bool:
    return line.backordered > 0 and line.shipped < line.open_quantity


def _missing(visit: Visit, line: Line) -> str:
    if line.expected is None:
        return visit.say("%(thing)s is out of stock", thing=line.title)
    return visit.say("%(thing)s is out of stock, expected %(day)s", thing=line.title, day=visit.day(line.expected))


def _choices(visit: Visit, rows: Sequence[OrderRow]) -> list[Context]:
    """The steps of one's own team first; chosen is what comes next for most of these orders."""
    mine, others = offered_steps(visit)
    offered = [*mine, *others]
    coming = Counter(row.next_step for row in rows if any(step.key == row.next_step for step in mine))
    chosen = coming.most_common(1)[0][0] if coming else offered[0].key if offered else ""
    return [{"value": step.key, "label": visit.step_name(step), "chosen": step.key == chosen} for step in offered]


def _known(text: str, known: Mapping[str, object]) -> str:
    return text if text in known else ""
