from __future__ import annotations

import asyncio
import re
from typing import Any

import pytest

from storefront_trace.actions import signin
from storefront_trace.actions.people import PersonTold, invite, put_person
from storefront_trace.actions.rights import set_role
from storefront_trace.domain.errors import Conflict
from storefront_trace.domain.shop import Person
from storefront_trace.storage import people
from storefront_trace.web.owner.forms import handle_from
from tests.people import Shop
from tests.photos.pictures import encoded, gradient
from tests.web.owner.answers import put_answer

ELIAS = {"name": "Elias", "role": "lagret", "role.en": "the warehouse", "team": "warehouse", "email": ""}


async def person(shop: Shop, handle: str) -> Person:
    async with shop.desk.db.read() as conn:
        return await people.get_person(conn, shop.id, handle)


async def test_an_invitation_makes_the_person_and_shows_a_one_time_link(
    shop: Shop, signed_in: Any, client: Any
) -> None:
    owner = await signed_in("olga")
    answer = await owner.post("/owner/people", data=ELIAS)
    assert answer.status_code == 200
    link = re.search(r'value="(http[^"]+/signin/[^"]+)"', answer.text)
    assert link is not None
    made = await person(shop, "elias")
    assert (made.display_name, made.roles, made.team) == ("Elias", {"sv": "lagret", "en": "the warehouse"}, "warehouse")
    assert made.visibility is None
    used = await client.post(link[1][link[1].index("/signin") :])
    assert (used.status_code, used.headers["location"]) == (303, "/staff")
    assert link[1] not in (await owner.get("/owner/people/elias")).text


async def test_the_same_invitation_sent_twice_is_one_person(shop: Shop, signed_in: Any) -> None:
    owner = await signed_in("olga")
    await owner.post("/owner/people", data=ELIAS)
    await owner.post("/owner/people", data=ELIAS)
    async with shop.desk.db.read() as conn:
        names = [one.display_name for one in await people.list_people(conn, shop.id)]
    assert names.count("Elias") == 1


async def test_another_person_of_the_same_name_gets_a_handle_of_their_own(shop: Shop, signed_in: Any) -> None:
    owner = await signed_in("olga")
    await owner.post("/owner/people", data={**ELIAS, "name": "Anders", "role": "lagret, kvällar"})
    assert (await person(shop, "anders-2")).display_name == "Anders"
    assert (await person(shop, "anders")).visibility == "photo"


async def test_handles_are_made_of_names_in_any_alphabet() -> None:
    assert handle_from("Åsa Öberg", ()) == "asa-oberg"
    assert handle_from("Søren", ("soren", "soren-2")) == "soren-3"
    assert handle_from("李雷", (), otherwise="person") == "person"


async def test_a_refused_invitation_keeps_what_was_typed(signed_in: Any) -> None:
    owner = await signed_in("olga")
    answer = await owner.post("/owner/people?lang=en", data={**ELIAS, "email": "not an address"})
    assert answer.status_code == 422
    for kept in ('value="Elias"', 'value="lagret"', 'value="the warehouse"', 'value="not an address"', 'href="#email"'):
        assert kept in answer.text
    assert (await owner.post("/owner/people", data={**ELIAS, "name": ""})).status_code == 422
    assert (await owner.post("/owner/people", data={**ELIAS, "team": "nowhere"})).status_code == 422


async def test_a_new_team_can_be_named_on_the_way(shop: Shop, signed_in: Any) -> None:
    owner = await signed_in("olga")
    await owner.post("/owner/people", data={**ELIAS, "team": "", "new_team": "Inköp"})
    assert (await person(shop, "elias")).team == "inkop"
    html = (await owner.get("/owner/teams/inkop")).text
    assert "Inköp" in html
    await owner.post("/owner/teams/inkop", data={"name.sv": "Inköpet", "name.en": "Purchasing"})
    assert "Purchasing" in (await owner.get("/owner/teams/inkop?lang=en")).text
    assert (await owner.post("/owner/teams/inkop", data={"name.sv": "", "name.en": "P"})).status_code == 422


async def test_the_list_says_who_is_more_than_staff_to_an_owner_alone(shop: Shop, signed_in: Any) -> None:
    await shop.give("lisa", "manager", "warehouse")
    await shop.give("sam", "reader")
    listed = (await (await signed_in("olga")).get("/owner/people?lang=en")).text
    rows = {
        name: row for row in listed.split("<li ") for name in ("Olga", "Lisa", "Sam", "Anders") if f">{name}<" in row
    }
    said = {name: re.findall(r"<p><b>([^<]+)</b></p>", row) for name, row in rows.items()}
    assert said == {
        "Olga": ["Owner"],
        "Lisa": ["Manager of a team, The warehouse team"],
        "Sam": ["Reader"],
        "Anders": [],
    }
    theirs = (await (await signed_in("lisa")).get("/owner/people?lang=en")).text
    assert ">Anders<" in theirs and "<p><b>" not in theirs


