"""Every URL of the product, with the gate of its audience: start reading here."""

from __future__ import annotations

from starlette.middleware import Middleware
from starlette.routing import BaseRoute, Mount, Route

from storefront_trace.web import files, signin
from storefront_trace.web.gates import SignedIn

FORM = 256 * 1024
PHOTO_FORM = 9 * 1024 * 1024
WEBHOOK = 2 * 1024 * 1024

# Who holds an order's link.
CUSTOMER: list[BaseRoute] = []

# Who works here.
STAFF: list[BaseRoute] = []

# Who runs the shop.
OWNER: list[BaseRoute] = []

# Machines with a bearer token.
API: list[BaseRoute] = []

# Machines with a signature.
HOOKS: list[BaseRoute] = []

# Everybody.
OPEN: list[BaseRoute] = [
    Route("/", files.show_home),
    Route("/signin", signin.show_signin),
    Route("/signin/{token}", signin.show_signin, methods=["GET"]),
    Route("/signin/{token}", signin.post_signin, methods=["POST"]),
    Route("/signout", signin.post_signout, methods=["POST"]),
    Route("/static/{build}/{path:path}", files.show_static),
    Route("/brand/{colour}.css", files.show_brand),
    Route("/media/{name}", files.show_photo),
    Route("/stamp/{key}/{letters}.svg", files.show_stamp),
    Route("/healthz", files.show_health),
    Route("/readyz", files.show_ready),
]

ROUTES: list[BaseRoute] = [
    *CUSTOMER,
    Mount("/staff", routes=STAFF, middleware=[Middleware(SignedIn, audience="staff")]),
    Mount("/owner", routes=OWNER, middleware=[Middleware(SignedIn, audience="owner")]),
    Mount("/api/v1", routes=API),
    Mount("/hooks", routes=HOOKS, max_body_size=WEBHOOK),
    *OPEN,
]
