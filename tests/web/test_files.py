from __future__ import annotations

import httpx2
import pytest
from starlette.applications import Starlette

from storefront_trace.photos.pictures import Processed, Rendition
from storefront_trace.web.page import STATIC, build, look


@pytest.fixture
def database_url(sqlite_database: str) -> str:
    """Nothing here asks the database."""
    return sqlite_database


async def test_every_static_file_is_served_under_its_name(client: httpx2.AsyncClient) -> None:
    for path in (path for path in STATIC.rglob("*") if path.is_file()):
        answer = await client.get(f"/static/{build()}/{path.relative_to(STATIC).as_posix()}")
        assert (answer.status_code, answer.content) == (200, path.read_bytes())


@pytest.mark.parametrize(
    "name", ["%00", "app.css%00", "x" * 300, "x/" * 3000, "../web/files.py", "%2e%2e/web/files.py", "fonts", "", "%ff"]
)
async def test_whatever_else_is_asked_for_is_not_there(client: httpx2.AsyncClient, name: str) -> None:
    for folder in (build(), "x"):
        assert (await client.get(f"/static/{folder}/{name}")).status_code == 404


@pytest.mark.parametrize(
    "path", ["/media/%00", "/media/" + "x" * 300, "/stamp/%00/A.svg", f"/static/{build()}/app-%00.css"]
)
async def test_a_name_that_no_file_can_have_is_no_fault_of_ours(client: httpx2.AsyncClient, path: str) -> None:
    assert (await client.get(path)).status_code < 500


async def test_the_look_of_a_shop_is_one_style_sheet_with_its_colour_last(client: httpx2.AsyncClient) -> None:
    for headers in ({"Accept-Encoding": "identity"}, {"Accept-Encoding": "gzip"}):
        answer = await client.get(look("#aa3377"), headers=headers)
        assert answer.headers["content-type"].startswith("text/css")
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        plain = (STATIC / "app.css").read_text()
        assert answer.text.startswith(plain)
        assert "--brand:#aa3377" in answer.text[len(plain) :]


@pytest.mark.parametrize("colour", ["AA3377", "aa337", "aa33777", "red"])
async def test_a_look_in_no_colour_is_not_there(client: httpx2.AsyncClient, colour: str) -> None:
    assert (await client.get(f"/static/{build()}/app-{colour}.css")).status_code == 404


async def test_a_portrait_from_before_the_middle_size_is_large(app: Starlette, client: httpx2.AsyncClient) -> None:
    files = [Rendition(588, ext, (588, 714), b"large") for ext in ("webp", "jpg")]
    photo = app.state.media.save(Processed("portrait", tuple(files)))
    answer = await client.get(f"/media/{photo}-392.webp")
    assert (answer.status_code, answer.content) == (200, b"large")
    assert (await client.get(f"/media/{photo}-640.webp")).status_code == 404
