"""What each of the owner's forms leaves in the log of changes. A new POST below /owner fails the last test until it
says here what it notes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator

import httpx2
import pytest
from starlette.routing import BaseRoute, Route

from storefront_trace.actions import chips, concerns, feedback, kiosks, people, pins, shop_steps, signin, wall
from storefront_trace.actions.feedback import Answer
from storefront_trace.actions.steps import StepToLog, log_step
from storefront_trace.domain.audit import DEEDS
from storefront_trace.domain.shop import ShopStep
from storefront_trace.routes import OWNER
from storefront_trace.storage import audit
from storefront_trace.storage import people as rows
from storefront_trace.storage.audit import Noted
from storefront_trace.web.owner import deeds
from tests.hanging import on_the_wall
from tests.people import Shop
from tests.world import World, database_url, world

__all__ = ["database_url", "world"]
Form = dict[str, str]
SignIn = Callable[[str], Awaitable[httpx2.AsyncClient]]
ANDERS = "/owner/people/anders"
CONCERN = "/owner/concerns/{concern}"
CLOSED = "/owner/concerns/{closed}"
NEW_STEP = {"name": "Inslagen", "sentence": "{name} slog in allt {when}.", "after": "picked", "team": "warehouse"}
STEP = {"name.sv": "Inpackad", "icon": "box", "team": "warehouse", "asks_feedback": "1", "visible": "1"}
HOURS = {"days": "1", "opens": "09:00", "closes": "17:00", "country": "", "closed": ""}
# The route below /owner, what is sent and where, what is noted of it.
NOTED: list[tuple[str, str, Form, str]] = [
    ("/privacy/settings", "/owner/privacy/settings", {"words_months": "6"}, "shop.changed"),
    ("/privacy/purge", "/owner/privacy/purge", {"sure": "1"}, "privacy.purged"),
    ("/privacy/export", "/owner/privacy/export", {"email": "karin@example.com"}, "privacy.customer_exported"),
    ("/privacy/erase", "/owner/privacy/erase", {"number": "1001", "sure": "1"}, "privacy.customer_erased"),
    ("/privacy/link", "/owner/privacy/link", {"order": "1001"}, "privacy.link_revoked"),
    ("/privacy/papers", "/owner/privacy/papers", {"controller": "Roliga Ting AB"}, "privacy.papers"),
    ("/privacy/view", "/owner/privacy/view", {"on": "0"}, "privacy.view_off"),
    ("/privacy/golive", "/owner/privacy/golive", {"key": "told", "done": "1"}, "privacy.settled"),
    ("/people", "/owner/people", {"name": "Elsa", "team": "warehouse"}, "people.added people.link"),
    ("/people/{handle}", ANDERS, {"name": "Anders", "team": "orders"}, "people.changed"),
    ("/people/{handle}/portrait", "/owner/people/lisa/portrait", {"remove": "1"}, "people.portrait"),
    ("/people/{handle}/link", f"{ANDERS}/link", {}, "people.link"),
    ("/people/{handle}/role", f"{ANDERS}/role", {"role": "owner"}, "people.role"),
    ("/people/{handle}/shown", f"{ANDERS}/shown", {"most": "team"}, "people.changed"),
    ("/people/{handle}/signout", f"{ANDERS}/signout", {}, "people.signed_out"),
    ("/people/{handle}/pin", f"{ANDERS}/pin", {}, "people.pin_cleared"),
    ("/people/{handle}/end", f"{ANDERS}/end", {"sure": "1"}, "people.left"),
    ("/start", "/owner/start", {"away": "0"}, "shop.changed"),
    ("/start/look", "/owner/start/look", {}, "shop.look_kept"),
    ("/start/sample", "/owner/start/sample", {}, "shop.sample_made"),
    ("/start/people", "/owner/start/people", {"list": "Elsa", "save": "1"}, "people.added"),
    ("/sheet", "/owner/sheet", {"handle": "anders"}, "people.link"),
    ("/kiosks", "/owner/kiosks", {"name": "Diskbordet"}, "tablets.made"),
    ("/kiosks/minutes", "/owner/kiosks/minutes", {"minutes": "5"}, "shop.changed"),
    ("/kiosks/{kiosk}/end", "/owner/kiosks/{kiosk}/end", {}, "tablets.ended"),
    ("/wall/screens", "/owner/wall/screens", {"name": "Vid kassan"}, "shop.screen_made"),
    ("/wall/screens/{screen}/end", "/owner/wall/screens/{screen}/end", {}, "shop.screen_ended"),
    ("/wall/{feedback}/up", "/owner/wall/{agreed}/up", {}, "feedback.hung"),
    ("/wall/{feedback}/down", "/owner/wall/{hung}/down", {}, "feedback.unhung"),
    ("/teams/{key}", "/owner/teams/warehouse", {"name.sv": "Lagergänget"}, "shop.team_changed"),
    ("/concerns/{feedback}/reply", f"{CONCERN}/reply", {"words": "Tack för att du skrev."}, "feedback.answered"),
    ("/concerns/{feedback}/looking", f"{CONCERN}/looking", {}, "feedback.looking"),
    ("/concerns/{feedback}/talk", f"{CONCERN}/talk", {"thing": "Lådan var för stor."}, "feedback.talked"),
    ("/concerns/{feedback}/reopen", CLOSED + "/reopen", {}, "feedback.reopened"),
    ("/concerns/{feedback}/share", f"{CONCERN}/share", {}, "feedback.shared"),
    ("/concerns/{feedback}/done", f"{CONCERN}/done", {}, "feedback.done"),
    ("/concerns/{feedback}/outside", f"{CONCERN}/outside", {}, "feedback.outside"),
    (
        "/questions/{question}/answer",
        "/owner/questions/{question}/answer",
        {"words": "På tisdag."},
        "feedback.question_answered",
    ),
    ("/steps", "/owner/steps", NEW_STEP, "steps.added"),
    ("/steps/{key}", "/owner/steps/packed", STEP, "steps.changed"),
    ("/steps/{key}/move", "/owner/steps/gift/move", {"after": "packed"}, "steps.moved"),
    ("/steps/{key}/away", "/owner/steps/picked/away", {}, "steps.taken_away"),
    ("/steps/{key}/back", "/owner/steps/card/back", {}, "steps.brought_back"),
    ("/chips", "/owner/chips", {"kind": "thanks", "word.sv": "Fint band"}, "steps.chip_added"),
    ("/chips/{key}", "/owner/chips/{chip}", {"end": "1"}, "steps.chip_ended"),
    ("/shop", "/owner/shop", {"name": "Roliga Saker"}, "shop.changed"),
    ("/friday/mail", "/owner/friday/mail", {"friday": ""}, "shop.changed"),
    ("/shop/hours", "/owner/shop/hours", HOURS, "shop.changed"),
    ("/shop/origins", "/owner/shop/origins", {"origins": "https://www.example.com"}, "shop.changed"),
    (
        "/connections",
        "/owner/connections",
        {"kind": "woocommerce", "name": "Nätbutiken", "secret": "mycket-hemligt-1"},
        "connections.made",
    ),
    ("/connections/{connection}/end", "/owner/connections/{connection}/end", {}, "connections.ended"),
]
# An owner's own ways in: tests/web/owner/test_safety.py says what is noted of them.
SAFETY = (
    "prove",
    "require",
    "devices/end",
    "devices/{session}/end",
    "passkeys/start",
    "passkeys",
    "passkeys/{passkey}/end",
    "app/start",
    "app",
    "app/end",
    "codes",
)
# What is noted elsewhere, and where the test of it is; or why nothing is.
OWN: dict[str, str] = {
    "/privacy/look": "it only counts",
    "/needs/mail": "it is the owner's own mail, and nobody else's",
    "/start/sample/end": "tests/web/owner/test_start.py",
    "/start/steps": "tests/web/owner/test_ready.py",
    **{f"/safety/{way}": "tests/web/owner/test_safety.py" for way in SAFETY},
}


async def noted(shop: Shop, shop_id: str | None = None) -> list[Noted]:
    """Newest first."""
    async with shop.desk.db.read() as conn:
        return await audit.list_audit(conn, shop_id or shop.id, limit=200)


@pytest.fixture
async def furnished(world: World) -> World:
    """With a shared tablet, a PIN, a portrait and a word of the shop's own, for the forms that take them away."""
    shop = world.shop
    made, _ = await kiosks.make_kiosk(shop.desk, shop.id, "Packbordet")
    async with shop.desk.db.write() as conn:
        person = await rows.get_person(conn, shop.id, "anders")
        token = await signin.make_link(conn, shop.id, person, "staff")
    _, session = await signin.use_link(shop.desk, token, device="test", days=1)
    await pins.set_pin(shop.desk, session, "2590")
    await people.set_portrait(shop.desk, shop.id, await shop.person_id("lisa"), "a" * 32)
    order = await shop.order("1002")
    event = (await log_step(shop.desk, shop.id, "1002", StepToLog("packed", "anders"))).event.id
    closed = await feedback.save_feedback(shop.desk, shop.id, order, event, Answer("concern"))
    await concerns.mark_done(shop.desk, shop.id, closed.id)
    agreed = await on_the_wall(shop, "Vilket fint paket!", number="1003", put=False)
    hung = await on_the_wall(shop, "Tack för kortet!", number="1004")
    screen, _ = await wall.make_screen(shop.desk, shop.id, "I fiket")
    await chips.put_chip(shop.desk, shop.id, "own_band", "thanks", {"sv": "Snyggt band"})
    for key in ("gift", "card"):
        step = ShopStep(key, 0, "advance", "gift", "warehouse", {"sv": key}, {"sv": key}, {"sv": "{name} slog in."})
        await shop_steps.add_step(shop.desk, shop.id, step, "received")
    await shop_steps.take_step_away(shop.desk, shop.id, "card")
    return World(
        shop,
        {
            **world.names,
            "kiosk": made.id,
            "chip": "own_band",
            "closed": closed.id,
            "agreed": agreed.id,
            "hung": hung.id,
            "screen": screen.id,
        },
    )


