"""Who works in the demo shop: what each has agreed to, and who may what."""

from __future__ import annotations

import re

import httpx2

from tests.demo.conftest import Demo


async def test_lisa_looks_after_customer_service_and_ulla_only_reads(demo: Demo, visitor: httpx2.AsyncClient) -> None:
    for link, leads_to in ((demo.links.manager, "/owner/concerns"), (demo.links.reader, "/owner/reports")):
        await visitor.post(link)
        assert (await visitor.get("/owner")).headers["location"].endswith(leads_to)
        visitor.cookies.clear()
    await visitor.post(demo.links.owner)
    listed = (await visitor.get("/owner/people?lang=en")).text
    assert "<b>Manager of a team, Customer service</b>" in listed and "<b>Reader</b>" in listed


async def test_the_words_that_anders_agreed_to_are_kept_with_what_he_agreed_to(
    demo: Demo, visitor: httpx2.AsyncClient
) -> None:
    await visitor.post(demo.links.owner)
    about = (await visitor.get("/owner/people/anders/about?lang=en")).text
    assert re.findall(r'<blockquote lang="sv">([^.]+)\.', about) == [
        "Huvud och axlar, med ljuset framifrån",
        "Ditt förnamn och din bild",
    ]
