"""argon2id for PINs, in threads of its own: each hash takes 19 MiB and some 25 ms of a core, and a few at a time is
enough. Six digits are guessed from a stolen hash in hours whatever it costs to make; who guesses at a tablet is stopped
by the count of wrong ones, see pins.py.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from argon2 import PasswordHasher

AT_ONCE = 2
# Verified where there is no PIN, so that the answer takes as long. Of random bytes that were thrown away.
NOBODYS = "$argon2id$v=19$m=19456,t=2,p=1$VppJBCZCx4x3DCabuE03lw$v8HGyYUf+0mc+pNep8kJ5xtOS7glaa43LIOzDxOLvvs"
_THREADS = ThreadPoolExecutor(AT_ONCE, "pins")


async def hashed(pin: str) -> str:
    return await asyncio.get_running_loop().run_in_executor(_THREADS, _hash, pin)


async def fits(pin_hash: str | None, pin: str) -> bool:
    """The same work without a hash: then False."""
    return await asyncio.get_running_loop().run_in_executor(_THREADS, _fits, pin_hash, pin)


def _hash(pin: str) -> str:
    return _hasher().hash(pin)


def _fits(pin_hash: str | None, pin: str) -> bool:
    from argon2.exceptions import InvalidHashError, VerificationError

    try:
        _hasher().verify(pin_hash or NOBODYS, pin)
        return pin_hash is not None
    except (VerificationError, InvalidHashError):
        return False


@cache
def _hasher() -> PasswordHasher:
    from argon2 import PasswordHasher  # most processes never see a PIN

    return PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
