"""The bodies that the tests read: ours in tests/payloads, and real ones beside the checkout when there are any."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

from storefront_trace.domain.incoming import (
    Incoming,
    IncomingLinesCancelled,
    IncomingOrder,
    IncomingRemoval,
    IncomingStep,
    IncomingStepTakenBack,
)

ZONE = "Europe/Stockholm"
OURS = Path(__file__).parents[1] / "payloads"
REAL = Path(__file__).parents[3] / "shared" / "payloads"


def raw(name: str) -> bytes:
    return (OURS / f"{name}.json").read_bytes()


def body(name: str, /, **changes: Any) -> dict[str, Any]:
    return {**copy.deepcopy(json.loads(raw(name))), **changes}


def dump(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


def all_files() -> list[Path]:
    """Every Shopify and WooCommerce body there is."""
    return sorted(
        path for root in (OURS, REAL) for kind in ("shopify", "woocommerce") for path in (root / kind).glob("*")
    )


def order(facts: tuple[Incoming, ...]) -> IncomingOrder:
    assert isinstance(facts[0], IncomingOrder)
    return facts[0]


def steps(facts: tuple[Incoming, ...]) -> dict[str, IncomingStep]:
    """By step; a test that expects several of one step looks at `keys`."""
    return {fact.step: fact for fact in facts if isinstance(fact, IncomingStep)}


def keys(facts: tuple[Incoming, ...]) -> list[str]:
    return [fact.source_key for fact in facts if isinstance(fact, IncomingStep)]


def taken_back(facts: tuple[Incoming, ...]) -> list[str]:
    return [fact.takes_back for fact in facts if isinstance(fact, IncomingStepTakenBack)]


def cancelled_lines(facts: tuple[Incoming, ...]) -> list[IncomingLinesCancelled]:
    return [fact for fact in facts if isinstance(fact, IncomingLinesCancelled)]


def removals(facts: tuple[Incoming, ...]) -> list[IncomingRemoval]:
    return [fact for fact in facts if isinstance(fact, IncomingRemoval)]
