"""An order changes hands without a step: "I'm on it", give it back, pass it on."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from storefront_trace.actions import hold
from storefront_trace.actions.hold import Deed
from storefront_trace.domain.errors import N_, Conflict, Invalid
from storefront_trace.domain.moments import Moment
from storefront_trace.storage import orders
from storefront_trace.storage.orders import OrderRow
from storefront_trace.web.forms import read_form, text_of
from storefront_trace.web.staff.log import LONGEST_FIELD, MOST_FIELDS, filled_in, has_picture
from storefront_trace.web.staff.order import order_page
from storefront_trace.web.staff.visit import REDIRECT, Visit, order_url

PHOTO = N_("A photo goes with a step: log one, or leave the photo out.")
MORE = N_(
    "A photo, and what is written about the parcel, go with a step: log one, and choose there who gets the order. To "
    "only pass it on, leave them out."
)


async def post_take(request: Request) -> Response:
    """The field `from` is the handle of who had it on the page that was looked at, "" for nobody by name."""
    return await _post(request, "taken", _take)


async def post_back(request: Request) -> Response:
    return await _post(request, "given", _give)


async def post_hand(request: Request) -> Response:
    """The fields are those of the form that logs a step: `hand_to`, and `note` for whoever gets it."""
    return await _post(request, "handed", _pass)


async def _post(request: Request, said: str, act: Act) -> Response:
    visit, number = Visit.of(request), request.path_params["number"]
    async with read_form(request, max_files=1, max_fields=MOST_FIELDS, max_part_size=LONGEST_FIELD) as form:
        filled, back = filled_in(form), text_of(form, "back")
        try:
            if act is not _pass and has_picture(form):
                raise Invalid(PHOTO)
            row = await act(visit, number, form, deed_of(visit))
        except (Invalid, Conflict) as error:
            return await order_page(visit, number, error=error, filled=filled)
    place = "/staff" if back == "queue" else order_url(row.number)
    return RedirectResponse(f"{place}?said={said}", 303, REDIRECT)


def deed_of(visit: Visit, *, at: Moment | None = None, once: str = "") -> Deed:
    return Deed(visit.person.handle, visit.session.device or None, at, once)


async def _take(visit: Visit, number: str, form: FormData, deed: Deed) -> OrderRow:
    return await hold.take_order(visit.desk, visit.shop_id, number, deed, over=text_of(form, "from"))


async def _give(visit: Visit, number: str, _: FormData, deed: Deed) -> OrderRow:
    return await hold.give_back(visit.desk, visit.shop_id, number, deed)


async def _pass(visit: Visit, number: str, form: FormData, deed: Deed) -> OrderRow:
    to, words = text_of(form, "hand_to"), filled_in(form).note
    if await _has_more(visit, number, form):
        raise Invalid(MORE)
    return await hold.hand_order(visit.desk, visit.shop_id, number, deed, to=to, words=words)


async def _has_more(visit: Visit, number: str, form: FormData) -> bool:
    """What only a step can keep: it would be lost without a word. A parcel's carrier may stand in the form already."""
    filled = filled_in(form)
    if has_picture(form) or filled.tracking_number.strip():
        return True
    if not filled.carrier.strip():
        return False
    async with visit.desk.db.read() as conn:
        row = await orders.get_order(conn, visit.shop_id, number)
        parcels = await orders.list_parcels(conn, visit.shop_id, row.id)
    return filled.carrier.strip() not in {parcel.carrier for parcel in parcels}


Act = Callable[[Visit, str, FormData, Deed], Awaitable[OrderRow]]
# By the last part of their address.
ACTS: dict[str, Act] = {"take": _take, "back": _give, "hand": _pass}
