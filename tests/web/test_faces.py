from __future__ import annotations

from dataclasses import replace

from storefront_trace.domain.shop import Cast, Person, Shop, Team
from storefront_trace.web.faces import face_of, portrait, team_name

ANDERS = Person(
    id="0" * 32, handle="anders-akesson", display_name="Anders", roles={"sv": "lagret"}, team="warehouse",
    visibility="team",
)  # fmt: skip
WAREHOUSE = Team("warehouse", {"sv": "Lagerteamet", "en": "The warehouse team"})
CAST = Cast(Shop("1" * 32, "Roliga Ting", "sv"), {ANDERS.id: ANDERS}, {"warehouse": WAREHOUSE}, {})


def test_colleagues_read_the_real_name_of_somebody_whom_customers_see_as_the_team() -> None:
    assert face_of(CAST, ANDERS.id, "warehouse", "en")["name"] == "Anders"
    assert face_of(CAST, ANDERS.id, "warehouse", "en")["role"] == "lagret"


def test_a_role_that_is_bent_for_a_sentence_never_stands_alone() -> None:
    roles = {"sv": "lagret", "fi": "varastolta", "de": "aus dem Lager"}
    team = replace(WAREHOUSE, names={**WAREHOUSE.names, "fi": "Varastotiimi", "de": "Das Lagerteam"})
    cast = replace(CAST, people={ANDERS.id: replace(ANDERS, roles=roles)}, teams={"warehouse": team})
    shown = [face_of(cast, ANDERS.id, None, language)["role"] for language in ("sv", "fi", "de")]
    assert shown == ["lagret", "Varastotiimi", "Lagerteam"]


def test_a_step_without_a_person_belongs_to_its_team() -> None:
    face = face_of(CAST, None, "warehouse", "sv")
    assert (face["name"], face["kind"]) == ("Lagerteamet", "team")


def test_a_carrier_has_a_name_and_never_a_face() -> None:
    face = face_of(CAST, None, None, "sv", carrier="PostNord")
    assert (face["name"], face["kind"], face["portrait"]) == ("PostNord", "carrier", None)


def test_a_photo_is_shown_in_two_sizes() -> None:
    photo = "a" * 32
    face = face_of(replace(CAST, people={ANDERS.id: replace(ANDERS, photo=photo)}), ANDERS.id, None, "sv")
    assert face["portrait"] == {"src": f"/media/{photo}-196.webp", "src2x": f"/media/{photo}-392.webp"}


def test_a_stamps_address_tells_initials_and_nothing_else() -> None:
    face = face_of(CAST, ANDERS.id, None, "sv")
    assert face["portrait"] == {"src": f"/stamp/{ANDERS.id}/A.svg", "src2x": None}
    assert portrait(None, "a/b", "Åsa Öberg")["src"] == "/stamp/a%2Fb/%C3%85%C3%96.svg"


def test_a_team_that_is_gone_is_the_shop() -> None:
    assert team_name(CAST, "lager-2", "sv") == "Roliga Ting"
    assert face_of(CAST, None, "lager-2", "sv")["kind"] == "team"
