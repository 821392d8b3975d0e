"""The plain questions before a step is logged: it is out of its turn, or a picture is about to be shown."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.datastructures import FormData
from starlette.responses import Response

from storefront_trace.actions.photos import Stored
from storefront_trace.domain.links import same, signature
from storefront_trace.domain.shop import ShopStep
from storefront_trace.domain.turns import OutOfTurn
from storefront_trace.photos.files import PHOTO_ID, name_of
from storefront_trace.storage.orders import OrderRow
from storefront_trace.web.staff.turns import question_text, state_text
from storefront_trace.web.staff.visit import Context, Visit, order_url

# What the answer brings itself.
ANSWERED = ("ask", "anyway", "seen", "kept", "photo", "person")


@dataclass(frozen=True)
class Question:
    """`turn` is what is odd about the step; `picture` one that customers would see, and nobody has looked at yet."""

    turn: OutOfTurn | None
    picture: Stored | None


def ask(visit: Visit, row: OrderRow, step: ShopStep, form: FormData, asked: Question) -> Response:
    """A page with the question and two buttons. What was filled in goes along, the picture too."""
    label = visit.step_name(step)
    turn, picture = asked.turn, asked.picture
    told = [(name, value) for name, value in form.multi_items() if isinstance(value, str)]
    fields = [(name, value) for name, value in told if name not in ANSWERED]
    answers = [("ask", "1"), *((name, value) for name, value in told if name in ("anyway", "seen") and value)]
    if turn is not None:
        answers.append(("anyway", answer_to(turn)))
    if picture is not None:
        answers += [("seen", "yes"), ("kept", kept_token(visit, row, picture))]
    context: Context = {
        "number": row.number,
        "name": row.first_name or "",
        "state": state_text(visit, row),
        "question": question_text(visit, row, step, turn) if turn else "",
        "photo": _photo(visit, picture) if picture else None,
        "action": f"{order_url(row.number)}/log",
        "fields": [*fields, *answers],
        "yes": visit.say("Log %(step)s anyway", step=label)
        if turn
        else visit.say("Use it, and log %(step)s", step=label),
        "no": visit.say("No, back to the order") if picture is None else visit.say("No, without this picture"),
    }
    title = context["question"] or visit.say("Is this picture right?")
    return visit.show("staff/ask.html", title, **context)


def answer_to(turn: OutOfTurn) -> str:
    """Yes to this question, and to no other: what a colleague logs meanwhile is asked about anew."""
    return ":".join((turn.kind, turn.event.id if turn.event else ".".join(turn.missing)))


def kept_token(visit: Visit, row: OrderRow, picture: Stored) -> str:
    """Names the picture for this person and this order alone: nobody can have another one shown by its id."""
    told = f"{picture.photo_id}.{picture.width}.{picture.height}"
    return f"{told}.{_sign(visit, row, told)}"


def kept_picture(visit: Visit, row: OrderRow, token: str) -> Stored | None:
    told, _, signed = token.rpartition(".")
    if not told or not same(signed, _sign(visit, row, told)):
        return None
    photo_id, width, height = told.split(".")
    return Stored(photo_id, int(width), int(height)) if PHOTO_ID.fullmatch(photo_id) else None


def _sign(visit: Visit, row: OrderRow, told: str) -> str:
    return signature(visit.desk.secret, "form", "kept-photo", visit.shop_id, row.id, visit.person.id, told)


def _photo(visit: Visit, picture: Stored) -> Context:
    src = f"/media/{name_of(picture.photo_id, 640, 'webp')}"
    return {"src": src, "width": picture.width, "height": picture.height, "alt": visit.say("Photo of the step")}
