from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storefront_trace.domain.ids import new_id
from storefront_trace.domain.mailing import (
    OWN_MAILS,
    QUESTIONS,
    WEEK,
    bounds_of,
    friday_before,
    is_friday_still,
    own_mail_token,
    question_of,
    read_own_mail_token,
)

ZONES = ("Europe/Stockholm", "America/New_York", "Pacific/Auckland", "Asia/Kathmandu", "America/Santiago", "UTC")
INSTANTS = st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))


@given(INSTANTS, st.sampled_from(ZONES))
def test_every_instant_is_in_one_week_and_the_last_friday_is_a_friday_that_has_begun(now: datetime, zone: str) -> None:
    friday = friday_before(now, zone)
    assert friday.isoweekday() == 5
    assert bounds_of(friday, zone)[1] <= now < bounds_of(friday + WEEK, zone)[1]
    assert bounds_of(friday, zone)[1] == bounds_of(friday + WEEK, zone)[0]


@given(INSTANTS, st.sampled_from(ZONES))
def test_it_may_go_out_for_less_than_three_days_of_the_week(now: datetime, zone: str) -> None:
    friday = friday_before(now, zone)
    waited = now - bounds_of(friday, zone)[1]
    assert waited < timedelta(days=2, hours=21) or not is_friday_still(friday, now, zone)
    assert waited >= timedelta(days=2, hours=19) or is_friday_still(friday, now, zone)
    assert not is_friday_still(friday - WEEK, now, zone) and not is_friday_still(friday + WEEK, now, zone)


def test_each_week_has_another_question_and_none_is_left_out() -> None:
    asked = [question_of(date(2026, 12, 18) + week * WEEK) for week in range(len(QUESTIONS))]
    assert sorted(asked) == sorted(QUESTIONS)


@pytest.mark.parametrize("mail", OWN_MAILS)
def test_a_link_is_for_one_reader_one_mail_and_the_secrets_that_still_count(mail: str) -> None:
    shop, account = new_id(), new_id()
    token = own_mail_token(b"old", mail, shop, account)  # type: ignore[arg-type]
    other = next(one for one in OWN_MAILS if one != mail)
    assert read_own_mail_token(["new", "old"], mail, token) == (shop, account)  # type: ignore[arg-type]
    assert read_own_mail_token(["new"], mail, token) is None  # type: ignore[arg-type]
    assert read_own_mail_token(["old"], other, token) is None
    assert read_own_mail_token(["old"], mail, token[:-1] + "A" * (token[-1] != "A")) is None  # type: ignore[arg-type]
