"""A process that is killed at the worst moment: no mail is lost, and one that went out twice can be seen to be one."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path

import pytest
import sqlalchemy as sa
from starlette.applications import Starlette

from storefront_trace.actions import follow
from storefront_trace.actions.corrections import correct_event
from storefront_trace.actions.steps import StepToLog, log_step
from storefront_trace.config import MailServer, Settings
from storefront_trace.domain.clock import SECOND, now_micros
from storefront_trace.notify import sender
from storefront_trace.storage import outbox
from storefront_trace.storage.outbox import Notice
from storefront_trace.storage.tables import notice
from tests.notify.postman import Postman, post_office
from tests.patience import PATIENCE
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
    await log_step(shop.desk, shop.id, "1001", StepToLog("packed", "anders"))
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


async def test_the_mails_of_a_dead_senders_batch_go_within_about_a_minute(
    app: Starlette, shop: Shop, settings: Settings, postman: Postman, monkeypatch: pytest.MonkeyPatch
) -> None:
    await two_mails(shop)
    assert len(await sender._claim(shop.desk, ["mail"])) == 2  # and it dies
    monkeypatch.setattr(sender, "now_micros", later(65 * SECOND))
    assert await sender.send_due(shop.desk, settings, app.state.voice) == 2
    assert len(postman.mails) == 2


async def test_a_slow_sender_that_lives_loses_nothing_that_it_has_claimed_to_another_one(
    app: Starlette, shop: Shop, settings: Settings, postman: Postman, monkeypatch: pytest.MonkeyPatch
) -> None:
    await two_mails(shop)
    deliver, passed, taken = sender._deliver, [0], []

    async def slowly(server: MailServer, message: EmailMessage) -> None:
        for _ in range(3):  # each nearly as long as the claim stands: more than it stands together
            passed[0] += 50 * SECOND
            await renewed(shop, sender.now_micros() + 50 * SECOND)
            taken.extend(await sender._claim(shop.desk, ["mail"]))
        await deliver(server, message)

    start = now_micros()
    monkeypatch.setattr(sender, "now_micros", lambda: start + passed[0])
    monkeypatch.setattr(sender, "RENEW", 0.01)
    monkeypatch.setattr(sender, "_deliver", slowly)
    assert await sender.send_due(shop.desk, settings, app.state.voice) == 2
    assert taken == [] and len(postman.mails) == 2
    assert await sender.send_due(shop.desk, settings, app.state.voice) == 0


@pytest.mark.parametrize("taken", [True, False])
async def test_a_sender_that_slept_longer_than_its_claim_stands_sends_nothing_of_it(
    app: Starlette,
    shop: Shop,
    settings: Settings,
    postman: Postman,
    monkeypatch: pytest.MonkeyPatch,
    taken: bool,
) -> None:
    await two_mails(shop)
    claimed = await sender._claim(shop.desk, ["mail"])
    monkeypatch.setattr(sender, "now_micros", later(65 * SECOND))
    others = await sender._claim(shop.desk, ["mail"]) if taken else []

    async def sends(_: Notice) -> None:
        raise AssertionError("It is another's by now.")

    for one in claimed:
        await sender._send(shop.desk, one, sends)
    await sender._later(shop.desk, claimed[0], "A server that answers at last")
    async with shop.desk.db.read() as conn:
        still = [await outbox.find_claimed(conn, one, sender.now_micros()) for one in others]
    assert None not in still


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
    await log_step(shop.desk, shop.id, "1001", StepToLog("packed", "anders"))
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


async def two_mails(shop: Shop) -> None:
    for step in ("picked", "packed"):
        await log_step(shop.desk, shop.id, "1001", StepToLog(step, "anders"))
    await time_passes(shop)


def later(micros: int) -> Callable[[], int]:
    then = now_micros() + micros
    return lambda: then


async def renewed(shop: Shop, until: int) -> None:
    """All that is claimed stands as long as that."""
    query = sa.select(sa.func.min(notice.c.claimed_until)).where(notice.c.claimed_until.is_not(None))
    async with asyncio.timeout(PATIENCE):
        while True:
            async with shop.desk.db.read() as conn:
                if int((await conn.execute(query)).scalar_one()) >= until:
                    return
            await asyncio.sleep(0)


async def the_claim_ends(shop: Shop) -> None:
    async with shop.desk.db.write() as conn:
        await conn.execute(sa.update(notice).values(due_at=0))
        await conn.execute(sa.update(notice).where(notice.c.claimed_until.is_not(None)).values(claimed_until=1))
