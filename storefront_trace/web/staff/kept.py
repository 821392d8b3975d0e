"""What is kept about me, and until when: the days that this shop keeps to, not prose."""

from __future__ import annotations

from storefront_trace.actions.purging import NOTICE_DAYS
from storefront_trace.web.staff.visit import Visit
from storefront_trace.web.wording import span_text


def kept_until(visit: Visit) -> list[str]:
    shop, ngettext = visit.cast.shop, visit.texts.ngettext
    names = ngettext(
        "Your name and picture on a customer's page: until %(days)s day after delivery, then it is the team.",
        "Your name and picture on a customer's page: until %(days)s days after delivery, then it is the team.",
        shop.fade_days,
    )
    customers = ngettext(
        "A customer's name beside what they wrote to you: until %(days)s day after delivery.",
        "A customer's name beside what they wrote to you: until %(days)s days after delivery.",
        shop.link_days,
    )
    mails = ngettext("Mails to you: %(days)s day.", "Mails to you: %(days)s days.", NOTICE_DAYS)
    return [
        names % {"days": shop.fade_days},
        customers % {"days": shop.link_days},
        visit.say("Your picture and your own words: until you take them away."),
        visit.say("The steps you log, and what is said of them: as long as the shop has the order."),
        visit.say("This sign-in: until %(when)s at the latest.", when=visit.when(visit.session.expires_at, "day")),
        mails % {"days": NOTICE_DAYS},
        visit.say(
            "Who has read what customers say of you: %(span)s.",
            span=span_text(shop.log_months, "month", visit.language),
        ),
    ]
