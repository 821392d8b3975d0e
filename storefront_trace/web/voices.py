"""What mails say that our pages say too: the customer's, the staff's and the owner's, as one."""

from __future__ import annotations

from storefront_trace.web.customer.voice import PageVoice
from storefront_trace.web.owner.voice import OwnersVoice
from storefront_trace.web.staff.voice import StaffVoice


class Voices(PageVoice, StaffVoice, OwnersVoice):
    """`notify.letters.Voice`."""
