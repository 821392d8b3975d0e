"""The first sentence of the owner's day: whether anybody needs them."""

from __future__ import annotations

from markupsafe import Markup, escape

from storefront_trace.domain.errors import N_
from storefront_trace.web.languages import Catalogue
from storefront_trace.web.wording import listed, number_text


def hello(hour: int, name: str, texts: Catalogue) -> str:
    """`hour` on the shop's clock."""
    if 4 <= hour < 10:
        return texts.say(N_("Good morning, %(name)s"), name=name)
    if 10 <= hour < 18:
        return texts.say(N_("Hello, %(name)s"), name=name)
    return texts.say(N_("Good evening, %(name)s"), name=name)


def summary(cares: int, needs: int, thanks: int, texts: Catalogue) -> Markup:
    first = counted(cares, N_("one thing to take care of"), N_("%(n)s things to take care of"), texts)
    parts = [Markup("<strong>{}</strong>").format(capitalised(first or texts.gettext("nothing to take care of")))]
    rest = [
        counted(needs, N_("one thing to look in on"), N_("%(n)s things to look in on"), texts),
        counted(thanks, N_("one thank-you this week"), N_("%(n)s thanks this week"), texts),
    ]
    parts += [escape(part) for part in rest if part]
    return Markup(listed(parts, texts.language) + ".")  # noqa: S704 - each part is escaped


def counted(n: int, one: str, many: str, texts: Catalogue) -> str:
    """ "" for none; numbers up to twelve in words."""
    return texts.gettext(one if n == 1 else many).replace("%(n)s", number_text(n, texts.language)) if n else ""


def capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]
