"""What needs the owner, in the morning: the same as her page says, each with one thing to do."""

from __future__ import annotations

from storefront_trace.domain.calendar import read_calendar
from storefront_trace.domain.clock import now_micros
from storefront_trace.domain.errors import N_
from storefront_trace.domain.mailing import morning_of
from storefront_trace.domain.moments import from_micros
from storefront_trace.notify.letters import CannotSay, Item, Letter, Office, Part
from storefront_trace.notify.own_mails import counted, day_of, ended_by, reader_of
from storefront_trace.storage.outbox import Notice

MOST = 8


async def write(office: Office, notice: Notice) -> Letter:
    reader, shop, say = await reader_of(office, notice), office.shop, office.say
    if reader.role != "owner" or reader.morning_hour is None:
        raise CannotSay("The mail of the morning is not wanted any more.")
    now, calendar = from_micros(now_micros()), read_calendar(shop.calendar, shop.zone)
    if morning_of(calendar, reader.morning_hour, now) != day_of(notice):
        raise CannotSay("That morning is over.")
    needs = await office.the_voice.needs(shop.id, office.language)
    if not needs:
        raise CannotSay("Nothing needs the owner any more.")
    url, n = office.settings.public_url, len(needs)
    items = tuple(Item(text=one.text, label=one.act, link=url + one.path) for one in needs[:MOST])
    more = counted(office, n - MOST, N_("And one thing more."), N_("And %(n)s things more.")) if n > MOST else ""
    letter = Letter(
        subject=counted(office, n, N_("One thing needs you today"), N_("%(n)s things need you today")),
        heading=say("What needs you"),
        stamped=True,
        preview=needs[0].text,
        parts=(Part("", items),),
        button=say("See all of it"),
        link=f"{url}/owner/needs",
        after=(more,) if more else (),
        why=say("You get this mail because you run %(shop)s and asked for it.", shop=shop.name),
    )
    return ended_by(office, "morning", reader, letter)
