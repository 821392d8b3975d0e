"""The answer to a customer's question, from whom the page says it is."""

from __future__ import annotations

from dataclasses import replace

from storefront_trace.domain.clock import now_micros
from storefront_trace.domain.errors import NotFound
from storefront_trace.domain.lifetimes import names_fade_at
from storefront_trace.notify.letters import CannotSay, Letter, Office, Somebody, order_link
from storefront_trace.storage import orders, people, questions
from storefront_trace.storage.outbox import Notice
from storefront_trace.storage.questions import Question


async def write(office: Office, notice: Notice) -> Letter:
    asked = await _answered(office, notice)
    row, link = await order_link(office, asked.order_id)
    who, say = await _who(office, asked), office.say
    who = replace(who, picture=f"{link}/questions/{asked.id}/face.jpg")
    subject = say("An answer from %(name)s: order %(number)s", name=who.called, number=row.number)
    return Letter(
        subject=subject[:1].upper() + subject[1:] if who.kind == "team" else subject,
        heading=say("%(name)s has answered you", name=who.name),
        somebody=who,
        lines=(say("You asked: %(words)s", words=asked.words),),
        quote=asked.answer or "",
        quote_by=who.name,
        button=say("Ask again"),
        link=f"{link}/questions",
        after=(say("We do not see replies to this mail. Ask on your order's page instead."),),
        why=say("You get this mail because you asked about your order %(number)s.", number=row.number),
    )


async def _answered(office: Office, notice: Notice) -> Question:
    try:
        async with office.desk.db.read() as conn:
            asked = await questions.get_question(conn, office.shop.id, str(notice.detail.get("question_id", "")))
    except NotFound:
        raise CannotSay("The question has been erased.") from None
    if asked.answered_at is None:
        raise CannotSay("There is no answer yet.")
    return asked


async def _who(office: Office, asked: Question) -> Somebody:
    """The person as the page shows them; the team when names have faded, and the shop when there is no team."""
    shop, voice = office.shop, office.the_voice
    async with office.desk.db.read() as conn:
        row = await orders.find_order_by_id(conn, shop.id, asked.order_id)
        lines = await orders.list_lines(conn, shop.id, asked.order_id)
        person = await people.get_person_by_id(conn, shop.id, asked.answered_by or "")
    fades_at = names_fade_at(row, lines, shop) if row else None
    faded = fades_at is not None and now_micros() >= fades_at
    if faded and person.team is None:
        return Somebody(shop.name, in_sentence=shop.name)
    return await voice.somebody(shop.id, office.language, None if faded else person.id, person.team)
