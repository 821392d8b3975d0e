"""Every body there is, ours and real ones where they stand beside the checkout."""

from __future__ import annotations

from pathlib import Path

import pytest

from storefront_trace.domain.incoming import IncomingOrder, IncomingStep
from storefront_trace.integrations import files
from storefront_trace.integrations.kinds import KINDS
from storefront_trace.integrations.strict_json import read_object
from tests.integrations.samples import OURS, ZONE, all_files

DELETED = OURS / "woocommerce" / "order_deleted.json"
TOLD = [path for path in all_files() if path != DELETED]


def shown(path: Path) -> str:
    return f"{path.parent.name}/{path.stem}"


def test_there_are_bodies_of_every_kind() -> None:
    assert {path.parent.name for path in TOLD} == set(KINDS)
    assert len(TOLD) >= 13


@pytest.mark.parametrize("path", TOLD, ids=shown)
def test_a_body_is_recognised_and_read_and_reads_the_same_when_scrubbed(path: Path) -> None:
    kind = KINDS[path.parent.name]
    raw = path.read_bytes()
    topic = kind.topic_of(read_object(raw))
    assert topic in kind.TOPICS
    facts = kind.parse(topic, raw, zone=ZONE)
    assert kind.parse(topic, kind.scrub(raw), zone=ZONE) == facts
    assert kind.topic_of(read_object(kind.scrub(raw))) == topic
    assert facts or "gift_card" in path.name


@pytest.mark.parametrize("path", TOLD, ids=shown)
def test_a_body_belongs_to_one_kind_of_shop_system(path: Path) -> None:
    body = read_object(path.read_bytes())
    assert [name for name, kind in KINDS.items() if kind.topic_of(body)] == [path.parent.name]


@pytest.mark.parametrize("path", TOLD, ids=shown)
def test_a_saved_body_says_the_same_as_the_webhook(path: Path) -> None:
    (entry,) = files.read(path, zone=ZONE).entries
    kind = KINDS[path.parent.name]
    raw = path.read_bytes()
    assert entry.source == path.parent.name and entry.place == path.name
    assert entry.facts == kind.parse(kind.topic_of(read_object(raw)) or "", raw, zone=ZONE)


@pytest.mark.parametrize("path", TOLD, ids=shown)
def test_keys_are_unique_and_nobody_is_named(path: Path) -> None:
    (entry,) = files.read(path, zone=ZONE).entries
    assert isinstance(entry.facts, tuple)
    steps = [fact for fact in entry.facts if isinstance(fact, IncomingStep)]
    assert len({step.source_key for step in steps}) == len(steps)
    assert all(step.by is None and step.note is None for step in steps)
    assert all(isinstance(fact, IncomingOrder) == (place == 0) for place, fact in enumerate(entry.facts)) or not any(
        isinstance(fact, IncomingOrder) for fact in entry.facts
    )
