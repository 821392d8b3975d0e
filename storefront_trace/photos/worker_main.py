"""The worker process: reads pictures on stdin, answers on stdout, has nothing else.

It ends when stdin ends, so it never outlives the server by more than the picture in hand, which is bounded by the CPU
limit. Started with `python -m storefront_trace.photos.worker_main`; of no use by hand.
"""

from __future__ import annotations

import contextlib
import math
import os
import resource
import signal
import sys

from PIL import Image, WebPImagePlugin

from storefront_trace.photos import wire
from storefront_trace.photos.image import process
from storefront_trace.photos.pictures import Crop
from storefront_trace.photos.refusals import Refused

CPU_SECONDS = 5
ADDRESS_SPACE = 1 << 30  # a transparent WebP of 40 megapixels needs 870 MB, a JPEG or PNG 580 MB


def main() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C in a terminal reaches us too; the server tells us by EOF
    Image.preinit()  # import the decoders while we may still open files
    assert WebPImagePlugin.SUPPORTED
    _limit()
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    while (asked := wire.read_question(source)) is not None:
        _allow_cpu(CPU_SECONDS)
        sink.write(_answered(*asked))
        sink.flush()


def _answered(data: bytes, purpose: str, crop: Crop | None) -> bytes:
    try:
        return wire.answer(process(data, purpose, crop))
    except Refused as refused:
        return wire.refused_answer(refused.code)
    except MemoryError:
        return wire.refused_answer("heavy")


def _limit() -> None:
    for what, most in (
        (resource.RLIMIT_AS, ADDRESS_SPACE),
        (resource.RLIMIT_CORE, 0),  # a core would hold a person's picture
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, 16),
        (resource.RLIMIT_NPROC, 0),
    ):
        with contextlib.suppress(ValueError, OSError):  # macOS lacks some; the wall clock still holds
            resource.setrlimit(what, (most, most))
    os.nice(5)  # a picture may wait, a tracking page may not


def _allow_cpu(seconds: int) -> None:
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = math.ceil(used.ru_utime + used.ru_stime) + seconds
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    resource.setrlimit(resource.RLIMIT_CPU, (soft, hard))


if __name__ == "__main__":
    main()
