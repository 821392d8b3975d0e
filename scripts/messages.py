"""Read every text that a person may see out of templates and code, and bring the catalogues up to date.

    python scripts/messages.py            write them, list what has no translation yet
    python scripts/messages.py --check    write nothing; exit 1 when something is missing or wrong
    python scripts/messages.py fi de      only these languages

A text is found as `_("…")`, `{% trans %}`, `N_("…")`, `say("…")`, or as the message of a DomainError or its fields,
each written there or named there: a constant of a module, or one of two (`A if … else B`).
Texts in the catalogue that none of these finds are kept: some are chosen at run time.
"""

from __future__ import annotations

import ast
import io
import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
LOCALE = ROOT / "storefront_trace" / "locale"
# Those that must be whole. English is the source.
COMPLETE = ("sv", "nb", "da", "fi", "de")
NAMES = {"sv": "Swedish", "nb": "Norwegian", "da": "Danish", "fi": "Finnish", "de": "German"}
# Integrations and the API answer machines, in English.
CODE = ("actions", "domain", "notify", "photos", "storage", "web")
SPOKEN = {"_", "N_", "gettext", "say", "with_day"}
REFUSALS = {"_refused", "Conflict", "DomainError", "Gone", "Invalid", "NotAllowed", "NotFound", "TooLarge", "TooMany"}
Found = Iterator[tuple[str, str | tuple[str, ...]]]
# What a translation may not lose: named values, a percent sign, markup, and what a shop types.
_KEPT = re.compile(r"%\(\w+\)s|%%|</?\w+[^>]*>|\[\[|\{\{|\|\|")


def main() -> int:
    asked = [one for one in sys.argv[1:] if not one.startswith("-")]
    bad = False
    for language in asked or COMPLETE:
        known = read(language)
        missing, wrong = unsaid(known), broken(known)
        for text in missing:
            print(f"no {NAMES[language]}:", text)
        for text in wrong:
            print(f"not the same values or marks in {NAMES[language]}:", text)
        bad = bad or bool(missing or wrong)
        if "--check" not in sys.argv[1:]:
            _write(language, merge(known)[0])
    return 1 if bad and "--check" in sys.argv[1:] else 0


def read(language: str) -> Catalog:
    path = _path(language)
    if not path.exists():
        return Catalog(locale=language, project="storefront-trace", fuzzy=False)
    with path.open("rb") as source:
        return read_po(source, locale=language)


def unsaid(known: Catalog) -> list[str]:
    """What has no translation in `known`, or only a guess of a tool's ("fuzzy")."""
    guessed = [str(message.id) for message in known if message.id and message.fuzzy]
    return [*merge(known)[1], *guessed]


def broken(known: Catalog) -> list[str]:
    """Whose translation would lose a value, show a raw one, or break the markup."""
    return [str(message.id) for message in known if message.id and _is_said(message.string) and _differs(message)]


def merge(old: Catalog) -> tuple[Catalog, list[str]]:
    """The catalogue as the sources want it, and the texts without a translation."""
    new = Catalog(locale=old.locale, project="storefront-trace", fuzzy=False)
    new.mime_headers = old.mime_headers
    for place, text in _texts():
        known = old.get(text)
        new.add(text, known.string if known else "", locations=[(place, 0)])
    for message in sorted(old, key=lambda one: str(one.id)):  # however the file was merged, they come out the same
        if message.id and _is_said(message.string) and new.get(message.id) is None:
            new.add(message.id, message.string, locations=[(place, 0) for place, _ in message.locations])
    return new, [str(message.id) for message in new if message.id and not _is_said(message.string)]


def _path(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / "messages.po"


def _write(language: str, catalog: Catalog) -> None:
    written = io.BytesIO()
    write_po(written, catalog, width=140, sort_by_file=True, include_lineno=False)
    _path(language).parent.mkdir(parents=True, exist_ok=True)
    _path(language).write_bytes(written.getvalue())


def _differs(message: Message) -> bool:
    """Of a plural, each form must have the values of the text for many."""
    wanted = message.id if isinstance(message.id, str) else message.id[-1]
    said = (message.string,) if isinstance(message.string, str) else tuple(message.string)
    return any(set(_KEPT.findall(text)) != set(_KEPT.findall(wanted)) for text in said)


@cache
def _texts() -> tuple[tuple[str, str | tuple[str, ...]], ...]:
    return (*_in_templates(), *_in_code())


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
            tree = ast.parse(path.read_text("utf-8"))
            named = {**_imported(tree), **_constants(tree)}
            for node in ast.walk(tree):
                if isinstance(node, ast.Call):
                    yield from ((str(path.relative_to(ROOT)), text) for text in said(node, named))


def said(call: ast.Call, named: dict[str, str]) -> Iterator[str | tuple[str, ...]]:
    """The texts in a call. `named`: what the constants of its module say."""
    name = getattr(call.func, "id", getattr(call.func, "attr", ""))
    texts = [text for arg in call.args for text in _written(arg, named)]
    if name == "ngettext" and len(texts) > 1:
        yield texts[0], texts[1]
    elif name in SPOKEN | REFUSALS and call.args:
        yield from (texts if isinstance(call.args[0], ast.IfExp) else texts[:1])
    if name in REFUSALS:
        yield from (text for one in call.keywords if one.arg == "errors" for text in _fields(one.value, named))


def _written(argument: ast.expr, named: dict[str, str]) -> Iterator[str]:
    if isinstance(argument, ast.Constant) and isinstance(argument.value, str) and argument.value:
        yield argument.value
    elif isinstance(argument, ast.Name) and argument.id in named:
        yield named[argument.id]
    elif isinstance(argument, ast.IfExp):
        yield from _written(argument.body, named)
        yield from _written(argument.orelse, named)


def _fields(errors: ast.expr, named: dict[str, str]) -> Iterator[str]:
    for pair in ast.walk(errors):
        if isinstance(pair, ast.Tuple) and len(pair.elts) == 2:
            yield from _written(pair.elts[1], named)


def _constants(tree: ast.Module) -> dict[str, str]:
    found = {}
    for node in tree.body:
        text = node.value if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) else None
        if isinstance(text, ast.Constant) and isinstance(text.value, str) and " " in text.value:
            found[node.targets[0].id] = text.value
    return found


def _imported(tree: ast.Module) -> dict[str, str]:
    found = {}
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and node.module and any(one.name.isupper() for one in node.names):
            path = ROOT / f"{node.module.replace('.', '/')}.py"
            known = _constants(ast.parse(path.read_text("utf-8"))) if path.exists() else {}
            found |= {one.asname or one.name: known[one.name] for one in node.names if one.name in known}
    return found


if __name__ == "__main__":
    sys.exit(main())
