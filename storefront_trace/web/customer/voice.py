"""What the tracking page says, said in mails too: by the same code, so that no mail shows more than the page does."""

from __future__ import annotations

from storefront_trace.actions.desk import Desk
from storefront_trace.domain.clock import now_micros
from storefront_trace.domain.links import token_hash
from storefront_trace.domain.orders import SHIPPED
from storefront_trace.domain.shop import Cast
from storefront_trace.domain.timeline import Shown, Timeline, actor, by_event, timeline
from storefront_trace.domain.tracked import TrackOrder
from storefront_trace.notify.letters import Asked, OrderSaid, Somebody, StepSaid
from storefront_trace.storage.trackread import TrackReader
from storefront_trace.web.customer.after import by_helper, is_asked
from storefront_trace.web.customer.ahead import dated, plan_row
from storefront_trace.web.customer.collect import where_to_collect
from storefront_trace.web.customer.face import Face
from storefront_trace.web.customer.notice import looked_after, out_of_stock
from storefront_trace.web.customer.words import Words, words_for
from storefront_trace.web.page import Pages
from storefront_trace.web.wording import capital, day_text


class PageVoice:
    """The customer's part of `notify.letters.Voice`. Asked anew for every mail: people may have chosen otherwise since
    the step."""

    def __init__(self, desk: Desk, reader: TrackReader, pages: Pages) -> None:
        self._desk = desk
        self._reader = reader
        self._pages = pages

    async def order(self, shop_id: str, order_id: str, language: str, link: str) -> OrderSaid | None:
        order = await self._reader.order(token_hash(link.rpartition("/")[2]))
        if order is None or (order.shop_id, order.id) != (shop_id, order_id):
            return None
        words = words_for(await self._cast(shop_id), language, self._pages)
        line = timeline(order, words.cast, now_micros())
        today, told = line.outlook.today, by_event(line)
        rows = [plan_row(place, ahead, words) for place, ahead in enumerate(dated(line.ahead)[:2])]
        return OrderSaid(
            first_name=order.first_name,
            number=order.number,
            steps={one: _step(shown, words, link) for one, shown in told.items() if not shown.corrected},
            undone={one: _step(shown, words, link) for one, shown in told.items() if shown.corrected},
            names={key: words.named(step.names) for key, step in words.cast.steps.items()},
            plan=tuple((str(row["term"]), capital(str(row["day"])), str(row["text"])) for row in rows),
            promise=(order.promise_from, order.promise_to) if order.promise_from and order.promise_to else None,
            stock={one.key: out_of_stock(one, today, words) for one in order.lines if one.backordered > 0},
            collect=where_to_collect(order, line, words),
            due=day_text(order.promise_to, language) if order.promise_to else "",
            keeper=looked_after(line.holder, words) if order.position < SHIPPED and line.holder else "",
            things=tuple(one.title for one in order.lines),
            asked=_asked(order, line, words, link),
        )

    async def somebody(self, shop_id: str, language: str, person_id: str | None, team: str | None) -> Somebody:
        words = words_for(await self._cast(shop_id), language, self._pages)
        return _somebody(words.face(actor(words.cast, person_id, team, None, False)), None)

    async def _cast(self, shop_id: str) -> Cast:
        async with self._desk.db.read() as conn:
            return await self._desk.casts.get(conn, shop_id)


def _asked(order: TrackOrder, line: Timeline, words: Words, link: str) -> tuple[Asked, ...]:
    """By the last step of each: of two the one that is more easily remembered."""
    if order.feedback or not is_asked(order, now_micros()):
        return ()
    found = ((face, steps[-1].event.id) for face, steps in by_helper(line, words))
    return tuple(
        Asked(_somebody(face, f"{link}/steps/{event_id}/face.jpg"), event_id, face.thank) for face, event_id in found
    )


def _step(shown: Shown, words: Words, link: str) -> StepSaid:
    face, note = words.face(shown.actor), shown.event.note
    parcel = shown.parcel
    return StepSaid(
        event_id=shown.event.id,
        step=shown.step.key,
        name=words.step_name(shown),
        effect=shown.step.effect,
        whole=not (shown.partly and shown.step.effect == "cancel"),
        heading=words.heading(shown),
        somebody=_somebody(face, f"{link}/steps/{shown.event.id}/face.jpg"),
        sentence=words.sentence(shown),
        moment=words.moment(shown),
        note=note or "",
        note_by=face.wrote if note else "",
        thank=face.thank if shown.may_react and shown.feedback is None else "",
        carrier=parcel.carrier if parcel else None,
        tracking_number=parcel.tracking_number if parcel else None,
        tracking_url=parcel.tracking_url if parcel else None,
        reason=shown.reason or "",
    )


def _somebody(face: Face, picture: str | None) -> Somebody:
    return Somebody(face.name, capital(face.role), picture, face.kind, face.in_sentence)
