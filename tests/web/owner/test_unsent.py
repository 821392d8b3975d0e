"""Where no mail server is set up no page promises a mail, and each says how one is set up."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from starlette.applications import Starlette

from storefront_trace.config import MailServer
from tests.people import Shop

EXAMPLE = "<code>SMTP_URL=smtp://orders:password@mail.example.com:587</code>"


def set_up(app: Starlette, there: bool) -> None:
    app.state.settings = replace(app.state.settings, smtp=MailServer("127.0.0.1", 1, tls=False) if there else None)


@pytest.mark.parametrize("there", [False, True])
async def test_a_mail_is_promised_where_mails_go_out(app: Starlette, shop: Shop, signed_in: Any, there: bool) -> None:
    await shop.session("anders")
    owner = await signed_in("olga")
    set_up(app, there)
    about = (await owner.get("/owner/people/anders/about?lang=en")).text
    assert "needs a new sign-in link" in about and ("The other owners get a mail." in about) is there
    safety = (await owner.get("/owner/safety?lang=en")).text
    assert ("gets hold of your mail" in safety) is there and ("gets hold of your sign-in link" in safety) is not there


@pytest.mark.parametrize("there", [False, True])
@pytest.mark.parametrize(("path", "form"), [("/owner/needs", {"hour": "7"}), ("/owner/friday", {"friday": "1"})])
async def test_what_is_chosen_by_mail_says_when_nothing_goes_out_and_how_it_would(
    app: Starlette, shop: Shop, signed_in: Any, path: str, form: dict[str, str], there: bool
) -> None:
    owner = await signed_in("olga")
    set_up(app, there)
    answer = await owner.post(f"{path}/mail", data=form)
    assert answer.headers["location"] == f"{path}?said={'saved' if there else 'saved-unsent'}#mail"
    html = (await owner.get(f"{path}?said=saved-unsent&lang=en")).text
    assert "Saved. No mail goes out until" in html and (EXAMPLE in html) is not there
