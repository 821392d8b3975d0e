from __future__ import annotations

import re
from typing import Any

from storefront_trace.actions import concerns, feedback, questions, steps
from storefront_trace.actions.feedback import Answer
from storefront_trace.actions.steps import StepToLog
from storefront_trace.domain.clock import DAY, now_micros
from storefront_trace.domain.moments import from_micros, to_micros
from storefront_trace.storage import feedback as rows
from storefront_trace.web.wording import since_month_text
from tests.people import Shop
from tests.web.staff.test_thanks import said

SignIn = Any


async def lead(client: Any, language: str = "sv") -> str:
    found = re.search(r'<p class="lead">(.*?)</p>', (await client.get(f"/staff/thanks?lang={language}")).text)
    return found[1] if found else ""


async def test_few_thanks_are_words_and_more_are_counted(shop: Shop, signed_in: SignIn) -> None:
    anders = await signed_in("anders")
    assert await lead(anders) == ""
    month = since_month_text(now_micros(), "Europe/Stockholm", "sv", now=now_micros())
    await said(shop, "thanks", "Fint!", number="1")
    assert await lead(anders) == f"Kunder har tackat dig sedan {month}."
    for number in range(2, 6):
        await said(shop, "thanks", "Fint!", number=str(number))
    assert await lead(anders) == f"Fem tack sedan {month}; oftast: väl packat."
    assert (await lead(anders, "fi")).endswith("lähtien; useimmin: hyvin pakattu.")


async def test_nothing_on_the_page_is_about_a_colleague(shop: Shop, signed_in: SignIn) -> None:
    """Lisa packs beside Anders and has been thanked seven times as often."""
    await said(shop, "thanks", "Fint!", number="1")
    for number in range(2, 9):
        await said(shop, "thanks", "Vilken Lisa!", by="lisa", number=str(number))
    anders, jocke = await signed_in("anders"), await signed_in("jocke")
    for client in (anders, jocke):
        for path in ("/staff/thanks", "/staff/me"):
            main = (await client.get(f"{path}?lang=sv")).text.split("<main")[1].split("</main>")[0]
            assert not re.search(r"Lisa|Sam\b|[Ss]ju tack|[Åå]tta tack|\b[78] tack|snitt|bäst|flest", main)
    assert "Sju tack" in await lead(await signed_in("lisa"))


async def test_todays_thanks_stand_first(shop: Shop, signed_in: SignIn) -> None:
    old = await said(shop, "thanks", "I förrgår", number="1")
    async with shop.desk.db.write() as conn:
        await rows.update_feedback(conn, shop.id, old, created_at=now_micros() - 2 * DAY)
    await said(shop, "thanks", "I dag", number="2")
    text = (await (await signed_in("anders")).get("/staff/thanks?lang=sv")).text
    today, earlier = text.split('id="today"')[1].split('id="earlier"')
    assert "Dagens tack" in today and ">I dag<" in today and ">I förrgår<" in earlier


async def test_one_tap_answers_in_the_customers_language(shop: Shop, signed_in: SignIn) -> None:
    order_id = await shop.order()
    logged = await steps.log_step(shop.desk, shop.id, "1001", StepToLog("packed", by="anders"))
    await feedback.save_feedback(shop.desk, shop.id, order_id, logged.event.id, Answer("thanks", locale="fi"))
    anders = await signed_in("anders")
    await anders.post("/staff/me/words", data={"phrases": "Hälsa <alla>!"})
    text = (await anders.get("/staff/thanks?lang=sv")).text
    ready = re.findall(r'name="words" value="([^"]*)"><span><span lang="fi">', text)
    assert len(ready) == 3 and "Kiitos! Tämä piristi päivääni." in ready
    assert "<small>Tack! Det gör min dag.</small>" in text
    assert 'name="words" value="Hälsa &lt;alla&gt;!"' in text
    action = re.findall(r'<form class="ready" method="post" action="([^"]*)"', text)[0]
    assert (await anders.post(action, data={"words": ready[0]})).status_code == 303
    assert ready[0] in (await anders.get(f"/t/{await shop.token()}")).text
    assert 'class="ready"' not in (await anders.get("/staff/thanks")).text


async def test_nobody_answers_a_concern_with_a_ready_cheer(shop: Shop, signed_in: SignIn) -> None:
    one = await said(shop, "concern", "Lådan var onödigt stor.")
    await concerns.share_now(shop.desk, shop.id, one)
    text = (await (await signed_in("anders")).get("/staff/thanks")).text
    assert "onödigt stor" in text and "<small>" not in text and 'class="ready"' not in text


async def test_a_question_that_waits_is_told_of_with_how_long(shop: Shop, signed_in: SignIn) -> None:
    await said(shop, "thanks", "Fint!")
    await questions.ask(shop.desk, shop.id, (await shop.row()).id, "När kommer den?", locale="sv")
    text = (await (await signed_in("anders")).get("/staff/thanks?lang=sv")).text
    assert "1 fråga väntar på svar: har väntat" in text


def test_the_month_bends_where_the_language_bends_it() -> None:
    now = to_micros(from_micros(1_795_000_000_000_000))  # November 2026
    year = 365 * DAY
    told = [since_month_text(at, "Europe/Stockholm", "fi", now=now) for at in (now, now - year)]
    assert told == ["marraskuusta", "marraskuusta 2025"]
    assert since_month_text(now - year, "Europe/Stockholm", "sv", now=now) == "november 2025"