async def test_the_owner_never_sees_who_chose_to_be_shown_how(shop: Shop, signed_in: Any) -> None:
    """Lisa shows her photo and Sam only the team: their rows and pages differ in nothing but the name, and in what they
    have agreed to, of which tests/web/staff/test_agreed.py tells."""
    owner = await signed_in("olga")
    listed = (await owner.get("/owner/people")).text
    rows = {
        name: re.search(rf'<li class="row row--who">(?:(?!</li>).)*>{name}<.*?</li>', listed, re.S)
        for name in ("Lisa", "Sam")
    }
    pages = {
        name: "".join([(await owner.get(f"/owner/people/{name.lower()}{part}")).text for part in ("", "/about")])
        for name in ("Lisa", "Sam")
    }
    alike = []
    for name in ("Lisa", "Sam"):
        found = rows[name]
        assert found is not None
        text = re.sub(r"/stamp/[^\"]+|(?s:id=.agreed.>.*?<form)", "", found[0] + pages[name])
        alike.append(re.sub(rf"\b{name}\b", "X", text, flags=re.I).replace(f">{name[0]}<", ">X<"))
    assert alike[0] == alike[1]


async def test_a_person_can_be_renamed_and_moved_without_losing_what_a_system_lowered(
    shop: Shop, signed_in: Any
) -> None:
    lowered = PersonTold("Anders", {"sv": "lagret", "fi": "varasto"}, "warehouse", visibility="name")
    await put_person(shop.desk, shop.id, "anders", lowered)
    owner = await signed_in("olga")
    form = {"name": "Anders B", "role": "packningen", "role.en": "", "team": "orders", "email": "anders@example.com"}
    answer = await owner.post("/owner/people/anders", data=form)
    assert (answer.status_code, answer.headers["location"]) == (303, "/owner/people/anders/about?said=saved")
    found = await person(shop, "anders")
    assert (found.display_name, found.team, found.email) == ("Anders B", "orders", "anders@example.com")
    assert found.roles == {"sv": "packningen", "fi": "varasto"}
    assert (found.visibility, found.visibility_ceiling) == ("photo", "name")


async def test_a_portrait_is_put_in_place_and_taken_away(shop: Shop, signed_in: Any) -> None:
    owner = await signed_in("olga")
    photo = {"photo": ("a.jpg", encoded(gradient(600, 800), "JPEG"), "image/jpeg")}
    answer = await owner.post("/owner/people/lisa/portrait", files=photo)
    assert answer.headers["location"] == "/owner/people/lisa/about?said=picture"
    kept = (await person(shop, "lisa")).photo
    assert kept is not None
    assert (await owner.get(f"/media/{kept}-196.webp")).status_code == 200
    answer = await owner.post("/owner/people/lisa/portrait", data={"remove": "1"})
    assert answer.headers["location"] == "/owner/people/lisa/about?said=no-picture"
    assert (await person(shop, "lisa")).photo is None
    assert (await owner.get(f"/media/{kept}-196.webp")).status_code == 404


async def test_a_portrait_of_a_megabyte_comes_through_and_ten_are_refused(shop: Shop, signed_in: Any) -> None:
    owner = await signed_in("olga")
    large = encoded(gradient(600, 800), "JPEG") + b"\0" * 1024 * 1024
    answer = await owner.post("/owner/people/lisa/portrait", files={"photo": ("a.jpg", large, "image/jpeg")})
    assert answer.status_code == 303
    huge = large + b"\0" * 9 * 1024 * 1024
    answer = await owner.post("/owner/people/lisa/portrait", files={"photo": ("a.jpg", huge, "image/jpeg")})
    assert answer.status_code == 413


async def test_a_bad_portrait_is_refused_at_its_field(shop: Shop, signed_in: Any) -> None:
    owner = await signed_in("olga")
    answer = await owner.post("/owner/people/lisa/portrait", files={"photo": ("a.gif", b"GIF89a", "image/gif")})
    assert answer.status_code == 422
    assert 'href="#photo"' in answer.text
    assert (await owner.post("/owner/people/lisa/portrait", data={})).status_code == 422


async def test_a_new_sign_in_link_lets_the_person_in_once(shop: Shop, signed_in: Any, client: Any) -> None:
    owner = await signed_in("olga")
    html = (await owner.post("/owner/people/lisa/link")).text
    link = re.search(r'value="http[^"]+(/signin/[^"]+)"', html)
    assert link is not None
    assert (await client.post(link[1])).status_code == 303
    assert (await client.post(link[1])).status_code == 404


