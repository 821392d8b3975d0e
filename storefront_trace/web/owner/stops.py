"""The stops of /owner/start: what each is about, how it stands, and the form that it leads to."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import NamedTuple

from storefront_trace.domain.colours import SCHEMES, TEXT, contrast
from storefront_trace.domain.errors import N_
from storefront_trace.domain.golive import LOOK
from storefront_trace.domain.shop import Cast, Person, ShopStep, in_language
from storefront_trace.domain.steps import first_steps
from storefront_trace.web.front import BRAND
from storefront_trace.web.languages import NAMES, Catalogue, catalogue

SHAPE_NAMES = {
    "alone": N_("One person"),
    "warehouse": N_("A small warehouse"),
    "delivery": N_("A warehouse with its own delivery"),
}


class Way(NamedTuple):
    href: str
    label: str


@dataclass(frozen=True)
class Stop:
    """`about` says why, `state` how it is now. The first of the `ways` is what to do next."""

    key: str
    title: str
    about: str
    state: str
    done: bool
    ways: tuple[Way, ...] = ()
    # What is left as it came may be right: it is next only when nothing else is.
    may_wait: bool = False


def stops(
    cast: Cast,
    me: Person,
    language: str,
    *,
    let_in: Collection[str],
    only_here: str | None,
    systems: int,
    orders: bool,
    sample: bool,
    signed: bool,
) -> list[Stop]:
    say = catalogue(language)
    others = [one for one in cast.people.values() if one.left_at is None and one.id != me.id]
    return [
        _yours(cast, me, language, say),
        _look(cast, say),
        _steps(cast, orders, language, say),
        _people(cast, others, say),
        _cards(cast, [one for one in others if one.id not in let_in], len(others), only_here, say),
        _orders(systems, orders, sample, say),
        _page(signed, say),
    ]


def _yours(cast: Cast, me: Person, language: str, say: Catalogue) -> Stop:
    role = in_language(me.shown_roles, language, cast.shop.locale)
    shop = ", ".join((cast.shop.name, NAMES[cast.shop.locale], cast.shop.zone))
    you = say.say(N_("You are %(name)s (%(role)s)."), name=me.display_name, role=role) if role else ""
    unsaid = say.say(
        N_("You are called %(name)s here. Where do you work, in a customer's words?"), name=me.display_name
    )
    return Stop(
        "shop",
        say.gettext("You and your shop"),
        say.gettext(
            "What customers call you, the clock you work by, and the language they read when we know no other."
        ),
        f"{shop}. {you or unsaid}",
        bool(role),
        (
            Way(f"/owner/people/{me.handle}/about", say.gettext("Your name and where you work")),
            Way("/owner/shop", say.gettext("The shop's name, language and time zone")),
        ),
    )


def _look(cast: Cast, say: Catalogue) -> Stop:
    own, logo = cast.shop.brand != BRAND, cast.shop.logo is not None
    kept = LOOK in (cast.shop.golive or {})
    states = {
        (False, False): N_("Still our green, and your name instead of a logo. Keep them if you like them."),
        (True, False): N_("Your own colour, and your name instead of a logo."),
        (False, True): N_("Your logo, and still our green."),
        (True, True): N_("Your own colour and logo."),
    }
    ours = N_("Our green, and your name instead of a logo: so you keep it.")
    state = ours if kept and not (own or logo) else states[own, logo]
    pale = contrast(cast.shop.brand, SCHEMES["light"]["paper"]) < TEXT
    mended = say.gettext("The colour is pale, so letters get a darker shade of it: the page shows how.") if pale else ""
    return Stop(
        "look",
        say.gettext("Colour and logo"),
        say.gettext("How customers recognise you. Whichever colour it is, everything stays readable."),
        f"{say.gettext(state)} {mended}".strip(),
        own or logo or kept,
        (Way("/owner/shop#colour", say.gettext("Choose a colour and a logo")),),
        may_wait=True,
    )


def _steps(cast: Cast, orders: bool, language: str, say: Catalogue) -> Stop:
    shape = SHAPE_NAMES.get(cast.shop.shape or "")
    way = [step for step in cast.steps_in_order if step.position and step.is_on("parcel") and step.visible]
    names = [in_language(step.names, language, cast.shop.locale) for step in way]
    state = say.say(N_("An order goes this way: %(steps)s."), steps=" → ".join(names))
    chosen = f"{say.gettext(shape)}. {state}" if shape else state
    edit = Way("/owner/steps", say.gettext("Change the steps one by one"))
    ready = Way("/owner/start/steps", say.gettext("Choose a ready-made shop"))
    return Stop(
        "steps",
        say.gettext("Steps"),
        say.gettext("What happens to an order, and the sentence a customer reads when it has."),
        chosen,
        shape is not None or orders or is_changed(cast),
        (edit,) if orders else (ready, edit),
    )


def is_changed(cast: Cast) -> bool:
    """Whether the steps are others than those that every new shop begins with."""
    start = {step.key: _kernel(step) for step in first_steps()}
    return any(_kernel(step) != start.get(key) for key, step in cast.steps.items())


def _kernel(step: ShopStep) -> tuple[object, ...]:
    return step.team, step.position, step.gone, step.methods, step.visible, dict(step.names), dict(step.sentences)


def _people(cast: Cast, others: list[Person], say: Catalogue) -> Stop:
    alone = cast.shop.shape == "alone"
    text = say.ngettext("%(num)s person works here with you.", "%(num)s people work here with you.", len(others))
    nobody = N_("You work alone. Add somebody whenever you like.") if alone else N_("Nobody but you yet.")
    return Stop(
        "people",
        say.gettext("People"),
        say.gettext("Everybody who holds an order. Each one decides how customers see them."),
        text % {"num": len(others)} if others else say.gettext(nobody),
        alone or bool(others),
        (
            Way("/owner/start/people", say.gettext("Paste a list")),
            Way("/owner/people#invite", say.gettext("Invite somebody")),
        ),
    )


def _cards(cast: Cast, without: list[Person], all_of_them: int, only_here: str | None, say: Catalogue) -> Stop:
    """While `only_here`, no phone opens any of the links, so nobody has a way in."""
    left = say.ngettext(
        "%(num)s person has no sign-in link yet.", "%(num)s people have no sign-in link yet.", len(without)
    )
    state = left % {"num": len(without)}
    if not without:
        state = say.gettext("Everybody has a way in.") if all_of_them else say.gettext("You are signed in yourself.")
    reached = only_here is None or not all_of_them
    return Stop(
        "cards",
        say.gettext("Cards to sign in with"),
        say.gettext("A sheet to print, with a code for each phone: nobody has to type anything."),
        state if reached else only_here or "",
        reached and not without and (all_of_them > 0 or cast.shop.shape == "alone"),
        (Way("/owner/sheet", say.gettext("Print cards to sign in with")),),
    )


def _orders(systems: int, orders: bool, sample: bool, say: Catalogue) -> Stop:
    state = N_("No orders yet. Connect your shop system, or look at everything with a sample order first.")
    if sample:
        state = N_("A sample order is here. It stands in no figures, and goes whole when you want.")
    if systems:
        state = N_("Your shop system is connected, and no order has come yet.")
    if orders:
        state = N_("Orders come in.")
    return Stop(
        "orders",
        say.gettext("Orders"),
        say.gettext("From Shopify, WooCommerce, a file, or anything that sends JSON."),
        say.gettext(state),
        orders or sample or systems > 0,
        (Way("/owner/connections", say.gettext("Connect a shop system")),),
    )


def _page(signed: bool, say: Catalogue) -> Stop:
    state = N_("Log a step under your own name, as your colleagues will, and see how the customer's page changes.")
    done = N_("Somebody's work stands on a customer's page.")
    return Stop(
        "page",
        say.gettext("The customer's page"),
        say.gettext("Who has the order now, who did each step, and what comes next."),
        say.gettext(done if signed else state),
        signed,
    )
