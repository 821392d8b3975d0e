"""Ids that sort by the time they were made: UUIDv7 (RFC 9562) as 32 lowercase hexadecimal characters.

Not a secret: an id tells when it was made and its neighbours are near. Keys to anything come from `links`.
"""

from __future__ import annotations

import re
import secrets
import threading
import time

_ID = re.compile(r"[0-9a-f]{32}")
_COUNTER_BITS = 42
_COUNTER_LIMIT = 1 << _COUNTER_BITS
_MAX_MS = (1 << 48) - 1


class _Sequence:
    """A 42-bit counter in rand_a and the top of rand_b (RFC 9562, 6.2, method 1), over 32 random bits.

    It starts at random in its lower half with every new millisecond, which leaves 2.2e12 steps before an overflow.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._ms = -1
        self._counter = 0

    def next_from_clock(self) -> str:
        """A clock that is set back does not take the order with it: the last millisecond is kept until it is passed."""
        with self._lock:
            self._step(max(time.time_ns() // 1_000_000, self._ms))
            return self._pack()

    def next_at(self, ms: int) -> str:
        with self._lock:
            self._step(ms)
            return self._pack()

    def _step(self, ms: int) -> None:
        if ms == self._ms and self._counter + 1 < _COUNTER_LIMIT:
            self._counter += 1
        elif ms == self._ms:
            raise OverflowError("2e12 ids in one millisecond")
        else:
            self._ms, self._counter = ms, secrets.randbits(_COUNTER_BITS - 1)

    def _pack(self) -> str:
        high, low = divmod(self._counter, 1 << 30)
        value = (self._ms << 80) | (7 << 76) | (high << 64) | (0b10 << 62) | (low << 32) | secrets.randbits(32)
        return f"{value:032x}"


_clock = _Sequence()
# Given times have their own sequence: an import of old orders or a test in the year 2100 must not move the clock's.
_given = _Sequence()


def new_id(now_ms: int | None = None) -> str:
    """Later calls in one process sort later, in every thread.

    With `now_ms` (milliseconds since 1970, UTC) the id carries exactly that time; calls with equal times still ascend.
    """
    if now_ms is None:
        return _clock.next_from_clock()
    if not 0 <= now_ms <= _MAX_MS:
        raise ValueError("now_ms must be milliseconds since 1970, not seconds before it or nanoseconds")
    return _given.next_at(now_ms)


def first_id(ms: int) -> str:
    """No id that was made then or later sorts before it."""
    return f"{min(max(ms, 0), _MAX_MS):012x}" + "0" * 20


def is_id(text: str) -> bool:
    """Whether it has the form of an id; it says nothing about whether such a thing exists."""
    return _ID.fullmatch(text) is not None
