"""/owner/privacy/golive: what is settled before real customers come. What the shop can see of itself it says itself;
what only people know somebody ticks, with name and day."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response

from storefront_trace.actions import papers as actions
from storefront_trace.command import COMMAND
from storefront_trace.domain.clock import DAY, now_micros
from storefront_trace.domain.errors import N_
from storefront_trace.domain.golive import TICKS
from storefront_trace.domain.moments import day_of
from storefront_trace.domain.papers import Block, agreed_by, missing
from storefront_trace.domain.people import FORGOTTEN, NAMELESS
from storefront_trace.domain.shop import Cast
from storefront_trace.storage import golive, needs
from storefront_trace.web.faces import person_face
from storefront_trace.web.forms import text_of, whole_form
from storefront_trace.web.owner.base import frame, language_of, saved, show, texts
from storefront_trace.web.owner.paper import pdf_of
from storefront_trace.web.wording import full_date_text

PATH = "/owner/privacy/golive"
MAILS_OF = 7 * DAY
DONE, OPEN = N_("Done"), N_("Open")


class Seen(NamedTuple):
    """What the shop has found out itself, and where one sees to it."""

    done: bool
    name: str
    text: str
    url: str = ""
    setting: str = ""


async def show_golive(request: Request) -> Response:
    return await _page(request)


async def show_pdf(request: Request) -> Response:
    say, cast = texts(request), request.state.cast
    rows = [*await _seen(request), *_ticks(request)]
    title = Block("title", say.gettext("Before real customers come"))
    found = [Block("row", _told(row, say.gettext), row["name"]) for row in rows]
    return await pdf_of(request, "golive", [title, Block("text", cast.shop.name), *found])


async def post_golive(request: Request) -> Response:
    """`key` is one of domain/golive.py TICKS, `done` 1 or 0."""
    form = await whole_form(request)
    key, done = text_of(form, "key"), text_of(form, "done") == "1"
    shop_id, me = request.state.cast.shop.id, request.state.person.id
    await actions.settle(request.app.state.desk, shop_id, key, by_person=me, done=done)
    return saved(PATH, "settled" if done else "unsettled", anchor=f"#{key}")


async def _page(request: Request) -> Response:
    seen, ticks = await _seen(request), _ticks(request)
    rows = [*seen, *ticks]
    done = sum(1 for row in rows if row["done"])
    title = texts(request).gettext("Before real customers come")
    context = {"seen": seen, "ticks": ticks, "done": done, "all": len(rows), "pdf": f"{PATH}.pdf"}
    return show(request, "golive", frame(request, title, "shop") | context)


async def _seen(request: Request) -> list[dict[str, Any]]:
    cast: Cast = request.state.cast
    async with request.app.state.desk.db.read() as conn:
        weak = await golive.count_weak_owners(conn, cast.shop.id)
        sent = await golive.is_mail_sent(conn, cast.shop.id, now_micros() - 30 * DAY)
        failed = await needs.list_undelivered(conn, cast.shop.id, now_micros() - MAILS_OF, limit=1)
    settings = request.app.state.settings
    found = [*_place(settings.public_url), *_mail(settings.smtp is not None, sent, bool(failed)), *_people(cast, weak)]
    say = texts(request).gettext
    return [one._asdict() | {"name": say(one.name), "text": say(one.text)} for one in found]


def _place(public_url: str) -> Iterator[Seen]:
    host = urlsplit(public_url).hostname or ""
    done = public_url.startswith("https://") and host not in ("localhost", "127.0.0.1")
    text = N_("Links begin with https.") if done else N_("PUBLIC_URL has to be the address customers see, with https.")
    yield Seen(done, N_("The shop has its own address, with https"), text, setting="" if done else "PUBLIC_URL")


def _mail(there: bool, sent: bool, failed: bool) -> Iterator[Seen]:
    text = N_("A mail went out in the last 30 days, and none has failed this week.")
    if not there:
        text = N_("No mail server is set up: SMTP_URL is empty.")
    elif failed:
        text = N_("A mail could not be delivered this week. See what needs you.")
    elif not sent:
        text = N_("No mail has gone out in the last 30 days: follow an order with your own address to try it.")
    where = "/owner/needs" if failed else ""
    yield Seen(there and sent and not failed, N_("Mails arrive"), text, where, setting="" if there else "SMTP_URL")


def _people(cast: Cast, weak: int) -> Iterator[Seen]:
    shop = cast.shop
    text = N_("Nobody runs the shop by a link alone.") if not weak else N_("An owner signs in with a link alone.")
    yield Seen(weak == 0, N_("Every owner has a second factor or a passkey"), text, "/owner/safety")
    gaps = bool(missing(shop.papers))
    text = (
        N_("There are gaps in them still.")
        if gaps
        else N_("Who is responsible, whom to write to, who runs the server.")
    )
    yield Seen(not gaps, N_("The papers say who you are"), text, "/owner/privacy/papers")
    settled = agreed_by(shop.agreed) is not None or "council" in (shop.golive or {})
    text = N_("It is off: owners read what is said of the shop and its teams.")
    if shop.per_person:
        text = (
            N_("It is on, and was settled.")
            if settled
            else N_("It is on. Settle it with the employees, or switch it off.")
        )
    name = N_("It is settled whether owners read each person's feedback")
    yield Seen(settled or not shop.per_person, name, text, "/owner/privacy/papers#view")


def _ticks(request: Request) -> list[dict[str, Any]]:
    cast: Cast = request.state.cast
    say, language, ticked = texts(request), language_of(request), cast.shop.golive or {}
    rows = []
    for key, (name, text) in TICKS.items():
        tick = ticked.get(key)
        person = cast.people.get(tick["by"]) if tick else None
        gone = person is None or person.display_name == NAMELESS
        who = say.gettext(FORGOTTEN) if gone or person is None else person_face(cast, person, language)["name"]
        by = f"{who}, {full_date_text(day_of(tick['at'], cast.shop.zone), language)}" if tick else ""
        told = say.say(text, command=COMMAND)
        rows.append({"key": key, "done": tick is not None, "name": say.gettext(name), "text": told, "by": by})
    return rows


def _told(row: dict[str, Any], say: Callable[[str], str]) -> str:
    state = say(DONE) if row["done"] else say(OPEN)
    return f"{state}. {row['by']}" if row.get("by") else f"{state}. {row['text']}"
