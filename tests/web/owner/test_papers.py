"""The shop's papers: every figure from the settings, in every language, as a page and as a PDF."""

from __future__ import annotations

import subprocess
from itertools import product
from typing import Any

import pytest

from storefront_trace.actions import shops
from storefront_trace.domain.papers import PAPERS, Block, parse
from storefront_trace.domain.shop import LANGUAGES, Cast, Person
from storefront_trace.domain.shop import Shop as ShopRow
from storefront_trace.photos.document_pdf import written
from storefront_trace.photos.documents import Document
from storefront_trace.storage import shops as rows
from storefront_trace.web.owner.paper_facts import Known, facts_of, kept_blocks
from storefront_trace.web.page import Pages
from tests.people import Shop

PATH = "/owner/privacy/papers"
TOLD = {
    "controller": "Roliga Ting AB, 556677-8899",
    "address": "Storgatan 1, 222 22 Lund",
    "contact": "data@example.com",
    "host": "Glesys AB, Sverige",
}


def blocks(paper: str, language: str, **settings: Any) -> list[Block]:
    shop = ShopRow("a", "Roliga Ting", **settings)
    cast = Cast(shop, {"m": Person("m", "maria", "Maria", {})}, {}, {})
    facts = facts_of(cast, Known({"m"}, {"m"}, [], True, 30), language)
    text = Pages().render(language, f"papers/{paper}.{language}.txt", **facts)
    return list(parse(text, kept_blocks(shop, language)))


@pytest.mark.parametrize(("paper", "per_person"), list(product(PAPERS, (True, False))))
def test_a_paper_says_the_same_things_in_every_language(paper: str, per_person: bool) -> None:
    agreed = [{"on": True, "name": "Åsa Öhman", "day": "2026-11-20"}] if per_person else None
    for country in ("SE", "FI", "DK", "NO", "DE", "FR"):
        settings = {"country": country, "per_person": per_person, "agreed": agreed, "ask_hours": 24}
        english = [block.kind for block in blocks(paper, "en", **settings)]
        assert english[0] == "title"
        for language in LANGUAGES:
            found = blocks(paper, language, **settings)
            assert [block.kind for block in found] == english, (language, country)
            assert all(block.text and bool(block.term) == (block.kind == "row") for block in found), language
            assert not any(mark in block.text for block in found for mark in (" | ", "{", "}", "\n", "&lt;")), language


def test_each_country_has_its_own_law_and_its_own_authority() -> None:
    for country, law, authority in (
        ("SE", "MBL", "IMY"),
        ("FI", "759/2004", "tietosuoja.fi"),
        ("DK", "six weeks", "datatilsynet.dk"),
        ("NO", "9-2", "datatilsynet.no"),
        ("DE", "BetrVG", "the data protection authority of the shop's country"),
        (None, "Article 88", "the data protection authority of the shop's country"),
    ):
        text = " ".join(block.text for block in blocks("notice", "en", country=country))
        assert law in text and authority in text


def test_what_somebody_typed_cannot_begin_a_part_of_its_own() -> None:
    found = blocks("record", "en", papers={**TOLD, "controller": "# Roliga <b>&\n- Ting | AB"})
    [row] = [block for block in found if block.term == "Controller"]
    assert row.text.startswith("# Roliga <b>& - Ting | AB, Storgatan 1")


async def test_every_figure_is_the_shop_s_own_of_this_moment(shop: Shop, signed_in: Any) -> None:
    owner = await signed_in("olga")
    await shops.set_face(shop.desk, shop.id, fade_days=17, link_days=41, words_months=7, share_days=3, ask_hours=36)
    notice, record = [(await owner.get(f"{PATH}/{one}?lang=en")).text for one in ("notice", "record")]
    assert "17\xa0days after the order came home" in notice and "7\xa0months" in notice
    assert "at the latest 3\xa0days after it was said" in notice and "Olga" in notice
    assert "41\xa0days after the order came home" in record and "once, 36\xa0hours after" in record
    assert "7\xa0months; what was chosen stays counted" in record
    await shops.set_face(shop.desk, shop.id, ask_hours=None, share_days=0)
    assert "which is at once" in (await owner.get(f"{PATH}/notice?lang=en")).text
    assert "would say, once" not in (await owner.get(f"{PATH}/record?lang=en")).text


async def test_what_only_the_shop_knows_is_asked_for_and_then_stands_in_every_paper(shop: Shop, signed_in: Any) -> None:
    owner = await signed_in("olga")
    assert "4 things are missing that only you can say." in (await owner.get(f"{PATH}?lang=en")).text
    assert "[to be filled in by the shop]" in (await owner.get(f"{PATH}/notice?lang=en")).text
    assert (await owner.post(PATH, data=TOLD)).headers["location"] == f"{PATH}?said=papers"
    html = (await owner.get(f"{PATH}?lang=en")).text
    assert "missing" not in html and 'value="Roliga Ting AB, 556677-8899"' in html
    for paper in ("notice", "record", "dpia"):
        text = (await owner.get(f"{PATH}/{paper}?lang=sv")).text
        assert "Roliga Ting AB, 556677-8899" in text and "Utkast" in text
    assert "[to be filled in by the shop]" not in (await owner.get(f"{PATH}/notice?lang=en")).text


async def test_what_is_too_long_is_refused_where_it_was_typed(shop: Shop, signed_in: Any) -> None:
    owner = await signed_in("olga")
    answer = await owner.post(f"{PATH}?lang=en", data={**TOLD, "address": "x" * 201})
    assert answer.status_code == 422 and 'href="#address"' in answer.text and "data@example.com" in answer.text
    async with shop.desk.db.read() as conn:
        assert (await rows.get_shop(conn, shop.id)).papers is None


async def test_a_pdf_has_the_paper_s_words_as_text(shop: Shop, signed_in: Any) -> None:
    owner = await signed_in("olga")
    answer = await owner.get(f"{PATH}/notice.pdf?lang=fi")
    assert answer.headers["content-type"] == "application/pdf" and answer.content.startswith(b"%PDF-")
    assert 'filename="notice-fi-' in answer.headers["content-disposition"]
    assert answer.headers["content-language"] == "fi" and answer.headers["cache-control"] == "no-store"
    assert (await owner.get(f"{PATH}/nothing.pdf")).status_code == 404


def test_a_long_paper_runs_over_pages_that_say_which_they_are() -> None:
    found = [Block("title", "Långt"), *(Block("row", f"ord {n} " * 60, f"Sak {n}") for n in range(60))]
    document = Document("sv", "Långt", "Utkast", "Roliga Ting", "Sida %(page)s av %(pages)s", tuple(found))
    pdf = written(document)
    pages = pdf.count(b"/Type /Page\n")
    assert pages > 5 and len(pdf) < 400_000
    text = _text_of(pdf)
    if text is not None:
        assert f"Sida 2 av {pages}" in text and "Sak 59" in text and "ord 59" in text


def test_letters_that_the_fonts_lack_do_not_stop_a_paper() -> None:
    document = Document(
        "sv", "中文", "🎉", "中文", "%(page)s/%(pages)s", (Block("title", "中文"), Block("row", "中文", "x"))
    )
    assert written(document).startswith(b"%PDF-")


def _text_of(pdf: bytes) -> str | None:
    """Where there is a reader of PDFs."""
    try:
        found = subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True)
    except FileNotFoundError:
        return None
    return found.stdout.decode()
