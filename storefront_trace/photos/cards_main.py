"""The process that draws status pictures: sheets on stdin, PNGs on stdout.

It ends when stdin ends. Started with `python -m storefront_trace.photos.cards_main`; of no use by hand.
"""

from __future__ import annotations

import contextlib
import os
import resource
import signal
import sys

from PIL import Image, WebPImagePlugin

from storefront_trace.photos import sheets
from storefront_trace.photos.cards import draw
from storefront_trace.photos.lettering import letters

ADDRESS_SPACE = 1 << 30


def main() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C in a terminal reaches us too; the server tells us by EOF
    Image.preinit()
    assert WebPImagePlugin.SUPPORTED and letters()
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a core would hold a person's picture
    os.nice(5)  # a picture may wait, a page may not
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    while (sheet := sheets.read_question(source)) is not None:
        sink.write(sheets.answer(draw(sheet)))
        sink.flush()


if __name__ == "__main__":
    main()
