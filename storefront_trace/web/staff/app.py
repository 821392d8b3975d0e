"""What makes an application of the staff's pages: a manifest, a worker between them and the network, and a page for
where there is none."""

from __future__ import annotations

import json
import re
from functools import cache

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from storefront_trace.domain.colours import SCHEMES, palette
from storefront_trace.domain.moments import day_of
from storefront_trace.domain.scanned import shop_mark
from storefront_trace.domain.shop import ShopStep
from storefront_trace.web.page import STATIC, look, static
from storefront_trace.web.staff.visit import Context, Visit, app_icon

FILES = (
    "staff.css",
    "staff.js",
    "keys.js",
    "unsent.js",
    "deed.js",
    "marks.js",
    "offline.js",
    "kept.js",
    "forget.js",
    "row.js",
    "scan.js",
    "shrink.js",
    "favicon.svg",
    "fonts/inter-5.3.0-text.woff2",
    "fonts/noto-serif-5.3.0-latin.woff2",
)


async def show_worker(request: Request) -> Response:
    """Asked for anew each time, for a worker stays for long. It serves /staff itself too, not only what is below."""
    visit = Visit.of(request)
    files = [look(visit.cast.shop.brand), *map(static, FILES)]
    told = {"FILES": " ".join(files), "SITE": request.app.state.settings.public_url, "SHOP": shop_mark(visit.shop_id)}
    text = _worker()
    for name, value in told.items():
        text = text.replace(f'"{name}"', json.dumps(value))
    headers = {"Cache-Control": "no-cache", "Service-Worker-Allowed": "/staff"}
    return Response(text, media_type="application/javascript", headers=headers)


@cache
def _worker() -> str:
    """Two modules as one script: who is a module is asked for without the cookie, and our gate wants it."""
    modules = (STATIC / name for name in ("unsent.js", "worker.js"))
    return "".join(re.sub(r"^(export |import .*\n)", "", module.read_text(), flags=re.MULTILINE) for module in modules)


async def show_manifest(request: Request) -> Response:
    visit = Visit.of(request)
    shop = visit.cast.shop
    icons = [(kind, kind.removesuffix("-maskable")) for kind in ("192", "512", "512-maskable")]
    manifest = {
        "id": "/staff",
        "name": shop.name,
        "short_name": shop.name[:24],
        "lang": visit.language,
        "start_url": "/staff",
        "scope": "/staff",
        "display": "standalone",
        "background_color": SCHEMES["light"]["paper"],
        "theme_color": palette(shop.brand, "light").wash,
        "icons": [
            {
                "src": app_icon(shop, kind),
                "sizes": f"{side}x{side}",
                "type": "image/png",
                "purpose": "maskable" if kind != side else "any",
            }
            for kind, side in icons
        ],
    }
    headers = {"Cache-Control": "no-cache, private"}
    return JSONResponse(manifest, headers=headers, media_type="application/manifest+json")


async def show_offline(request: Request) -> Response:
    """Kept on the phone for orders whose page is not: there a step is logged by the order's number alone."""
    visit = Visit.of(request)
    steps = [step for step in visit.cast.standing if visit.may_log(step)]
    return visit.show(
        "staff/offline.html",
        visit.say("No network"),
        steps=[_button(visit, step) for step in steps if step.team is not None and step.effect == "advance"],
        pauses=[_button(visit, step) for step in steps if step.effect == "pause"],
        today=day_of(visit.now, visit.cast.shop.zone),
    )


def _button(visit: Visit, step: ShopStep) -> Context:
    return {"step": step.key, "label": visit.step_name(step), "icon": step.icon}
