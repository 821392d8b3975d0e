from __future__ import annotations

from datetime import date

import pytest

from storefront_trace.domain.errors import Invalid
from storefront_trace.integrations import bodies

ZONE = "Europe/Stockholm"


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (1, 1),
        ("2", 2),
        ("2.000", 2),
        ("1.5", 2),
        ("0.25", 1),
        (0, 0),
        ("", 7),
        (None, 7),
    ],
)
def test_a_quantity_counts_started_pieces(given: object, expected: int) -> None:
    assert bodies.pieces({"quantity": given}, "quantity", 7) == expected


@pytest.mark.parametrize("given", [-1, "-1", True, [], {}, "many", "1e9", 1_000_001, 10**30, "٣"])
def test_a_quantity_that_is_none_is_refused(given: object) -> None:
    with pytest.raises(Invalid) as refused:
        bodies.pieces({"quantity": given}, "quantity")
    assert "quantity" in str(refused.value)


@pytest.mark.parametrize(
    "given",
    [
        "javascript:alert(1)",
        "JAVASCRIPT:alert(1)",
        " https://shop.example/",
        "https://shop.example/\r\nX: y",
        "//shop.example/a",
        "https:///a",
        "https://",
        "http://user:secret@shop.example/",
        "data:text/html,x",
        "https://[::1",
        'https://shop.example/"onload=',
        "https://shop.example/" + "a" * 2_000,
        "",
        None,
        7,
        [],
    ],
)
def test_only_plain_web_addresses_become_links(given: object) -> None:
    assert bodies.address({"url": given}, "url") is None


def test_a_web_address_stays_as_it_was() -> None:
    for url in ("https://tracking.example/a?b=c&d=%C3%A5#x", "http://tracking.example:8080/å"):
        assert bodies.address({"url": url}, "url") == url


@pytest.mark.parametrize(
    "given",
    [
        "a@b\r\nBcc: c@d.example",
        "a",
        "a@",
        "@b",
        "a@b@c",
        "a b@c.example",
        "a" * 300 + "@b.example",
        None,
        7,
        "a@b\x00",
        "",
    ],
)
def test_an_address_no_mail_can_go_to_is_none(given: object) -> None:
    assert bodies.email({"email": given}, "email") is None


def test_an_email_address_keeps_its_plus_and_loses_its_spaces() -> None:
    assert bodies.email({"email": " a+b@shop.example "}, "email") == "a+b@shop.example"


def test_text_is_one_line_without_marks_that_turn_it_round() -> None:
    assert bodies.clean(" Mugg\n\u202eggum\u202c \t gul\ufeff ", 50) == "Mugg ggum gul"
    assert bodies.clean("\u200b".join("ab"), 50) == "a\u200bb"
    assert bodies.clean("x" * 10_000, 80) == "x" * 80
    assert bodies.clean(" \n", 80) is None


@pytest.mark.parametrize(
    ("given", "expected"),
    [("sv", "sv"), ("en-IN", "en-IN"), ("sv_SE", "sv-SE"), ("x", None), ("../etc", None), (5, None)],
)
def test_a_locale_is_a_language_tag_or_none(given: object, expected: str | None) -> None:
    assert bodies.locale({"locale": given}, "locale") == expected


@pytest.mark.parametrize(
    "given",
    [
        "0000-01-01T00:00:00Z",
        "9999-12-31T23:59:59-14:00",
        "2026-11-19T14:32:00+15:00",
        "2026-02-30T00:00:00Z",
        "yesterday",
        "2026-W47-4",
        1795132800,
        [],
        True,
    ],
)
def test_a_time_that_is_none_is_refused_with_its_field(given: object) -> None:
    for read in (bodies.moment, bodies.moment_utc, bodies.moment_local):
        with pytest.raises(Invalid):
            read({"created_at": given}, "created_at", zone=ZONE)


def test_an_offset_of_fourteen_hours_is_read() -> None:
    found = bodies.moment({"at": "2026-11-19T14:32:00+14:00"}, "at", zone=ZONE)
    assert found is not None and (found.instant.isoformat(), found.zone) == ("2026-11-19T00:32:00+00:00", "+14:00")


def test_a_day_is_a_day_and_never_a_time() -> None:
    assert bodies.day({"from": "2026-11-25"}, "from") == date(2026, 11, 25)
    assert bodies.day({"from": ""}, "from") is None
    for given in ("2026-11-25T00:00:00Z", "25/11 2026", "2026-02-30", 20261125):
        with pytest.raises(Invalid):
            bodies.day({"from": given}, "from")


def test_more_than_a_thousand_lines_are_refused() -> None:
    assert len(bodies.parts({"lines": [{}] * 1_000}, "lines")) == 1_000
    with pytest.raises(Invalid):
        bodies.parts({"lines": [{}] * 1_001}, "lines")
