"""The web addresses on which a shop may show an order's page inside its own."""

from __future__ import annotations

import re
from collections.abc import Iterable

from storefront_trace.domain.errors import N_, Invalid

MOST = 10
WRONG = N_("%(text)s is not an address like https://www.example.com: https, the name, nothing behind it.")
TOO_MANY = N_("Write at most ten addresses.")
_ORIGIN = re.compile(r"(https?)://([^/:?#@\s]{1,253})(?::([0-9]{1,5}))?/?", re.IGNORECASE)
_HOST = re.compile(
    r"(?=.{1,253}\Z)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*", re.ASCII
)
_OWN_MACHINE = ("localhost", "127.0.0.1")
_DEFAULT = {"https": "443", "http": "80"}


def parse_origins(texts: Iterable[str]) -> tuple[str, ...]:
    """As browsers write them, each once. They stand in a security header, so all else is Invalid: other schemes,
    wildcards, paths. Plain http only for the machine that one tries it on."""
    found = tuple(dict.fromkeys(parse_origin(text) for text in map(str.strip, texts) if text))
    if len(found) > MOST:
        raise Invalid(TOO_MANY, errors=[("origins", TOO_MANY)])
    return found


def parse_origin(text: str) -> str:
    match = _ORIGIN.fullmatch(text)
    scheme, host = (match[1].lower(), _ascii(match[2])) if match else ("", "")
    port = match[3] if match else None
    fair = bool(_HOST.fullmatch(host)) and ("." in host or host in _OWN_MACHINE)
    if not fair or (scheme == "http" and host not in _OWN_MACHINE) or not 0 < int(port or 1) < 65536:
        told = {"text": text[:80]}
        raise Invalid(WRONG, errors=[("origins", WRONG)], params=told)
    shown = f":{int(port)}" if port and str(int(port)) != _DEFAULT[scheme] else ""
    return f"{scheme}://{host}{shown}"


def _ascii(host: str) -> str:
    """ "björk.example" as "xn--bjrk-6qa.example": what a browser compares with."""
    try:
        return host.lower().encode("idna").decode("ascii")
    except UnicodeError:
        return ""
