"""The process that writes papers: documents on stdin, PDFs on stdout.

It ends when stdin ends. Started with `python -m storefront_trace.photos.documents_main`; of no use by hand.
"""

from __future__ import annotations

from storefront_trace.photos.document_pdf import written
from storefront_trace.photos.documents import read_question
from storefront_trace.photos.pipe import answer_all

if __name__ == "__main__":
    answer_all(read_question, written)
