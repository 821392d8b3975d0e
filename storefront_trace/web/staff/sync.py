"""A step that waited on the phone for the network: logged once, with the time at which it happened."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from storefront_trace.actions import corrections
from storefront_trace.domain.errors import N_, Invalid, NotAllowed
from storefront_trace.domain.moments import Moment, from_micros, parse_moment
from storefront_trace.domain.orders import Event
from storefront_trace.storage import events, orders
from storefront_trace.web.staff.log import LONGEST_FIELD, MOST_FIELDS, filled_in, log_filled, text_of
from storefront_trace.web.staff.visit import REDIRECT, Visit

# A smaller difference of the clocks is the network's doing.
LEAST_DIFFERENCE = timedelta(seconds=5)


async def post_sync(request: Request) -> Response:
    """Form fields or JSON: `order` and those of the form that logs a step, with `once`, a key that the phone has made;
    `at`, when it happened; `clock`, what the phone's clock says now; and `person`, the id of whose step it is.

    Told again it changes nothing, whatever has happened since: a step that was taken back stays taken back. With
    `cancel` the phone takes back a step of which it does not know whether it has arrived: no event then, if it has not.
    """
    visit = Visit.of(request)  # before the body, which may take its time: `now` is when the phone began to send
    if request.headers.get("content-type", "").startswith("application/json"):
        return await _log_once(visit, await _from_json(request))
    async with request.form(max_files=1, max_fields=MOST_FIELDS, max_part_size=LONGEST_FIELD) as form:
        return await _log_once(visit, form)


async def _log_once(visit: Visit, form: FormData) -> Response:
    check_person(visit, form)
    filled, number = filled_in(form), text_of(form, "order")
    if not (filled.once and number):
        raise Invalid("A step needs an order and a key of its own.", errors=[("once", N_("Send the page anew."))])
    before = await _told_before(visit, number, f"once:{filled.once}:{text_of(form, 'step')}")
    if text_of(form, "cancel"):
        return await _take_back(visit, number, before)
    if before is not None:
        return _answer(before.id, again=True)
    logged = await log_filled(visit, number, form, filled, at=happened_at(visit, form))
    return _answer(logged.event.id, again=logged.again)


def check_person(visit: Visit, form: FormData) -> None:
    """What one person did on a shared device is never sent as another's."""
    if text_of(form, "person") not in ("", visit.person.id):
        raise NotAllowed("Somebody else has logged this. It waits until they sign in on this device.")


async def _take_back(visit: Visit, number: str, before: Event | None) -> Response:
    if before is None:
        return _answer(None, again=False)
    if before.person_id != visit.person.id:
        raise NotAllowed("Only the person who logged this step can take it back here.")
    by = visit.person.handle
    await corrections.correct_event(visit.desk, visit.shop_id, number, before.id, by=by, source="staff")
    return _answer(before.id, again=True)


async def _told_before(visit: Visit, number: str, source_key: str) -> Event | None:
    """Asked first: what was good then may be refused by now."""
    async with visit.desk.db.read() as conn:
        found = await events.find_event_by_source_key(conn, visit.shop_id, "staff", source_key)
        if found is None:
            return None
        row = await orders.find_order_by_id(conn, visit.shop_id, found[0])
    return found[1] if row is not None and row.number == number else None


def happened_at(visit: Visit, form: FormData) -> Moment | None:
    """On a phone whose clock goes wrong: what it showed, put right by as much as it is wrong now."""
    at, clock = text_of(form, "at"), text_of(form, "clock")
    if not at:
        return None
    told, now = parse_moment(at, default_zone=visit.cast.shop.zone), from_micros(visit.now)
    if clock:
        wrong = parse_moment(clock, default_zone=visit.cast.shop.zone).instant - now
        told = told if abs(wrong) < LEAST_DIFFERENCE else replace(told, instant=told.instant - wrong)
    return replace(told, instant=min(told.instant, now))


async def _from_json(request: Request) -> FormData:
    try:
        told = await request.json()
        return FormData([(name, text) for name, value in told.items() for text in _texts(value)])
    except (ValueError, AttributeError, RecursionError):
        raise Invalid("That was not understood.") from None


def _texts(value: Any) -> list[str]:
    if isinstance(value, list):
        return ["", *map(str, value)]  # as the form does, which says with it that they were shown
    return [] if value is None else [str(value)]


def _answer(event: str | None, *, again: bool) -> Response:
    return JSONResponse({"event": event, "again": again}, 201, REDIRECT)
