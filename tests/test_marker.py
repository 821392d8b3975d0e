"""After an erasure a word that stood in every field is found nowhere: not in the database, not in any file of the data
folder with its log and free pages, not in what is logged, and on no page."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx2
import pytest
from starlette.applications import Starlette
from structlog.testing import capture_logs

from storefront_trace.actions.steps import StepToLog, log_step
from storefront_trace.domain.clock import now_micros
from storefront_trace.domain.following import fingerprint
from storefront_trace.domain.ids import new_id
from storefront_trace.domain.incoming import IncomingLine
from storefront_trace.domain.orders import Parcel
from storefront_trace.domain.texts import folded
from storefront_trace.storage import accounts
from storefront_trace.storage import shops as shop_rows
from tests.earlier import copy_of
from tests.patience import PATIENCE
from tests.people import Shop
from tests.planted import CUSTOMERS, MARK, PEOPLES, mark, plant, unplanned
from tests.test_serve import client as to
from tests.test_serve import serving

ADDRESS = f"{MARK}@example.com".lower()
PHOTO, PORTRAIT = "ab" * 16, "cd" * 16
THINGS = (
    IncomingLine("1", f"Mugg med texten {MARK}", 2, variant=MARK, sku=MARK, image_url=f"https://x.example/{MARK}.png"),
    IncomingLine("2", "Igelkottslampa", 1, backordered=1),
)
PARCEL = Parcel(f"parcel:{MARK}", "PostNord", MARK, f"https://x.example/{MARK}")
KEY = f"order:1:parcel:{MARK}:shipped@1.0"  # as WooCommerce's parcels are known again
CUSTOMER = ("", ".json", "/card.png", "/strip.png", "/embed")


def test_every_text_in_every_table_is_planted_or_said_to_stay() -> None:
    """Whoever adds a column says here whether it goes with a customer or a person."""
    assert unplanned() == []


async def everywhere(app: Starlette, shop: Shop, folder: Path) -> list[str]:
    """Where the mark is found."""
    found = [name for name, rows in (await copy_of(shop.desk.db)).items() if has(json.dumps(rows, default=_text))]
    return found + [path.name for path in folder.rglob("*") if path.is_file() and has(path.read_bytes())]


def _text(value: object) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)


def has(what: str | bytes) -> bool:
    return (MARK.lower().encode() if isinstance(what, bytes) else MARK.lower()) in what.lower()


def picture(app: Starlette, photo: str) -> None:
    folder = app.state.settings.media_dir / "uploads" / photo[:2]
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{photo}-640.webp").write_bytes(MARK.encode())


async def planted(app: Starlette, shop: Shop, goes: dict[str, str]) -> str:
    """An order that Anders packed, with the mark wherever it can be; returns its token."""
    order_id, now = await shop.order(**({"lines": THINGS} if goes is CUSTOMERS else {})), now_micros()
    told = StepToLog(
        "packed",
        by="anders",
        parcel=PARCEL if goes is CUSTOMERS else None,
        source_key=KEY if goes is CUSTOMERS else None,
    )
    packed = (await log_step(shop.desk, shop.id, "1001", told)).event.id
    anders, olga = await shop.person_id("anders"), await shop.person_id("olga")
    await shop.session("anders")
    async with shop.desk.db.read() as conn:
        account = await accounts.find_account(conn, shop.id, anders)
    assert account is not None
    said, corrected = new_id(), new_id()
    about = {"order_id": order_id} if goes is CUSTOMERS else {"person_id": anders}
    known = {"shop_id": shop.id, "order_id": order_id, "person_id": anders, "created_at": now, "at": now}
    known |= {"account_id": account.id, "feedback_id": said, "by_person": olga}
    places: dict[str, dict[str, Any]] = {
        "event": {"id": corrected, "seq": 60, "kind": "answer", "zone": "UTC", "precision": "second", "photo": PHOTO},
        "correction": {"event_id": packed, "correction_event_id": corrected},
        "feedback": {"id": said, "event_id": packed, "choice": "concern", "concern_at": now, "locale": "sv"},
        "follower": {"channel": "mail", "fingerprint": fingerprint(ADDRESS), "address": ADDRESS},
        "notice": {"channel": "mail", "kind": "test", "recipient": ADDRESS, "detail": {**about, "name": MARK}},
        "delivery": {"processed_at": now, "received_at": now - 1},
        "talk": {"notes": {"thing": MARK}},
        "session": {"expires_at": now + 10**12, "seen_at": now},
    }
    if goes is CUSTOMERS:
        places["event"] |= {"detail": {"reason": MARK}, "facts": None, "source_key": None}
    async with shop.desk.db.write() as conn:
        await plant(conn, goes, known, places)
        if goes is CUSTOMERS:
            address = {"email": ADDRESS, "search_email": folded(ADDRESS)}
            await mark(conn, "orders", order_id, goes["orders"], **address)
        else:
            await mark(conn, "person", anders, goes["person"], photo=PORTRAIT, email=ADDRESS)
        await shop_rows.update_generation(conn, shop.id)
    for photo in (PHOTO, PORTRAIT) if goes is PEOPLES else (PHOTO,):
        picture(app, photo)
    return await shop.token()


@pytest.mark.parametrize("form", [{"email": ADDRESS.upper()}, {"number": "#1001"}])
async def test_a_customer_who_was_everywhere_is_nowhere(
    app: Starlette,
    shop: Shop,
    signed_in: Any,
    client: httpx2.AsyncClient,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    form: dict[str, str],
) -> None:
    token = await planted(app, shop, CUSTOMERS)
    assert set(CUSTOMERS) <= set(await everywhere(app, shop, tmp_path))
    owner = await signed_in("olga")
    with capture_logs() as logs:
        for end in CUSTOMER:
            assert (await client.get(f"/t/{token}{end}")).status_code == 200, end
        seen = await owner.get("/owner/concerns"), await owner.get("/staff/orders/1001")
        assert all(has(page.text) for page in seen)
        assert (await owner.post("/owner/privacy/erase", data={**form, "sure": "1"})).status_code == 303
        for end in CUSTOMER:
            assert (await client.get(f"/t/{token}{end}")).status_code == 404, end
        after = [await owner.get(path) for path in ("/owner/concerns", "/staff/orders/1001", "/owner/audit", "/owner")]
    assert "En vara" in after[1].text
    assert not any(has(page.text) for page in after)
    assert await everywhere(app, shop, tmp_path) == []
    assert not has(caplog.text) and not has(json.dumps(logs, default=str))


async def test_a_person_who_was_everywhere_is_nowhere(
    app: Starlette,
    shop: Shop,
    signed_in: Any,
    client: httpx2.AsyncClient,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    token = await planted(app, shop, PEOPLES)
    assert set(PEOPLES) <= set(await everywhere(app, shop, tmp_path))
    owner = await signed_in("olga")
    with capture_logs() as logs:
        assert has((await client.get(f"/t/{token}")).text) and (await client.get(f"/t/{token}/card.png")).content
        assert (await owner.post("/owner/privacy/erase", data={"handle": "anders", "sure": "1"})).status_code == 303
        paths = (f"/t/{token}", f"/t/{token}.json", "/owner/people", "/owner/privacy", "/staff/orders/1001")
        after = [await owner.get(path) for path in (*paths, "/owner/audit")]
    assert [page.status_code for page in after] == [200] * 6
    assert not any(has(page.text) for page in after)
    assert await everywhere(app, shop, tmp_path) == []
    assert not has(caplog.text) and not has(json.dumps(logs, default=str))


def test_a_server_that_was_asked_to_forget_has_it_in_no_file_not_even_its_log(tmp_path: Path) -> None:
    """The owner's form, a real process, everything logged that can be."""
    typed = [sys.executable, "-m", "storefront_trace"]
    root = Path(__file__).parents[1]

    def command(*words: str) -> str:
        told = [*typed, *words, "--data", str(tmp_path)]
        return subprocess.run(told, cwd=root, check=True, capture_output=True, text=True).stdout

    link = command("init", "--shop", "Ting", "--owner", "o@example.com")
    file = tmp_path / "orders.csv"
    file.write_text(f"number,placed_at,first_name,email,line_title\n1,2026-11-19,{MARK},{ADDRESS},Mugg\n")
    command("import", str(file))
    file.unlink()
    with serving(tmp_path, STOREFRONT_TRACE_LOG_LEVEL="debug") as (process, base), to(base) as browser:
        browser.headers["Origin"] = base
        path = re.search(r"/signin/\S+", link)
        assert path is not None
        assert browser.post(path[0]).status_code == 303
        assert MARK in browser.get("/staff/orders/1").text
        nobody = {"email": f"{MARK}@elsewhere.example", "sure": "1"}
        assert browser.post("/owner/privacy/erase", data=nobody).status_code == 422
        assert browser.post("/owner/privacy/erase", data={"email": ADDRESS, "sure": "1"}).status_code == 303
        assert [path.name for path in tmp_path.rglob("*") if path.is_file() and has(path.read_bytes())] == []
        process.send_signal(signal.SIGTERM)
        process.wait(PATIENCE)
    assert [path.name for path in tmp_path.rglob("*") if path.is_file() and has(path.read_bytes())] == []
