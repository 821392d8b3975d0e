"""On /staff/me: where I am signed in, and signing out there."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from storefront_trace.actions import signin
from storefront_trace.domain.clock import MINUTE
from storefront_trace.storage import accounts, passkeys
from storefront_trace.storage.database import Connection
from storefront_trace.web.forms import read_form, whole_form
from storefront_trace.web.staff.visit import REDIRECT, Context, Visit

MOST_DEVICES = 50
END_ALL = "/staff/me/devices/end"


async def post_end_device(request: Request) -> Response:
    """Signs out one other device. This one is signed out with /signout."""
    visit = Visit.of(request)
    await whole_form(request)
    await signin.sign_out_one(visit.desk, visit.session, request.path_params["session"])
    return RedirectResponse("/staff/me?done=device#devices", 303, REDIRECT)


async def post_end_devices(request: Request) -> Response:
    """Signs out everywhere, here too; the field `keep` leaves the passkeys."""
    visit = Visit.of(request)
    async with read_form(request, max_fields=5) as form:
        keep = form.get("keep") == "1"
    await signin.sign_out_everywhere(visit.desk, visit.session, keep_passkeys=keep)
    return RedirectResponse("/signin", 303, REDIRECT)


async def devices_context(conn: Connection, visit: Visit) -> Context:
    """What templates/staff/_devices.html shows: this one first, then the last used."""
    days = visit.request.app.state.settings.session_days
    found = await accounts.list_sessions(conn, visit.shop_id, visit.session.account_id, visit.now, days=days)
    found.sort(key=lambda one: one["id"] != visit.session.id)
    keys = await passkeys.list_passkeys(conn, visit.shop_id, visit.session.account_id)
    listed = [_device(visit, one) for one in found[:MOST_DEVICES]]
    return {"devices": listed, "end_action": END_ALL, "has_passkeys": bool(keys)}


def _device(visit: Visit, one: Context) -> Context:
    current = one["id"] == visit.session.id
    return {
        "name": one["device"] or visit.say("A device"),
        "since": visit.say("Signed in %(when)s", when=visit.when(one["created_at"])),
        "used": None if current else visit.say("Last used %(when)s", when=_used(visit, one)),
        "current": current,
        "end_action": None if current else f"/staff/me/devices/{one['id']}/end",
    }


def _used(visit: Visit, one: Context) -> str:
    if visit.now - one["seen_at"] < 15 * MINUTE:
        return visit.say("just now")
    return visit.when(one["seen_at"])
