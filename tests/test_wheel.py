"""A shop installs the wheel: here it is built, put into an environment of its own, and opened for business."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import sysconfig
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urljoin
from zipfile import ZipFile

import httpx2
import pytest

from tests.doors import free_port
from tests.patience import PATIENCE

ROOT = Path(__file__).parents[1]
ASSET = re.compile(r'<(link|script|img)\b[^>]*?\b(?:href|src)="([^"#]+)"')


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bin folder of a new environment with our wheel in it. Other people's packages are lent to it from the tests'
    own environment, through a .pth line, which does not bring that environment's view of this checkout along."""
    folder = tmp_path_factory.mktemp("shop") / "venv"
    venv.create(folder, with_pip=False, symlinks=True)
    python = folder / "bin" / "python"
    site = Path(sysconfig.get_path("purelib", vars={"base": str(folder), "platbase": str(folder)}))
    (site / "lent.pth").write_text(sysconfig.get_path("purelib") + "\n")
    pip = [sys.executable, "-m", "pip", "--python", str(python), "install", "--no-index", "--no-deps", "--quiet"]
    subprocess.run([*pip, "--disable-pip-version-check", str(wheel)], check=True, cwd=folder)
    return folder / "bin"


def names(wheel: Path) -> set[str]:
    with ZipFile(wheel) as archive:
        return set(archive.namelist())


def files_under(folder: str) -> set[Path]:
    found = (path.relative_to(ROOT / folder) for path in (ROOT / folder).rglob("*") if path.is_file())
    return {path for path in found if "__pycache__" not in path.parts}


@pytest.mark.parametrize(
    ("folder", "inside", "suffix"),
    [
        ("storefront_trace/static", "storefront_trace/static", ".css"),
        ("storefront_trace/locale", "storefront_trace/locale", ".po"),
        ("storefront_trace/storage/migrations", "storefront_trace/storage/migrations", ".py"),
        ("storefront_trace", "storefront_trace", ".py"),
        ("templates", "storefront_trace/templates", ".html"),
        ("media/demo", "storefront_trace/demo_media", ""),
    ],
)
def test_the_wheel_carries_every_file_of(wheel: Path, folder: str, inside: str, suffix: str) -> None:
    files = files_under(folder)
    assert any(path.name.endswith(suffix) for path in files), f"nothing like {suffix or 'a file'} in {folder}"
    missing = {f"{inside}/{path.as_posix()}" for path in files} - names(wheel)
    assert not missing


def test_the_wheel_carries_nothing_but_the_package_and_its_licence(wheel: Path) -> None:
    top = {name.split("/")[0] for name in names(wheel)}
    assert {name.split("-")[0] for name in top} == {"storefront_trace"}
    assert any(name.endswith("licenses/LICENSE") for name in names(wheel))


def test_the_installed_package_is_the_wheels_and_not_this_checkouts(installed: Path, tmp_path: Path) -> None:
    code = "import storefront_trace, starlette; print(storefront_trace.__file__)"
    told = run(installed / "python", "-c", code, cwd=tmp_path)
    assert Path(told.strip()).is_relative_to(installed.parent)


def test_the_command_answers_for_its_version(installed: Path, tmp_path: Path) -> None:
    from storefront_trace import __version__

    assert __version__ in run(installed / "storefront-trace", "--version", cwd=tmp_path)


def test_an_installed_demo_shop_serves_its_pages(installed: Path, tmp_path: Path) -> None:
    with demo(installed, tmp_path) as urls, client() as browser:
        assets = {asset for url in urls["customer"] for asset in assets_of(url, browser)}
        for kind in ("link", "img"):
            assert any(asset[0] == kind for asset in assets), f"no page of the demo has a {kind}"
        for _, url in assets:
            assert browser.get(url).status_code == 200, url
        assert {asset[1].split("/")[2] for asset in assets} == {urls["customer"][0].split("/")[2]}
        assert browser.get(urls["staff"][0]).status_code == 200
        assert browser.get(urls["owner"][0]).status_code == 200


def assets_of(url: str, browser: httpx2.Client) -> set[tuple[str, str]]:
    answer = browser.get(url)
    assert answer.status_code == 200, url
    return {(kind, urljoin(url, address)) for kind, address in ASSET.findall(answer.text) if address[:5] != "data:"}


@contextmanager
def demo(installed: Path, folder: Path) -> Iterator[dict[str, list[str]]]:
    command = [installed / "storefront-trace", "demo", "--quiet-shop", "--port", str(free_port()), "--data", "shop"]
    with (folder / "log").open("w+") as log:
        process = subprocess.Popen(command, cwd=folder, env=clean(), stdout=subprocess.PIPE, stderr=log, text=True)
        try:
            yield announced(process, folder / "log")
        finally:
            process.terminate()
            process.communicate(timeout=PATIENCE)


def announced(process: subprocess.Popen[str], log: Path) -> dict[str, list[str]]:
    """The lines that the demo begins with; `api` is the last of them."""
    urls: dict[str, list[str]] = {}
    assert process.stdout
    for line in process.stdout:
        kind, _, rest = line.rstrip("\n").partition("\t")
        urls.setdefault(kind, []).append(rest)
        if kind == "api":
            return urls
    raise AssertionError(f"the demo ended before it told its addresses: {log.read_text()}")


def client() -> httpx2.Client:
    """Tries again while the server is still opening its door."""
    return httpx2.Client(transport=httpx2.HTTPTransport(retries=8), timeout=PATIENCE, follow_redirects=True)


def run(*command: str | Path, cwd: Path) -> str:
    done = subprocess.run(command, cwd=cwd, env=clean(), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def clean() -> dict[str, str]:
    """A shop's environment: nothing in it points back here."""
    return {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), "LANG": "C.UTF-8"}
