"""What was mailed about a step is not so: said once, to who got that mail, and without anybody's face beside it."""

from __future__ import annotations

from storefront_trace.notify.followed import follower_of, stop_headers, stop_link
from storefront_trace.notify.letters import CannotSay, Letter, NotYet, Office, OrderSaid, StepSaid, order_link
from storefront_trace.storage import outbox
from storefront_trace.storage.followers import Follower
from storefront_trace.storage.outbox import Notice


async def write(office: Office, notice: Notice) -> Letter:
    say = office.say
    follower, said, right, lines, link = await correction(office, notice)
    stop = stop_link(office, follower)
    return Letter(
        subject=say("A correction: your order %(number)s", number=said.number),
        heading=right.heading if right else say("We have to correct something"),
        somebody=right.somebody if right else None,
        lines=(*lines, said.keeper) if said.keeper and not right else lines,
        plan=said.plan,
        button=say("See your order"),
        link=link,
        why=say("You get this mail because an earlier one was not right."),
        stop=say("Stop these mails"),
        stop_link=stop,
        headers=stop_headers(stop),
    )


async def correction(
    office: Office, notice: Notice
) -> tuple[Follower, OrderSaid, StepSaid | None, tuple[str, ...], str]:
    """For mail and push alike: (who, the order, the step as it is told now, what to say, the page's address)."""
    follower = await follower_of(office, notice)
    await _check_mailed(office, notice)
    if not follower.follows:
        raise CannotSay("Nobody follows by this notice any more.")
    row, link = await order_link(office, follower.order_id)
    said = await office.the_voice.order(office.shop.id, row.id, office.language, link)
    if said is None:
        raise CannotSay("The order has no link any more.")
    event_id, say = str(notice.detail.get("event_id", "")), office.say
    right, undone = said.steps.get(event_id), said.undone.get(event_id)
    if right is not None:
        return follower, said, right, (say("We wrote something else to you. This is right:"), right.sentence), link
    name = said.names.get(str(notice.detail.get("step", "")), "")
    what = undone.heading if undone else name
    line = say("We wrote to you: “%(words)s”. That was logged by mistake, and has been taken back.", words=what)
    return follower, said, None, (line, undone.reason) if undone and undone.reason else (line,), link


async def _check_mailed(office: Office, notice: Notice) -> None:
    """When the step was taken back somebody was sending the mail about it: only now is it known whether it went."""
    mailed = str(notice.detail.get("mailed", ""))
    async with office.desk.db.read() as conn:
        if await outbox.list_sent(conn, office.shop.id, [mailed]):
            return
        if await outbox.is_open(conn, office.shop.id, mailed):
            raise NotYet("It is not known yet whether there is something to correct.")
    raise CannotSay("The mail that this one corrects has never gone out.")
