"""Whoever is signed in can sign out from where they are: the phone may be the warehouse's."""

from __future__ import annotations

import re
from typing import Any

from starlette.routing import Route

from storefront_trace.actions import feedback
from storefront_trace.actions.feedback import Answer
from storefront_trace.actions.steps import StepToLog, log_step
from storefront_trace.routes import OWNER, STAFF
from tests.people import Shop

FILLED = {
    "/orders/{number:path}": "/orders/1001",
    "/people/{handle}": "/people/anders",
    "/teams/{key}": "/teams/warehouse",
    "/orders/{number:path}/pause/{step}": "/orders/1001/pause/delayed",
}
FILLED["/steps/{key}"] = "/steps/packed"
# Read by the browser alone, files, and paper.
NO_PAGES = {"/staff/worker.js", "/staff/app.webmanifest"}
NO_PAGES |= {"/staff/slips.pdf", "/staff/slips/print"}
# Leads back while nothing is being set up.
NO_PAGES |= {"/owner/safety/app"}
PAPER = re.compile(r".*/slip|.*\.(csv|json|pdf)")
FORM = re.compile(r'<form method="post" action="/signout"><button type="submit"[^>]*>Sign out</button></form>')


def paths() -> list[str]:
    """Every page that can be looked at; a new one with another name in its path has to be told here."""
    found = ["/staff", "/owner"]
    for prefix, routes in (("/staff", STAFF), ("/owner", OWNER)):
        for route in routes:
            assert isinstance(route, Route)
            if "GET" in (route.methods or ()):
                found.append(prefix + FILLED.get(route.path, route.path))
    return [path for path in found if path not in NO_PAGES and not PAPER.fullmatch(path)]


async def test_every_page_of_who_is_signed_in_has_one_way_out(shop: Shop, signed_in: Any) -> None:
    order = await shop.order()
    event = (await log_step(shop.desk, shop.id, "1001", StepToLog("packed", "anders"))).event.id
    concern = await feedback.save_feedback(shop.desk, shop.id, order, event, Answer("concern"))
    olga = await signed_in("olga")
    counts = {}
    for path in paths():
        path = path.replace("{feedback}", concern.id).replace("{handle}", "anders").replace("{key}", "warehouse")
        path = path.replace("{paper}", "notice")
        answer = await olga.get(path, params={"lang": "en"})
        assert answer.status_code == 200, (path, answer.status_code)
        counts[path] = len(FORM.findall(answer.text))
    assert [path for path, count in counts.items() if count != 1] == []
    assert {"/staff", "/staff/me", "/staff/thanks", "/staff/questions", "/staff/welcome"} <= counts.keys()
    assert {"/staff/orders/1001", "/owner/people/anders"} <= counts.keys()
    assert (await olga.post("/owner/people/anders/link")).text.count('action="/signout"') == 1
    assert (await olga.post("/signout")).headers["location"] == "/signin"
    assert (await olga.get("/staff")).status_code == 303
