"""The mails that come by the clock to who works here: when it is time for them, on the shop's wall, and the key in each
that ends them. A wall clock that summer time moves, or a machine's that is set back, changes the instant and not the
day: each mail is told apart by its day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Literal

from storefront_trace.domain.calendar import Calendar
from storefront_trace.domain.errors import N_
from storefront_trace.domain.following import read_token, token_of
from storefront_trace.domain.moments import from_naive_local, local_day

OwnMail = Literal["morning", "friday"]
OWN_MAILS: tuple[OwnMail, ...] = ("morning", "friday")

# What an owner may choose from; so long after it a mail is no morning's any more.
MORNING_HOURS = tuple(range(5, 13))
MORNING_LASTS = timedelta(hours=4)
# The week's mails are of what was said until then; a server that was off sends them until Monday morning.
FRIDAY, AFTERNOON, MONDAY_MORNING = 4, time(14), time(10)
WEEK = timedelta(days=7)
# Who reads nobody's words, their team's neither.
WORDLESS = ("reader",)

# One a week, in turn: about the work and what stands around it, never about who.
QUESTIONS = (
    N_("Which thanks of this week surprised you, and what did you do for it?"),
    N_("What did a customer notice this week that we thought nobody sees?"),
    N_("When did a colleague make your work easier this week?"),
    N_("Which step would be easier with one small change, and who can make it?"),
    N_("What did we promise this week that was hard to keep, and what would have helped?"),
    N_("What do customers ask that our pages could tell them before?"),
    N_("What have we stopped noticing that a new colleague would ask about?"),
    N_("Which handing over went well this week, and what made it so?"),
    N_("What would a customer miss most if we stopped doing it?"),
    N_("Where did we wait for something this week, and for what?"),
    N_("What went wrong this week that nobody could have known, and how do we know it next time?"),
    N_("What have you learned here that you would like to show somebody else?"),
    N_("What would make next week a little calmer?"),
)


def morning_of(calendar: Calendar, hour: int, now: datetime) -> date | None:
    """The day whose morning mail it is time for; None outside the hours after `hour`, and when nobody works."""
    day = local_day(now, calendar.zone)
    begins = from_naive_local(datetime.combine(day, time(hour)), calendar.zone).instant
    return day if calendar.works_on(day) and begins <= now < begins + MORNING_LASTS else None


def friday_before(now: datetime, zone: str) -> date:
    """The Friday whose afternoon was the last to begin."""
    day = local_day(now, zone)
    day -= timedelta(days=(day.weekday() - FRIDAY) % 7)
    return day if bounds_of(day, zone)[1] <= now else day - WEEK


def bounds_of(friday: date, zone: str) -> tuple[datetime, datetime]:
    """From one Friday afternoon to the next, so that what is said on a Saturday is in the week after."""
    first, last = (from_naive_local(datetime.combine(day, AFTERNOON), zone) for day in (friday - WEEK, friday))
    return first.instant, last.instant


def is_friday_still(friday: date, now: datetime, zone: str) -> bool:
    """Whether the mails of that week may go out: they are not sent twice a week, nor days after."""
    monday = datetime.combine(friday + timedelta(days=3), MONDAY_MORNING)
    return bounds_of(friday, zone)[1] <= now < from_naive_local(monday, zone).instant


def question_of(friday: date) -> str:
    """In English, to be translated."""
    return QUESTIONS[friday.toordinal() // 7 % len(QUESTIONS)]


def own_mail_token(secret: bytes, mail: OwnMail, shop_id: str, account_id: str) -> str:
    """86 characters that say whose mails of this kind they end, and prove that we wrote them."""
    return token_of(secret, mail, shop_id, account_id)


def read_own_mail_token(secrets: Iterable[str], mail: OwnMail, token: str) -> tuple[str, str] | None:
    """(shop id, account id), or None when we did not write it."""
    return read_token(secrets, mail, token)
