from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storefront_trace.domain.errors import Invalid
from storefront_trace.domain.sentences import LONGEST, PLACEHOLDERS, parse
from storefront_trace.domain.texts import hidden_at

FULL = dict.fromkeys(PLACEHOLDERS, "x") | {"name": "Anders", "role": "lagret", "when": "den 20 november kl. 9.14"}
PACKED = "{name}[ på {role}] packade [{parcel}|din beställning] {when}[ och lämnade över till {to}]."


def test_an_optional_part_is_dropped_when_its_value_is_empty() -> None:
    values = {"name": "Lagerteamet", "when": "den 20 november", "role": "", "to": ""}
    assert parse(PACKED).render(values) == "Lagerteamet packade din beställning den 20 november."


def test_an_optional_part_is_shown_when_its_value_is_there() -> None:
    values = FULL | {"parcel": "paket 1", "to": "PostNord"}
    text = "Anders på lagret packade paket 1 den 20 november kl. 9.14 och lämnade över till PostNord."
    assert parse(PACKED).render(values) == text


def test_a_part_with_two_values_needs_both() -> None:
    sentence = parse("{name}[ till {to} med {carrier}].")
    assert sentence.render({"name": "Anders", "to": "Lisa"}) == "Anders."
    assert sentence.render({"name": "Anders", "to": "Lisa", "carrier": "DHL"}) == "Anders till Lisa med DHL."


def test_the_parts_tell_values_from_words_and_are_never_empty() -> None:
    parts = parse("{name}[ på {role}] packade {when}.").render_parts(FULL | {"role": ""})
    assert parts == [("name", "Anders"), ("text", " packade "), ("when", "den 20 november kl. 9.14"), ("text", ".")]


def test_a_doubled_character_is_the_character_itself() -> None:
    assert parse("{{7*7}} [[x]] {name} a|b [{role} || c].").render(FULL) == "{7*7} [x] Anders a|b lagret | c."


def test_a_value_that_ends_with_a_full_stop_does_not_give_two() -> None:
    assert parse("Sent with {shop}.").render({"shop": "Parcels Inc."}) == "Sent with Parcels Inc."


@pytest.mark.parametrize("literal", ["%s %(name)s", "$name", "#if x", "<b>&amp;", "\\u007b", "${{name}}"])
def test_other_template_languages_are_plain_text(literal: str) -> None:
    assert parse(literal).render(FULL) == literal.replace("{{", "{").replace("}}", "}")


@pytest.mark.parametrize("value", ["{name}", "[{role}]", "{name.__class__}", "%s", "{{7*7}}", "<script>"])
def test_a_value_is_never_read_as_a_sentence(value: str) -> None:
    assert parse("{name} packade.").render({"name": value}) == f"{value} packade."


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("{x.__class__}", "1"),
        ("Hej {0}", "5"),
        ("{name!r}", "1"),
        ("{name:>99999999}", "1"),
        ("{ name }", "1"),
        ("{NAME}", "1"),
        ("{}", "1"),
        ("${}", "2"),
        ("{name", "1"),
        ("name}", "5"),
        ("{name}}", "7"),
        ("{{7*7}", "6"),
        ("a ]", "3"),
        ("a [b {role}", "3"),
        ("a [b {role}]]", "3"),
        ("a [b]", "3"),
        ("a [b [{role}]]", "6"),
        ("a [{role}|b|c]", "3"),
        ("a [{role}|{to}]", "3"),
        ("a\x00b", "2"),
        ("a\nb", "2"),
        ("a\u202eb", "2"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_position(text: str, position: str) -> None:
    with pytest.raises(Invalid, match=rf"(?i)character {position}\b"):
        parse(text)


@pytest.mark.parametrize("text", ["", "   ", "x" * (LONGEST + 1)])
def test_a_sentence_has_some_words_and_not_too_many(text: str) -> None:
    with pytest.raises(Invalid, match="sentence"):
        parse(text)


def test_a_value_that_may_be_missing_outside_brackets_is_told() -> None:
    sentence = parse("{name} på {role} packade {when}.")
    assert sentence.unguarded == {"role"}
    assert sentence.complete(FULL)
    assert not sentence.complete(FULL | {"role": ""})
    assert parse(PACKED).complete({"name": "Lagerteamet", "when": "i dag"})


@given(st.text(alphabet="{}[]| .anmerolwht%$0_!:", max_size=40) | st.text(max_size=LONGEST + 10))
def test_any_text_is_read_or_refused_and_never_fails_otherwise(text: str) -> None:
    try:
        sentence = parse(text)
    except Invalid as refusal:
        assert str(refusal)
        return
    assert "".join(part for _, part in sentence.render_parts(FULL)) == sentence.render(FULL)
    assert all(kind == "text" or kind in PLACEHOLDERS for kind, _ in sentence.render_parts(FULL))


@given(st.text(max_size=60).filter(lambda text: text.strip() and hidden_at(text) is None))
def test_words_come_out_as_they_went_in_once_special_characters_are_doubled(words: str) -> None:
    doubled = words
    for char in "{}[]":
        doubled = doubled.replace(char, char * 2)
    assert parse(doubled).render({}) == words


def test_a_sentence_is_rendered_in_microseconds() -> None:
    values = FULL | {"parcel": "", "to": "PostNord"}
    best = min(_timed(PACKED, values) for _ in range(5))
    assert best < 100e-6  # about 3 µs on an idle machine


def _timed(text: str, values: dict[str, str]) -> float:
    start = time.process_time()
    for _ in range(200):
        parse(text).render(values)
    return (time.process_time() - start) / 200
