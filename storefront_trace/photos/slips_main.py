"""The process that writes slips: batches on stdin, PDFs on stdout.

It ends when stdin ends. Started with `python -m storefront_trace.photos.slips_main`; of no use by hand.
"""

from __future__ import annotations

import contextlib
import os
import resource
import signal
import sys

from storefront_trace.photos import slips
from storefront_trace.photos.slip_pdf import written

ADDRESS_SPACE = 1 << 30


def main() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C in a terminal reaches us too; the server tells us by EOF
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(5)  # paper may wait, a page may not
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    while (batch := slips.read_question(source)) is not None:
        sink.write(slips.answer(written(batch)))
        sink.flush()


if __name__ == "__main__":
    main()
