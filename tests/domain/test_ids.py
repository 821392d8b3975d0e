from __future__ import annotations

import time
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storefront_trace.domain import ids
from storefront_trace.domain.ids import is_id, new_id


@given(st.integers(min_value=0, max_value=(1 << 48) - 1))
def test_an_id_is_a_uuid_version_7_that_carries_its_time(ms: int) -> None:
    made = new_id(ms)
    parsed = uuid.UUID(hex=made)
    assert (parsed.version, parsed.variant) == (7, uuid.RFC_4122)
    assert is_id(made)
    assert parsed.int >> 80 == ms


def test_ids_ascend_and_never_repeat() -> None:
    made = [new_id() for _ in range(20_000)]
    assert made == sorted(set(made))


def test_ids_ascend_within_one_given_millisecond() -> None:
    made = [new_id(1_700_000_000_000) for _ in range(5_000)]
    assert made == sorted(set(made))


def test_threads_never_get_the_same_id_and_each_sees_its_own_ascend() -> None:
    with ThreadPoolExecutor(8) as pool:
        batches = list(pool.map(lambda _: [new_id() for _ in range(2_000)], range(8)))
    assert all(batch == sorted(batch) for batch in batches)
    assert len({made for batch in batches for made in batch}) == 16_000


def test_a_clock_set_back_does_not_break_the_order(monkeypatch: pytest.MonkeyPatch) -> None:
    sequence = ids._Sequence()
    before = sequence.next_from_clock()
    monkeypatch.setattr(time, "time_ns", lambda: 1_000_000_000)
    assert sequence.next_from_clock() > before


def test_a_given_time_in_the_future_does_not_move_the_clocks_own_ids() -> None:
    far = new_id(4_102_444_800_000)
    assert new_id() < far


@pytest.mark.parametrize("ms", [-1, 1 << 48, 1_795_326_502_069_069_988])
def test_a_time_in_another_unit_is_refused(ms: int) -> None:
    with pytest.raises(ValueError, match="milliseconds"):
        new_id(ms)


@pytest.mark.parametrize(
    "text",
    ["", "0" * 31, "0" * 33, "A" * 32, "g" * 32, "0" * 32 + "\n", "849d3ad6-1f1c-4f6b-809d-cf7790a33a35", "٣" * 32],
)
def test_anything_but_32_lowercase_hex_characters_is_no_id(text: str) -> None:
    assert not is_id(text)
