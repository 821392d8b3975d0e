"""HTML that a shop pastes into its own pages and mails, with a place for the order's link."""

from __future__ import annotations

from collections.abc import Callable

from markupsafe import escape

from storefront_trace.domain.errors import N_

LINK = "TRACKING_URL"
PAGE = """<div data-storefront-trace="{link}"><a href="{link}">{words}</a></div>
<script async src="{public}/embed.js"></script>"""
MAIL = """<a href="{link}"><img src="{link}/strip.png" width="600" height="160" alt="{words}"
  style="display:block;width:100%;max-width:600px;height:auto;border:0"></a>"""
KINDS = (
    (
        "page",
        N_("For a page of your shop"),
        N_("Put the order's link in place of TRACKING_URL. Without scripts customers see the link alone."),
        PAGE,
    ),
    (
        "mail",
        N_("For a mail that your shop sends"),
        N_("The picture is drawn anew each time the mail is opened, so it always shows who has the order now."),
        MAIL,
    ),
)
WORDS = N_("See who has your order now")


def snippets(public_url: str, say: Callable[[str], str]) -> list[dict[str, str]]:
    values = {"link": LINK, "public": str(escape(public_url)), "words": str(escape(say(WORDS)))}
    return [
        {"key": key, "title": say(title), "text": say(text), "code": code.format(**values)}
        for key, title, text, code in KINDS
    ]
