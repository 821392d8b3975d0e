"""A link to sign in with: the one that an owner asked for, and the one that somebody is invited with."""

from __future__ import annotations

from storefront_trace.domain.clock import now_micros
from storefront_trace.domain.links import key_id, mailed_token, token_hash
from storefront_trace.notify.letters import CannotSay, Letter, Office
from storefront_trace.storage import accounts, people
from storefront_trace.storage.outbox import Notice


async def write_to_owner(office: Office, notice: Notice) -> Letter:
    say, shop = office.say, office.shop.name
    return Letter(
        subject=say("Sign in to %(shop)s", shop=shop),
        heading=say("Your way in to %(shop)s", shop=shop),
        lines=(say("The link lets you in once, within a quarter of an hour of when it was asked for."),),
        button=say("Sign in"),
        link=await _link(office, notice),
        after=(say("Did you not ask for this? Then you need do nothing: without this mail nobody comes in by it."),),
        why=say("You get this mail because somebody asked for a sign-in link with your address."),
    )


async def write_invitation(office: Office, notice: Notice) -> Letter:
    say, shop = office.say, office.shop.name
    return Letter(
        subject=say("Welcome to %(shop)s", shop=shop),
        heading=say("Welcome to %(shop)s", shop=shop),
        lines=(
            say("Open the link on the phone that you work with. It lets you in once; the phone then stays signed in."),
            say("You decide how customers see you: until you have, they see only the team."),
        ),
        button=say("Sign in"),
        link=await _link(office, notice),
        after=(say("The link holds for seven days. Keep it to yourself: whoever has it can sign in as you."),),
        why=say("You get this mail because %(shop)s has invited you to work with it.", shop=shop),
    )


async def _link(office: Office, notice: Notice) -> str:
    """Made again from the secret: it stands nowhere. CannotSay when it would open nothing any more, or when the person
    reads their mail elsewhere by now."""
    if int(notice.detail.get("until", 0)) <= now_micros():
        raise CannotSay("The link is too old by now.")
    for secret in (one.encode() for one in office.desk.secrets):
        if key_id(secret) == notice.detail.get("secret"):
            token = mailed_token(secret, str(notice.detail.get("nonce")))
            await _check(office, notice, token)
            return f"{office.settings.public_url}/signin/{token}"
    raise CannotSay("The secret that the link was made with is gone.")


async def _check(office: Office, notice: Notice, token: str) -> None:
    async with office.desk.db.read() as conn:
        link = await accounts.find_signin_link(conn, token_hash(token))
        if link is None or link.used_at is not None:
            raise CannotSay("The link opens nothing any more.")
        person = await people.get_person_by_id(conn, link.shop_id, str(notice.detail.get("person_id")))
    if (person.email or "").lower() != notice.recipient.lower():
        raise CannotSay("That is not the person's address any more.")
