from __future__ import annotations

from datetime import UTC, datetime, timedelta
from timeit import timeit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storefront_trace.domain.moments import to_micros
from storefront_trace.web.wording import (
    _minute_html,
    clock_text,
    day_text,
    first_day_text,
    listed,
    moment_html,
    moment_text,
    paired,
    recent_text,
    since_text,
    tied,
    wait_text,
)

HOME = "Europe/Stockholm"
PACKED = to_micros(datetime(2026, 11, 20, 13, 10, tzinfo=UTC))
FIRST_TWO_THIRTY = to_micros(datetime(2026, 10, 25, 0, 30, tzinfo=UTC))
SECOND_TWO_THIRTY = to_micros(datetime(2026, 10, 25, 1, 30, tzinfo=UTC))


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("sv", "torsdag 26 november"),
        ("en", "Thursday 26 November"),
        ("nb", "torsdag 26. november"),
        ("da", "torsdag den 26. november"),
        ("fi", "torstaina 26. marraskuuta"),
        ("de", "Donnerstag, 26. November"),
    ],
)
def test_a_day_is_written_in_the_readers_language(language: str, text: str) -> None:
    assert day_text("2026-11-26", language) == text


@pytest.mark.parametrize(
    ("day", "text"),
    [("2026-11-23", "maanantaista 23."), ("2026-11-25", "keskiviikosta 25."), ("2026-11-29", "sunnuntaista 29.")],
)
def test_a_finnish_weekday_is_bent_after_since(day: str, text: str) -> None:
    assert since_text(day, "fi") == f"{text} marraskuuta"
    assert since_text(day, "de") == day_text(day, "de")


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("sv", "den 20 november kl. 14.10"),
        ("en", "on 20 November at 14:10"),
        ("nb", "den 20. november kl. 14.10"),
        ("da", "den 20. november kl. 14.10"),
        ("fi", "20. marraskuuta klo 14.10"),
        ("de", "am 20. November um 14:10 Uhr"),
    ],
)
def test_a_moment_is_written_in_the_readers_language(language: str, text: str) -> None:
    assert moment_text(PACKED, HOME, "minute", language) == text


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Jocke, Anders and Lisa"),
        ("sv", "Jocke, Anders och Lisa"),
        ("nb", "Jocke, Anders og Lisa"),
        ("da", "Jocke, Anders og Lisa"),
        ("fi", "Jocke, Anders ja Lisa"),
        ("de", "Jocke, Anders und Lisa"),
    ],
)
def test_names_are_listed_in_the_readers_language(language: str, text: str) -> None:
    assert listed(["Jocke", "Anders", "Lisa"], language) == text
    assert listed(["Jocke"], language) == "Jocke"


def test_a_language_that_we_do_not_have_is_english() -> None:
    assert moment_text(PACKED, HOME, "minute", "tlh") == "on 20 November at 14:10"


def test_seconds_are_known_but_not_shown() -> None:
    assert moment_text(PACKED + 7_000_000, HOME, "second", "sv") == "den 20 november kl. 14.10"


@pytest.mark.parametrize("language", ["sv", "en"])
def test_a_moment_known_to_the_day_shows_no_clock(language: str) -> None:
    midnight = to_micros(datetime(2026, 11, 19, 23, 0, tzinfo=UTC))
    text = moment_text(midnight, HOME, "day", language)
    assert text == {"sv": "den 20 november", "en": "on 20 November"}[language]


def test_an_hour_that_came_twice_says_which_one_it_was() -> None:
    assert moment_text(FIRST_TWO_THIRTY, HOME, "minute", "sv") == "den 25 oktober kl. 2.30 (UTC+02:00)"
    assert moment_text(SECOND_TWO_THIRTY, HOME, "minute", "sv") == "den 25 oktober kl. 2.30 (UTC+01:00)"
    assert clock_text(SECOND_TWO_THIRTY, HOME, "en") == "02:30 (UTC+01:00)"


def test_the_hours_beside_a_change_of_summer_time_are_written_as_always() -> None:
    before, after = FIRST_TWO_THIRTY - 3_600_000_000, SECOND_TWO_THIRTY + 3_600_000_000
    assert clock_text(before, HOME, "sv") == "1.30"
    assert clock_text(after, HOME, "sv") == "3.30"


@given(hour=st.integers(0, 24 * 365), zone=st.sampled_from([HOME, "America/St_Johns", "Australia/Lord_Howe", "+05:30"]))
def test_two_instants_an_hour_apart_never_read_the_same(hour: int, zone: str) -> None:
    at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=hour)
    texts = {moment_text(to_micros(t), zone, "minute", "sv") for t in (at, at + timedelta(hours=1))}
    assert len(texts) == 2