async def test_a_new_sign_in_link_ends_the_one_that_was_not_used(shop: Shop, signed_in: Any, client: Any) -> None:
    """A link in an old mail would else stay a way in for days."""
    async with shop.desk.db.write() as conn:
        lisa = await people.get_person(conn, shop.id, "lisa")
        reusable = await signin.make_link(conn, shop.id, lisa, "staff", reusable=True)
    lost, found = [await invite(shop.desk, shop.id, "lisa") for _ in range(2)]
    assert (await client.post(f"/signin/{lost}")).status_code == 404
    assert (await client.post(f"/signin/{found}")).status_code == 303
    assert (await client.post(f"/signin/{reusable}")).status_code == 303


async def test_an_owner_is_made_and_is_one_after_signing_in_anew(shop: Shop, signed_in: Any) -> None:
    owner, lisa = await signed_in("olga"), await signed_in("lisa")
    assert 'name="role" value="owner"' in (await owner.get("/owner/people/lisa/about")).text
    answer = await owner.post("/owner/people/lisa/role", data={"role": "owner"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/owner/people/lisa/about?said=role")
    assert (await lisa.get("/staff")).headers["location"] == "/signin"
    lisa.cookies.clear()
    await lisa.post(f"/signin/{await invite(shop.desk, shop.id, 'lisa')}")
    assert (await lisa.get("/owner")).status_code == 200
    assert 'name="role" value="staff"' in (await owner.get("/owner/people/lisa/about")).text
    await owner.post("/owner/people/lisa/role", data={"role": "owner"})
    assert (await lisa.get("/owner")).status_code == 200
    await owner.post("/owner/people/lisa/role", data={"role": "staff"})
    assert (await lisa.get("/owner")).headers["location"] == "/signin"


async def test_the_last_owner_cannot_become_staff_but_the_first_of_two_can_leave(shop: Shop, signed_in: Any) -> None:
    owner, _ = await signed_in("olga"), await signed_in("lisa")
    assert "/owner/people/olga/role" not in (await owner.get("/owner/people/olga/about")).text
    assert (await owner.post("/owner/people/olga/role", data={"role": "staff"})).status_code == 409
    assert (await owner.post("/owner/people/lisa/role", data={"role": "boss"})).status_code == 422
    await owner.post("/owner/people/lisa/role", data={"role": "owner"})
    assert (await owner.post("/owner/people/olga/end")).status_code == 303
    with pytest.raises(Conflict):
        await set_role(shop.desk, shop.id, "lisa", "staff")


async def test_nobody_without_a_way_in_has_a_role(shop: Shop, signed_in: Any) -> None:
    owner = await signed_in("olga")
    assert "/owner/people/sam/role" not in (await owner.get("/owner/people/sam/about")).text
    assert (await owner.post("/owner/people/sam/role", data={"role": "owner"})).status_code == 409


async def test_two_owners_who_make_each_other_staff_at_once_leave_one(shop: Shop, signed_in: Any) -> None:
    owner, _ = await signed_in("olga"), await signed_in("lisa")
    await owner.post("/owner/people/lisa/role", data={"role": "owner"})
    acts = [set_role(shop.desk, shop.id, handle, "staff") for handle in ("olga", "lisa")]
    done = await asyncio.gather(*acts, return_exceptions=True)
    assert sorted(type(one).__name__ for one in done) == ["Conflict", "NoneType"]


async def test_someone_who_left_is_signed_out_and_cannot_be_invited(shop: Shop, signed_in: Any) -> None:
    owner, lisa = await signed_in("olga"), await signed_in("lisa")
    answer = await owner.post("/owner/people/lisa/end")
    assert answer.headers["location"] == "/owner/people/lisa?said=ended"
    assert (await lisa.get("/staff")).headers["location"] == "/signin"
    assert (await owner.post("/owner/people/lisa/link")).status_code == 409
    assert "Lisa" not in re.findall(r"<h3>(?:<a[^>]*>)?([^<]+)<", (await owner.get("/owner")).text)
    html = (await owner.get("/owner/people/lisa/about")).text
    assert "/owner/people/lisa/end" not in html and "/owner/people/lisa/link" not in html


async def test_the_last_owner_cannot_leave(shop: Shop, signed_in: Any) -> None:
    owner = await signed_in("olga")
    assert "/owner/people/olga/end" not in (await owner.get("/owner/people/olga/about")).text
    assert (await owner.post("/owner/people/olga/end")).status_code == 409
    assert (await owner.get("/owner")).status_code == 200


async def test_a_name_is_shown_as_it_is_written(shop: Shop, signed_in: Any) -> None:
    owner = await signed_in("olga")
    await put_answer(shop, "lisa", words="<b>fint</b>", first_name="<i>Karin")
    await owner.post("/owner/people/lisa", data={"name": "<u>Lisa", "team": "warehouse"})
    for path in (
        "/owner",
        "/owner/people",
        "/owner/people/lisa",
        "/owner/people/lisa/about",
        "/owner/people/lisa/answers",
    ):
        html = (await owner.get(path)).text
        assert "<b>fint" not in html and "<i>Karin" not in html and "<u>Lisa" not in html
