from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storefront_trace.domain.errors import Invalid
from storefront_trace.domain.incoming import Incoming, IncomingOrder, IncomingStep
from storefront_trace.integrations import files
from storefront_trace.integrations.kinds import KINDS
from tests.integrations.samples import OURS, ZONE

FUZZ = settings(max_examples=150)
SAMPLES = {name: [json.loads(path.read_bytes()) for path in sorted((OURS / name).glob("*.json"))] for name in KINDS}

values = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**30), 10**30) | st.floats() | st.text(max_size=20)
    | st.sampled_from(["", "0", "2026-11-19T14:32:00Z", "2026-11-19T14:32:00", "gid://shopify/Order/1", "cancelled"]),
    lambda inside: st.lists(inside, max_size=4) | st.dictionaries(st.text(max_size=8), inside, max_size=4),
    max_leaves=8,
)  # fmt: skip


@st.composite
def damaged(draw: st.DrawFn, name: str) -> Any:
    """A body that is as it should be but for one to three places."""
    body = copy.deepcopy(draw(st.sampled_from(SAMPLES[name])))
    for _ in range(draw(st.integers(1, 3))):
        here = body
        while isinstance(here, dict | list) and here:
            key = draw(st.sampled_from(sorted(here))) if isinstance(here, dict) else draw(st.integers(0, len(here) - 1))
            if not isinstance(here[key], dict | list) or draw(st.integers(0, 3)) == 0:
                here[key] = draw(values)
                break
            here = here[key]
    return body


def heard(name: str, topic: str, raw: bytes) -> tuple[Incoming, ...] | str:
    try:
        return KINDS[name].parse(topic, raw, zone=ZONE)
    except Invalid as refusal:
        return str(refusal)


def sane(facts: tuple[Incoming, ...] | str) -> None:
    for fact in facts if isinstance(facts, tuple) else ():
        if isinstance(fact, IncomingOrder):
            assert 1 <= len(fact.number) <= 64 and len(fact.external_id or "") <= 64
            assert len(fact.customer_first_name or "") <= 80 and len(fact.customer_email or "") <= 254
            assert len({line.key for line in fact.lines}) == len(fact.lines) <= 1_000
            assert all(line.title and 0 <= line.cancelled <= line.quantity for line in fact.lines)
        if isinstance(fact, IncomingStep):
            assert fact.at.tzinfo is not None and fact.by is None and len(fact.source_key) <= 160


@pytest.mark.parametrize("name", sorted(KINDS))
@FUZZ
@given(data=st.data())
def test_arbitrary_bytes_are_read_or_refused(name: str, data: st.DataObject) -> None:
    topic = data.draw(st.sampled_from(sorted(KINDS[name].TOPICS)))
    raw = data.draw(st.binary(max_size=200))
    sane(heard(name, topic, raw))
    KINDS[name].is_ping({}, raw)
    assert not KINDS[name].verify("secret", {}, raw)


@pytest.mark.parametrize("name", sorted(KINDS))
@FUZZ
@given(data=st.data())
def test_arbitrary_json_is_read_or_refused(name: str, data: st.DataObject) -> None:
    topic = data.draw(st.sampled_from(sorted(KINDS[name].TOPICS)))
    sane(heard(name, topic, json.dumps(data.draw(values)).encode()))


@pytest.mark.parametrize("name", sorted(KINDS))
@FUZZ
@given(data=st.data())
def test_damaged_bodies_are_read_or_refused_and_scrubbing_changes_nothing_that_is_read(
    name: str, data: st.DataObject
) -> None:
    topic = data.draw(st.sampled_from(sorted(KINDS[name].TOPICS)))
    raw = json.dumps(data.draw(damaged(name))).encode()
    found = heard(name, topic, raw)
    sane(found)
    try:
        kept = KINDS[name].scrub(raw)
    except Invalid:
        assert isinstance(found, str)
    else:
        assert heard(name, topic, kept) == found
        assert KINDS[name].scrub(kept) == kept


@FUZZ
@given(st.binary(max_size=300) | st.text(max_size=300).map(lambda text: text.encode("utf-8", "replace")))
def test_arbitrary_files_are_read_or_refused(raw: bytes) -> None:
    read_all(raw)


@FUZZ
@given(st.lists(st.lists(st.text(max_size=12), max_size=8), max_size=8))
def test_arbitrary_tables_are_read_or_refused(rows: list[list[str]]) -> None:
    text = "number,placed_at,line_title,quantity,expected,promise_from\n" + "\n".join(",".join(row) for row in rows)
    read_all(text.encode("utf-8", "replace"))


@FUZZ
@given(values)
def test_arbitrary_json_files_are_read_or_refused(value: Any) -> None:
    read_all(json.dumps([{"number": "1", "lines": value}, value, {"orders": value}]).encode())


def read_all(raw: bytes) -> None:
    try:
        reading = files.read_bytes("orders", raw, zone=ZONE)
    except Invalid:
        return
    assert len(list(reading.entries)) == reading.total
