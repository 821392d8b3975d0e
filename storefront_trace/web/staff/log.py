"""Logging a step from the form, and taking it back."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from urllib.parse import urlencode

from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from storefront_trace.actions import corrections, steps
from storefront_trace.actions.photos import Stored, ask_about, still_there, store_picture
from storefront_trace.actions.steps import LoggedStep, Minds, OutOfItsTurn, StepToLog, Tell
from storefront_trace.domain.errors import N_, Conflict, Invalid, TooLarge, TooMany
from storefront_trace.domain.ids import new_id
from storefront_trace.domain.moments import Moment
from storefront_trace.domain.orders import Line, Parcel
from storefront_trace.domain.turns import OutOfTurn
from storefront_trace.storage import orders
from storefront_trace.storage.database import Connection
from storefront_trace.storage.orders import OrderRow
from storefront_trace.web.forms import ONCE, read_form, text_of, texts_of
from storefront_trace.web.staff.anew import anew
from storefront_trace.web.staff.ask import Question, answer_to, ask, kept_picture
from storefront_trace.web.staff.form import Filled
from storefront_trace.web.staff.found import scanned_orders
from storefront_trace.web.staff.lines import Covered, covered
from storefront_trace.web.staff.order import order_page
from storefront_trace.web.staff.phrases import chosen, with_phrases
from storefront_trace.web.staff.turns import CHOOSE, refusal, with_names
from storefront_trace.web.staff.visit import REDIRECT, Visit, order_url

MOST_FIELDS = 120
LONGEST_FIELD = 8 * 1024
GONE = N_("The picture is not kept any more, it has waited for too long. Take it once more.")


async def post_log(request: Request) -> Response:
    """A refusal shows the order's page again with what was filled in; nothing is logged then."""
    visit, number = Visit.of(request), request.path_params["number"]
    async with read_form(request, max_files=1, max_fields=MOST_FIELDS, max_part_size=LONGEST_FIELD) as form:
        filled = filled_in(form)
        if other := await _another(visit, number, text_of(form, "scanned")):
            return RedirectResponse(other, 303, REDIRECT)
        try:
            logged = await _log_or_ask(visit, number, form, filled)
        except (Invalid, Conflict, TooLarge, TooMany) as error:
            return await order_page(visit, number, error=error, filled=replace(filled, once=new_id()))
        if isinstance(logged, Response):
            return logged
        back = "/staff/scan" if text_of(form, "led") == "scan" else "/staff"
    return RedirectResponse(f"{back}?done={logged.event.id}", 303, REDIRECT)


async def _another(visit: Visit, number: str, scanned: str) -> str | None:
    """Where another code leads that was scanned while this order was open: then nothing is logged. The order's own
    code once more means yes."""
    if not scanned.strip():
        return None
    async with visit.desk.db.read() as conn:
        rows = await scanned_orders(conn, visit, scanned)
    return None if any(row.number == number for row in rows) else f"/staff/scan?{urlencode({'code': scanned})}"


async def _log_or_ask(visit: Visit, number: str, form: FormData, filled: Filled) -> LoggedStep | Response:
    """Our own form has a field `ask`, and its answer is a question first when something is odd about the step, or when
    nobody has looked at its picture yet. Who sends the fields of the contract alone means what they send."""
    asks = "ask" in form
    if not asks:
        return await log_filled(visit, number, form, filled)
    if not has_picture(form) and not text_of(form, "kept") and text_of(form, "answer") != "no":
        return await _log_or_ask_at_once(visit, number, form, filled)
    row = await _order(visit, number)
    kept = kept_picture(visit, row, text_of(form, "kept"))
    if text_of(form, "answer") == "no":
        return await order_page(visit, number, filled=replace(filled, once=new_id()))
    if text_of(form, "kept") and not (kept and await still_there(visit.request.app.state.media, kept.photo_id)):
        raise Invalid(GONE, errors=[("photo", GONE)])
    told = await _told_of(visit, number, partial(_told, visit, form, filled))
    turn = await _check(visit, row, told)
    picture = kept or await read_picture(visit.request, form, "parcel")
    odd = turn if turn is not None and answer_to(turn) not in form.getlist("anyway") else None
    if odd is not None or (picture is not None and "yes" not in form.getlist("seen")):
        if picture is not None:
            await ask_about(visit.request.app.state.media, picture.photo_id)
        return ask(visit, row, visit.cast.steps[told.step], form, Question(odd, picture))
    if picture is None:
        return await _log(visit, number, lambda *_: told)
    return await _log_with(visit, number, told, picture)


