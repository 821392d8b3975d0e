from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from storefront_trace.actions import (
    audit,
    chips,
    connections,
    people,
    privacy,
    purging,
    retention,
    rights,
    shops,
    tokens,
)
from storefront_trace.actions.audit import ITSELF, Actor, acting
from storefront_trace.actions.people import PersonTold
from storefront_trace.domain.errors import Conflict, Invalid
from storefront_trace.storage import audit as rows
from storefront_trace.storage import shops as shop_rows
from storefront_trace.storage.audit import Noted
from tests.people import STAFF, Shop

PACKAGE = Path(audit.__file__).parent.parent


async def noted(shop: Shop) -> list[Noted]:
    """Newest first, without those of the hiring."""
    async with shop.desk.db.read() as conn:
        found = await rows.list_audit(conn, shop.id, limit=500)
    return [one for one in found if one.what not in ("people.added", "shop.created")]


async def test_it_says_who_what_and_from_what_to_what(shop: Shop) -> None:
    olga = await shop.person_id("olga")
    with acting(Actor(olga)):
        await shops.set_face(shop.desk, shop.id, name="Roliga Saker", fade_days=30, session_days=7)
    (one,) = await noted(shop)
    assert (one.person_id, one.token, one.what, one.subject) == (olga, None, "shop.changed", None)
    assert one.detail["changes"] == [["name", "Roliga Ting", "Roliga Saker"], ["session_days", 30, 7]]


async def test_without_a_person_it_is_a_token_by_name_or_the_command_line(shop: Shop) -> None:
    with acting(Actor(token="Kassan")):
        await shops.set_face(shop.desk, shop.id, fade_days=31)
    await shops.set_face(shop.desk, shop.id, fade_days=32)
    assert [(one.person_id, one.token) for one in await noted(shop)] == [(None, None), (None, "Kassan")]


async def test_the_same_again_is_no_change_and_what_fails_is_none_either(shop: Shop) -> None:
    await people.put_person(shop.desk, shop.id, "anders", STAFF["anders"])
    await shops.set_face(shop.desk, shop.id, fade_days=30)
    with pytest.raises(Invalid):
        await chips.put_chip(shop.desk, shop.id, "own_x", "thanks", {"sv": "x" * 90})
    with pytest.raises(Conflict):
        await rights.set_role(shop.desk, shop.id, "anders", "owner")  # has no account
    assert await noted(shop) == []


async def test_a_step_says_which_sentence_in_which_language(shop: Shop) -> None:
    async with shop.desk.db.read() as conn:
        old = (await shop_rows.get_cast(conn, shop.id)).steps["packed"]
    await shops.put_step(shop.desk, shop.id, replace(old, sentences={**old.sentences, "sv": "{name} packade."}))
    (one,) = await noted(shop)
    assert (one.what, one.subject, one.subject_key) == ("steps.changed", "step", "packed")
    assert one.detail["changes"] == [["sentences.sv", old.sentences["sv"], "{name} packade."]]


async def test_neither_names_nor_addresses_nor_secrets_are_in_it(shop: Shop) -> None:
    told = PersonTold("Andersdotter", {"sv": "Torkmästare"}, "orders", "anders@example.com")
    await people.put_person(shop.desk, shop.id, "anders", told)
    await people.invite(shop.desk, shop.id, "anders")
    await connections.connect(shop.desk, shop.id, "shopify", "mycket-hemligt-1")
    await connections.connect(shop.desk, shop.id, "shopify", "mycket-hemligt-2")
    token = await tokens.create_token(shop.desk, shop.id, "Kassan")
    await shop.order()
    await privacy.export_customer(shop.desk, shop.id, "karin@example.com")
    await privacy.erase_customer(shop.desk, shop.id, email="karin@example.com")
    await privacy.erase_person(shop.desk, shop.id, "anders")
    async with shop.desk.db.read() as conn:
        everything = json.dumps([one.detail for one in await rows.list_audit(conn, shop.id, limit=500)])
    for word in ("Anders", "anders@", "Torkm", "hemligt", token, "karin", "Karin"):
        assert word not in everything
    changed = next(one for one in await noted(shop) if one.what == "people.changed")
    kept = sorted(changed.detail["changes"])
    assert kept == [["display_name"], ["email"], ["roles.en"], ["roles.sv"], ["team", "warehouse", "orders"]]


async def test_what_somebody_chooses_for_themselves_is_nobodys_business(shop: Shop) -> None:
    lisa = await shop.person_id("lisa")
    await people.choose_visibility(shop.desk, shop.id, lisa, "team", locale="sv")
    with acting(Actor(lisa, noted=False)):
        await people.set_portrait(shop.desk, shop.id, lisa, "b" * 32)
    assert await noted(shop) == []


async def test_the_daily_letting_go_is_not_noted_but_one_by_hand_is(shop: Shop) -> None:
    await retention.purge_all(shop.desk)
    await purging.purge(shop.desk, shop.id, dry_run=True)
    with acting(ITSELF):
        await purging.purge(shop.desk, shop.id)
    assert await noted(shop) == []
    await purging.purge(shop.desk, shop.id)
    assert [one.what for one in await noted(shop)] == ["privacy.purged"]


async def test_each_shop_has_its_own(shop: Shop) -> None:
    await shops.set_face(shop.desk, shop.other_id, fade_days=1)
    assert await noted(shop) == []


def test_nothing_in_the_code_changes_a_line_or_takes_one_away() -> None:
    """Three files know the table. One appends to it and reads it, one tells people what is kept about them, and one
    lets go of what is older than the shop keeps its logs."""
    knowing = {
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*.py")
        if "storage/migrations" not in path.as_posix() and "audit" in _tables_of(path.read_text())
    }
    assert knowing == {"storage/audit.py", "storage/copies.py", "storage/retention.py"}
    code = "".join((PACKAGE / name).read_text() for name in knowing)
    assert [deed for deed in ("update", "delete") if f"sa.{deed}(audit" in code] == []


def _tables_of(code: str) -> set[str]:
    """What it takes out of storage/tables."""
    _, found, rest = code.partition("from storefront_trace.storage.tables import")
    names = rest.split(")")[0] if rest.lstrip().startswith("(") else rest.split("\n")[0]
    return {name.strip(" (\n") for name in names.split(",")} if found else set()
