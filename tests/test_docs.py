from __future__ import annotations

import re
import textwrap
from pathlib import Path

import pytest

from storefront_trace.cli.shop import import_files
from storefront_trace.config import VARIABLES
from storefront_trace.domain.incoming import IncomingOrder
from storefront_trace.integrations import csv_orders, shopify, woocommerce

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
DOCUMENTS = sorted(ROOT.glob("*.md"))
COMMANDS = (
    "demo",
    "serve",
    "init",
    "owner reset-factor",
    "token create",
    "token list",
    "token revoke",
    "link renew",
    "link revoke",
    "rebuild",
    "connect shopify",
    "connect woocommerce",
    "import",
    "migrate",
    "backup",
    "restore",
    "doctor",
    "erase",
    "export",
    "purge",
    "bounce",
    "signin",
)


def table(heading: str) -> list[list[str]]:
    """The rows of the first table under a heading of the README, without its head."""
    section = README.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    rows = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in rows[2:]]


def test_the_readmes_settings_are_the_codes() -> None:
    assert table("Settings") == [[f"`{v.name}`", v.shown_default, v.about] for v in VARIABLES]


@pytest.mark.parametrize("command", COMMANDS)
def test_the_readme_explains_the_command(command: str) -> None:
    first_cells = " ".join(row[0] for row in table("Commands"))
    assert re.search(rf"`{command}\b", first_cells)


def block(language: str, holding: str) -> str:
    """The first block of code that holds this, without its indentation."""
    found = re.findall(r"^ *```(\w*)\n(.*?)^ *```$", README, re.MULTILINE | re.DOTALL)
    return textwrap.dedent(next(text for written_in, text in found if written_in == language and holding in text))


def test_the_readmes_orders_can_be_imported() -> None:
    (rows,) = csv_orders.read_rows(block("csv", "number"))
    _, read = csv_orders.facts(rows, zone="Europe/Stockholm")
    assert isinstance(read, tuple) and isinstance(read[0], IncomingOrder)
    assert [line.quantity for line in read[0].lines] == [2, 1]


def test_import_tells_of_every_column() -> None:
    documented = re.findall(r"`([a-z_]+)`", (csv_orders.__doc__ or "").split("|---|---|")[1].split("\n\n")[0])
    assert {"number", "locale", "method", "expected"} <= set(documented)
    told = import_files.help or ""
    assert [column for column in documented if not re.search(rf"\b{column}\b", told)] == []


def test_the_readme_names_every_webhook() -> None:
    named = set(re.findall(r"`([a-z_]+[/.](?:[a-z_]+))`", README.split("Have it send")[1].split("Another system")[0]))
    assert named == shopify.TOPICS | {shopify.UNINSTALLED} | woocommerce.TOPICS


def test_mails_that_come_back_reach_the_shop_that_the_unit_serves() -> None:
    unit, alias = block("ini", "[Service]"), block("", "bounce")
    told = dict(line.split("=", 1) for line in unit.splitlines() if "=" in line)
    assert {"After", "WantedBy"} <= told.keys()
    for part in (
        told["ExecStart"].replace(" serve", " bounce"),
        f"--data {told['WorkingDirectory']}",
        f". {told['EnvironmentFile']};",
    ):
        assert part in alias


def test_the_readme_says_what_it_is_in_five_lines() -> None:
    before_the_commands = README.split("\n## ")[0]
    paragraphs = [part for part in before_the_commands.split("\n\n")[1:] if not part.startswith("!")]
    assert len(paragraphs) == 1
    assert len(paragraphs[0].strip().splitlines()) == 5


def test_what_the_readme_names_in_the_warehouse_is_called_so_on_the_pages() -> None:
    section = README.split("\n## In the warehouse\n")[1].split("\n## ")[0]
    named = set(re.findall(r"(?<!\*)\*([A-Z][^*]+)\*(?!\*)", section))
    pages = "".join(path.read_text("utf-8") for path in (ROOT / "templates").rglob("*.html"))
    assert "Print slips" in named
    assert [one for one in named if f'_("{one}")' not in pages] == []


def test_a_real_shop_takes_at_most_five_steps() -> None:
    section = README.split("\n## A real shop, in five steps\n")[1].split("\n## ")[0]
    assert re.findall(r"^(\d)\. ", section, re.MULTILINE) == ["1", "2", "3", "4", "5"]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_what_a_document_points_at_is_there(document: Path) -> None:
    targets = re.findall(r"\]\(([^)#:]+)\)", document.read_text(encoding="utf-8"))
    assert [target for target in targets if not (ROOT / target).exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_a_path_that_a_document_names_is_there(document: Path) -> None:
    """Paths in backticks under the folders we ship, like `storage/orders.py` in a recipe."""
    named = re.findall(
        r"`((?:storefront_trace|templates|tests|scripts|requirements)/[\w./]*)`", document.read_text("utf-8")
    )
    assert [path for path in named if not (ROOT / path).exists()] == []
