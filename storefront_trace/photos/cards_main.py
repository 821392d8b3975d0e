"""The process that draws status pictures: sheets on stdin, PNGs on stdout.

It ends when stdin ends. Started with `python -m storefront_trace.photos.cards_main`; of no use by hand.
"""

from __future__ import annotations

from PIL import Image, WebPImagePlugin

from storefront_trace.photos.cards import draw
from storefront_trace.photos.lettering import letters
from storefront_trace.photos.pipe import answer_all
from storefront_trace.photos.sheets import read_question


def main() -> None:
    Image.preinit()
    assert WebPImagePlugin.SUPPORTED and letters()
    answer_all(read_question, draw)


if __name__ == "__main__":
    main()
