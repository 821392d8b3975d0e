"""The cookies that say who asks: a person's session, a shared tablet, and who has used a link and owes a code."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request


def is_tablet(request: Request) -> bool:
    """Whether it says that it is a shared one, or was."""
    return tablet_cookie(request.app.state.settings.https) in request.cookies


def tablet_cookie(https: bool) -> str:
    return "__Host-kiosk" if https else "kiosk"


def cookie_name(https: bool) -> str:
    """The prefix makes browsers refuse the cookie without Secure, with a Domain, or below a path."""
    return "__Host-session" if https else "session"


def pending_cookie(https: bool) -> str:
    return "__Host-pending" if https else "pending"


def pending_params(https: bool) -> dict[str, Any]:
    key = pending_cookie(https)
    return {"key": key, "path": "/", "secure": https, "httponly": True, "samesite": "lax"}
