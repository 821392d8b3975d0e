"""What was mailed about a step is not so: said once, to who got that mail, and without anybody's face beside it."""

from __future__ import annotations

from typing import Any

from storefront_trace.notify.followed import followed_order, stop_headers, stop_link
from storefront_trace.notify.letters import CannotSay, Letter, NotYet, Office, OrderSaid, StepSaid
from storefront_trace.storage import outbox
from storefront_trace.storage.database import Connection
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
    told = await _check_mailed(office, notice)
    follower, said, link = await followed_order(office, notice)
    event_id, say = str(notice.detail.get("event_id", "")), office.say
    right = said.steps.get(event_id)
    mailed = said.steps.get(told)
    if mailed is not None and mailed.event_id == told:
        raise CannotSay("What was mailed is so.")
    if right is not None:
        return follower, said, right, (say("We wrote something else to you. This is right:"), right.sentence), link
    return follower, said, None, _taken_back(office, said, notice.detail), link


async def amended(office: Office, notice: Notice, said: OrderSaid, right: StepSaid) -> tuple[str, ...]:
    """What the news of a step sets right along with it; () when there is nothing."""
    async with office.desk.db.read() as conn:
        wrong = await _wrong(conn, notice)
        for detail in wrong.values():
            if await outbox.is_open(conn, office.shop.id, str(detail.get("mailed", ""))):
                raise NotYet("It is not known yet whether there is something to correct.")
        sent = await _went(conn, notice.shop_id, wrong)
    lines = [line for name in sent for line in _taken_back(office, said, wrong[name], right.heading)]
    return tuple(dict.fromkeys(lines))


async def record_amended(conn: Connection, notice: Notice, now: int) -> None:
    """What `amended` has said needs no notice of its own."""
    if wrong := await _wrong(conn, notice):
        await outbox.update_sent(conn, notice.shop_id, await _went(conn, notice.shop_id, wrong), now)


async def _wrong(conn: Connection, notice: Notice) -> dict[str, dict[str, Any]]:
    names = notice.detail.get("amends")
    return await outbox.list_open(conn, notice.shop_id, names) if names else {}


async def _went(conn: Connection, shop_id: str, wrong: dict[str, dict[str, Any]]) -> list[str]:
    """Those of these corrections whose mail has gone out, or perhaps has: the same that are said by themselves when
    there is no news to say them along."""
    out = await outbox.list_told(conn, shop_id, [str(one.get("mailed", "")) for one in wrong.values()])
    return [name for name, one in wrong.items() if one.get("mailed") in out]


def _taken_back(office: Office, said: OrderSaid, detail: dict[str, Any], right: str = "") -> tuple[str, ...]:
    """By the few words of a heading, unless those are as `right` as they were: then the whole sentence tells what
    was not."""
    undone = said.undone.get(str(detail.get("event_id", "")))
    what = undone.heading if undone else said.names.get(str(detail.get("step", "")), "")
    if undone and what == right:
        what = undone.sentence.removesuffix(".")
    line = office.say("We wrote to you: “%(words)s”. That was logged by mistake, and has been taken back.", words=what)
    return (line, undone.reason) if undone and undone.reason else (line,)


async def _check_mailed(office: Office, notice: Notice) -> str:
    """When the step was taken back somebody was sending the mail about it: only now is it known whether it went. The
    event that it told of."""
    mailed, awaits = str(notice.detail.get("mailed", "")), str(notice.detail.get("awaits", ""))
    async with office.desk.db.read() as conn:
        if awaits and await outbox.is_open(conn, office.shop.id, awaits):
            raise NotYet("The news of the same step sets it right.")
        told = await outbox.list_told(conn, office.shop.id, [mailed])
        if mailed in told:
            return str(told[mailed].get("event_id", ""))
        if await outbox.is_open(conn, office.shop.id, mailed):
            raise NotYet("It is not known yet whether there is something to correct.")
    raise CannotSay("The mail that this one corrects has never gone out.")
