"""Every URL of the product, with the gate of its audience: start reading here."""

from __future__ import annotations

from starlette.middleware import Middleware
from starlette.routing import BaseRoute, Mount, Route

from storefront_trace.routes.customer import BY_HAND, CUSTOMER
from storefront_trace.routes.machines import API, HOOKS
from storefront_trace.routes.owner import OWNER, OWNER_GATE
from storefront_trace.routes.sizes import WEBHOOK
from storefront_trace.routes.staff import STAFF, STAFF_GATE
from storefront_trace.web import code, files, kiosk, ownmails, signin
from storefront_trace.web import passkeys as way_in
from storefront_trace.web import wall as thanks_wall
from storefront_trace.web.gates import AtTablet
from storefront_trace.web.owner import today
from storefront_trace.web.staff import queue

__all__ = ["API", "CUSTOMER", "HOOKS", "OPEN", "OWNER", "ROUTES", "STAFF", "TABLET"]

# A tablet that several people share, whoever is at it.
TABLET_GATE = [Middleware(AtTablet)]
TABLET: list[BaseRoute] = [
    Route("/people/{person}", kiosk.show_pin, methods=["GET"]),
    Route("/people/{person}", kiosk.post_pin, methods=["POST"]),
    Route("/here", kiosk.show_here),
]

# Everybody.
OPEN: list[BaseRoute] = [
    Route("/", files.show_home),
    Route("/signin", signin.show_signin, methods=["GET"]),
    Route("/signin", signin.post_mail, methods=["POST"], middleware=BY_HAND),
    Route("/signin/passkey/start", way_in.post_start, methods=["POST"]),
    Route("/signin/passkey", way_in.post_signin, methods=["POST"]),
    Route("/signin/code", code.show_code, methods=["GET"]),
    Route("/signin/code", code.post_code, methods=["POST"]),
    Route("/signin/{token}", signin.show_signin, methods=["GET"]),
    Route("/signin/{token}", signin.post_signin, methods=["POST"]),
    Route("/signout", signin.post_signout, methods=["POST"]),
    Route("/kiosk/open/{token}", kiosk.show_open, methods=["GET"]),
    Route("/kiosk/open/{token}", kiosk.post_open, methods=["POST"]),
    Route("/wall/{token}", thanks_wall.show_wall),
    Route("/mails/{mail}/{token}", ownmails.show_stop, methods=["GET"]),
    Route("/mails/{mail}/{token}", ownmails.post_stop, methods=["POST"], middleware=BY_HAND),
    Route("/mails/{mail}/{token}/face.jpg", ownmails.show_face),
    Route("/static/{build}/app-{colour}.css", files.show_look),
    Route("/static/{build}/{path:path}", files.show_static),
    Route("/media/{name}", files.show_photo),
    Route("/stamp/{key}/{letters}.svg", files.show_stamp),
    Route("/icon/{colour}/{kind}/{letter}.png", files.show_icon),
    Route("/healthz", files.show_health),
    Route("/readyz", files.show_ready),
]

ROUTES: list[BaseRoute] = [
    # A mount answers only below its path: "/staff" itself stands beside it.
    Route("/staff", queue.show_queue, middleware=STAFF_GATE),
    Mount("/staff", routes=STAFF, middleware=STAFF_GATE),
    *CUSTOMER,
    Route("/owner", today.show_today, middleware=OWNER_GATE),
    Mount("/owner", routes=OWNER, middleware=OWNER_GATE),
    Mount("/api/v1", routes=API),
    Mount("/hooks", routes=HOOKS, max_body_size=WEBHOOK),
    *OPEN,
    Route("/kiosk", kiosk.show_people, middleware=TABLET_GATE),
    Mount("/kiosk", routes=TABLET, middleware=TABLET_GATE),
]
