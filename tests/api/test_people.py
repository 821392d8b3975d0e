from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import httpx2
import pytest
from starlette.applications import Starlette

from storefront_trace.actions import people
from storefront_trace.actions.people import PersonTold, put_person
from tests.api.callers import Machine, machine
from tests.people import Shop
from tests.photos.pictures import encoded, gradient

JPEG = encoded(gradient(), "JPEG")
EVA: dict[str, Any] = {
    "display_name": "Eva",
    "role": {"sv": "kundtjänst", "en": "customer service"},
    "team": "care",
    "email": "eva@example.com",
}


@pytest.fixture
async def api(client: httpx2.AsyncClient, shop: Shop) -> Machine:
    return await machine(client, shop)


async def test_a_new_person_is_shown_as_the_team(api: Machine) -> None:
    made = await api("PUT", "/people/eva", {**EVA, "visibility": "photo"})
    assert made.status_code == 201
    assert made.json() == {
        "handle": "eva",
        "display_name": "Eva",
        "role": {"sv": "kundtjänst", "en": "customer service"},
        "team": "care",
        "visibility": "team",
        "visibility_chosen": False,
        "email": "eva@example.com",
        "photo_url": None,
        "left": False,
    }
    assert (await api("PUT", "/people/eva", {**EVA, "visibility": "photo"})).status_code == 200


async def test_the_api_lowers_what_a_person_chose_and_never_raises_it(api: Machine, shop: Shop) -> None:
    anders = {"display_name": "Anders", "role": {}, "team": "warehouse"}
    assert (await api("PUT", "/people/anders", {**anders, "visibility": "name"})).json()["visibility"] == "name"
    await people.choose_visibility(shop.desk, shop.id, await shop.person_id("anders"), "team", locale="sv")
    assert (await api("PUT", "/people/anders", {**anders, "visibility": "photo"})).json()["visibility"] == "team"


async def test_a_choice_made_on_paper_counts_from_its_day(api: Machine) -> None:
    told = {**EVA, "visibility": "photo", "visibility_agreed_at": "2026-11-01T10:00:00+01:00"}
    eva = (await api("PUT", "/people/eva", told)).json()
    assert (eva["visibility"], eva["visibility_chosen"]) == ("photo", True)


async def test_no_paper_speaks_over_what_a_person_chose_themselves(api: Machine, shop: Shop) -> None:
    sam = {"display_name": "Sam", "team": "warehouse"}
    agreed = {"visibility_agreed_at": datetime.now(UTC).isoformat()}
    assert (await api("PUT", "/people/sam", {**sam, **agreed, "visibility": "photo"})).json()["visibility"] == "team"
    anders = {"display_name": "Anders", "team": "warehouse", **agreed}
    for told, shown in (("name", "name"), ("photo", "photo")):
        assert (await api("PUT", "/people/anders", {**anders, "visibility": told})).json()["visibility"] == shown
    await people.choose_visibility(shop.desk, shop.id, await shop.person_id("anders"), "name", locale="sv")
    assert (await api("PUT", "/people/anders", {**anders, "visibility": "photo"})).json()["visibility"] == "name"


async def test_what_is_agreed_on_paper_later_replaces_the_earlier_paper(api: Machine) -> None:
    for day, told in (("01", "name"), ("02", "photo"), ("03", "team")):
        agreed = {"visibility": told, "visibility_agreed_at": f"2026-11-{day}T10:00:00+01:00"}
        assert (await api("PUT", "/people/eva", {**EVA, **agreed})).json()["visibility"] == told


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"display_name": ""}, "display_name"),
        ({"display_name": "!"}, "display_name"),
        ({"display_name": "E\u202eva"}, None),
        ({"role": {"tlh": "qach"}}, "role.tlh"),
        ({"visibility": "everything"}, "visibility"),
        ({"visibility": "photo", "visibility_agreed_at": "2099-01-01T00:00:00Z"}, "visibility_agreed_at"),
        ({"visibility_agreed_at": "2026-01-01T00:00:00Z"}, "visibility"),
        ({"visibility": "photo", "visibility_agreed_at": "yesterday"}, "visibility_agreed_at"),
        ({"email": "nobody"}, "email"),
        ({"team": "The Team"}, "team"),
    ],
)
async def test_a_person_that_breaks_a_rule_is_refused(api: Machine, change: dict[str, Any], field: str | None) -> None:
    answer = await api("PUT", "/people/eva", {**EVA, **change})
    if field is None:  # what cannot be seen is taken out
        assert answer.json()["display_name"] == "Eva"
        return
    assert answer.status_code == 422
    assert field in [error["field"] for error in answer.json()["errors"]]


