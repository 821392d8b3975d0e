from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request

from storefront_trace.web.forms import read_form
from storefront_trace.web.multipart import small_multipart
from tests.web.test_forms import sent

EDGE = "----WebKitFormBoundary7MA4YWxkTrZu0gW"
KIND = f"multipart/form-data; boundary={EDGE}"
END = f"--{EDGE}--\r\n"
PIECES = [
    "\r\n", "a", "ö", f"--{EDGE}", f"--{EDGE}\r\n", END, f"\r\n--{EDGE}x", "Content-Disposition: form-data; ",
    'name="step"', 'name="st%22ep"', 'name="a\\"b"', '; filename=""', '; filename="a.jpg"', "Content-Type: text/plain",
    "Content-Type: application/octet-stream", "\r\n\r\n", "packed",
]  # fmt: skip
LIMITS = {"max_files": 1, "max_fields": 4, "max_part_size": 4096}


def field(name: str, value: str, more: str = "") -> str:
    return f'--{EDGE}\r\nContent-Disposition: form-data; name="{name}"{more}\r\n\r\n{value}\r\n'


PICTURE = '; filename=""\r\nContent-Type: application/octet-stream'
BROWSERS = field("step", "packed") + field("note", "Två rader\r\noch åäö") + field("photo", "", PICTURE) + END


async def read(request: Request, *, ours: bool) -> object:
    try:
        async with read_form(request, **LIMITS) if ours else request.form(**LIMITS) as form:
            return [(name, await plain(value)) for name, value in form.multi_items()]
    except HTTPException as error:
        return error.detail


async def plain(value: str | UploadFile) -> object:
    if isinstance(value, str):
        return value
    return value.filename, value.size, value.content_type, value.headers.raw, await value.read()


@example(BROWSERS)
@example(BROWSERS.removesuffix("\r\n"))
@example(BROWSERS.replace(END, ""))
@example(field("a", "b") * 5 + END)
@example(field("photo", "", PICTURE) * 2 + END)
@example(field("photo", "x", PICTURE) + END)
@example(field("note", f"--{EDGE}") + END)
@example(END)
@given(st.lists(st.sampled_from([*PIECES, field("step", "a"), field("photo", "", PICTURE)]), max_size=12).map("".join))
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # Starlette's, of a file without an end
async def test_it_is_read_as_starlette_reads_it_and_refused_where_it_refuses(body: str) -> None:
    for one in {body, f"{body}{END}"}:
        wanted = await read(sent(one.encode(), KIND), ours=False)
        assert await read(sent(one.encode(), KIND), ours=True) == wanted


def test_what_a_browser_sends_is_taken_apart_at_once() -> None:
    found = small_multipart(KIND, BROWSERS.encode())
    assert found is not None and found[:2] == [("step", "packed"), ("note", "Två rader\r\noch åäö")]
    assert isinstance(found[2][1], UploadFile)


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("multipart/form-data", BROWSERS),
        (f'multipart/form-data; boundary="{EDGE}"', BROWSERS),
        (f"{KIND}; charset=latin-1", BROWSERS),
        (KIND, BROWSERS.removesuffix("\r\n")),
        (KIND, field("photo", "a picture", PICTURE) + END),
        (KIND, field("photo", "", '; filename="a.jpg"\r\nContent-Type: application/octet-stream') + END),
        (KIND, field("note", "a", "\r\nContent-Type: text/plain") + END),
        (KIND, field("note", f"\r\n--{EDGE}") + END),
    ],
)
def test_what_looks_different_is_left_to_the_general_way(kind: str, body: str) -> None:
    assert small_multipart(kind, body.encode()) is None
    assert small_multipart(KIND, field("note", "x").encode() + b"\xff" + END.encode()) is None
