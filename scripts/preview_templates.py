"""Draw every template with sample contexts, to look at: at 390 and 1280, light and dark, Swedish and English.

    python scripts/preview_templates.py OUT_DIR [--pics DIR] [--only track,queue] [--axe axe.min.js] [--quick]

For development only. Needs playwright and a Chromium; the pages are served on a free loopback port with the product's
Content-Security-Policy, so that a forbidden style or script shows as an error here and not at a customer's.
"""

from __future__ import annotations

import argparse
import asyncio
import io
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from playwright.async_api import Browser, Page, async_playwright

ROOT = Path(__file__).resolve().parent.parent
STATIC = ROOT / "storefront_trace" / "static"
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; font-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
KINDS = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".woff2": "font/woff2"}

sys.path.insert(0, str(ROOT / "scripts"))
from preview import customer, owner, staff  # noqa: E402

LOOKS = [(w, scheme, lang) for lang in ("sv", "en") for scheme in ("light", "dark") for w in (390, 1280)]


def main() -> None:
    options = _options()
    options.out.mkdir(parents=True, exist_ok=True)
    pages = render_all(options.only)
    server = _serve(pages, options.pics)
    try:
        asyncio.run(_draw(pages, f"http://127.0.0.1:{server.server_port}", options))
    finally:
        server.shutdown()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--pics", type=Path, default=ROOT / "media", help="folder with anders.svg, jocke.svg …")
    parser.add_argument("--only", default="", help="names, separated by commas")
    parser.add_argument("--axe", type=Path, help="axe.min.js of axe-core")
    parser.add_argument("--quick", action="store_true", help="390 and 1280 light in Swedish alone")
    parser.add_argument("--chromium", default="/usr/bin/chromium")
    return parser.parse_args()


def environment(lang: str) -> Environment:
    env = Environment(
        loader=FileSystemLoader(ROOT / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    env.globals["static"] = lambda name: f"/static/{name}"
    env.install_gettext_translations(_translations(lang), newstyle=True)  # type: ignore[attr-defined]
    return env


def render_all(only: str = "") -> dict[str, str]:
    wanted = set(filter(None, only.split(",")))
    pages = {}
    for lang in ("sv", "en"):
        env = environment(lang)
        for module in MODULES:
            for name, (template, page) in module.samples(lang).items():
                if not wanted or name in wanted:
                    pages[f"{name}.{lang}"] = env.get_template(template).render(page=page)
    return pages


MODULES: list[Any] = [customer, staff, owner]


def _translations(lang: str) -> Translations:
    path = ROOT / "storefront_trace" / "locale" / lang / "LC_MESSAGES" / "messages.po"
    if not path.exists():
        return Translations()
    compiled = io.BytesIO()
    with path.open("rb") as source:
        write_mo(compiled, read_po(source, locale=lang))
    compiled.seek(0)
    return Translations(compiled)


def _serve(pages: dict[str, str], pics: Path) -> ThreadingHTTPServer:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = self.path.partition("?")[0]
            kind, body = _answer(path, pages, pics)
            self.send_response(200 if body else 404)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Security-Policy", CSP)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def _answer(path: str, pages: dict[str, str], pics: Path) -> tuple[str, bytes]:
    if path.startswith("/brand/"):
        return "text/css", f":root{{--brand:#{path[7:13]}}}".encode()
    if path.endswith("/live"):
        return "text/event-stream", b": nothing\n\n"
    for prefix, folder in (("/static/", STATIC), ("/pics/", pics)):
        file = folder / path.removeprefix(prefix)
        if path.startswith(prefix) and file.is_file():
            return KINDS.get(file.suffix, "application/octet-stream"), file.read_bytes()
    return "text/html; charset=utf-8", pages.get(path.strip("/"), "").encode()


async def _draw(pages: dict[str, str], base: str, options: argparse.Namespace) -> None:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=options.chromium, args=["--no-sandbox", "--disable-background-networking"]
        )
        for width, scheme, lang in LOOKS[:2] if options.quick else LOOKS:
            await _draw_look(browser, pages, base, options, (width, scheme, lang))
        await browser.close()


async def _draw_look(
    browser: Browser, pages: dict[str, str], base: str, options: argparse.Namespace, look: tuple[int, str, str]
) -> None:
    width, scheme, lang = look
    size = {"width": width, "height": 844 if width < 700 else 900}
    context = await browser.new_context(viewport=size, color_scheme=scheme, bypass_csp=bool(options.axe))  # type: ignore[arg-type]
    page = await context.new_page()
    page.on("console", lambda m: print("console:", m.text) if m.type == "error" else None)
    for name in [n for n in pages if n.endswith(f".{lang}")]:
        await page.goto(f"{base}/{name}")
        await page.evaluate("document.fonts.ready")
        await page.screenshot(path=options.out / f"{name}.{width}.{scheme}.png", full_page=True)
        await _check(page, name, look, options.axe)
    await context.close()


async def _check(page: Page, name: str, look: tuple[int, str, str], axe: Path | None) -> None:
    wide = await page.evaluate("document.documentElement.scrollWidth - innerWidth")
    if wide > 0:
        print(f"{name} {look}: {wide} px wider than the window")
    if axe:
        await page.add_script_tag(path=axe)
        for violation in (await page.evaluate("axe.run()"))["violations"]:
            print(f"{name} {look}: {violation['id']}", [n["html"][:140] for n in violation["nodes"]][:3])


if __name__ == "__main__":
    main()
