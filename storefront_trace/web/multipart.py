"""A small form as a browser sends it, taken apart at once.

With a file field in it a browser sends every form as multipart, the empty file too. Read as a stream, for which there
is no need, the form of an order's page cost as much as all else that the event loop does for a logged step.
"""

from __future__ import annotations

import io
import re

from starlette.datastructures import Headers, UploadFile

Fields = list[tuple[str, str | UploadFile]]
# As the browsers write it; whatever looks different, the general way reads.
_KIND = re.compile(r"multipart/form-data; ?boundary=([0-9A-Za-z_-]{1,70})", re.ASCII)
_NAME = rb'Content-Disposition: form-data; name="([0-9A-Za-z_.:-]{1,80})"'
_FIELD = re.compile(_NAME)
_NO_FILE = re.compile(_NAME + rb'; filename=""\r\nContent-Type: (application/octet-stream)')


def small_multipart(kind: str, body: bytes) -> Fields | None:
    """Of a form in which no file was chosen. None for what this does not understand, which need not be wrong."""
    told = _KIND.fullmatch(kind)
    if told is None:
        return None
    edge = b"--" + told[1].encode()
    first, between, last = edge + b"\r\n", b"\r\n" + edge + b"\r\n", b"\r\n" + edge + b"--\r\n"
    if not (body.startswith(first) and body.endswith(last)):
        return None
    parts = body[len(first) : -len(last)].split(between)
    if body.count(b"\r\n" + edge) != len(parts):
        return None
    found: Fields = []
    for part in parts:
        one = _field(part)
        if one is None:
            return None
        found.append(one)
    return found


def _field(part: bytes) -> tuple[str, str | UploadFile] | None:
    head, there, value = part.partition(b"\r\n\r\n")
    if there and (field := _FIELD.fullmatch(head)):
        try:
            return field[1].decode(), value.decode()
        except UnicodeDecodeError:
            return None
    if there and not value and (file := _NO_FILE.fullmatch(head)):
        disposition = head.partition(b": ")[2].partition(b"\r\n")[0]
        raw = [(b"content-disposition", disposition), (b"content-type", file[2])]
        return file[1].decode(), UploadFile(io.BytesIO(), size=0, filename="", headers=Headers(raw=raw))
    return None
