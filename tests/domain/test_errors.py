from __future__ import annotations

import pytest

from storefront_trace.domain.errors import Conflict, DomainError, Gone, Invalid, NotAllowed, NotFound, TooLarge, TooMany


def test_a_message_keeps_its_template_so_that_it_can_be_translated_and_then_filled_in() -> None:
    error = Invalid("Choose at most %(most)s chips.", params={"most": 5})
    assert error.message == "Choose at most %(most)s chips."
    assert str(error) == "Choose at most 5 chips."
    assert error.render("Välj högst %(most)s.") == "Välj högst 5."


def test_a_message_without_params_may_hold_a_percent_sign() -> None:
    assert str(Invalid("The share is 100 % already.")) == "The share is 100 % already."


def test_a_hostile_value_in_params_is_never_taken_for_a_template() -> None:
    assert (
        str(Invalid("No person %(handle)s.", params={"handle": "%(handle)s %s {0}"})) == "No person %(handle)s %s {0}."
    )


@pytest.mark.parametrize(
    ("translation", "text"),
    [("Högst %(most)s, 95 % av alla", "Högst 5, 95 % av alla"), ("100 %% av %(mots)s %(most)d", "100 % av  5")],
)
def test_a_slip_in_a_translation_does_not_turn_a_refusal_into_a_crash(translation: str, text: str) -> None:
    assert Invalid("At most %(most)s.", params={"most": 5}).render(translation) == text


def test_field_errors_are_rendered_with_the_same_params() -> None:
    error = Invalid("Look at the form.", errors=[("words", "At most %(most)s characters.")], params={"most": 2000})
    assert error.field_errors == (("words", "At most %(most)s characters."),)
    assert error.errors == (("words", "At most 2000 characters."),)


@pytest.mark.parametrize("kind", [Conflict, Gone, Invalid, NotAllowed, NotFound, TooLarge])
def test_every_refusal_can_be_caught_as_one(kind: type[DomainError]) -> None:
    with pytest.raises(DomainError, match="Do that instead"):
        raise kind("Do that instead.")


def test_too_many_says_when_to_come_back_and_never_at_once() -> None:
    assert TooMany("Wait a little.", retry_after=30).retry_after == 30
    assert TooMany("Wait a little.", retry_after=0).retry_after == 1
