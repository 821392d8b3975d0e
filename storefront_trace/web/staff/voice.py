"""What /staff/thanks says of a person's week, said in Friday's mail too: to that person alone."""

from __future__ import annotations

from datetime import date

from storefront_trace.actions.desk import Desk
from storefront_trace.domain.mailing import bounds_of
from storefront_trace.domain.moments import day_of, to_micros
from storefront_trace.domain.shop import Cast, in_language
from storefront_trace.notify.letters import Item, ThanksSaid
from storefront_trace.storage import fridays
from storefront_trace.storage.feedback import Feedback
from storefront_trace.web.faces import inside, role_alone, team_name
from storefront_trace.web.languages import catalogue
from storefront_trace.web.wording import NBSP, capital, day_text, listed, tied

MOST, READ = 12, 500


class StaffVoice:
    """The staff's part of `notify.letters.Voice`."""

    _desk: Desk

    async def thanks(self, shop_id: str, person_id: str, friday: date, language: str) -> ThanksSaid | None:
        async with self._desk.db.read() as conn:
            cast = await self._desk.casts.get(conn, shop_id)
            person = cast.people.get(person_id)
            if person is None or person.left_at is not None:
                return None
            since, until = bounds_of(friday, cast.shop.zone)
            span = to_micros(since), to_micros(until)
            found = await fridays.list_thanks_to(conn, shop_id, span, person.id, person.team, limit=READ)
        if not found:
            return None
        told = [said for said in found if said.words or _chips(cast, said, language)]
        return ThanksSaid(
            name=person.display_name,
            role=capital(role_alone(cast, person, language)),
            items=tuple(_item(cast, said, language) for said in told[:MOST]),
            wordless=len(found) - len(told),
            more=len(told) > MOST,
        )


def _item(cast: Cast, said: Feedback, language: str) -> Item:
    """What was tapped stands behind the words, and alone where there are none."""
    by, chips = _by(cast, said, language), capital(listed(_chips(cast, said, language), language))
    if not said.words:
        return Item(text=chips, by=by)
    return Item(quote=said.words, by=f"{by} ·{NBSP}{chips}" if chips else by)


def _chips(cast: Cast, said: Feedback, language: str) -> list[str]:
    chips = [cast.chips[key] for key in said.chips if key in cast.chips]
    return [in_language(chip.names, language, cast.shop.locale) for chip in chips]


def _by(cast: Cast, said: Feedback, language: str) -> str:
    say = catalogue(language).say
    name = said.first_name or say("A customer")
    if said.person_id is None:
        team = inside(cast, team_name(cast, said.team, language), language)
        name = say("%(customer)s to %(name)s", customer=name, name=team)
    when = tied(day_text(day_of(said.created_at, cast.shop.zone), language))
    return say("%(name)s, order %(number)s, %(when)s", name=name, number=said.order_number, when=when)
