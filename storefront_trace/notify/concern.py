"""A concern reaches the owner first, and the person after some days: that there is one, and none of what it says."""

from __future__ import annotations

from storefront_trace.domain.clock import now_micros
from storefront_trace.domain.errors import NotFound
from storefront_trace.domain.feedback import shares_at
from storefront_trace.domain.moments import from_micros
from storefront_trace.notify.letters import CannotSay, Letter, Office
from storefront_trace.storage import feedback
from storefront_trace.storage.outbox import Notice


async def write(office: Office, notice: Notice) -> Letter:
    say, number = office.say, str(notice.detail.get("order_number", ""))
    return Letter(
        subject=say("Something could be better: order %(number)s", number=number),
        heading=say("A customer says that something could be better"),
        lines=(
            say(
                "It is about order %(number)s. It was sent to you first: read it, answer if you like, "
                "and share it with the person when you think it helps.",
                number=number,
            ),
        ),
        button=say("Read it"),
        link=f"{office.settings.public_url}/owner/concerns",
        why=say("You get this mail because you run %(shop)s.", shop=office.shop.name),
    )


async def write_soon(office: Office, notice: Notice) -> Letter:
    """Before it is shared by itself, while the owner can still talk with the person first."""
    await _still_hidden(office, notice)
    say, number = office.say, str(notice.detail.get("order_number", ""))
    return Letter(
        subject=say("Soon shared: something could be better, order %(number)s", number=number),
        heading=say("Have you talked about it?"),
        lines=(
            say(
                "What a customer said about order %(number)s will soon stand on the page of the person whose step it "
                "was. It is kinder to hear it from you first.",
                number=number,
            ),
        ),
        button=say("Read it"),
        link=f"{office.settings.public_url}/owner/concerns/{notice.detail.get('feedback_id', '')}",
        why=say("You get this mail because you run %(shop)s.", shop=office.shop.name),
    )


async def _still_hidden(office: Office, notice: Notice) -> None:
    """CannotSay when it has been shared, will not be, or is about the owner's own step or a team's; and where owners
    read nothing of one person."""
    if not office.shop.per_person:
        raise CannotSay("Owners do not read whose step it was.")
    try:
        async with office.desk.db.read() as conn:
            said = await feedback.get_feedback(conn, office.shop.id, str(notice.detail.get("feedback_id", "")))
    except NotFound:
        raise CannotSay("The concern has been erased.") from None
    whose, came = said.person_id, said.concern_at
    if said.choice != "concern" or came is None or said.shared_at is not None or said.outside_at is not None:
        raise CannotSay("The concern is not to be shared any more, or has been.")
    if whose is None or whose == notice.detail.get("person_id"):
        raise CannotSay("The concern is about the owner's own step, or a team's.")
    if from_micros(now_micros()) >= shares_at(from_micros(came), office.shop.share_days):
        raise CannotSay("The concern has been shared by itself.")