async def test_only_the_api_takes_back_what_the_api_lowered(api: Machine, shop: Shop) -> None:
    """Who corrects a name without a word about visibility leaves it; a PUT, which replaces all, does not."""
    anders = {"display_name": "Anders", "team": "warehouse"}
    assert (await api("PUT", "/people/anders", {**anders, "visibility": "team"})).json()["visibility"] == "team"
    await put_person(shop.desk, shop.id, "anders", PersonTold("Anders B", {}, "warehouse"))
    listed = (await api("GET", "/people")).json()["items"][0]
    assert (listed["display_name"], listed["visibility"]) == ("Anders B", "team")
    assert (await api("PUT", "/people/anders", anders)).json()["visibility"] == "photo"


async def test_people_are_listed_by_name(api: Machine) -> None:
    page = (await api("GET", "/people")).json()
    assert [person["handle"] for person in page["items"]] == ["anders", "jocke", "lisa", "olga", "sam"]
    assert page["next_cursor"] is None


async def test_who_has_left_is_the_team_and_stays_in_the_list(api: Machine) -> None:
    assert (await api("DELETE", "/people/anders")).status_code == 204
    assert (await api("DELETE", "/people/anders")).status_code == 204
    anders = (await api("GET", "/people")).json()["items"][0]
    assert (anders["handle"], anders["left"], anders["visibility"]) == ("anders", True, "team")
    assert (await api("DELETE", "/people/nobody")).status_code == 404
    assert (await api("DELETE", "/people/olga")).status_code == 409


async def test_a_portrait_is_kept_shown_and_gone_with_the_person(
    api: Machine, client: httpx2.AsyncClient, app: Starlette
) -> None:
    answer = await api("PUT", "/people/anders/photo", headers={"Content-Type": "image/jpeg"}, content=JPEG)
    assert answer.status_code == 200
    url = answer.json()["photo_url"]
    assert (await client.get(url)).headers["content-type"] == "image/jpeg"
    await api("DELETE", "/people/anders")
    assert (await client.get(url)).status_code == 404


async def test_a_portrait_that_is_none_is_refused(api: Machine) -> None:
    def put(handle: str, body: bytes, kind: str) -> Any:
        return api("PUT", f"/people/{handle}/photo", headers={"Content-Type": kind}, content=body)

    assert (await put("anders", b"not a picture", "image/png")).status_code == 422
    assert (await put("anders", b"", "image/png")).status_code == 422
    assert (await put("anders", JPEG, "text/plain")).status_code == 415
    assert (await put("nobody", JPEG, "image/jpeg")).status_code == 404
    assert (await put("anders", b"x" * (9 * 1024 * 1024 + 1), "image/jpeg")).status_code == 413


async def test_another_shops_token_sees_and_changes_nobody(
    api: Machine, client: httpx2.AsyncClient, shop: Shop
) -> None:
    nora = await machine(client, shop, other_shop=True)
    assert [person["handle"] for person in (await nora("GET", "/people")).json()["items"]] == ["nora"]
    assert (await nora("DELETE", "/people/anders")).status_code == 404
    assert (await nora("GET", "/people/anders/report")).status_code == 404
    kind = {"Content-Type": "image/jpeg"}
    assert (await nora("PUT", "/people/anders/photo", headers=kind, content=JPEG)).status_code == 404
    assert (await nora("PUT", "/people/anders", EVA)).status_code == 201
    assert (await api("GET", "/people")).json()["items"][0]["display_name"] == "Anders"
