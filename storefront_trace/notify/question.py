"""A customer's question has come to somebody: to the person asked, or to the owner once it is the owner's."""

from __future__ import annotations

from dataclasses import replace

from storefront_trace.domain.errors import NotFound
from storefront_trace.notify.letters import CannotSay, Letter, Office
from storefront_trace.storage import orders, questions
from storefront_trace.storage.outbox import Notice
from storefront_trace.storage.questions import Question


async def write(office: Office, notice: Notice) -> Letter:
    asked, number, name = await _waiting(office, notice)
    say = office.say
    letter = Letter(
        subject=say("A question for you: order %(number)s", number=number),
        heading=say("%(name)s asks you about order %(number)s", name=name, number=number),
        after=(say("Can somebody else answer better? Pass it on from the same page."),),
        why=say(
            "You get this mail because you had the order when the question came, or a colleague passed it on to you."
        ),
    )
    return _asking(office, letter, asked, name, "staff")


async def write_to_team(office: Office, notice: Notice) -> Letter:
    """To one of those who answer in the customer's language."""
    say = office.say
    why = say(
        "You get this mail because the question has come to your team, and you answer in the customer's language."
    )
    return replace(await write(office, notice), why=why)


async def write_to_owner(office: Office, notice: Notice) -> Letter:
    asked, number, name = await _waiting(office, notice)
    say = office.say
    letter = Letter(
        subject=say("A question has come to you: order %(number)s", number=number),
        heading=say("%(name)s waits for an answer about order %(number)s", name=name, number=number),
        why=say("You get this mail because you run %(shop)s.", shop=office.shop.name),
    )
    return _asking(office, letter, asked, name, "owner")


def _asking(office: Office, letter: Letter, asked: Question, name: str, audience: str) -> Letter:
    """With the customer's words, and the way to the page where this audience answers them."""
    link = f"{office.settings.public_url}/{audience}/questions#question-{asked.id}"
    return replace(letter, quote=asked.words, quote_by=name, button=office.say("Answer"), link=link)


async def _waiting(office: Office, notice: Notice) -> tuple[Question, str, str]:
    """(the question, the order's number, the customer's first name). What has its answer needs no mail any more."""
    try:
        async with office.desk.db.read() as conn:
            asked = await questions.get_question(conn, office.shop.id, str(notice.detail.get("question_id", "")))
            row = await orders.find_order_by_id(conn, office.shop.id, asked.order_id)
    except NotFound:
        raise CannotSay("The question has been erased.") from None
    if row is None or asked.answered_at is not None:
        raise CannotSay("The question has been answered.")
    return asked, row.number, row.first_name or office.say("A customer")