async def _log_or_ask_at_once(visit: Visit, number: str, form: FormData, filled: Filled) -> LoggedStep | Response:
    """Without a picture there is nothing to do between looking and writing."""
    strict, answers = not visit.cast.shop.any_order, form.getlist("anyway")
    try:
        return await _log(
            visit,
            number,
            partial(_told, visit, form, filled),
            minds=lambda turn: strict or answer_to(turn) not in answers,
        )
    except OutOfItsTurn as odd:
        step = visit.cast.steps[odd.step]
        if strict:
            raise refusal(visit, odd.row, step, odd.turn) from None
        return ask(visit, odd.row, step, form, Question(odd.turn, None))


async def log_filled(
    visit: Visit, number: str, form: FormData, filled: Filled, *, at: Moment | None = None, late: bool = False
) -> LoggedStep:
    """`at` is when it happened, when that was not now. What comes `late` is the same tap, however often it comes: what
    was taken back meanwhile stays so."""
    if await _another(visit, number, text_of(form, "scanned")):
        raise Conflict("Another code was scanned than this order's. Nothing was logged.")
    tell = partial(_told, visit, form, filled, at=at)
    if has_picture(form):
        told = await _told_of(visit, number, tell)
        await _check(visit, await _order(visit, number), told)
        picture = await read_picture(visit.request, form, "parcel")
        assert picture is not None
        return await _log_with(visit, number, told, picture, late)
    minds = None if visit.cast.shop.any_order else lambda _: True
    try:
        return await _log(visit, number, tell, minds=minds, late=late)
    except OutOfItsTurn as odd:
        raise refusal(visit, odd.row, visit.cast.steps[odd.step], odd.turn) from None


async def _check(visit: Visit, row: OrderRow, told: StepToLog) -> OutOfTurn | None:
    """Before the picture is read: what will be refused costs nothing."""
    with with_names(visit):
        turn = await steps.check_step(visit.desk, visit.shop_id, row.number, told)
    if turn is not None and not visit.cast.shop.any_order:
        raise refusal(visit, row, visit.cast.steps[told.step], turn)
    return turn


async def _order(visit: Visit, number: str) -> OrderRow:
    return await visit.desk.db.read_together(partial(orders.get_order, shop_id=visit.shop_id, number=number))


async def _told_of(visit: Visit, number: str, tell: Tell) -> StepToLog:
    return tell(*await visit.desk.db.read_together(partial(_contents, shop_id=visit.shop_id, number=number)))


async def _contents(conn: Connection, shop_id: str, number: str) -> tuple[list[Line], list[Parcel]]:
    row = await orders.get_order(conn, shop_id, number)
    return await orders.list_lines(conn, shop_id, row.id), await orders.list_parcels(conn, shop_id, row.id)


async def post_undo(request: Request) -> Response:
    visit, number = Visit.of(request), request.path_params["number"]
    async with read_form(request, max_fields=5) as form:
        event, back = text_of(form, "event"), text_of(form, "back")
    try:
        await corrections.undo_step(visit.desk, visit.shop_id, number, event, by=visit.person.handle)
    except Conflict as error:
        return await order_page(visit, number, error=error)
    place = "/staff?said=undone" if back == "queue" else f"{order_url(number)}?undone=1"
    return RedirectResponse(place, 303, REDIRECT)


def has_picture(form: FormData) -> bool:
    """An empty file field is no picture."""
    upload = form.get("photo")
    return isinstance(upload, UploadFile) and bool(upload.filename or upload.size)


async def post_correct(request: Request) -> Response:
    """Fields `event` and `reason`."""
    visit, number = Visit.of(request), request.path_params["number"]
    async with read_form(request, max_fields=5) as form:
        event, reason = text_of(form, "event"), text_of(form, "reason")
    try:
        await corrections.correct_step(
            visit.desk, visit.shop_id, number, event, by=visit.person.handle, reason=reason, as_owner=visit.as_owner
        )
    except (Conflict, Invalid) as error:
        return await order_page(visit, number, error=error, correcting=(event, reason))
    return RedirectResponse(f"{order_url(number)}?said=corrected", 303, REDIRECT)


