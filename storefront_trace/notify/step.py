"""One step of an order, for who follows it by mail: the face, the sentence and the note as the page shows them now."""

from __future__ import annotations

from storefront_trace.notify.followed import about, followed_order, stop_headers, stop_link
from storefront_trace.notify.letters import CannotSay, Letter, Office, OrderSaid, StepSaid
from storefront_trace.notify.undone import amended
from storefront_trace.storage.followers import Follower
from storefront_trace.storage.outbox import Notice


async def write(office: Office, notice: Notice) -> Letter:
    say = office.say
    follower, said, step, link = await news(office, notice)
    stop = stop_link(office, follower)
    mistaken = await amended(office, notice, said, step)
    first = step.sentence if mistaken else step.moment or step.sentence
    return Letter(
        subject=title(office, said, step, mistaken),
        heading=step.heading,
        somebody=step.somebody,
        lines=(first, *mistaken, *_collect(office, said, step)),
        preview=step.sentence,
        quote=step.note,
        quote_by=step.note_by,
        plan=said.plan,
        button=say("See your order"),
        link=link,
        also=(step.thank, f"{link}/steps/{step.event_id}/feedback?choice=thanks&from=mail") if step.thank else None,
        why=say(
            "You get this mail because you follow order %(number)s at %(shop)s.",
            number=said.number,
            shop=office.shop.name,
        ),
        stop=say("Stop these mails"),
        stop_link=stop,
        headers=stop_headers(stop),
        about=about(office, said, step, link),
    )


def title(office: Office, said: OrderSaid, step: StepSaid, mistaken: tuple[str, ...]) -> str:
    if mistaken:
        return office.say("A correction: your order %(number)s", number=said.number)
    return office.say("%(step)s: your order %(number)s", step=step.name, number=said.number)


def _collect(office: Office, said: OrderSaid, step: StepSaid) -> tuple[str, ...]:
    """In the mail that says it is ready, and while it is still to be fetched."""
    ready = step.step == "ready_for_pickup" and said.collect
    return (f"{office.say('Collect it here:')}\n{said.collect}",) if ready else ()


async def news(office: Office, notice: Notice) -> tuple[Follower, OrderSaid, StepSaid, str]:
    """For mail and push alike. CannotSay when there is nothing to tell (any more), or nobody to tell it to."""
    follower, said, link = await followed_order(office, notice)
    step = said.steps.get(str(notice.detail.get("event_id", "")))
    if step is None:
        raise CannotSay("The step was taken back, or customers do not see it.")
    return follower, said, step, link
