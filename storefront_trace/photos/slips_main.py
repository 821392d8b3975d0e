"""The process that writes slips: batches on stdin, PDFs on stdout.

It ends when stdin ends. Started with `python -m storefront_trace.photos.slips_main`; of no use by hand.
"""

from __future__ import annotations

from storefront_trace.photos.pipe import answer_all
from storefront_trace.photos.slip_pdf import written
from storefront_trace.photos.slips import read_question

if __name__ == "__main__":
    answer_all(read_question, written)