async def read_picture(request: Request, form: FormData, purpose: str) -> Stored | None:
    """The file field `photo`, read and kept; None when the field was left empty."""
    upload = form.get("photo")
    if not isinstance(upload, UploadFile) or not has_picture(form):
        return None
    state = request.app.state
    return await store_picture(state.photo_worker, state.media, await upload.read(), purpose)


async def _log_with(visit: Visit, number: str, told: StepToLog, picture: Stored, late: bool = False) -> LoggedStep:
    """A picture that no step shows in the end, refused or logged before with another one, is not kept for long. It is
    not deleted here: the same picture may wait on another page, and be logged from there."""
    media, shown = visit.request.app.state.media, None
    try:
        size = (picture.width, picture.height)
        shown_with = replace(told, photo=picture.photo_id, photo_size=size)
        logged = await _log(visit, number, lambda *_: shown_with, late=late)
        shown = logged.event.photo
        return logged
    finally:
        if shown != picture.photo_id:
            await ask_about(media, picture.photo_id)


async def _log(visit: Visit, number: str, tell: Tell, *, minds: Minds | None = None, late: bool = False) -> LoggedStep:
    async def log(key: str | None) -> LoggedStep:
        return await steps.log_on_things(visit.desk, visit.shop_id, number, _under(key, tell), minds=minds)

    with with_names(visit):
        return await (log if late else anew(log))(None)


def _under(key: str | None, tell: Tell) -> Tell:
    """None is the form's own key."""
    return tell if key is None else lambda lines, parcels: replace(tell(lines, parcels), source_key=key)


def filled_in(form: FormData) -> Filled:
    ticked = texts_of(form, "lines")
    once = text_of(form, "once")
    return Filled(
        note=with_phrases(text_of(form, "note"), chosen(form)),
        hand_to=text_of(form, "hand_to"),
        lines=frozenset(ticked) if ticked else None,
        parcel=text_of(form, "parcel") if "parcel" in form else None,
        carrier=text_of(form, "carrier"),
        tracking_number=text_of(form, "tracking_number"),
        once=once if ONCE.fullmatch(once) else "",
    )


def _told(
    visit: Visit,
    form: FormData,
    filled: Filled,
    lines: list[Line],
    parcels: list[Parcel],
    *,
    at: Moment | None = None,
) -> StepToLog:
    step = visit.cast.steps.get(text_of(form, "step"))
    if step is None:
        raise Invalid(CHOOSE, errors=[("step", CHOOSE)])
    ticked = texts_of(form, "lines")
    if ticked == [""]:
        message = N_("Tick at least one thing.")
        raise Invalid(message, errors=[("lines", message)])
    about = covered(step, lines, parcels, [key for key in ticked if key], text_of(form, "parcel"))
    return StepToLog(
        step=step.key,
        by=visit.person.handle,
        at=at,
        note=filled.note,
        hand_to=filled.hand_to or None,
        lines=about.lines,
        parcel=_parcel(filled, about, parcels),
        source="staff",
        device=visit.session.device or None,
        as_owner=visit.as_owner,
        # With the step: the same form, gone back to, may log another step.
        source_key=f"once:{filled.once}:{step.key}" if filled.once else None,
    )


def _parcel(filled: Filled, about: Covered, known: list[Parcel]) -> Parcel | None:
    """What was typed about the parcel. The only one there is stands in the form, so another carrier corrects it."""
    carrier, number = filled.carrier.strip(), filled.tracking_number.strip()
    if max(len(carrier), len(number)) > 80:
        message = N_("Carrier and number may have 80 characters each.")
        raise Invalid(message, errors=[("tracking_number", message)])
    if about.parcel is not None:
        return Parcel(about.parcel, carrier or None, number or None)
    if not (carrier or number or about.new_parcel):
        return None
    if about.new_parcel:
        return Parcel(number or f"hand-{filled.once or new_id()}", carrier or None, number or None)
    same = len(known) == 1 and known[0].tracking_number in (None, number or None)
    return Parcel(known[0].key if same else "", carrier or None, number or None)