@pytest.mark.parametrize(("path", "form", "what"), [row[1:] for row in NOTED], ids=[row[0] for row in NOTED])
async def test_what_an_owner_does_is_noted_once_with_who_did_it(
    furnished: World, signed_in: SignIn, path: str, form: Form, what: str
) -> None:
    olga = await signed_in("olga")
    before = await noted(furnished.shop)
    answer = await olga.post(furnished.path(path), data=form)
    assert answer.status_code in (200, 303)
    new = (await noted(furnished.shop))[: -len(before)]
    assert [one.what for one in reversed(new)] == what.split()
    assert {one.person_id for one in new} == {await furnished.shop.person_id("olga")}
    page = (await olga.get("/owner/audit?lang=sv")).text
    assert "%(" not in page and page.count('<p class="by">') >= len(new)


@pytest.mark.parametrize(("path", "form", "what"), [row[1:] for row in NOTED], ids=[row[0] for row in NOTED])
async def test_what_is_refused_is_not_noted(
    furnished: World, signed_in: SignIn, path: str, form: Form, what: str
) -> None:
    before = await noted(furnished.shop)
    answer = await (await signed_in("anders")).post(furnished.path(path), data=form)
    assert answer.status_code == 403
    assert await noted(furnished.shop) == before


def test_every_form_of_the_owners_says_what_it_notes() -> None:
    assert sorted(set(_forms(OWNER)) - {row[0] for row in NOTED} - OWN.keys()) == []


def test_every_deed_has_its_sentence_and_every_sentence_its_deed() -> None:
    assert set(deeds.DEEDS) == DEEDS | {"privacy.order_erased"}
    assert {what for row in NOTED for what in row[3].split()} <= DEEDS


def _forms(routes: list[BaseRoute]) -> Iterator[str]:
    for route in routes:
        if isinstance(route, Route) and "POST" in (route.methods or ()):
            yield route.path
