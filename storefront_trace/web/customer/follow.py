"""Following an order by mail: asked for on its page, confirmed and stopped by links in mails. GET only shows a button;
the one exception to "from our own page" is RFC 8058's POST, whose proof is the address it is sent to."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from storefront_trace.actions import follow
from storefront_trace.domain.errors import N_, Conflict, DomainError, Gone, Invalid, NotFound
from storefront_trace.domain.following import hidden_address, read_follower_token
from storefront_trace.domain.links import key_id
from storefront_trace.domain.shop import Cast
from storefront_trace.domain.tracked import TrackOrder
from storefront_trace.integrations.webpush import check_subscription, public_key
from storefront_trace.storage import followers, shops
from storefront_trace.storage.followers import Follower
from storefront_trace.web.customer.refused import refused
from storefront_trace.web.customer.track import open_order
from storefront_trace.web.customer.words import Words, words_for
from storefront_trace.web.errors import status_of
from storefront_trace.web.forms import read_form, read_told
from storefront_trace.web.languages import choose, form_url, page_url, switch
from storefront_trace.web.limits import visitor
from storefront_trace.web.page import page

NO_LINK = N_("There is nothing behind this link. It may be misspelt, or too old.")
# What a link shows once: opened again, in another language too, it is another page.
PASSING = ("allowed", "unopened", "full")


async def post_follow(request: Request) -> Response:
    """303 back to the page, which then says who follows."""
    order, cast = await open_order(request)
    _hit(request, order)
    async with read_form(request, max_fields=10) as form:
        email, wants = str(form.get("email", "")).strip()[:300], str(form.get("wants", "all"))[:20]
    words = words_to(request, cast, order.locale)
    try:
        if request.app.state.settings.smtp is None:
            raise Invalid("This shop cannot send mails yet.")
        told: dict[str, str] = {"email": email, "wants": wants, "locale": words.language}
        await follow.follow_by_mail(request.app.state.desk, order.shop_id, order.id, **told)
    except (Invalid, Conflict) as refusal:
        return _form(request, words, order, email, wants, refusal)
    return _back(request)


async def show_push_key(request: Request) -> Response:
    """What a browser subscribes with. Asked for by our script when somebody wants it, so that no page waits for it."""
    await open_order(request)
    return JSONResponse({"key": public_key(request.app.state.desk.secret)}, headers={"Cache-Control": "no-store"})


async def post_push(request: Request) -> Response:
    """A browser's subscription as JSON. It answers our own script."""
    order, cast = await open_order(request)
    _hit(request, order)
    desk = request.app.state.desk
    try:
        told = await read_told(request)
        subscription = check_subscription(told["subscription"])
        wants = str(told.get("wants", "all"))[:20]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise Invalid("That was not understood.") from None
    subscription["key"] = key_id(desk.secret)
    words = words_to(request, cast, order.locale)
    values: dict[str, Any] = {"subscription": subscription, "wants": wants, "locale": words.language}
    found = await follow.follow_by_push(desk, order.shop_id, order.id, **values)
    return JSONResponse({"id": found.id}, 201, {"Cache-Control": "no-store"})


async def post_change(request: Request) -> Response:
    order, cast = await open_order(request)
    _hit(request, order)
    async with read_form(request, max_fields=10) as form:
        wants = str(form.get("wants", ""))[:20]
    follower = request.path_params["follower"]
    try:
        await follow.change_wants(request.app.state.desk, order.shop_id, order.id, follower, wants)
    except (Invalid, Conflict) as refusal:
        return _form(request, words_to(request, cast, order.locale), order, None, wants, refusal)
    return _back(request)


async def post_stop(request: Request) -> Response:
    order, _ = await open_order(request)
    follower = request.path_params["follower"]
    await follow.stop(request.app.state.desk, order.shop_id, follower, why=follow.PAGE, order_id=order.id)
    return _back(request)


async def show_unfollow(request: Request) -> Response:
    words, found, _ = await _reader(request, "unsubscribe")
    asks = found is not None and found.stopped_at is None
    return state_page(request, words, "ask_stop" if asks else "stopped", found)


