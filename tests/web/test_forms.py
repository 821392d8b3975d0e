from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import Message

from storefront_trace.web.forms import read_form

FIELDS = 5
LONGEST = 64
PIECES = ["a", "b", "=", "&", "+", "%20", "%C3%A5", "%ff", "%zz", "%", ";", "ö", "\r\n", " "]


def sent(body: bytes, kind: str = "application/x-www-form-urlencoded") -> Request:
    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    headers = [(b"content-type", kind.encode()), (b"content-length", str(len(body)).encode())]
    scope = {"type": "http", "method": "POST", "path": "/", "query_string": b"", "headers": headers, "state": {}}
    return Request({**scope, "app": None}, receive)


async def ours(body: bytes, kind: str = "application/x-www-form-urlencoded") -> object:
    async with read_form(sent(body, kind), max_fields=FIELDS, max_part_size=LONGEST) as form:
        return form.multi_items()


async def starlettes(body: bytes) -> object:
    async with sent(body).form(max_fields=FIELDS, max_part_size=LONGEST) as form:
        return form.multi_items()


@given(st.lists(st.sampled_from(PIECES), max_size=80))
async def test_a_form_is_read_as_starlette_reads_it_and_refused_where_it_refuses(pieces: list[str]) -> None:
    body = "".join(pieces).encode()
    try:
        wanted: object = await starlettes(body)
    except HTTPException as error:
        wanted = error.detail
    try:
        found = await ours(body)
    except HTTPException as error:
        found = error.detail
    assert found == wanted


async def test_what_a_browser_says_of_the_letters_changes_nothing() -> None:
    kind = "application/x-www-form-urlencoded;charset=UTF-8"
    assert await ours(b"note=r%C3%B6d+mugg&note=&step=packed", kind) == [
        ("note", "r\u00f6d mugg"),
        ("note", ""),
        ("step", "packed"),
    ]


@pytest.mark.parametrize("body", [b"&".join([b"a=1"] * (FIELDS + 1)), b"a=" + b"x" * LONGEST])
async def test_too_many_fields_and_too_long_ones_are_refused(body: bytes) -> None:
    with pytest.raises(HTTPException):
        await ours(body)
