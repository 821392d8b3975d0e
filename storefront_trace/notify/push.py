"""One step of an order, for who follows it by push: the sentence, the face, and where it leads."""

from __future__ import annotations

import json
from typing import Any

from storefront_trace.domain.clock import SECOND, now_micros
from storefront_trace.domain.links import key_id
from storefront_trace.integrations.webpush import MOST, PushRefused, PushService
from storefront_trace.notify.change import changes
from storefront_trace.notify.letters import CannotSay, Office
from storefront_trace.notify.step import news
from storefront_trace.notify.step import title as step_title
from storefront_trace.notify.stopped import stop_follower
from storefront_trace.notify.undone import amended, correction
from storefront_trace.storage.followers import Follower
from storefront_trace.storage.outbox import Notice

LONGEST = 300


async def push(office: Office, service: PushService, notice: Notice) -> None:
    """Raises CannotSay, PushRefused, or what the network raises."""
    follower, payload = await _message(office, notice)
    told = follower.subscription or {}
    secret = next((one for one in office.desk.secrets if key_id(one.encode()) == told.get("key")), None)
    if secret is None:
        await stop_follower(office.desk, office.shop.id, follower.id, "gone")
        raise CannotSay("The secret that the browser knows us by is gone.")
    try:
        await service.send(secret.encode(), told, fitting(payload), now=now_micros() // SECOND, topic=notice.id)
    except PushRefused as refusal:
        if refusal.gone:
            await stop_follower(office.desk, office.shop.id, follower.id, "gone")
        raise


async def _message(office: Office, notice: Notice) -> tuple[Follower, dict[str, Any]]:
    if notice.kind == "change":
        follower, said, lines, link = await changes(office, notice)
        title = office.say("This takes longer: your order %(number)s", number=said.number)
        body, icon = " ".join(lines), None
    elif notice.kind == "step_undone":
        follower, said, _, lines, link = await correction(office, notice)
        title = office.say("A correction: your order %(number)s", number=said.number)
        body, icon = " ".join(lines), None
    else:
        follower, said, step, link = await news(office, notice)
        mistaken = await amended(office, notice, said, step)
        title = step_title(office, said, step, mistaken)
        body, icon = " ".join((step.sentence, *mistaken)), step.somebody.picture
    # A browser shows the newest of a tag alone: a correction does not take the place of the news.
    tag = f"{'correction' if notice.kind == 'step_undone' else 'order'}-{said.number}"[:64]
    return follower, {
        "title": title,
        "body": body,
        "icon": icon,
        "url": link,
        "tag": tag,
        "lang": office.language,
    }


def fitting(payload: dict[str, Any]) -> bytes:
    """With as much of the body as a push message holds."""
    for longest in range(LONGEST, 0, -10):
        told = payload | {"body": _short(payload["body"], longest)}
        data = json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()
        if len(data) <= MOST:
            return data
    raise CannotSay("A push message does not hold this much.")


def _short(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"
