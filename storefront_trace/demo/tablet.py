"""The demo's shared tablet, and the PIN of the colleague whose link is printed."""

from __future__ import annotations

from storefront_trace.actions import kiosks, pins, signin
from storefront_trace.actions.desk import Desk
from storefront_trace.storage import kiosks as rows

NAME = "Packbordet"
# Nobody's own: it stands on the screen of whoever starts the demo.
PIN = "4827"
# Tablets of earlier starts that stay: somebody may still be looking at the last ones.
KEPT = 5


async def share_tablet(desk: Desk, shop_id: str, staff: str) -> str:
    """The token of a link that makes a device the tablet. `staff` is the colleague's own sign-in token."""
    _, session = await signin.use_link(desk, staff, device="Android · Chrome", days=1)
    await pins.set_pin(desk, session, PIN)
    await signin.sign_out(desk, session)
    async with desk.db.read() as conn:
        known = await rows.list_kiosks(conn, shop_id)
    for old in sorted(known, key=lambda one: one.created_at)[: -KEPT or None]:
        await kiosks.end_kiosk(desk, shop_id, old.id)
    return (await kiosks.make_kiosk(desk, shop_id, NAME))[1]
