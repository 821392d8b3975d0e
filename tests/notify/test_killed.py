"""A process that is killed at the worst moment: no mail is lost, and one that went out twice can be seen to be one."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from starlette.applications import Starlette

from storefront_trace.actions import follow
from storefront_trace.actions.steps import correct_event
from storefront_trace.config import MailServer, Settings
from storefront_trace.notify import sender
from storefront_trace.storage.tables import notice
from tests.notify.postman import Postman, post_office
from tests.people import Shop
from tests.shops import SECRET

ROOT = Path(__file__).parents[2]
CHILD = """
import asyncio, os, signal, sys
from pathlib import Path
from storefront_trace import config
from storefront_trace.actions.steps import StepToLog, log_step
from storefront_trace.app import create_app
from storefront_trace.notify import sender

async def main():
    settings = config.load(dict(os.environ), Path(sys.argv[2]))
    app = create_app(settings)
    async with app.router.lifespan_context(app):
        if sys.argv[1] == "log":
            await log_step(app.state.desk, sys.argv[3], "1001", StepToLog("packed", "anders"))
            os.kill(os.getpid(), signal.SIGKILL)
        await sender.send_due(app.state.desk, settings, app.state.voice)

asyncio.run(main())
"""


@pytest.fixture
def server(postman: Postman) -> Iterator[MailServer]:
    with post_office(postman) as found:
        yield found


@pytest.fixture
def settings(settings: Settings, server: MailServer) -> Settings:
    return replace(settings, smtp=server)


@pytest.fixture(autouse=True)
async def followed(shop: Shop) -> None:
    order_id = await shop.order()
    await follow.follow_by_mail(shop.desk, shop.id, order_id, email="", wants="all", locale="sv")


async def child(
    what: str, shop: Shop, url: str, server: MailServer, folder: Path, postman: Postman | None = None
) -> int:
    """Ends with the signal that killed it: with a postman, when he has the mail and before he says so."""
    environ = {"DATABASE_URL": url, "SECRET_KEY": SECRET, "SMTP_URL": f"smtp://127.0.0.1:{server.port}"}
    environ |= {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
    arguments = (sys.executable, "-c", CHILD, what, str(folder), shop.id)
    process = await asyncio.create_subprocess_exec(*arguments, env=environ, cwd=ROOT)
    if postman is not None:
        postman.taken = lambda: os.kill(process.pid, signal.SIGKILL)
    return await process.wait()


async def time_passes(shop: Shop) -> None:
    """The step has waited its seconds, and what the dead had claimed is free."""
    async with shop.desk.db.write() as conn:
        await conn.execute(sa.update(notice).values(due_at=0, claimed_until=None))


async def test_killed_between_writing_the_step_and_sending_the_mail_nothing_is_lost(
    app: Starlette,
    shop: Shop,
    settings: Settings,
    postman: Postman,
    server: MailServer,
    database_url: str,
    tmp_path: Path,
) -> None:
    assert await child("log", shop, database_url, server, tmp_path) == -signal.SIGKILL
    assert [event.step for event in await shop.events()][-1] == "packed"
    await time_passes(shop)
    await sender.send_due(shop.desk, settings, app.state.voice)
    await sender.send_due(shop.desk, settings, app.state.voice)
    assert len(postman.mails) == 1


async def test_killed_while_the_mail_server_takes_it_the_mail_comes_again_under_the_same_id(
    app: Starlette,
    shop: Shop,
    settings: Settings,
    postman: Postman,
    server: MailServer,
    database_url: str,
    tmp_path: Path,
) -> None:
    await child("log", shop, database_url, server, tmp_path)
    await time_passes(shop)
    assert await child("send", shop, database_url, server, tmp_path, postman) == -signal.SIGKILL
    postman.taken = lambda: None
    assert len(postman.mails) == 1
    assert await sender.send_due(shop.desk, settings, app.state.voice) == 0  # the dead one's claim still stands
    await time_passes(shop)
    await sender.send_due(shop.desk, settings, app.state.voice)
    assert await sender.send_due(shop.desk, settings, app.state.voice) == 0
    first, second = postman.mails
    assert first["Message-ID"] == second["Message-ID"]


@pytest.mark.parametrize("free", [False, True])
async def test_killed_before_the_mail_is_marked_as_sent_it_is_set_right_when_its_step_is_taken_back(
    app: Starlette,
    shop: Shop,
    settings: Settings,
    postman: Postman,
    server: MailServer,
    database_url: str,
    tmp_path: Path,
    free: bool,
) -> None:
    await child("log", shop, database_url, server, tmp_path)
    await time_passes(shop)
    assert await child("send", shop, database_url, server, tmp_path, postman) == -signal.SIGKILL
    postman.taken = lambda: None
    packed = [event for event in await shop.events() if event.step == "packed"][-1]
    if free:
        await the_claim_ends(shop)
    await correct_event(shop.desk, shop.id, "1001", packed.id, by="anders", source="staff")
    await the_claim_ends(shop)
    for _ in range(3):
        await sender.send_due(shop.desk, settings, app.state.voice)
        await the_claim_ends(shop)
    assert [str(mail["Subject"]).split(":")[0] for mail in postman.mails] == ["Packad", "En rättelse"]


async def the_claim_ends(shop: Shop) -> None:
    async with shop.desk.db.write() as conn:
        await conn.execute(sa.update(notice).values(due_at=0))
        await conn.execute(sa.update(notice).where(notice.c.claimed_until.is_not(None)).values(claimed_until=1))
