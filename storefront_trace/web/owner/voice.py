"""What the owner's pages say, said in her mails too."""

from __future__ import annotations

from datetime import date

from storefront_trace.actions.desk import Desk
from storefront_trace.actions.needs import read_needs
from storefront_trace.notify.letters import NeedSaid, WeekSaid
from storefront_trace.web.owner.needs import need_act, need_text, need_url
from storefront_trace.web.owner.week import read_week, week_said


class OwnersVoice:
    """The owner's part of `notify.letters.Voice`."""

    _desk: Desk

    async def needs(self, shop_id: str, language: str) -> list[NeedSaid]:
        async with self._desk.db.read() as conn:
            cast = await self._desk.casts.get(conn, shop_id)
            found = await read_needs(conn, cast)
        return [NeedSaid(need_text(cast, one, language), need_act(one, language), need_url(one)) for one in found]

    async def week(self, shop_id: str, friday: date, language: str) -> WeekSaid | None:
        async with self._desk.db.read() as conn:
            cast = await self._desk.casts.get(conn, shop_id)
            found = await read_week(conn, cast, friday)
        return week_said(cast, found, language)
