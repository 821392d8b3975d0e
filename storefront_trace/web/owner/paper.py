"""/owner/privacy/papers/{paper}: one of the shop's papers as a page, or as a PDF; a draft of this day either way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from storefront_trace.domain.clock import now_micros
from storefront_trace.domain.errors import N_, NotFound
from storefront_trace.domain.moments import day_of
from storefront_trace.domain.papers import PAPERS, Block, parse
from storefront_trace.domain.shop import Cast
from storefront_trace.photos.documents import Document
from storefront_trace.web.languages import NAMES
from storefront_trace.web.owner.base import frame, language_of, show, texts
from storefront_trace.web.owner.paper_facts import facts_of, kept_blocks, read_known, today_text

PATH = "/owner/privacy/papers"
# A PDF may lie in a browser's own viewer, which our pages' policy would keep empty. It runs nothing of ours.
PDF_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; img-src data: blob:; "
    "frame-ancestors 'none'",
}
DRAFT = N_("Draft of %(day)s, filled in from the shop's settings of that day. The shop checks it before it is used.")


async def show_paper(request: Request) -> Response:
    """In the page's language, or that of `?lang=`."""
    paper, language = _paper_of(request), language_of(request)
    title, *blocks = await _blocks(request, paper)
    context = {
        "draft": _draft(request),
        "groups": groups(blocks),
        "pdf": f"{PATH}/{paper}.pdf?lang={language}",
        "languages": [
            {"lang": one, "name": name, "url": f"{PATH}/{paper}?lang={one}", "here": one == language}
            for one, name in NAMES.items()
        ],
    }
    return show(request, "paper", frame(request, title.text, "shop") | context)


async def show_pdf(request: Request) -> Response:
    paper = _paper_of(request)
    return await pdf_of(request, paper, await _blocks(request, paper))


async def pdf_of(request: Request, name: str, blocks: Sequence[Block]) -> Response:
    """The first of the blocks is the title."""
    cast: Cast = request.state.cast
    language, title = language_of(request), blocks[0].text
    day = today_text(cast.shop, language)
    document = Document(
        language=language,
        title=title,
        draft=_draft(request),
        foot=f"{cast.shop.name} · {title} · {day}",
        page_of=texts(request).gettext("Page %(page)s of %(pages)s"),
        blocks=tuple(blocks),
    )
    pdf: bytes = await request.app.state.document_worker.write(document)
    file = f"{name}-{language}-{day_of(now_micros(), cast.shop.zone)}.pdf"
    headers = {**PDF_HEADERS, "Content-Disposition": f'inline; filename="{file}"', "Content-Language": language}
    return Response(pdf, media_type="application/pdf", headers=headers)


def groups(blocks: Iterable[Block]) -> list[dict[str, Any]]:
    """Items and rows that follow each other are one list."""
    return [{"kind": kind, "blocks": list(found)} for kind, found in groupby(blocks, lambda block: block.kind)]


async def _blocks(request: Request, paper: str) -> list[Block]:
    cast: Cast = request.state.cast
    known, language = await read_known(request), language_of(request)
    facts = facts_of(cast, known, language)
    text = request.app.state.pages.render(language, f"papers/{paper}.{language}.txt", **facts)
    return list(_titled(parse(text, kept_blocks(cast.shop, language)), paper))


def _titled(blocks: Iterator[Block], paper: str) -> Iterator[Block]:
    """A shop's own template may have forgotten its title."""
    first = next(blocks, None)
    if first is None or first.kind != "title":
        yield Block("title", paper)
    if first is not None:
        yield first
    yield from blocks


def _draft(request: Request) -> str:
    shop = request.state.cast.shop
    return texts(request).say(DRAFT, day=today_text(shop, language_of(request)))


def _paper_of(request: Request) -> str:
    paper = str(request.path_params["paper"])
    if paper not in PAPERS:
        raise NotFound("There is no such paper.")
    return paper
