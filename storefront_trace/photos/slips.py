"""What stands on a slip or a label, and how the server and the process that writes the PDF say so to each other.

question: length, JSON
answer:   length, PDF. Nothing at all when it could not be written: then the process has ended.
No fpdf2 here: the server imports this.
"""

from __future__ import annotations

import json
from asyncio import StreamReader
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import BinaryIO

from storefront_trace.photos.pipe import framed, read_file, read_head

MAX_ANSWER = 32 * 1024 * 1024
# Millimetres.
SIZES = {"a6": (105.0, 148.0), "100x150": (100.0, 150.0)}
KINDS = ("slip", "label")


@dataclass(frozen=True, slots=True)
class SlipLine:
    """`note` says what is not in this parcel, or where the rest is."""

    amount: int
    title: str
    detail: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Slip:
    """Finished words, in the order's language. `code` is the address in the QR: it says which order, and opens nothing
    for who is signed out. `face` is the photo of who took the order; `page_of` is "Page %(page)s of %(pages)s"."""

    number: str
    name: str
    shop: str
    code: str
    things: str
    facts: tuple[str, ...] = ()
    lines: tuple[SlipLine, ...] = ()
    face: str = ""
    language: str = ""
    page_of: str = "%(page)s/%(pages)s"


@dataclass(frozen=True, slots=True)
class Batch:
    """`faces` has the pictures that the slips name, in base64."""

    kind: str
    size: str
    language: str
    slips: tuple[Slip, ...]
    faces: Mapping[str, str] = field(default_factory=dict)


def question(batch: Batch) -> bytes:
    return framed(json.dumps(asdict(batch)).encode())


def read_question(source: BinaryIO) -> Batch | None:
    """None at the end of the pipe."""
    told = read_head(source)
    if told is None:
        return None
    return Batch(**{**told, "slips": tuple(_slip(one) for one in told["slips"])})


def _slip(told: dict[str, object]) -> Slip:
    facts, lines = told["facts"], told["lines"]
    assert isinstance(facts, Sequence) and isinstance(lines, Sequence)
    return Slip(**{**told, "facts": tuple(facts), "lines": tuple(SlipLine(**line) for line in lines)})  # type: ignore[arg-type]


async def read_answer(source: StreamReader) -> bytes:
    """Raises as `read_file` does."""
    return await read_file(source, b"%PDF-", MAX_ANSWER)
