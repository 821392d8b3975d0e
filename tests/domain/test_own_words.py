from __future__ import annotations

import pytest

from storefront_trace.domain.errors import Invalid
from storefront_trace.domain.own_words import check_own_words


def test_what_is_left_empty_is_not_there() -> None:
    told = check_own_words({"sv": " ", "en": "packing "}, {"sv": "Fråga\n mig!"}, ["fi", "sv"], "Ett\n\n två \nEtt")
    assert told.roles == {"en": "packing"}
    assert told.greeting == {"sv": "Fråga mig!"}
    assert told.languages == ("sv", "fi")
    assert told.phrases == ("Ett", "två")


def test_a_line_of_what_cannot_be_seen_is_none() -> None:
    assert check_own_words({}, {"sv": "\u200d\u200d"}, [], "").greeting == {}


@pytest.mark.parametrize(
    ("field", "roles", "greeting", "languages", "phrases"),
    [
        ("role-sv", {"sv": "x" * 61}, {}, [], ""),
        ("greeting-fi", {}, {"fi": "x" * 141}, [], ""),
        ("languages", {}, {}, ["xx"], ""),
        ("phrases", {}, {}, [], "\n".join(map(str, range(13)))),
        ("phrases", {}, {}, [], "x" * 201),
    ],
)
def test_what_is_too_much_names_its_field(
    field: str, roles: dict[str, str], greeting: dict[str, str], languages: list[str], phrases: str
) -> None:
    with pytest.raises(Invalid) as refused:
        check_own_words(roles, greeting, languages, phrases)
    assert [name for name, _ in refused.value.field_errors] == [field]
