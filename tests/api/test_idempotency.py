from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import httpx2
import pytest
import time_machine

from storefront_trace.actions import idempotency, purging
from storefront_trace.actions.idempotency import Turn
from tests.api.callers import ORDER, Machine, machine
from tests.people import Shop

KEY = {"Idempotency-Key": "7f8e-1"}
PACKED = {"step": "packed", "by": "anders", "at": "2026-11-20T09:14:00+01:00"}


@pytest.fixture
async def api(client: httpx2.AsyncClient, shop: Shop) -> Machine:
    api = await machine(client, shop)
    await api("PUT", "/orders/1001", ORDER)
    return api


async def steps(shop: Shop) -> list[str | None]:
    return [event.step for event in await shop.events()]


async def test_the_same_request_again_gets_the_same_answer_and_has_one_effect(api: Machine, shop: Shop) -> None:
    first = await api("POST", "/orders/1001/events", PACKED, headers=KEY)
    await api("POST", "/orders/1001/events", {"step": "shipped"})
    second = await api("POST", "/orders/1001/events", dict(reversed(PACKED.items())), headers=KEY)
    assert (first.status_code, second.status_code) == (201, 201)
    assert (first.text, second.headers["idempotency-replayed"]) == (second.text, "true")
    assert await steps(shop) == ["received", "packed", "shipped"]


async def test_without_a_key_every_request_logs_anew(api: Machine, shop: Shop) -> None:
    for _ in range(2):
        await api("POST", "/orders/1001/events", PACKED)
    assert await steps(shop) == ["received", "packed", "packed"]


async def test_the_same_key_with_another_request_is_refused(api: Machine, shop: Shop) -> None:
    await api("PUT", "/orders/1002", ORDER)
    await api("POST", "/orders/1001/events", PACKED, headers=KEY)
    other_body = await api("POST", "/orders/1001/events", {"step": "picked"}, headers=KEY)
    other_order = await api("POST", "/orders/1002/events", PACKED, headers=KEY)
    assert (other_body.status_code, other_order.status_code) == (422, 422)
    assert await steps(shop) == ["received", "packed"]


async def test_a_refusal_by_the_work_is_kept_and_one_by_the_form_is_not(api: Machine, shop: Shop) -> None:
    refused = await api("POST", "/orders/1001/events", {"step": "juggled"}, headers=KEY)
    again = await api("POST", "/orders/1001/events", {"step": "juggled"}, headers=KEY)
    assert (refused.status_code, refused.text) == (again.status_code, again.text) == (422, refused.text)
    assert again.headers["content-type"] == "application/problem+json"
    key = {"Idempotency-Key": "7f8e-2"}
    assert (await api("POST", "/orders/1001/events", {"stepp": "packed"}, headers=key)).status_code == 422
    assert (await api("POST", "/orders/1001/events", PACKED, headers=key)).status_code == 201


async def test_twenty_at_once_under_one_key_log_one_step(api: Machine, shop: Shop) -> None:
    answers = await asyncio.gather(*(api("POST", "/orders/1001/events", PACKED, headers=KEY) for _ in range(20)))
    assert {answer.status_code for answer in answers} <= {201, 409}
    assert len({answer.json()["id"] for answer in answers if answer.status_code == 201}) == 1
    assert await steps(shop) == ["received", "packed"]


async def test_while_the_first_is_at_work_the_second_waits_its_turn(
    api: Machine, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    await claimed(api, monkeypatch)
    assert (await api("POST", "/orders/1001/events", PACKED, headers=KEY)).status_code == 409
    assert await steps(shop) == ["received"]
    with time_machine.travel(datetime.now(UTC) + timedelta(seconds=11), tick=True):
        assert (await api("POST", "/orders/1001/events", PACKED, headers=KEY)).status_code == 201


async def test_a_crash_between_commit_and_answer_does_not_log_twice(
    api: Machine, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The process dies when the step is on disk and the answer is not: nothing of it is left but the claim."""
    with monkeypatch.context() as patched:
        patched.setattr(idempotency, "finish", _die)
        with pytest.raises(asyncio.CancelledError):
            await api("POST", "/orders/1001/events", PACKED, headers=KEY)
    logged = (await shop.events())[-1]
    again = await api("POST", "/orders/1001/events", PACKED, headers=KEY)
    assert (again.status_code, again.json()["id"]) == (201, logged.id)
    assert again.json()["order"] == {"number": "1001", "state": "packed", "version": 2}
    assert await steps(shop) == ["received", "packed"]


async def test_a_broken_request_can_be_made_again_at_once(
    api: Machine, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr("storefront_trace.actions.steps.log_step", _break)
        assert (await api("POST", "/orders/1001/events", PACKED, headers=KEY)).status_code == 500
    assert (await api("POST", "/orders/1001/events", PACKED, headers=KEY)).status_code == 201
    assert await steps(shop) == ["received", "packed"]


@pytest.mark.parametrize(("minutes", "events"), [(23 * 60 + 59, 2), (24 * 60 + 1, 3)])
async def test_an_answer_is_kept_for_a_day(api: Machine, shop: Shop, minutes: int, events: int) -> None:
    await api("POST", "/orders/1001/events", PACKED, headers=KEY)
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=minutes), tick=True):
        assert (await api("POST", "/orders/1001/events", PACKED, headers=KEY)).status_code == 201
        purged = (await purging.purge(shop.desk, shop.id)).idempotency_keys
    assert len(await shop.events()) == events
    assert purged == 0


async def test_two_tokens_have_keys_of_their_own(api: Machine, client: httpx2.AsyncClient, shop: Shop) -> None:
    other = await machine(client, shop)
    first = await api("POST", "/orders/1001/events", PACKED, headers=KEY)
    second = await other("POST", "/orders/1001/events", PACKED, headers=KEY)
    assert first.json()["id"] != second.json()["id"]


@pytest.mark.parametrize("key", ["", "x" * 256, "a b", "é"])
async def test_a_key_that_cannot_be_kept_is_refused(api: Machine, shop: Shop, key: str) -> None:
    headers = {"Idempotency-Key": key.encode("latin-1")}
    assert (await api("POST", "/orders/1001/events", PACKED, headers=headers)).status_code == 422  # type: ignore[arg-type]
    assert (await api("POST", "/orders/1001/events", PACKED, headers={"Idempotency-Key": "x" * 255})).status_code == 201


async def test_a_correction_under_a_key_is_told_again_as_it_was(api: Machine) -> None:
    packed = (await api("POST", "/orders/1001/events", PACKED)).json()["id"]
    where = f"/orders/1001/events/{packed}/correction"
    first, second = await api("POST", where, headers=KEY), await api("POST", where, headers=KEY)
    assert (first.status_code, first.text) == (second.status_code, second.text) == (201, first.text)


async def claimed(api: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Leaves the claim of a request that has not done its work."""
    with monkeypatch.context() as patched:
        patched.setattr("storefront_trace.actions.steps.log_step", _die)
        with pytest.raises(asyncio.CancelledError):
            await api("POST", "/orders/1001/events", PACKED, headers=KEY)


async def _die(*_: object) -> Turn:
    raise asyncio.CancelledError


async def _break(*_: object) -> Turn:
    raise OSError("disk on fire")