def test_the_year_stands_there_only_when_it_is_not_the_readers_own() -> None:
    assert day_text("2027-01-07", "sv", 2026) == "torsdag 7 januari 2027"
    assert day_text("2027-01-07", "sv", 2027) == "torsdag 7 januari"
    assert moment_text(PACKED, HOME, "minute", "en", 2027) == "on 20 November 2026 at 14:10"


def test_staff_read_today_and_yesterday_by_the_shops_calendar() -> None:
    after_midnight = to_micros(datetime(2026, 11, 20, 23, 5, tzinfo=UTC))
    assert recent_text(PACKED, HOME, "minute", "sv", now=PACKED + 60_000_000) == "i dag kl. 14.10"
    assert recent_text(PACKED, HOME, "minute", "sv", now=after_midnight) == "i går kl. 14.10"
    assert recent_text(PACKED, HOME, "day", "en", now=after_midnight) == "yesterday"
    later = PACKED + 40 * 86_400_000_000
    assert recent_text(PACKED, HOME, "minute", "sv", now=later) == "den 20 november kl. 14.10"


@pytest.mark.parametrize(
    ("minutes", "swedish", "english"),
    [
        (0, "nyss", "just now"),
        (55, "55 min", "55 min"),
        (60, "1 tim", "1 hr"),
        (100, "1 tim 40 min", "1 hr 40 min"),
        (24 * 60, "1 dygn", "1 day"),
        (27 * 60 + 5, "1 dygn 3 tim", "1 day 3 hr"),
        (3 * 24 * 60 + 125, "3 dygn", "3 days"),
    ],
)
def test_a_wait_has_two_units_at_most(minutes: int, swedish: str, english: str) -> None:
    assert (wait_text(minutes, "sv"), wait_text(minutes, "en")) == (swedish, english)


def test_a_tied_text_has_no_place_to_break() -> None:
    assert tied("kl. 14.10 i dag").split(" ") == ["kl.\u00a014.10\u00a0i\u00a0dag"]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("den 20 november kl. 15.00", ["den", "20_november", "kl._15.00"]),
        ("on 20 November at 15:00", ["on", "20_November", "at_15:00"]),
        ("20. marraskuuta klo 15.00", ["20._marraskuuta", "klo_15.00"]),
        ("am 20. November um 15:00 Uhr", ["am", "20._November", "um_15:00_Uhr"]),
        ("Sonntag, 22. November", ["Sonntag,", "22._November"]),
        ("torsdag den 26. november", ["torsdag", "den", "26._november"]),
        ("torsdag 26 till fredag 27 november", ["torsdag", "26", "till", "fredag", "27_november"]),
    ],
)
def test_a_day_keeps_its_month_and_a_clock_its_word(text: str, parts: list[str]) -> None:
    assert [part.replace("\u00a0", "_") for part in paired(text).split(" ")] == parts


def test_a_moment_asked_for_again_costs_less_than_ten_microseconds() -> None:
    """It takes about one; the rest is room for a busy machine."""
    moment_text(PACKED, HOME, "minute", "sv")
    assert min(timeit(lambda: moment_text(PACKED, HOME, "minute", "sv"), number=200) for _ in range(20)) < 200 * 10e-6


@pytest.mark.parametrize(
    ("language", "last", "begins"),
    [
        ("sv", "2026-11-27", "onsdag 25"),
        ("en", "2026-11-27", "Wednesday 25"),
        ("de", "2026-11-27", "Mittwoch, 25."),
        ("sv", "2026-12-01", "onsdag 25 november"),
    ],
)
def test_a_range_of_days_names_its_month_once(language: str, last: str, begins: str) -> None:
    assert first_day_text("2026-11-25", last, language) == begins


@given(
    st.integers(-(60 * 24 * 365 * 70), 60 * 24 * 365 * 80),
    st.sampled_from(
        [HOME, "Australia/Lord_Howe", "Asia/Kathmandu", "America/St_Johns", "Africa/Monrovia", "UTC", "+05:45"]
    ),
    st.sampled_from(["en", "sv", "nb", "da", "fi", "de"]),
)
def test_a_moment_put_together_by_its_quarter_is_the_moment_written_whole(
    minute: int, zone: str, language: str
) -> None:
    whole = _minute_html.__wrapped__(minute, zone, language)
    assert moment_html(minute * 60_000_000 + 59_999_999, zone, "minute", language) == whole
