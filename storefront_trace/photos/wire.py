"""What the server and the worker process say to each other through two pipes.

question: purpose (16 bytes, padded), length, the crop (three numbers; its size 0: none), the file's bytes
answer:   length of the JSON, JSON, then the bytes of all renditions in the JSON's order
The server believes nothing of an answer but what this purpose can give: the other side has read a stranger's file.
"""

from __future__ import annotations

import json
import struct
from asyncio import StreamReader
from typing import Any, BinaryIO

from storefront_trace.photos.pictures import PURPOSES, Crop, Processed, Rendition
from storefront_trace.photos.refusals import Refused

QUESTION = struct.Struct(">16sI3d")
ANSWER = struct.Struct(">I")
MAX_HEADER = 4_096
MAX_FILE = 16 * 1024 * 1024


class Garbled(Exception):
    """The other side does not keep to this page: end it."""


def question(data: bytes, purpose: str, crop: Crop | None = None) -> bytes:
    where = (crop.x, crop.y, crop.size) if crop else (0.0, 0.0, 0.0)
    return QUESTION.pack(purpose.encode(), len(data), *where) + data


def read_question(source: BinaryIO) -> tuple[bytes, str, Crop | None] | None:
    """None at the end of the pipe, whether the server closed it or died in the middle of a question."""
    head = source.read(QUESTION.size)
    if len(head) < QUESTION.size:
        return None
    name, length, *where = QUESTION.unpack(head)
    data = source.read(length)
    crop = Crop(*where) if where[2] else None
    return (data, name.rstrip(b"\0").decode(), crop) if len(data) == length else None


def answer(processed: Processed) -> bytes:
    entries = [[r.width, r.ext, *r.pixels, len(r.data)] for r in processed.renditions]
    return _framed({"files": entries}) + b"".join(r.data for r in processed.renditions)


def refused_answer(code: str) -> bytes:
    return _framed({"refused": code})


def _framed(header: dict[str, Any]) -> bytes:
    encoded = json.dumps(header).encode()
    return ANSWER.pack(len(encoded)) + encoded


async def read_answer(source: StreamReader, purpose: str) -> Processed:
    """Raises Refused with the worker's code, IncompleteReadError when it has died, Garbled when it lies."""
    header = await _header(source)
    if "refused" in header:
        raise Refused(str(header["refused"]))
    entries = _entries(header, purpose)
    made = [Rendition(w, ext, pixels, await source.readexactly(length)) for w, ext, pixels, length in entries]
    return Processed(purpose, tuple(made))


async def _header(source: StreamReader) -> dict[str, Any]:
    (length,) = ANSWER.unpack(await source.readexactly(ANSWER.size))
    if length > MAX_HEADER:
        raise Garbled("header too long")
    try:
        header = json.loads(await source.readexactly(length))
    except ValueError as error:
        raise Garbled("header is not JSON") from error
    if not isinstance(header, dict):
        raise Garbled("header is not an object")
    return header


def _entries(header: dict[str, Any], purpose: str) -> list[tuple[int, str, tuple[int, int], int]]:
    expected = PURPOSES[purpose].files
    try:
        entries = [(width, ext, (int(x), int(y)), int(length)) for width, ext, x, y, length in header["files"]]
    except (KeyError, TypeError, ValueError) as error:
        raise Garbled("files are not a list of five values each") from error
    if tuple((width, ext) for width, ext, _, _ in entries) != expected:
        raise Garbled("not the files that were asked for")
    if any(not 0 < length <= MAX_FILE or min(pixels) < 1 for _, _, pixels, length in entries):
        raise Garbled("impossible size")
    return entries
