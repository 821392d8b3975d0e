"""Every URL × who asks × what they get. A route that is missing here fails the last test.

Nobody has no cookie (customers come that way too: their link is the key), Anders is staff, Olga owns the shop, Nora
owns another one: where she gets a page at all, nothing of Roliga Ting may stand on it. Lisa manages the warehouse, and
Sam is a reader: below /owner they get what RIGHTS says, and what is not named there is refused.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator

import httpx2
import pytest
from starlette.routing import BaseRoute, Mount, Route

from storefront_trace.routes import ROUTES
from storefront_trace.web.page import look, static
from storefront_trace.web.rights import ALSO
from tests.api.test_access import API_ACCESS
from tests.world import World, database_url, world

__all__ = ["database_url", "world"]
WORDS = {"words": "Tack för att du skrev."}
CONCERN = "/owner/concerns/{concern}"
#          method  path                                  nobody anders olga nora   form
ACCESS = [
    ("GET", "/", 303, 303, 303, 303, None),
    ("GET", "/t/{token}", 200, 200, 200, None, None),
    ("GET", "/t/{token}.json", 200, 200, 200, None, None),
    ("GET", "/t/{token}/embed", 200, 200, 200, None, None),
    ("GET", "/embed.js", 200, 200, 200, 200, None),
    ("GET", "/t/{token}/card.png", 200, 200, 200, None, None),
    ("GET", "/t/{wrong}/card.png", 404, 404, 404, 404, None),
    ("GET", "/t/{token}/strip.png", 200, 200, 200, None, None),
    ("GET", "/t/{wrong}/live", 404, 404, 404, 404, None),
    ("GET", "/t/{token}/steps/{event}/face.jpg", 200, 200, 200, None, None),
    ("GET", "/t/{wrong}/steps/{event}/face.jpg", 404, 404, 404, 404, None),
    ("GET", "/t/{token}/steps/{event}/feedback", 200, 200, 200, None, None),
    ("POST", "/t/{token}/steps/{event}/feedback", 303, 303, 303, None, {"choice": "thanks"}),
    ("POST", "/t/{token}/thanks", 303, 303, 303, None, {}),
    ("POST", "/t/{wrong}/thanks", 404, 404, 404, 404, {}),
    ("POST", "/t/{token}/steps/{event}/wall", 303, 303, 303, None, {"wall": "name"}),
    ("POST", "/t/{wrong}/steps/{event}/wall", 404, 404, 404, 404, {"wall": "name"}),
    ("POST", "/t/{wrong}/steps/{event}/feedback", 404, 404, 404, 404, {"choice": "thanks"}),
    ("GET", "/t/{token}/questions", 200, 200, 200, None, None),
    ("POST", "/t/{token}/questions", 303, 303, 303, None, {"text": "När kommer den?"}),
    ("POST", "/t/{wrong}/questions", 404, 404, 404, 404, {"text": "När kommer den?"}),
    ("GET", "/t/{token}/questions/{question}/face.jpg", 404, 404, 404, None, None),
    ("POST", "/t/{token}/follow", 422, 422, 422, None, {"wants": "all"}),
    ("POST", "/t/{wrong}/follow", 404, 404, 404, 404, {"wants": "all"}),
    ("POST", "/t/{token}/follow/{wrong}", 404, 404, 404, None, {"wants": "all"}),
    ("POST", "/t/{token}/follow/{wrong}/stop", 303, 303, 303, None, {}),
    ("GET", "/t/{token}/push", 200, 200, 200, None, None),
    ("POST", "/t/{token}/push", 422, 422, 422, None, {}),
    ("POST", "/t/{wrong}/push", 404, 404, 404, 404, {}),
    ("GET", "/push-worker.js", 200, 200, 200, 200, None),
    ("GET", "/follow/{wrong}", 404, 404, 404, 404, None),
    ("POST", "/follow/{wrong}", 404, 404, 404, 404, {}),
    ("GET", "/unfollow/{wrong}", 404, 404, 404, 404, None),
    ("POST", "/unfollow/{wrong}", 404, 404, 404, 404, {}),
    ("GET", "/mails/friday/{wrong}", 404, 404, 404, 404, None),
    ("POST", "/mails/friday/{wrong}", 404, 404, 404, 404, {}),
    ("GET", "/mails/friday/{wrong}/face.jpg", 404, 404, 404, 404, None),
    ("GET", "/mails/nothing/{wrong}", 404, 404, 404, 404, None),
    ("GET", "/silence/{wrong}", 404, 404, 404, 404, None),
    ("POST", "/silence/{wrong}", 404, 404, 404, 404, {}),
    ("GET", "/demo/states", 404, 404, 404, 404, None),
    ("GET", "/track", 200, 200, 200, 200, None),
    ("POST", "/track", 200, 200, 200, 200, {"number": "1001", "email": "karin@example.com"}),
    ("GET", "/signin", 200, 200, 200, 200, None),
    # Without a mail server, which leads back.
    ("POST", "/signin", 303, 303, 303, 303, {"email": "olga@example.com"}),
    # With neither a link's cookie nor a code.
    ("GET", "/signin/code", 303, 303, 303, 303, None),
    ("POST", "/signin/code", 303, 303, 303, 303, {"code": "123456"}),
    ("GET", "/signin/{wrong}", 404, 404, 404, 404, None),
    ("POST", "/signin/{wrong}", 404, 404, 404, 404, {}),
    ("POST", "/signin/passkey/start", 404, 404, 404, 404, {}),
    ("POST", "/signin/passkey", 404, 404, 404, 404, {}),
    ("POST", "/signout", 303, 303, 303, 303, {}),
    # Signing in as oneself does not make a tablet a shared one: see tests/web/test_kiosk.py.
    ("GET", "/kiosk", 303, 303, 303, 303, None),
    ("GET", "/kiosk/people/{wrong}", 303, 303, 303, 303, None),
    ("POST", "/kiosk/people/{wrong}", 303, 303, 303, 303, {"pin": "2590"}),
    ("GET", "/kiosk/here", 303, 303, 303, 303, None),
    ("GET", "/kiosk/open/{wrong}", 404, 404, 404, 404, None),
    ("POST", "/kiosk/open/{wrong}", 404, 404, 404, 404, {}),
    ("GET", "{css}", 200, 200, 200, 200, None),
    ("GET", "{look}", 200, 200, 200, 200, None),
    ("GET", "/media/{wrong}", 404, 404, 404, 404, None),
    ("GET", "/stamp/anders/A.svg", 200, 200, 200, 200, None),
    ("GET", "/icon/1f6b52/192/R.png", 200, 200, 200, 200, None),
    ("GET", "/healthz", 200, 200, 200, 200, None),
    ("GET", "/readyz", 200, 200, 200, 200, None),
    ("GET", "/staff", 303, 200, 200, 303, None),
    ("GET", "/staff/welcome", 303, 200, 200, 200, None),
    ("POST", "/staff/welcome/later", 403, 303, 303, 303, {}),
    ("GET", "/staff/orders/1001", 303, 200, 200, 404, None),
    ("POST", "/staff/orders/1001/log", 403, 303, 303, 404, {"step": "shipped"}),
    ("POST", "/staff/orders/1001/take", 403, 303, 409, 404, {}),
    ("POST", "/staff/orders/1001/hand", 403, 303, 303, 404, {"hand_to": "lisa"}),
    ("POST", "/staff/orders/1001/back", 403, 409, 409, 404, {}),
    ("GET", "/staff/orders/1001/pause/delayed", 303, 200, 200, 404, None),
    ("POST", "/staff/orders/1001/pause/delayed", 403, 303, 303, 404, {"note": "Snökaos."}),
    ("GET", "/staff/orders/1001/pause/packed", 303, 404, 404, 404, None),
    ("POST", "/staff/orders/1001/correct", 403, 303, 303, 404, {"event": "{event}", "reason": "Fel order"}),
    ("POST", "/staff/orders/1001/undo", 403, 303, 403, 404, {"event": "{event}"}),
    ("GET", "/staff/worker.js", 303, 200, 200, 200, None),
    ("GET", "/staff/app.webmanifest", 303, 200, 200, 200, None),
    ("GET", "/staff/offline", 303, 200, 200, 200, None),
    ("POST", "/staff/sync", 401, 422, 422, 422, {}),
    ("GET", "/staff/orders", 303, 200, 200, 200, None),
    ("POST", "/staff/bulk", 403, 200, 200, 200, {"step": "shipped", "orders": "1001"}),
    ("POST", "/staff/bulk/undo", 403, 200, 200, 200, {"step": "packed", "number": "1001", "event": "{event}"}),
    ("GET", "/staff/row", 303, 200, 200, 200, None),
    ("POST", "/staff/row", 403, 303, 409, 404, {"step": "shipped", "code": "1001"}),
    ("POST", "/staff/row/undo", 403, 303, 403, 404, {"step": "packed", "number": "1001", "event": "{event}"}),
    ("GET", "/staff/orders/1001/slip", 303, 200, 200, 404, None),
    ("GET", "/staff/orders/1001/slip.pdf", 303, 200, 200, 404, None),
    ("GET", "/staff/scan?code=9999", 303, 200, 200, 200, None),
    ("GET", "/staff/scan?code=1001", 303, 303, 303, 200, None),
    ("GET", "/staff/slips", 303, 200, 200, 200, None),
    ("GET", "/staff/slips/print?number=1001", 303, 200, 200, 404, None),
    ("GET", "/staff/slips.pdf?number=1001", 303, 200, 200, 404, None),
    ("GET", "/staff/me", 303, 200, 200, 200, None),
    ("POST", "/staff/me/visibility", 403, 303, 303, 303, {"visibility": "team"}),
    ("POST", "/staff/me/portrait", 403, 303, 303, 303, {"remove": "1"}),
    ("GET", "/staff/me/export.json", 303, 200, 200, 200, None),
    ("GET", "/staff/me/export.csv", 303, 200, 200, 200, None),
    ("POST", "/staff/me/friday", 403, 303, 303, 303, {"friday": "1"}),
    ("POST", "/staff/me/words", 403, 303, 303, 303, {"greeting-sv": "Fråga mig."}),
    ("GET", "/staff/me/pin", 303, 200, 200, 200, None),
    ("POST", "/staff/me/pin", 403, 303, 303, 303, {"pin": "2590"}),
    ("POST", "/staff/me/devices/end", 403, 303, 303, 303, {}),
    ("POST", "/staff/me/passkeys/start", 403, 404, 404, 404, {}),
    ("POST", "/staff/me/passkeys", 403, 404, 404, 404, {}),
    ("POST", "/staff/me/passkeys/{wrong}/end", 403, 404, 404, 404, {}),
    ("POST", "/staff/me/devices/{wrong}/end", 403, 404, 404, 404, {}),
    ("GET", "/staff/thanks", 303, 200, 200, 200, None),
    ("POST", "/staff/thanks/{thanks}/side", 403, 404, 404, 404, {"side": "Jag hade inga mindre lådor."}),
    ("POST", "/staff/thanks/{thanks}/takeaways", 403, 404, 404, 404, {"takeaways": "Jag frågar först."}),
    # The customer has not said yes: nobody is asked.
    ("POST", "/staff/thanks/{thanks}/wall", 403, 404, 404, 404, {"says": "yes"}),
    ("POST", "/staff/thanks/{thanks}/reply", 403, 303, 404, 404, WORDS),
    ("GET", "/staff/questions", 303, 200, 200, 200, None),
    ("POST", "/staff/questions/{question}/pass", 403, 303, 303, 404, {"to": "lisa"}),
    ("POST", "/staff/questions/{question}/answer", 403, 303, 409, 404, WORDS),
    ("GET", "/owner", 303, 403, 200, 200, None),
    ("GET", "/owner/people", 303, 403, 200, 200, None),
    ("POST", "/owner/people", 403, 403, 422, 422, {}),
    ("GET", "/owner/people/anders", 303, 403, 200, 404, None),
    ("POST", "/owner/people/anders", 403, 403, 422, 404, {}),
    ("GET", "/owner/people/anders/about", 303, 403, 200, 404, None),
    ("GET", "/owner/people/anders/answers", 303, 403, 200, 404, None),
    ("GET", "/owner/people/anders/answers.csv", 303, 403, 200, 404, None),
    ("GET", "/owner/people/anders/answers.json", 303, 403, 200, 404, None),
    ("POST", "/owner/people/anders/portrait", 403, 403, 303, 404, {"remove": "1"}),
    ("POST", "/owner/people/anders/link", 403, 403, 200, 404, {}),
    ("POST", "/owner/people/anders/role", 403, 403, 303, 404, {"role": "owner"}),
    ("POST", "/owner/people/anders/shown", 403, 403, 303, 404, {"most": "team"}),
    ("POST", "/owner/people/anders/signout", 403, 403, 303, 404, {}),
    ("POST", "/owner/people/anders/pin", 403, 403, 303, 404, {}),
    ("POST", "/owner/people/anders/end", 403, 403, 303, 404, {"sure": "1"}),
    ("GET", "/owner/start", 303, 403, 200, 200, None),
    ("POST", "/owner/start", 403, 403, 303, 303, {"away": "0"}),
    ("POST", "/owner/start/look", 403, 403, 303, 303, {}),
    ("POST", "/owner/start/sample", 403, 403, 303, 303, {}),
    ("POST", "/owner/start/sample/end", 403, 403, 303, 303, {}),
    ("GET", "/owner/start/steps", 303, 403, 200, 200, None),
    ("POST", "/owner/start/steps", 403, 403, 422, 303, {"shape": "alone"}),
    ("GET", "/owner/start/people", 303, 403, 200, 200, None),
    ("POST", "/owner/start/people", 403, 403, 303, 303, {"list": "Elsa", "save": "1"}),
    ("GET", "/owner/sheet", 303, 403, 200, 200, None),
    ("POST", "/owner/sheet", 403, 403, 200, 422, {"handle": "anders"}),
    ("GET", "/owner/kiosks", 303, 403, 200, 200, None),
    ("POST", "/owner/kiosks", 403, 403, 200, 200, {"name": "Packbordet"}),
    ("POST", "/owner/kiosks/minutes", 403, 403, 303, 303, {"minutes": "5"}),
    ("POST", "/owner/kiosks/{wrong}/end", 403, 403, 404, 404, {}),
    ("GET", "/owner/reports", 303, 403, 200, 200, None),
    ("GET", "/owner/reports.csv", 303, 403, 200, 200, None),
    ("GET", "/owner/privacy", 303, 403, 200, 200, None),
    ("POST", "/owner/privacy/settings", 403, 403, 303, 303, {"words_months": "12"}),
    ("POST", "/owner/privacy/look", 403, 403, 200, 200, {}),
    ("POST", "/owner/privacy/purge", 403, 403, 303, 303, {"sure": "1"}),
    ("POST", "/owner/privacy/export", 403, 403, 200, 422, {"email": "karin@example.com"}),
    ("POST", "/owner/privacy/erase", 403, 403, 422, 422, {"email": "karin@example.com"}),
    ("POST", "/owner/privacy/link", 403, 403, 422, 422, {"order": "nothing"}),
    ("GET", "/owner/privacy/papers", 303, 403, 200, 200, None),
    ("POST", "/owner/privacy/papers", 403, 403, 303, 303, {}),
    ("GET", "/owner/privacy/papers/notice", 303, 403, 200, 200, None),
    ("GET", "/owner/privacy/papers/{wrong}", 303, 403, 404, 404, None),
    ("GET", "/owner/privacy/papers/notice.pdf", 303, 403, 200, 200, None),
    ("POST", "/owner/privacy/view", 403, 403, 303, 303, {"on": "1"}),
    ("GET", "/owner/privacy/golive", 303, 403, 200, 200, None),
    ("POST", "/owner/privacy/golive", 403, 403, 303, 303, {"key": "told", "done": "1"}),
    ("GET", "/owner/privacy/golive.pdf", 303, 403, 200, 200, None),
    ("GET", "/wall/{wrong}", 404, 404, 404, 404, None),
    ("GET", "/owner/wall", 303, 403, 200, 200, None),
    ("GET", "/owner/wall/print", 303, 403, 200, 200, None),
    ("POST", "/owner/wall/screens", 403, 403, 200, 200, {"name": "Vid kassan"}),
    ("POST", "/owner/wall/screens/{wrong}/end", 403, 403, 404, 404, {}),
    ("POST", "/owner/wall/{thanks}/up", 403, 403, 404, 404, {}),
    ("POST", "/owner/wall/{thanks}/down", 403, 403, 303, 404, {}),
    ("GET", "/owner/needs", 303, 403, 200, 200, None),
    ("POST", "/owner/needs/mail", 403, 403, 303, 303, {"hour": "7"}),
    ("GET", "/owner/friday", 303, 403, 200, 200, None),
    ("POST", "/owner/friday/mail", 403, 403, 303, 303, {"friday": ""}),
    ("GET", "/owner/teams/warehouse", 303, 403, 200, 200, None),
    ("GET", "/owner/teams/warehouse/about", 303, 403, 200, 200, None),
    ("GET", "/owner/teams/warehouse/answers", 303, 403, 200, 200, None),
    ("GET", "/owner/teams/warehouse/answers.csv", 303, 403, 200, 200, None),
    ("GET", "/owner/teams/warehouse/answers.json", 303, 403, 200, 200, None),
    ("GET", "/owner/answers.csv", 303, 403, 200, 200, None),
    ("GET", "/owner/answers.json", 303, 403, 200, 200, None),
    ("POST", "/owner/teams/nowhere", 403, 403, 404, 404, {}),
    ("GET", "/owner/concerns", 303, 403, 200, 200, None),
    ("GET", CONCERN, 303, 403, 200, 404, None),
    ("POST", CONCERN + "/looking", 403, 403, 303, 404, {}),
    ("POST", CONCERN + "/talk", 403, 403, 303, 404, {"thing": "Lådan var för stor."}),
    ("POST", CONCERN + "/reopen", 403, 403, 303, 404, {}),
    ("POST", CONCERN + "/reply", 403, 403, 303, 404, WORDS),
    ("POST", CONCERN + "/share", 403, 403, 303, 404, {}),
    ("POST", CONCERN + "/done", 403, 403, 303, 404, {}),
    ("POST", CONCERN + "/outside", 403, 403, 303, 404, {}),
    ("GET", "/owner/questions", 303, 403, 200, 200, None),
    ("POST", "/owner/questions/{question}/answer", 403, 403, 303, 404, WORDS),
    ("GET", "/owner/steps", 303, 403, 200, 200, None),
    ("POST", "/owner/steps", 403, 403, 422, 422, {}),
    ("GET", "/owner/steps/packed", 303, 403, 200, 200, None),
    ("POST", "/owner/steps/nothing", 403, 403, 404, 404, {}),
    ("POST", "/owner/steps/nothing/move", 403, 403, 404, 404, {}),
    ("POST", "/owner/steps/nothing/away", 403, 403, 404, 404, {}),
    ("POST", "/owner/steps/nothing/back", 403, 403, 404, 404, {}),
    ("POST", "/owner/chips", 403, 403, 422, 422, {}),
    ("POST", "/owner/chips/nothing", 403, 403, 404, 404, {}),
    ("GET", "/owner/shop", 303, 403, 200, 200, None),
    ("POST", "/owner/shop", 403, 403, 303, 303, {}),
    ("POST", "/owner/shop/hours", 403, 403, 422, 422, {}),
    ("POST", "/owner/shop/origins", 403, 403, 303, 303, {}),
    ("GET", "/owner/audit", 303, 403, 200, 200, None),
    # Everybody's own: what another owner has cannot even be named here. See tests/web/owner/test_safety.py.
    ("GET", "/owner/safety", 303, 403, 200, 200, None),
    ("GET", "/owner/safety/prove", 303, 403, 200, 200, None),
    ("POST", "/owner/safety/prove", 403, 403, 422, 422, {"code": "123456"}),
    ("POST", "/owner/safety/require", 403, 403, 422, 422, {"needs": "1"}),
    ("POST", "/owner/safety/devices/end", 403, 403, 303, 303, {}),
    ("POST", "/owner/safety/devices/{wrong}/end", 403, 403, 404, 404, {}),
    ("POST", "/owner/safety/passkeys/start", 403, 403, 404, 404, {}),
    ("POST", "/owner/safety/passkeys", 403, 403, 403, 403, {}),
    ("POST", "/owner/safety/passkeys/{wrong}/end", 403, 403, 404, 404, {}),
    ("POST", "/owner/safety/app/start", 403, 403, 303, 303, {}),
    ("GET", "/owner/safety/app", 303, 403, 303, 303, None),
    ("POST", "/owner/safety/app", 403, 403, 409, 409, {"code": "123456"}),
    ("POST", "/owner/safety/app/end", 403, 403, 422, 422, {"code": "123456"}),
    ("POST", "/owner/safety/codes", 403, 403, 422, 422, {"code": "123456"}),
    ("GET", "/owner/connections", 303, 403, 200, 200, None),
    ("POST", "/owner/connections", 403, 403, 422, 422, {}),
    ("POST", "/owner/connections/{connection}/end", 403, 403, 303, 404, {}),
]
PROVE = "/owner/safety/prove"
#    method  path                                  lisa sam
RIGHTS = {
    ("GET", "/owner"): (303, 303),
    ("GET", "/owner/reports"): (403, 200),
    ("GET", "/owner/reports.csv"): (403, 200),
    ("GET", "/owner/people"): (200, 200),
    ("GET", "/owner/people/anders"): (200, 403),
    ("GET", "/owner/people/anders/answers"): (200, 403),
    ("GET", "/owner/people/anders/answers.csv"): (200, 403),
    ("GET", "/owner/people/anders/answers.json"): (200, 403),
    ("GET", "/owner/teams/warehouse"): (200, 200),
    ("GET", "/owner/teams/warehouse/answers"): (200, 403),
    ("GET", "/owner/teams/warehouse/answers.csv"): (200, 403),
    ("GET", "/owner/teams/warehouse/answers.json"): (200, 403),
    ("GET", "/owner/needs"): (200, 403),
    ("GET", "/owner/concerns"): (200, 403),
    ("GET", CONCERN): (200, 403),
    **{
        ("POST", f"{CONCERN}/{deed}"): (303, 403)
        for deed in ("looking", "talk", "reopen", "reply", "share", "done", "outside")
    },
    ("GET", "/owner/questions"): (200, 403),
    # It has not come to the owner, and so to no manager.
    ("POST", "/owner/questions/{question}/answer"): (404, 403),
    ("GET", PROVE): (200, 403),
    ("POST", PROVE): (422, 403),
}
OURS = ("Roliga Ting", "Karin", "Anders", "Jocke", "Muggen var trasig")


SignIn = Callable[[str], Awaitable[httpx2.AsyncClient]]


@pytest.mark.parametrize(
    ("method", "path", "nobody", "anders", "olga", "nora", "form"), ACCESS, ids=[f"{row[0]} {row[1]}" for row in ACCESS]
)
async def test_pages(
    world: World,
    client: httpx2.AsyncClient,
    signed_in: SignIn,
    method: str,
    path: str,
    nobody: int,
    anders: int,
    olga: int,
    nora: int | None,
    form: dict[str, str] | None,
) -> None:
    data = {name: world.path(value) for name, value in form.items()} if form is not None else None
    lisa, sam = RIGHTS.get((method, path), (403, 403)) if path.startswith("/owner") else (None, None)
    if lisa is not None:
        await world.shop.give("lisa", "manager", "warehouse")
        await world.shop.give("sam", "reader")
    asked = (("nobody", nobody), ("nora", nora), ("anders", anders), ("sam", sam), ("lisa", lisa), ("olga", olga))
    for who, want in asked:
        if want is None:
            continue
        visitor = client if who == "nobody" else await signed_in(who)
        answer = await visitor.request(method, world.path(path), data=data)
        assert (who, answer.status_code) == (who, want)
        if who == "nora":
            assert [word for word in OURS if word in answer.text] == []


# A passkey is added by a script, with a ticket of the session that began it.
STAFFS = [row for row in ACCESS if row[0] == "POST" and row[1].startswith("/staff/")]
FORMS = [(row[1], row[6] or {}) for row in STAFFS if not row[1].endswith(("/passkeys", "/passkeys/start"))]


@pytest.mark.parametrize(("path", "form"), FORMS, ids=[path for path, _ in FORMS])
async def test_no_form_that_lisa_had_opened_is_done_in_the_name_of_anders(
    world: World, signed_in: SignIn, path: str, form: dict[str, str]
) -> None:
    data = {name: world.path(value) for name, value in form.items()} | {"person": await world.shop.person_id("lisa")}
    answer = await (await signed_in("anders")).post(world.path(path), data=data)
    assert answer.status_code == (403 if path == "/staff/sync" else 409)


def test_the_table_of_rights_is_the_one_that_the_gate_goes_by() -> None:
    opened = {(row[0], _shape(row[1]), frozenset(row[2].split())) for row in ALSO}
    roles = ("manager", "reader")
    told = {
        (method, _shape(path), frozenset(role for role, status in zip(roles, found, strict=True) if status != 403))
        for (method, path), found in RIGHTS.items()
    }
    assert told == opened
    assert {(row[0], row[1]) for row in ALSO} <= {route for route in _routes(ROUTES) if route[0] in ("GET", "POST")}


STAFFS_OWN = ("/staff/me", "/staff/welcome")


@pytest.mark.parametrize(("method", "path"), sorted({row[:2] for row in ACCESS if row[1].startswith("/staff")}))
async def test_a_reader_has_no_part_in_the_orders(world: World, signed_in: SignIn, method: str, path: str) -> None:
    await world.shop.give("sam", "reader")
    answer = await (await signed_in("sam")).request(method, world.path(path))
    assert (answer.status_code == 403) == (not path.startswith(STAFFS_OWN))


def test_no_route_is_missing_from_the_tables() -> None:
    listed = {(row[0], _shape(row[1])) for row in [*ACCESS, *API_ACCESS]}
    assert sorted(route for route in _routes(ROUTES) if route not in listed) == []


def _shape(path: str) -> str:
    """The route that a path of the tables belongs to."""
    path = path.format_map(_Anything()).split("?")[0]
    for known, form in _routes(ROUTES):
        assert known
        parts, wanted = path.strip("/").split("/"), form.strip("/").split("/")
        if form.endswith(":path}"):
            parts = [*parts[: len(wanted) - 1], "rest"]
        if len(parts) == len(wanted) and all(_fits(a, b) for a, b in zip(parts, wanted, strict=True)):
            return form
    raise AssertionError(f"{path} is no route")


class _Anything(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return {"css": static("app.css"), "look": look("#1f6b52")}.get(key) or "x" * 43


def _fits(part: str, wanted: str) -> bool:
    if "{" not in wanted:
        return part == wanted
    start, end = wanted.split("{")[0], wanted.split("}")[-1]
    return part.startswith(start) and part.endswith(end) and (bool(end) or "." not in part or wanted != "{token}")


def _routes(routes: list[BaseRoute], prefix: str = "") -> Iterator[tuple[str, str]]:
    for route in routes:
        if isinstance(route, Mount):
            yield from _routes(list(route.routes), prefix + route.path)
        elif isinstance(route, Route):
            yield from ((m, prefix + route.path) for m in sorted((route.methods or {"GET"}) - {"HEAD", "OPTIONS"}))
