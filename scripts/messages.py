"""Read every text that a person may see out of templates and code, and bring the Swedish catalogue up to date.

    python scripts/messages.py            write the catalogue, list what has no Swedish yet
    python scripts/messages.py --check    write nothing; exit 1 when something has no Swedish

A text is found as `_("…")`, `{% trans %}`, `N_("…")`, `say("…")`, or as the message of a DomainError or its fields.
Texts in the catalogue that none of these finds are kept: some are chosen at run time.
"""

from __future__ import annotations

import ast
import io
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
PO = ROOT / "storefront_trace" / "locale" / "sv" / "LC_MESSAGES" / "messages.po"
# Integrations and the API answer machines, in English.
CODE = ("actions", "domain", "notify", "photos", "storage", "web")
SPOKEN = {"_", "N_", "gettext", "say", "with_day"}
REFUSALS = {"Conflict", "DomainError", "Gone", "Invalid", "NotAllowed", "NotFound", "TooLarge", "TooMany"}
Found = Iterator[tuple[str, str | tuple[str, ...]]]


def main() -> int:
    old = read()
    missing = unsaid(old)
    for text in missing:
        print("no Swedish:", text)
    if "--check" in sys.argv[1:]:
        return 1 if missing else 0
    new, _ = merge(old)
    written = io.BytesIO()
    write_po(written, new, width=140, sort_by_file=True, include_lineno=False)
    PO.write_bytes(written.getvalue())
    return 0


def read() -> Catalog:
    with PO.open("rb") as source:
        return read_po(source, locale="sv")


def unsaid(known: Catalog) -> list[str]:
    """What has no Swedish in `known`, or only a guess of a tool's ("fuzzy")."""
    guessed = [str(message.id) for message in known if message.id and message.fuzzy]
    return [*merge(known)[1], *guessed]


def merge(old: Catalog) -> tuple[Catalog, list[str]]:
    """The catalogue as the sources want it, and the texts without a translation."""
    new = Catalog(locale="sv", project="storefront-trace", fuzzy=False)
    new.mime_headers = old.mime_headers
    for place, text in (*_in_templates(), *_in_code()):
        known = old.get(text)
        new.add(text, known.string if known else "", locations=[(place, 0)])
    for message in old:
        if message.id and _is_said(message.string) and new.get(message.id) is None:
            new.add(message.id, message.string, locations=[(place, 0) for place, _ in message.locations])
    return new, [str(message.id) for message in new if message.id and not _is_said(message.string)]


def _is_said(text: str | tuple[str, ...] | list[str] | None) -> bool:
    return bool(text) and (isinstance(text, str) or all(text or ()))


def _in_templates() -> Found:
    options = {"**.html": {"trimmed": "true", "silent": "false"}}
    kinds = [("**.html", "jinja2"), ("**.txt", "jinja2")]
    for name, _, text, _, _ in extract_from_dir(ROOT / "templates", kinds, options):
        yield f"templates/{name}", text


def _in_code() -> Found:
    for folder in CODE:
        for path in sorted((ROOT / "storefront_trace" / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Call):
                    yield from ((str(path.relative_to(ROOT)), text) for text in _said(node))


def _said(call: ast.Call) -> Iterator[str | tuple[str, ...]]:
    name = getattr(call.func, "id", getattr(call.func, "attr", ""))
    texts = [arg.value for arg in call.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
    if name == "ngettext" and len(texts) > 1:
        yield texts[0], texts[1]
    elif name in SPOKEN | REFUSALS and texts and texts[0]:
        yield texts[0]
    if name in REFUSALS:
        yield from (text for keyword in call.keywords if keyword.arg == "errors" for text in _fields(keyword.value))


def _fields(errors: ast.expr) -> Iterator[str]:
    for pair in ast.walk(errors):
        if isinstance(pair, ast.Tuple) and len(pair.elts) == 2 and isinstance(pair.elts[1], ast.Constant):
            yield str(pair.elts[1].value)


if __name__ == "__main__":
    sys.exit(main())
