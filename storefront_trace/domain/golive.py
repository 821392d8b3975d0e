"""What is settled before real customers come: what only people know, each ticked by somebody, on a day."""

from __future__ import annotations

from storefront_trace.domain.errors import N_

# In the order in which one comes to them; what the shop can see of itself is in web/owner/golive.py.
TICKS = {
    "told": (N_("Everybody who works here has been told"), N_("They have read the notice to staff and could ask.")),
    "council": (
        N_("The employees' representatives have been asked"),
        N_("Works council, union or elected representative. Tick it too when there is none."),
    ),
    "balance": (
        N_("The balancing test is decided"),
        N_("The reasons of this shop are written in, with name and date."),
    ),
    "dpia": (
        N_("The impact assessment is looked at"),
        N_("Finished and decided on, with the data protection officer where there is one."),
    ),
    "retention": (N_("How long things are kept is looked at"), N_("Links, names and customers' words.")),
    "contracts": (
        N_("There are contracts with who handles data for you"),
        N_("Article 28: the host, and whoever carries the mails."),
    ),
    "backup": (
        N_("A backup was made and restored once"),
        N_("With %(command)s backup and restore, into an empty folder."),
    ),
    "requests": (
        N_("Somebody answers when customers ask about their data"),
        N_("Within a month; the file and the erasing are on these pages."),
    ),
}
# Kept beside the ticks, and not on their list: colour and logo are to stay as they came.
LOOK = "look"
# What has to be done anew when owners are to read each person's feedback again.
RENEWED = ("told", "council", "balance", "dpia")
