from __future__ import annotations

import pytest
from pydantic import TypeAdapter, ValidationError

from storefront_trace.api import fields
from storefront_trace.photos.files import NAME

ID = "0123456789abcdef" * 2


@pytest.mark.parametrize("url", [f"/media/{ID}-196.webp", f"/media/{ID}-1600.jpg", "https://shop.example/mug.jpg?v=2"])
def test_a_lines_picture_is_one_of_ours_or_on_an_https_host(url: str) -> None:
    assert TypeAdapter(fields.Picture).validate_python(url) == url
    assert url.startswith("https:") or NAME.fullmatch(url.removeprefix("/media/"))


@pytest.mark.parametrize(
    "url",
    [
        "/media/../staff/me",
        f"/media/../{ID}-196.webp",
        f"/media/./{ID}-196.webp",
        f"/media/{ID}-196.webp/../../signout",
        f"/media/{ID}-196.svg",
        f"/media/{ID}-096.webp",
        f"/media/{ID}-196.webp\n",
        f"/media/{ID.upper()}-196.webp",
        f"x/media/{ID}-196.webp",
        "//media/x.webp",
        "http://shop.example/mug.jpg",
        "javascript:alert(1)",
    ],
)
def test_nothing_else_is_a_picture(url: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(fields.Picture).validate_python(url)
