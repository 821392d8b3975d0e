"""./run in a checkout of its own, whose lock files ask for nothing: the set-up is real, the network is not needed."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PROGRAM = "import json, os, sys; print(json.dumps([sys.argv[1:], os.getcwd(), sys.prefix]))"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout, in a folder with a space, set up by ./run after a first attempt was cut off."""
    checkout = tmp_path_factory.mktemp("a shop's") / "checkout"
    for name in ("run", "scripts/environment.sh"):
        (checkout / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, checkout / name)
    (checkout / "storefront_trace").mkdir()
    (checkout / "storefront_trace" / "__init__.py").write_text("")
    (checkout / "storefront_trace" / "__main__.py").write_text(PROGRAM)
    (checkout / "requirements").mkdir()
    for name in ("run", "postgres", "check"):
        (checkout / "requirements" / f"{name}.txt").write_text("# nothing\n")
    cut_off = checkout / ".venv" / "bin" / "python"
    cut_off.parent.mkdir(parents=True)
    cut_off.symlink_to("/bin/true")
    (checkout / ".venv" / ".installing").touch()
    done = run(checkout)
    assert done.returncode == 0, done.stderr
    assert done.stderr.startswith("Installing what is locked in requirements/run.txt")
    return checkout


def run(checkout: Path, *arguments: str, cwd: Path = ROOT, **environ: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PIP_NO_INDEX": "1", "PYTHONDONTWRITEBYTECODE": "1", **environ}
    environment.pop("DATABASE_URL", None)
    return subprocess.run(
        [checkout / "run", *arguments], cwd=cwd, env={**environment, **environ}, capture_output=True, text=True
    )


def test_without_arguments_it_shows_the_demo(made: Path) -> None:
    assert json.loads(run(made).stdout)[0] == ["demo"]


def test_arguments_arrive_as_they_are_in_the_callers_folder(made: Path, tmp_path: Path) -> None:
    arguments, folder, prefix = json.loads(run(made, "init", "--shop", "Roliga  Ting *", cwd=tmp_path).stdout)
    assert arguments == ["init", "--shop", "Roliga  Ting *"]
    assert folder == str(tmp_path)
    assert prefix == str(made / ".venv")


def test_a_second_start_installs_nothing_and_says_nothing(made: Path) -> None:
    (made / ".venv" / "bin" / "pip").unlink(missing_ok=True)
    assert run(made).stderr == ""


def test_compiled_modules_are_kept_whatever_the_shell_says(made: Path) -> None:
    shutil.rmtree(made / "storefront_trace" / "__pycache__", ignore_errors=True)
    run(made)
    assert list((made / "storefront_trace" / "__pycache__").glob("__init__.*.pyc"))


def test_a_changed_lock_file_is_installed(made: Path) -> None:
    with (made / "requirements" / "run.txt").open("a") as lock:
        lock.write("# changed\n")
    assert run(made).stderr.startswith("Installing")
    assert run(made).stderr == ""


def test_a_postgresql_shop_gets_its_driver(made: Path) -> None:
    assert "requirements/postgres.txt" in run(made, DATABASE_URL="postgresql://db/trace").stderr
    assert run(made, DATABASE_URL="postgresql://db/trace").stderr == ""
    assert run(made).stderr == ""


def test_what_cannot_be_installed_stops_with_a_line_and_is_tried_again(made: Path) -> None:
    lock = made / "requirements" / "run.txt"
    good = lock.read_text()
    lock.write_text(f"no-such-package-of-ours==1 --hash=sha256:{'0' * 64}\n")
    refused = run(made)
    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr.splitlines()[-1].startswith("Installing failed: see above.")
    lock.write_text(good)
    assert json.loads(run(made).stdout)[0] == ["demo"]


def test_a_checkout_can_be_moved_and_reached_through_a_link(made: Path, tmp_path: Path) -> None:
    moved = made.with_name("moved")
    made.rename(moved)
    try:
        (tmp_path / "shop").symlink_to(moved / "run")
        done = subprocess.run([tmp_path / "shop", "doctor"], capture_output=True, text=True)
        assert (json.loads(done.stdout)[0], done.stderr) == (["doctor"], "")
    finally:
        moved.rename(made)
