"""What waited on the phone for the network: done once, with the time at which it happened."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from storefront_trace.actions import corrections, hold, withdrawn
from storefront_trace.domain.errors import N_, Invalid, NotAllowed
from storefront_trace.domain.orders import WITHDRAWN, Event
from storefront_trace.storage import events, orders
from storefront_trace.storage.database import Connection
from storefront_trace.web.forms import check_person, read_form, read_told, text_of
from storefront_trace.web.staff.hold import ACTS, deed_of
from storefront_trace.web.staff.log import LONGEST_FIELD, MOST_FIELDS, filled_in, log_filled
from storefront_trace.web.staff.pause import log_pause
from storefront_trace.web.staff.phone import happened_at
from storefront_trace.web.staff.row import scan_once
from storefront_trace.web.staff.visit import REDIRECT, Visit

Told = tuple[str | None, bool]
"""The event, None when there was nothing to do, and whether it was there before."""


async def post_sync(request: Request) -> Response:
    """Form fields or JSON. `does` is what: "log" a step, also when it is left out, "pause", "scan" in a row, "take" an
    order, give it "back" or "hand" it on. `order` and the fields of that page's own form, with `once`, a key that the
    phone has made; `at`, when it happened; `clock`, what the phone's clock says now; and `person`, the id of whose deed
    it is. Of a scan `order` is the code.

    Told again it changes nothing, whatever has happened since: a step that was taken back stays taken back. With
    `cancel` the phone takes back what it does not know to have arrived: nothing then, if it has not, nor when it comes
    later.
    """
    visit = Visit.of(request)  # before the body, which may take its time: `now` is when the phone began to send
    if request.headers.get("content-type", "").startswith("application/json"):
        form = await _from_json(request)
        check_person(request, form)
        return await _do_once(visit, form)
    async with read_form(request, max_files=1, max_fields=2 * MOST_FIELDS, max_part_size=LONGEST_FIELD) as form:
        return await _do_once(visit, form)


async def _do_once(visit: Visit, form: FormData) -> Response:
    number, once, does = text_of(form, "order"), filled_in(form).once, text_of(form, "does") or "log"
    if not (once and number) or does not in (*DEEDS, "scan"):
        raise Invalid("A step needs an order and a key of its own.", errors=[("once", N_("Send the page anew."))])
    if does == "scan":
        return await scan_once(visit, form, number, once)
    key, act, undo = DEEDS[does]
    if text_of(form, "cancel"):
        before = await withdrawn.withdraw(visit.desk, visit.shop_id, number, key(once, form), by=visit.person.handle)
        return _answer(await _call_off(visit, number, before, undo))
    before = await _told_before(visit, number, key(once, form))
    if before is not None:
        return _answer((_id(before), True))
    return _answer(await act(visit, number, form, once))


async def _log(visit: Visit, number: str, form: FormData, _: str) -> Told:
    logged = await log_filled(visit, number, form, filled_in(form), at=happened_at(visit, form), late=True)
    return _id(logged.event), logged.again


async def _pause(visit: Visit, number: str, form: FormData, _: str) -> Told:
    logged = await log_pause(visit, number, text_of(form, "step"), form, at=happened_at(visit, form))
    return _id(logged.event), logged.again


async def _hold(visit: Visit, number: str, form: FormData, once: str) -> Told:
    deed = deed_of(visit, at=happened_at(visit, form), once=once)
    await ACTS[text_of(form, "does")](visit, number, form, deed)
    done = await _told_before(visit, number, deed.source_key or "")
    return (_id(done), False) if done else (None, False)


def _id(event: Event) -> str | None:
    """None for what was taken back before it came."""
    return None if event.kind == WITHDRAWN else event.id


async def _call_off(visit: Visit, number: str, before: Event | None, undo: Undo) -> Told:
    if before is None:
        return None, False
    if before.person_id != visit.person.id:
        raise NotAllowed("Only the person who logged this step can take it back here.")
    await undo(visit, number, before.id)
    return before.id, True


async def _correct(visit: Visit, number: str, event: str) -> None:
    await corrections.correct_event(visit.desk, visit.shop_id, number, event, by=visit.person.handle, source="staff")


async def _let_go(visit: Visit, number: str, event: str) -> None:
    await hold.call_off(visit.desk, visit.shop_id, number, event, deed_of(visit, once=f"off-{event}"))


async def _told_before(visit: Visit, number: str, source_key: str) -> Event | None:
    """Asked first: what was good then may be refused by now."""

    async def look(conn: Connection) -> Event | None:
        found = await events.find_event_by_source_key(conn, visit.shop_id, "staff", source_key)
        if found is None:
            return None
        row = await orders.find_order_by_id(conn, visit.shop_id, found[0])
        return found[1] if row is not None and row.number == number else None

    return await visit.desk.db.read_together(look)


async def _from_json(request: Request) -> FormData:
    told = await read_told(request)
    return FormData([(name, text) for name, value in told.items() for text in _texts(value)])


def _texts(value: Any) -> list[str]:
    if isinstance(value, list):
        return ["", *map(str, value)]  # as the form does, which says with it that they were shown
    return [] if value is None else [str(value)]


def _answer(told: Told) -> Response:
    return JSONResponse({"event": told[0], "again": told[1]}, 201, REDIRECT)


Key = Callable[[str, FormData], str]
Act = Callable[[Visit, str, FormData, str], Awaitable[Told]]
Undo = Callable[[Visit, str, str], Awaitable[None]]


def _step_key(once: str, form: FormData) -> str:
    return f"once:{once}:{text_of(form, 'step')}"


def _hold_key(once: str, _: FormData) -> str:
    return hold.key_of(once)


DEEDS: dict[str, tuple[Key, Act, Undo]] = {
    "log": (_step_key, _log, _correct),
    "pause": (_step_key, _pause, _correct),
    **dict.fromkeys(ACTS, (_hold_key, _hold, _let_go)),
}
