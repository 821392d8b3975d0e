"""/staff/me/pin: the PIN that one taps in at a shared tablet. Set here, on one's own phone."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from storefront_trace.actions import pins
from storefront_trace.domain.errors import DomainError, Invalid, NotAllowed, TooMany
from storefront_trace.domain.pins import LONGEST, SHORTEST
from storefront_trace.storage import accounts
from storefront_trace.storage.accounts import Account
from storefront_trace.web.forms import read_form
from storefront_trace.web.staff.visit import REDIRECT, Context, Visit


async def show_pin(request: Request) -> Response:
    return await _page(Visit.of(request))


async def post_pin(request: Request) -> Response:
    """Fields `pin`, `old` where it is asked for; `remove` takes the PIN away."""
    visit = Visit.of(request)
    async with read_form(request, max_fields=5) as form:
        new, old = str(form.get("pin", "")), str(form.get("old", ""))
        remove = form.get("remove") == "1"
    try:
        request.app.state.limits.check("pin", visit.person.id)
        await pins.set_pin(visit.desk, visit.session, None if remove else new, old=old.strip())
    except (Invalid, NotAllowed, TooMany) as error:
        if isinstance(error, NotAllowed):
            request.app.state.limits.hit("pin", visit.person.id)
        return await _page(visit, error)
    return RedirectResponse(f"/staff/me/pin?done={'gone' if remove else 'set'}", 303, REDIRECT)


def pin_context(visit: Visit, account: Account | None) -> Context:
    """What templates/staff/_pin.html shows on /staff/me."""
    until = account.pin_locked_until if account and account.pin_hash else None
    rests = until is not None and until > visit.now
    return {"has_pin": account is not None and account.pin_hash is not None, "pin_rests": _when(visit, until, rests)}


def _when(visit: Visit, until: int | None, rests: bool) -> str | None:
    """While it rests, and until it was right again."""
    if until is None:
        return None
    if rests:
        return visit.say(
            "Somebody tapped in a wrong PIN for you five times. It rests until %(when)s.", when=visit.when(until)
        )
    return visit.say(
        "Somebody tapped in a wrong PIN for you five times. It rested until %(when)s.", when=visit.when(until)
    )


async def _page(visit: Visit, error: DomainError | None = None) -> Response:
    async with visit.desk.db.read() as conn:
        account = await accounts.find_account(conn, visit.shop_id, visit.person.id)
    told = pin_context(visit, account)
    said = {"set": visit.say("Your PIN is set."), "gone": visit.say("Your PIN is gone.")}
    return visit.show(
        "staff/pin.html",
        visit.say("Your PIN"),
        error=error,
        said=None if error else said.get(visit.request.query_params.get("done", "")),
        **told,
        needs_old=told["has_pin"] and not pins.is_fresh(visit.session, visit.now),
        least=SHORTEST,
        most=LONGEST,
        action="/staff/me/pin",
    )
