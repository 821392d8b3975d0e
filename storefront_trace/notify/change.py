"""Something takes longer: a thing is out of stock, or the promised day has moved. Said before anybody has to ask."""

from __future__ import annotations

from storefront_trace.notify.followed import followed_order, stop_headers, stop_link
from storefront_trace.notify.letters import CannotSay, Letter, Office, OrderSaid
from storefront_trace.storage.followers import Follower
from storefront_trace.storage.outbox import Notice


async def write(office: Office, notice: Notice) -> Letter:
    say = office.say
    follower, said, lines, link = await changes(office, notice)
    stop = stop_link(office, follower)
    return Letter(
        subject=say("This takes longer: your order %(number)s", number=said.number),
        heading=say("This takes longer than we thought"),
        lines=(*lines, said.keeper) if said.keeper else lines,
        plan=said.plan,
        button=say("See your order"),
        link=link,
        why=say(
            "You get this mail because you follow order %(number)s at %(shop)s.",
            number=said.number,
            shop=office.shop.name,
        ),
        stop=say("Stop these mails"),
        stop_link=stop,
        headers=stop_headers(stop),
    )


async def changes(office: Office, notice: Notice) -> tuple[Follower, OrderSaid, tuple[str, ...], str]:
    """For mail and push alike. CannotSay when it has been put right meanwhile, or nobody follows any more."""
    follower, said, link = await followed_order(office, notice)
    lines = [said.stock[key] for key in notice.detail.get("lines", []) if key in said.stock]
    if notice.detail.get("later") and said.due:
        lines.append(office.say("Your order is now expected %(day)s.", day=said.due))
    if not lines:
        raise CannotSay("What was wrong has been put right.")
    return follower, said, tuple(lines), link
