"""Some hours after delivery, once: would you like to say something to those who helped?"""

from __future__ import annotations

from storefront_trace.domain.silence import silence_token
from storefront_trace.notify.followed import stop_headers
from storefront_trace.notify.letters import CannotSay, Choice, Letter, Office, order_link
from storefront_trace.notify.stopped import has_bounced
from storefront_trace.storage.outbox import Notice


async def write(office: Office, notice: Notice) -> Letter:
    """CannotSay when the customer has said something already, when it came back, or when the shop asks no more."""
    say, order_id = office.say, str(notice.detail.get("order_id", ""))
    if office.shop.ask_hours is None:
        raise CannotSay("The shop has switched the question off.")
    if await has_bounced(office.desk, office.shop.id, notice.recipient):
        raise CannotSay("The mails to that address came back.")
    row, link = await order_link(office, order_id)
    said = await office.the_voice.order(office.shop.id, order_id, office.language, link)
    if said is None or not said.asked:
        raise CannotSay("There is nothing to ask this customer.")
    hello = say("Hello %(name)s!", name=said.first_name) if said.first_name else say("Hello!")
    home = say(
        "Your order is at home. What you say reaches them: thanks at once, and what could have been better goes to the "
        "owner first."
    )
    never = silence_token(office.desk.secret, office.shop.id, notice.recipient)
    stop = f"{office.settings.public_url}/silence/{never}"
    return Letter(
        subject=say("Would you like to say something to those who helped with order %(number)s?", number=row.number),
        heading=say("Something you would like to say to those who helped?"),
        lines=(f"{hello} {home}",),
        choices=tuple(
            Choice(
                somebody=one.somebody,
                thank=one.thank,
                thank_link=f"{link}/steps/{one.event_id}/feedback?choice=thanks&from=mail",
                better=say("Something could have been better"),
                better_link=f"{link}/steps/{one.event_id}/feedback?choice=concern&from=mail",
            )
            for one in said.asked
        ),
        after=(say("A link here opens a page. Nothing is sent until you press the button on it."),),
        why=say("You get this mail once, because your order from %(shop)s has come home.", shop=office.shop.name),
        stop=say("Never write to this address again"),
        stop_link=stop,
        headers=stop_headers(stop),
    )
