from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine
from starlette.applications import Starlette

from storefront_trace.actions import factor
from storefront_trace.config import Settings
from storefront_trace.domain.errors import NotAllowed
from storefront_trace.domain.factor import MOST_WRONG
from tests.actions.authenticator_app import App, pending, session_of, set_up
from tests.notify.test_questions import mail
from tests.people import Shop


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    with time_machine.travel(datetime(2026, 11, 22, 12, tzinfo=UTC), tick=False):
        yield


@pytest.fixture
async def armed(shop: Shop) -> tuple[App, list[str]]:
    return await set_up(shop, await session_of(shop))


async def test_an_owner_reads_that_codes_were_switched_on_and_what_to_do_if_it_was_not_her(
    app: Starlette, shop: Shop, settings: Settings, armed: tuple[App, list[str]]
) -> None:
    message, text = await mail(app, shop, settings, "factor_changed")
    assert (message["To"], message["Subject"]) == ("olga@example.com", "Koder vid inloggning är på")
    assert "Var det inte du?" in text and "/owner/safety" in text and "Linux · Firefox" in text.replace("\xa0", " ")
    assert not [code for code in armed[1] if code in text]


async def test_an_owner_reads_that_a_recovery_code_was_used_and_how_many_are_left(
    app: Starlette, shop: Shop, settings: Settings, armed: tuple[App, list[str]]
) -> None:
    await factor.finish_signin(shop.desk, await pending(shop), armed[1][0], device="Android · Chrome", days=1)
    message, text = await mail(app, shop, settings, "recovery_used")
    assert message["To"] == "olga@example.com" and armed[1][0] not in text
    assert "Reservkoder kvar: 9." in text.replace("\xa0", " ")


async def test_an_owner_reads_that_somebody_guesses_and_has_her_link(
    app: Starlette, shop: Shop, settings: Settings, armed: tuple[App, list[str]]
) -> None:
    token = await pending(shop)
    for _ in range(MOST_WRONG):
        with pytest.raises(NotAllowed):
            await factor.finish_signin(shop.desk, token, armed[0].wrong(), device="", days=1)
    message, text = await mail(app, shop, settings, "code_locked")
    assert (message["To"], message["Subject"]) == ("olga@example.com", "En kod för dig var fel fem gånger i rad")
    assert "inloggningslänkar" in text and armed[0].wrong() not in text
