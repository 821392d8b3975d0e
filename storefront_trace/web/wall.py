"""/wall/{token}: the wall of thanks on the shop's screen, which nobody is signed in on. The link is the key.

There is no page of it for everybody on the web: what customer and person agreed to is a wall in the shop.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from storefront_trace.actions import wall as actions
from storefront_trace.domain.clock import now_micros
from storefront_trace.domain.errors import N_, NotFound
from storefront_trace.domain.wall import MOST, SECONDS, mixed, slides
from storefront_trace.storage import wall
from storefront_trace.web.front import shop_frame
from storefront_trace.web.hung import hung
from storefront_trace.web.languages import catalogue, choose
from storefront_trace.web.limits import visitor
from storefront_trace.web.milestones import milestone_text, read_milestone
from storefront_trace.web.page import page

NO_SCREEN = N_("This link shows no wall. It may be misspelt, or has been ended.")


async def show_wall(request: Request) -> Response:
    """In the shop's language, or `?lang=`. Asked for anew at the end of every round: what somebody has taken back is
    gone within a minute."""
    state = request.app.state
    screen = await actions.find_screen(state.desk, request.path_params["token"])
    if screen is None:
        state.limits.hit("token-miss", visitor(request))
        raise NotFound(NO_SCREEN)
    async with state.desk.db.read() as conn:
        cast = await state.desk.casts.get(conn, screen.shop_id)
        found = await wall.list_hung(conn, screen.shop_id, now_micros(), limit=MOST)
        news = await read_milestone(conn, cast)
    language = choose(request.query_params.get("lang"), "", cast.shop.locale)
    turns = slides(mixed(found, lambda said: said.person_id or said.team), lambda said: said.words)
    context = {
        "lang": language,
        "title": catalogue(language).gettext("The wall of thanks"),
        "shop": shop_frame(cast.shop),
        "slides": [[hung(cast, said, language) for said in slide] for slide in turns],
        "milestone": milestone_text(cast, news, language),
        "seconds": SECONDS * max(2, len(turns)),
    }
    return page(request, "wall/screen.html", language=language, page=context)
