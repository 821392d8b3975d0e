"""Puts the parts together: settings in, Starlette application out. Nothing is opened before the application starts."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from urllib.parse import urlsplit

import structlog
from starlette.applications import Starlette
from starlette.middleware import Middleware

from storefront_trace.actions.desk import Desk
from storefront_trace.config import Settings
from storefront_trace.photos.files import MediaStore
from storefront_trace.photos.worker import CardWorker, DocumentWorker, PhotoWorker, SlipWorker
from storefront_trace.routes import ROUTES
from storefront_trace.routes.sizes import FORM
from storefront_trace.storage.database import Database
from storefront_trace.storage.journal import Journal
from storefront_trace.storage.trackread import TrackReader
from storefront_trace.web.customer.cache import PageCache
from storefront_trace.web.customer.following import Offers
from storefront_trace.web.customer.kept import KeptPages
from storefront_trace.web.customer.live import LiveHub, Streams
from storefront_trace.web.customer.pictures import MOST_BYTES as PICTURE_BYTES
from storefront_trace.web.customer.preview import Previews
from storefront_trace.web.customer.readings import StepReadings
from storefront_trace.web.customer.visits import Visits, keep_visits
from storefront_trace.web.customer.warm import warm
from storefront_trace.web.customer.watch import watch
from storefront_trace.web.errors import HANDLERS
from storefront_trace.web.forms import SomebodyElse
from storefront_trace.web.frame import Frame, RefuseFramed
from storefront_trace.web.large import LargeBodies
from storefront_trace.web.lastseen import LastSeen, keep_last_seen
from storefront_trace.web.limits import Limits
from storefront_trace.web.page import Pages
from storefront_trace.web.staff.whose import show_whose
from storefront_trace.web.voices import Voices

log = structlog.get_logger()
# What runs beside the requests: (application, stop) -> until stop is set.
Background = Callable[[Starlette, asyncio.Event], Awaitable[None]]


def create_app(settings: Settings, background: tuple[Background, ...] = ()) -> Starlette:
    """The schema must be current: `serve` migrates first. Parts stand on `app.state`."""
    return Starlette(
        routes=ROUTES,
        exception_handlers={**HANDLERS, SomebodyElse: show_whose},
        middleware=[
            Middleware(Streams),
            Middleware(KeptPages),
            Middleware(Frame, public_url=settings.public_url),
            Middleware(LargeBodies, most=FORM),
            Middleware(RefuseFramed),
        ],
        lifespan=lambda app: _life(app, settings, background),
    )


@contextlib.asynccontextmanager
async def _life(app: Starlette, settings: Settings, background: tuple[Background, ...]) -> AsyncIterator[None]:
    stop = asyncio.Event()
    db = Database(settings.database_url)
    app.state.settings = settings
    app.state.stop = stop
    app.state.broken = []
    app.state.desk = Desk(db, settings.secrets, Journal(settings.journal_path))
    app.state.pages = Pages(settings.templates_dir)
    app.state.limits = Limits()
    app.state.last_seen = LastSeen()
    app.state.visits = Visits()
    app.state.page_cache = PageCache()
    app.state.live = LiveHub()
    app.state.reader = TrackReader(db)
    app.state.voice = Voices(app.state.desk, app.state.reader, app.state.pages)
    app.state.previews = Previews(app.state.pages)
    app.state.step_readings = StepReadings(app.state.desk, app.state.reader, app.state.pages)
    app.state.offers = _offers(settings)
    app.state.media = MediaStore(settings.media_dir)
    app.state.photo_worker = PhotoWorker()
    app.state.card_worker = CardWorker()
    app.state.slip_worker = SlipWorker()
    app.state.document_worker = DocumentWorker()
    app.state.picture_cache = PageCache(PICTURE_BYTES)
    app.state.drawing = {}
    try:
        await app.state.reader.open()
        await warm(app)
        async with asyncio.TaskGroup() as tasks:
            for run in (watch, keep_last_seen, keep_visits, *background):
                tasks.create_task(_run(run, app, stop))
            yield
            stop.set()
    finally:
        stop.set()
        await app.state.photo_worker.close()
        await app.state.card_worker.close()
        await app.state.slip_worker.close()
        await app.state.document_worker.close()
        await app.state.reader.close()
        await db.close()


def _offers(settings: Settings) -> Offers:
    """Browsers take push on safe addresses only, and call their own machine one."""
    safe = settings.https or urlsplit(settings.public_url).hostname in ("localhost", "127.0.0.1")
    return Offers(settings.smtp is not None, push=safe)


async def _run(run: Background, app: Starlette, stop: asyncio.Event) -> None:
    """What runs beside the requests guards itself. If it ends all the same, the server says that it is not ready and
    goes on with the requests: better a page without news than no page."""
    try:
        await run(app, stop)
    except Exception as error:
        app.state.broken.append(run.__name__)
        log.error("background work ended", what=run.__name__, kind=type(error).__name__)
