"""/staff/me: how customers see me, my picture, my devices, and what is kept about me."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from storefront_trace.actions import people
from storefront_trace.actions.own_mails import set_friday
from storefront_trace.actions.own_words import save_own_words
from storefront_trace.actions.photos import forget_portrait
from storefront_trace.domain.errors import DomainError, Invalid, TooLarge, TooMany
from storefront_trace.domain.mailing import WORDLESS
from storefront_trace.domain.own_words import check_own_words
from storefront_trace.domain.people import VISIBILITIES
from storefront_trace.storage import accounts
from storefront_trace.storage import people as person_rows
from storefront_trace.web.agreed import agreed_view
from storefront_trace.web.crop import places
from storefront_trace.web.forms import read_form
from storefront_trace.web.readings import readings_view
from storefront_trace.web.staff.agreeing import FRIDAY, LINE, PICTURE, agreed_to, as_read, seen_text
from storefront_trace.web.staff.devices import devices_context
from storefront_trace.web.staff.kept import kept_until
from storefront_trace.web.staff.own import MOST_FIELDS, Typed, own_context, typed_in
from storefront_trace.web.staff.passkeys import passkeys_context
from storefront_trace.web.staff.picture import read_portrait
from storefront_trace.web.staff.pin import pin_context
from storefront_trace.web.staff.seen import ways
from storefront_trace.web.staff.visit import REDIRECT, Context, Visit

# Which part of the page stands open after what was done in it.
UNFOLDED = {
    "picture": "picture",
    "removed": "picture",
    "words": "words",
    "friday": "friday",
    "device": "devices",
    "passkey": "passkeys",
    "passkey-gone": "passkeys",
}


async def show_me(request: Request) -> Response:
    visit, done = Visit.of(request), request.query_params.get("done", "")
    said = {
        "seen": visit.say("Saved. Customers see you like this from now on."),
        "picture": visit.say("Your picture is saved."),
        "removed": visit.say("Your picture is gone."),
        "words": visit.say("Your words are saved. Customers read them from now on."),
        "friday": visit.say("Saved."),
        "device": visit.say("That device is signed out."),
        "passkey": visit.say("The passkey is added. Next time it lets you in."),
        "passkey-gone": visit.say("The passkey is removed. Take it out of your device's list as well."),
    }.get(done)
    return await _page(visit, said=said, unfolded=UNFOLDED.get(done, ""))


async def post_visibility(request: Request) -> Response:
    """From the welcome page on to the queue, else back to where one sees what it does."""
    visit = Visit.of(request)
    async with read_form(request, max_fields=5) as form:
        chosen, reader = form.get("visibility"), as_read(visit, form)
    first = visit.person.visibility is None
    try:
        read = {"locale": reader.language, "said": seen_text(reader, str(chosen))}
        await people.choose_visibility(visit.desk, visit.shop_id, visit.person.id, str(chosen), **read)
    except Invalid as error:
        return await _page(visit, error=error)
    return RedirectResponse("/staff" if first else "/staff/me?done=seen", 303, REDIRECT)


async def post_portrait(request: Request) -> Response:
    """The field `photo` puts a picture in place, `remove` takes it away."""
    visit = Visit.of(request)
    async with read_form(request, max_files=1, max_fields=8) as form:
        remove, agreed = form.get("remove") == "1", agreed_to(as_read(visit, form), PICTURE)
        try:
            photo = None if remove else await read_portrait(visit, form)
        except (Invalid, TooLarge, TooMany) as error:
            return await _page(visit, error=error, unfolded="picture")
    old = await people.set_portrait(visit.desk, visit.shop_id, visit.person.id, photo, agreed=agreed)
    await forget_portrait(visit.desk, request.app.state.media, old)
    return RedirectResponse(f"/staff/me?done={'removed' if remove else 'picture'}", 303, REDIRECT)


async def post_words(request: Request) -> Response:
    """What is left empty is taken away."""
    visit = Visit.of(request)
    async with read_form(request, max_fields=MOST_FIELDS, max_part_size=16 * 1024) as form:
        typed, agreed = typed_in(form), agreed_to(as_read(visit, form), LINE)
    try:
        told = check_own_words(typed.roles, typed.greeting, typed.languages, typed.phrases)
        await save_own_words(visit.desk, visit.shop_id, visit.person.id, told, agreed=agreed)
    except Invalid as error:
        return await _page(visit, error=error, typed=typed, unfolded="words")
    return RedirectResponse("/staff/me?done=words", 303, REDIRECT)


async def post_friday(request: Request) -> Response:
    """`friday` = "1" asks for the week's thanks by mail, anything else for none."""
    visit = Visit.of(request)
    async with read_form(request, max_fields=5) as form:
        wanted, agreed = form.get("friday") == "1", agreed_to(as_read(visit, form), FRIDAY)
    await set_friday(visit.desk, visit.shop_id, visit.person.id, wanted, locale=visit.language, agreed=agreed)
    return RedirectResponse("/staff/me?done=friday#friday", 303, REDIRECT)


async def _page(
    visit: Visit,
    *,
    said: str | None = None,
    error: DomainError | None = None,
    typed: Typed | None = None,
    unfolded: str = "",
) -> Response:
    async with visit.desk.db.read() as conn:
        devices = await devices_context(conn, visit)
        account = await accounts.find_account(conn, visit.shop_id, visit.person.id)
        passkeys = await passkeys_context(conn, visit)
        choices = await person_rows.list_consents(conn, visit.shop_id, visit.person.id)
        readings = await readings_view(conn, visit.request, visit.language, person_id=visit.person.id)
    return visit.show(
        "staff/me.html",
        visit.say("How customers see you"),
        error=error,
        said=said,
        seen=ways(visit),
        seen_action="/staff/me/visibility",
        portrait_action="/staff/me/portrait",
        looks=_looks(visit),
        own=own_context(visit, typed),
        places=places(visit.texts),
        unfolded=unfolded or ("readings" if "read" in visit.request.query_params else ""),
        has_photo=visit.person.photo is not None,
        **devices,
        **pin_context(visit, account),
        **_friday(visit, account),
        **passkeys,
        kept=kept_until(visit),
        agreed=agreed_view(visit.cast, choices, visit.language),
        readings=readings,
    )


def _friday(visit: Visit, account: accounts.Account | None) -> Context:
    if account is None or account.role in WORDLESS:
        return {"friday": None}
    return {"friday": {"on": account.friday, "shop": visit.cast.shop.friday, "address": bool(visit.person.email)}}


def _looks(visit: Visit) -> Context:
    """`?as=` shows a way that is not chosen yet, `?in=` another language than one's own."""
    asked = visit.request.query_params.get("as") or visit.person.visibility
    way = next((one for one in VISIBILITIES if one == asked), VISIBILITIES[0])
    seen = visit.request.app.state.previews.seen(visit.cast, visit.person, way, visit.now)
    seen.sort(key=lambda one: (one["lang"] != visit.language, one["lang"] != visit.cast.shop.locale))
    chosen = next((one for one in seen if one["lang"] == visit.request.query_params.get("in")), seen[0])

    def link(way: str, language: str) -> str:
        return f"/staff/me?as={way}&in={language}#looks"

    others = [
        {"href": link(one["value"], chosen["lang"]), "label": one["title"], "on": one["value"] == way}
        for one in ways(visit)
    ]
    languages = [
        {
            "href": link(way, one["lang"]),
            "lang": one["lang"],
            "language": one["language"],
            "on": one["lang"] == chosen["lang"],
        }
        for one in seen
    ]
    return {"one": chosen, "languages": languages, "ways": others}
