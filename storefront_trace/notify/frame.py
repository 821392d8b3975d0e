"""A letter in its frame: the shop's name and colour around it, as HTML and as plain text."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import jinja2

from storefront_trace.domain.breaks import headed, paired
from storefront_trace.domain.colours import palette
from storefront_trace.languages import Catalogue, catalogue
from storefront_trace.notify.letters import Letter, Office

PACKAGE = Path(__file__).parent.parent
# Mail programs know no `quotes: auto`.
QUOTES = {"sv": "””", "fi": "””", "de": "„“", "nb": "«»", "da": "»«"}
TEMPLATES = PACKAGE / "templates" if (PACKAGE / "templates").is_dir() else PACKAGE.parent / "templates"


def framed(office: Office, kind: str, letter: Letter) -> tuple[str, str]:
    """(plain text, HTML). A shop's own `email/KIND.html` or `.txt` comes before the frame that all kinds share."""
    shop = office.shop
    context = {
        "letter": _unbroken(letter),
        "language": office.language,
        "quotes": QUOTES.get(office.language, "“”"),
        "shop_name": shop.name,
        "logo": f"{office.settings.public_url}/media/{shop.logo}-320.png" if shop.logo else None,
        "day": palette(shop.brand),
        "night": palette(shop.brand, "dark"),
    }
    environment = _environment(office.settings.templates_dir, catalogue(office.language))
    plain, html = (
        environment.select_template([f"email/{kind}.{form}", f"email/letter.{form}"]).render(context)
        for form in ("txt", "html")
    )
    return plain, html


def _unbroken(letter: Letter) -> Letter:
    """With dates and clocks that stay on one line. What somebody wrote stays as they wrote it."""
    return replace(
        letter,
        heading=headed(letter.heading),
        lines=tuple(paired(line) for line in letter.lines),
        plan=tuple((term, paired(day), text) for term, day, text in letter.plan),
        parts=tuple(
            replace(part, items=tuple(replace(item, text=paired(item.text)) for item in part.items))
            for part in letter.parts
        ),
        after=tuple(paired(line) for line in letter.after),
    )


@cache
def _environment(own: Path | None, texts: Catalogue) -> jinja2.Environment:
    folders = [folder for folder in (own, TEMPLATES) if folder is not None]
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(folders),
        autoescape=jinja2.select_autoescape(["html"]),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        extensions=["jinja2.ext.i18n"],
    )
    environment.install_gettext_callables(texts.gettext, texts.ngettext, newstyle=True)  # type: ignore[attr-defined]
    return environment
