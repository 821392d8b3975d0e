"""A module may import only from a lower rank; equal ranks never import each other, nor do the three audiences."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

PACKAGE = Path(__file__).parent.parent / "storefront_trace"
RANK = {
    "background": 0,
    "config": 0,
    "domain": 0,
    "command": 0,
    "languages": 0,
    "publicdays": 0,
    "storage": 1,
    "photos": 1,
    "integrations": 1,
    "actions": 2,
    "notify": 2,
    "web": 3,
    "api": 3,
    "routes": 4,
    "app": 5,
    "demo": 5,
    "serve": 6,
    "cli": 7,
    "__main__": 8,
}
AUDIENCES = {"customer", "staff", "owner"}
IO = {"starlette", "sqlalchemy", "aiosqlite", "asyncpg", "PIL", "httpx2", "jinja2", "babel", "os", "pathlib", "asyncio"}
WRITES = ("insert_", "update_", "upsert_", "delete_")
MAY_WRITE = ("actions", "notify", "storage")


def problems(package: Path = PACKAGE) -> Iterator[str]:
    for path in sorted(package.rglob("*.py")):
        parts = path.relative_to(package).with_suffix("").parts
        if parts[0] != "__init__":
            yield from _problems(path, parts)


def _problems(path: Path, parts: tuple[str, ...]) -> Iterator[str]:
    place, layer = "/".join(parts), parts[0]
    tree = ast.parse(path.read_text())
    if layer not in RANK:
        yield f"{place}: give {layer} a rank"
        return
    for name in _called(tree):
        if layer not in MAY_WRITE and name.startswith(WRITES) and name != "delete_cookie":
            yield f"{place} calls {name}: writing belongs in actions/"
    for name in _imported(tree):
        bits = name.split(".")
        if layer == "domain" and bits[0] in IO:
            yield f"{place}: the domain does no I/O, yet imports {name}"
        if bits[0] in ("sqlalchemy", "alembic", "aiosqlite", "asyncpg") and layer != "storage":
            yield f"{place}: SQL belongs in storage/, yet imports {name}"
        if bits[0] == "PIL" and layer != "photos":
            yield f"{place}: pictures belong in photos/, yet imports {name}"
        if bits[0] != "storefront_trace" or len(bits) < 2 or bits[1] == "__version__":
            continue
        target = bits[1]
        if target != layer and RANK.get(target, 99) >= RANK[layer]:
            yield f"{place} (rank {RANK[layer]}) imports {name} (rank {RANK.get(target)})"
        if layer == target == "web" and parts[1] in AUDIENCES and bits[2] in AUDIENCES - {parts[1]}:
            yield f"{place} reaches into another audience: {name}"


def _imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def _called(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield str(getattr(node.func, "attr", None) or getattr(node.func, "id", ""))


def test_imports_point_downwards() -> None:
    assert list(problems()) == []


def test_only_config_reads_the_environment() -> None:
    """The command line hands the environment to config, and the picture worker gets one of its own."""
    readers = [
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*.py")
        if any(word in path.read_text() for word in ("os.environ", "os.getenv"))
    ]
    assert [
        name for name in readers if name not in ("config.py", "cli/common.py", "serve.py", "photos/worker.py")
    ] == []


def test_the_rule_has_teeth(tmp_path: Path) -> None:
    bad = {
        "storage/x.py": "from storefront_trace.web.page import page\n",
        "domain/y.py": "import sqlalchemy\n",
        "web/staff/z.py": "from storefront_trace.web.owner.shop import x\nimport sqlalchemy\norders.update_order(c)\n",
        "notify/a.py": "from storefront_trace.actions.orders import put_order\n",
        "utils/b.py": "",
    }
    for name, text in bad.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    assert len(list(problems(tmp_path))) == 8


def test_the_contributors_read_the_same_ranks() -> None:
    text = (PACKAGE.parent / "CONTRIBUTING.md").read_text(encoding="utf-8")
    line = next(line for line in text.splitlines() if line.startswith("> `background`"))
    written = [set(re.findall(r"`(\w+)`", group)) for group in line.split("←")]
    ranks = sorted(set(RANK.values()) - {RANK["__main__"]})
    assert written == [{name for name in RANK if RANK[name] == rank} for rank in ranks]
    for name in set(RANK) - {"__main__"}:
        assert f"`{name}/`" in text or f"`{name}.py`" in text
