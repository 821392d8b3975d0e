"""Rendering: `render(language, template, **context)` and the response around it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import escape
from starlette.requests import Request
from starlette.responses import HTMLResponse

from storefront_trace.web.languages import Catalogue, catalogue
from storefront_trace.web.wording import soft

PACKAGE = Path(__file__).parent.parent
STATIC = PACKAGE / "static"
LOCALE = PACKAGE / "locale"
TEMPLATES = PACKAGE / "templates" if (PACKAGE / "templates").is_dir() else PACKAGE.parent / "templates"


class Pages:
    """One Jinja environment per language, since gettext is a global of each. A shop's own folder comes first.

    `version` changes with every text, template and style: a page that a browser kept from before an update is stale.
    """

    def __init__(self, own_templates: Path | None = None) -> None:
        self._folders = [folder for folder in (own_templates, TEMPLATES) if folder is not None]
        self._environments: dict[str, jinja2.Environment] = {}
        self._templates: dict[tuple[str, str], jinja2.Template] = {}
        self.version = _shipped() + (_fingerprint(own_templates) if own_templates else "")

    def template(self, language: str, name: str) -> jinja2.Template:
        found = self._templates.get((language, name))
        if found is None:
            environment = self._environments.get(language)
            if environment is None:
                environment = self._environments[language] = self._environment(language)
            found = self._templates[language, name] = environment.get_template(name)
            # Copied for every page: of a chain of dicts, as it is, that takes ten times as long.
            found.globals = dict(found.globals)
        return found

    def render(self, language: str, name: str, **context: Any) -> str:
        return self.template(language, name).render(context)

    def _environment(self, language: str) -> jinja2.Environment:
        texts = catalogue(language)
        environment = jinja2.Environment(
            loader=_Spoken(self._folders, texts),
            autoescape=jinja2.select_autoescape(disabled_extensions=("txt",), default=True),
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
            extensions=["jinja2.ext.i18n"],
        )
        environment.install_gettext_callables(texts.gettext, texts.ngettext, newstyle=True)  # type: ignore[attr-defined]
        environment.globals["static"] = static
        environment.filters["soft"] = soft
        return environment


class _Spoken(jinja2.FileSystemLoader):
    """Puts texts without parameters in when a template is read: on the tracking page looking up each of them again for
    every visitor cost as much as reading the order. So are the drawings that a sprite names."""

    _TEXT = re.compile(r'\{\{ _\("([^"%{}\\]+)"\) \}\}')
    _NAMED = re.compile(r'\{\{ drawings\("([a-z -]+)"\) \}\}')
    _DRAWN = re.compile(r'^<\w+ id="i-([a-z-]+)".*$', re.MULTILINE)

    def __init__(self, folders: list[Path], texts: Catalogue) -> None:
        super().__init__(folders)
        self._texts = texts

    def get_source(self, environment: jinja2.Environment, template: str) -> tuple[str, str, Callable[[], bool]]:
        source, path, fresh = super().get_source(environment, template)
        if "{{ drawings(" in source:
            known, _, _ = super().get_source(environment, "icons/drawings.html")
            drawn = {one[1]: one[0] for one in self._DRAWN.finditer(known)}
            source = self._NAMED.sub(lambda one: "\n".join(drawn[name] for name in one[1].split()), source)
        return self._TEXT.sub(self._say, source), path, fresh

    def _say(self, match: re.Match[str]) -> str:
        said = self._texts.gettext(match[1])
        return match[0] if "{" in said else str(escape(said))


def page(
    request: Request, name: str, /, status: int = 200, language: str | None = None, **context: Any
) -> HTMLResponse:
    """A page for one person: never stored by anything on the way. `language` defaults to what the gate chose."""
    language = language or request.scope.get("language") or "en"
    text = request.app.state.pages.render(language, name, **context)
    headers = {"Cache-Control": "no-store", "Vary": "Accept-Language", "Content-Language": language}
    return HTMLResponse(text, status, headers)


@cache
def build() -> str:
    """Changes with any of the static files: it stands in their URLs, so that a browser may keep them for ever."""
    return _fingerprint(STATIC)


@cache
def _shipped() -> str:
    return _fingerprint(TEMPLATES, STATIC, LOCALE)


def _fingerprint(*folders: Path) -> str:
    seen = hashlib.sha256()
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                seen.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
    return seen.hexdigest()[:12]


@cache
def static(name: str) -> str:
    if not (STATIC / name).is_file():
        raise FileNotFoundError(f"There is no static file {name}.")
    return f"/static/{build()}/{name}"


def look(brand: str) -> str:
    """app.css in a shop's colour, "#1f6b52". One file, for nothing is drawn before the last style sheet is there, and
    a second one cost a connection of its own."""
    return f"/static/{build()}/app-{brand.removeprefix('#')}.css"