async def post_unfollow(request: Request) -> Response:
    """A person's tap, or a mail program's one-click POST: it has no cookie, and says nothing of where it comes from.
    Stopping twice is stopping once."""
    words, found, follower_id = await _reader(request, "unsubscribe")
    await follow.stop(request.app.state.desk, words.shop.id, follower_id)
    return state_page(request, words, "stopped", found)


async def show_confirm(request: Request) -> Response:
    words, found, _ = await _reader(request, "confirm")
    if found is None or not follow.may_confirm(found):
        return state_page(request, words, _closed(found))
    return state_page(request, words, "confirmed" if found.follows else "ask_confirm", found)


async def post_confirm(request: Request) -> Response:
    words, found, follower_id = await _reader(request, "confirm")
    try:
        found = await follow.confirm(request.app.state.desk, words.shop.id, follower_id)
    except (Gone, NotFound):
        return state_page(request, words, _closed(found))
    except Conflict:
        return state_page(request, words, "full")
    return state_page(request, words, "confirmed", found)


def _closed(found: Follower | None) -> str:
    return "gone" if found is None or follow.may_confirm(found) else "called_off"


async def _reader(request: Request, purpose: Any) -> tuple[Words, Follower | None, str]:
    """Who holds this link, and in which words to answer. The follower is None when the order has been forgotten."""
    state = request.app.state
    ids = read_follower_token(state.desk.secrets, purpose, request.path_params["token"])
    if ids is None:
        state.limits.hit("token-miss", visitor(request))
        raise NotFound(NO_LINK)
    shop_id, follower_id = ids
    async with state.desk.db.read() as conn:
        if shop_id not in {shop.id for shop in await shops.list_shops(conn)}:
            raise NotFound(NO_LINK)
        cast = await state.desk.casts.get(conn, shop_id)
        found = await followers.find_follower(conn, shop_id, follower_id)
    return words_to(request, cast, found.locale if found else None), found, follower_id


def _hit(request: Request, order: TrackOrder) -> None:
    """By the order and by who asks: one visitor may have the links of many orders, and many visitors that of one."""
    limits = request.app.state.limits
    limits.hit("following", visitor(request))
    limits.hit("follow", order.id)


def words_to(request: Request, cast: Cast, locale: str | None) -> Words:
    asked, accept = request.query_params.get("lang"), request.headers.get("accept-language", "")
    return words_for(cast, choose(asked, accept, locale, cast.shop.locale), request.app.state.pages)


def _back(request: Request) -> Response:
    return RedirectResponse(page_url(request, "#follow"), 303, {"Cache-Control": "no-store"})


def _form(
    request: Request, words: Words, order: TrackOrder, email: str | None, wants: str, refusal: DomainError
) -> Response:
    """Once more, with all that was typed and why it was refused. `email` is None where only the steps are chosen."""
    context = {
        **words.frame,
        "languages": switch(request, words.language),
        "order_number": order.number,
        "title": words.say("Get a mail when something happens"),
        "state": "form",
        "who": "",
        "action": form_url(request),
        "back_url": page_url(request, "#follow"),
        "email": email,
        "wants": wants,
        **refused(refusal, words),
    }
    status = status_of(refusal)
    return page(request, "customer/follow.html", status=status, language=words.language, page=context)


def state_page(request: Request, words: Words, state: str, found: Follower | None = None) -> Response:
    titles = {
        "ask_stop": N_("No more mails about this order?"),
        "stopped": N_("You get no more mails about this order"),
        "ask_confirm": N_("Would you like mails about this order?"),
        "confirmed": N_("You get a mail when something happens"),
        "gone": N_("That was too long ago"),
        "called_off": N_("These mails have been stopped"),
        "full": N_("Five follow this order already"),
        "ask_silence": N_("Never write to this address again?"),
        "silent": N_("This address is left in peace"),
        "allowed": N_("This address may be written to again"),
        "unopened": N_("This link holds no mails back"),
    }
    context = {
        **words.frame,
        "languages": [] if state in PASSING else switch(request, words.language),
        "foot": None,
        "title": words.say(titles[state]),
        "state": state,
        "who": hidden_address(found.address) if found and found.address else "",
        "action": form_url(request),
    }
    return page(request, "customer/follow.html", language=words.language, page=context)
