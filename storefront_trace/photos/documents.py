"""What stands in one of the shop's papers, and how the server and the process that writes its PDF tell each other.

question: length, JSON
answer:   length, PDF. Nothing at all when it could not be written: then the process has ended.
No fpdf2 here: the server imports this.
"""

from __future__ import annotations

import json
from asyncio import StreamReader
from dataclasses import asdict, dataclass
from typing import BinaryIO

from storefront_trace.domain.papers import Block
from storefront_trace.photos.pipe import framed, read_file, read_head

MAX_ANSWER = 8 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Document:
    """Finished words. `draft` stands below the title, `foot` beside the number of each page; `page_of` is
    "Page %(page)s of %(pages)s"."""

    language: str
    title: str
    draft: str
    foot: str
    page_of: str
    blocks: tuple[Block, ...]


def question(document: Document) -> bytes:
    return framed(json.dumps(asdict(document)).encode())


def read_question(source: BinaryIO) -> Document | None:
    """None at the end of the pipe."""
    told = read_head(source)
    return None if told is None else Document(**{**told, "blocks": tuple(Block(**block) for block in told["blocks"])})


async def read_answer(source: StreamReader) -> bytes:
    """Raises as `read_file` does."""
    return await read_file(source, b"%PDF-", MAX_ANSWER)
