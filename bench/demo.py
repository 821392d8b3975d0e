"""The demo shop on a free port, as `storefront-trace demo` serves it, and its API: for what a browser measures."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]


@dataclass
class Shop:
    """Every measurement gets an order of its own."""

    base: str
    token: str
    staff: str = ""
    customer: str = ""
    orders: int = 0

    @property
    def site(self) -> str:
        return self.base.removesuffix("/api/v1")

    def order(self) -> tuple[str, str]:
        """(the page's address, the id of Anders's packing) of a new order."""
        page = self.place()
        for step, by in (("received", "jocke"), ("packed", "anders")):
            event = self._call("POST", f"/orders/{self.number}/events", {"step": step, "by": by})["id"]
        return str(page), event

    def place(self) -> str:
        """The page's address of a new order, of which nothing is logged yet."""
        self.orders += 1
        told = {
            "placed_at": "2026-01-12T08:00:00+01:00",
            "customer": {"first_name": "Karin", "locale": "sv"},
            "lines": [{"key": "1", "title": "Skrattande mugg", "quantity": 2}],
        }
        return str(self._call("PUT", f"/orders/{self.number}", told)["tracking_url"])

    @property
    def number(self) -> str:
        """Of the newest order."""
        return f"taps-{self.orders}"

    def story(self, number: str) -> list[dict[str, Any]]:
        """Its events, as the API tells them."""
        found: list[dict[str, Any]] = self._call("GET", f"/orders/{number}")["events"]
        return found

    def _call(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.base + path, data, headers, method=method)
        with urllib.request.urlopen(request, timeout=30) as answer:
            found: dict[str, Any] = json.load(answer)
            return found


@contextmanager
def demo() -> Iterator[Shop]:
    with tempfile.TemporaryDirectory() as folder:
        port = str(free_port())
        command = [sys.executable, "-m", "storefront_trace", "demo", "--quiet-shop", "--port", port, "--data", folder]
        server = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        assert server.stdout is not None
        try:
            yield _told(iter(server.stdout))
        finally:
            server.terminate()
            server.wait(20)


def _told(lines: Iterator[str]) -> Shop:
    """From the lines that the demo prints, of which the API's is the last."""
    found: dict[str, str] = {}
    for line in lines:
        word, _, rest = line.rstrip("\n").partition("\t")
        found.setdefault(word, rest)
        if word == "api":
            base, _, token = rest.partition("\t")
            return Shop(base, token, found["staff"], found["customer"])
    raise SystemExit("the demo did not start")


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])
