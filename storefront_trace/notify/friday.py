"""Friday afternoon: to each person the week's thanks, to the owners the week to read together."""

from __future__ import annotations

from datetime import date

from storefront_trace.domain.clock import now_micros
from storefront_trace.domain.errors import N_
from storefront_trace.domain.mailing import WORDLESS, is_friday_still
from storefront_trace.domain.moments import from_micros
from storefront_trace.notify.letters import CannotSay, Letter, Office, Part, Somebody, ThanksSaid
from storefront_trace.notify.own_mails import counted, day_of, ended_by, own_link, reader_of
from storefront_trace.storage.mailed import Mailed
from storefront_trace.storage.outbox import Notice


async def write(office: Office, notice: Notice) -> Letter:
    """The portrait leads, then the words; never how many it was the week before, nor anybody else's."""
    reader, day = await _wanted(office, notice)
    said = await office.the_voice.thanks(office.shop.id, reader.person_id, day, office.language)
    if said is None:
        raise CannotSay("There are no thanks of that week any more.")
    say = office.say
    only = counted(
        office, said.wordless, N_("One customer said thanks without words."),
        N_("%(n)s customers said thanks without words."),
    )  # fmt: skip
    picture = f"{own_link(office, 'friday', reader)}/face.jpg"
    letter = Letter(
        subject=say("This week's thanks to you"),
        heading=say("This week's thanks to you"),
        somebody=Somebody(said.name, said.role, picture, "person"),
        preview=said.items[0].quote or said.items[0].text if said.items else only,
        lines=() if said.items else (only,),
        parts=(Part("", said.items),) if said.items else (),
        button=say("Read and answer"),
        link=f"{office.settings.public_url}/staff/thanks",
        after=_after(office, said, only),
        why=say("You get this mail because you work at %(shop)s.", shop=office.shop.name),
    )
    return ended_by(office, "friday", reader, letter)


async def write_to_owner(office: Office, notice: Notice) -> Letter:
    reader, day = await _wanted(office, notice)
    said = await office.the_voice.week(office.shop.id, day, office.language)
    if said is None or reader.role != "owner":
        raise CannotSay("There is nothing to tell of that week.")
    say = office.say
    letter = Letter(
        subject=say("The week in customers' words"),
        heading=say("The week in customers' words"),
        stamped=True,
        lines=(said.intro,),
        parts=said.parts,
        button=say("See it as a page, and print it"),
        link=f"{office.settings.public_url}/owner/friday?week={day}",
        why=say("You get this mail because you run %(shop)s.", shop=office.shop.name),
    )
    return ended_by(office, "friday", reader, letter)


def _after(office: Office, said: ThanksSaid, wordless: str) -> tuple[str, ...]:
    more = (office.say("There is more to read on your page."),) if said.more else ()
    return (*more, wordless) if said.items and said.wordless else more


async def _wanted(office: Office, notice: Notice) -> tuple[Mailed, date]:
    reader, day = await reader_of(office, notice), day_of(notice)
    if not (reader.friday and office.shop.friday) or reader.role in WORDLESS:
        raise CannotSay("The mails on Fridays are not wanted any more.")
    if not is_friday_still(day, from_micros(now_micros()), office.shop.zone):
        raise CannotSay("That week's Friday is over.")
    return reader, day
