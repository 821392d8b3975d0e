"""What stands on a status picture, and how the server and the process that draws it say so to each other.

question: length of the JSON, JSON (the sheet, and the length of each picture), then the pictures' bytes
answer:   length, PNG. Nothing at all when it could not be drawn: then the process has ended.
No Pillow here: the server imports this.
"""

from __future__ import annotations

import json
from asyncio import StreamReader
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import BinaryIO

from storefront_trace.photos.pipe import framed, read_file, read_head

SIZES = {"card": (1200, 630), "strip": (1200, 320)}
MOST_BYTES = 30_000
"""Of a picture in a mail, which many open on a phone without asking for it."""
MAX_ANSWER = 4 * 1024 * 1024
PNG = b"\x89PNG\r\n\x1a\n"


@dataclass(frozen=True, slots=True)
class Row:
    """ "Next", "Thursday 26 November", "Parcel 1 is at your home"; `text` may be empty."""

    term: str
    day: str
    text: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """Finished words and colours: whoever draws knows no shop and no language.

    `otherwise` is written instead of a name in a script that our fonts lack. `drawing` stands for who has no portrait:
    "initial", or one of `paper.ICONS`. `mark` is the icon of the postmark of an order that is home. `pictures` are
    ours: "logo", "portrait" (on top), then those who helped: each a "face", or the "initial" of who shows no face.
    """

    shape: str
    colours: Mapping[str, str]
    shop: str
    lead: str
    name: str
    otherwise: str
    role: str
    drawing: str
    notice: str = ""
    mark: str = ""
    rows: tuple[Row, ...] = ()
    pictures: tuple[tuple[str, bytes], ...] = field(default=(), repr=False)

    def first(self, kind: str) -> bytes | None:
        return next((data for name, data in self.pictures if name == kind), None)

    @property
    def family(self) -> list[tuple[str, bytes]]:
        return [one for one in self.pictures if one[0] in ("face", "initial")]


def question(sheet: Sheet) -> bytes:
    told = asdict(sheet) | {"pictures": [[kind, len(data)] for kind, data in sheet.pictures]}
    head = json.dumps(told).encode()
    return framed(head) + b"".join(data for _, data in sheet.pictures)


def read_question(source: BinaryIO) -> Sheet | None:
    """None at the end of the pipe."""
    told = read_head(source)
    if told is None:
        return None
    rows = tuple(Row(**row) for row in told["rows"])
    pictures = tuple((kind, source.read(length)) for kind, length in told["pictures"])
    return Sheet(**{**told, "rows": rows, "pictures": pictures})


async def read_answer(source: StreamReader) -> bytes:
    """Raises as `read_file` does."""
    return await read_file(source, PNG, MAX_ANSWER)
