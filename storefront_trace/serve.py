"""The HTTP server around the application: uvicorn with deadlines, an end to open streams, and no path in any log."""

from __future__ import annotations

import asyncio
import copy
import functools
import gc
import logging
import signal
import socket
import sys
import threading
import traceback
from datetime import UTC, datetime
from types import FrameType
from typing import Any

import structlog
import uvicorn
import uvicorn.logging
from starlette.applications import Starlette
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.supervisors import Multiprocess

from storefront_trace.actions import deliveries, left_behind, mailing, pace, questions, retention, weeks
from storefront_trace.app import Background, create_app
from storefront_trace.config import Settings
from storefront_trace.integrations.webpush import PushService
from storefront_trace.notify import sender

HEAD_SECONDS = 10
HEAD_BYTES = 64 * 1024
WAITING_REQUESTS = 16
BODY_SECONDS = 30
BODY_BYTES_PER_SECOND = 1024
UNREAD_SECONDS = 60
GRACE_SECONDS = 10
START_SECONDS = 60  # on a busy machine a worker takes a while; with uvicorn's 5 each is ended before it has begun
UNREAD_GRACE_SECONDS = 0.2
# How long a thread keeps the interpreter's lock while another waits for it. Those that read and write the database need
# it for moments only: with Python's 5 ms, SQLite stood still while the event loop took in what was asked next.
LOCK_SECONDS = 0.0005
LINE = structlog.processors.LogfmtRenderer(key_order=["timestamp", "level", "event"])


class DeadlineProtocol(HttpToolsProtocol):
    """Closes who does not get on: a head takes at most 10 s and 64 KiB, a body moves at least 1 KiB a second, and an
    answer is read at nearly that pace; when the server stops, who takes nothing for a moment is not waited for.

    Plain uvicorn keeps connections that trickle open for ever, and takes heads of any size.
    """

    _timer: asyncio.TimerHandle | None = None
    _unread: asyncio.TimerHandle | None = None
    _head = 0
    _body = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._watch(HEAD_SECONDS, self.transport.close)

    def connection_lost(self, exc: Exception | None) -> None:
        self._unwatch()
        self._watch_reader(None)
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        super().pause_writing()
        self._watch_reader(UNREAD_SECONDS, self.transport.abort)

    def resume_writing(self) -> None:
        super().resume_writing()
        self._watch_reader(None)

    def shutdown(self) -> None:
        super().shutdown()
        self._hurry(-1)

    def on_message_begin(self) -> None:
        if len(self.pipeline) >= WAITING_REQUESTS:
            raise ValueError("too many requests at once")  # no browser sends the next before it has the answer
        self._head = self._body = 0
        self._watch(HEAD_SECONDS, self.transport.close)
        super().on_message_begin()

    def on_url(self, url: bytes) -> None:
        self._count_head(len(url))
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        self._count_head(len(name) + len(value))
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        self._watch(BODY_SECONDS, self._check_body)
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        self._body += len(body)
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._unwatch()
        super().on_message_complete()

    def _count_head(self, more: int) -> None:
        self._head += more
        if self._head > HEAD_BYTES:
            raise ValueError("the head is too large")  # the parser makes a 400 of it

    def _check_body(self) -> None:
        """What is slow because we read slowly is not the sender's fault."""
        if self._body < BODY_SECONDS * BODY_BYTES_PER_SECOND and not self.flow.read_paused:
            self.transport.close()
            return
        self._body = 0
        self._watch(BODY_SECONDS, self._check_body)

    def _hurry(self, before: int) -> None:
        """`close` alone would wait for ever for who does not read."""
        left = self.transport.get_write_buffer_size()
        if left and left == before:
            self.transport.abort()
        elif not (self.transport.is_closing() and not left):
            self._watch_reader(UNREAD_GRACE_SECONDS, self._hurry, left)

    def _watch_reader(self, seconds: float | None, late: Any = None, *told: int) -> None:
        if self._unread is not None:
            self._unread.cancel()
        self._unread = None if seconds is None else self.loop.call_later(seconds, late, *told)

    def _watch(self, seconds: float, late: Any) -> None:
        self._unwatch()
        self._timer = self.loop.call_later(seconds, late)

    def _unwatch(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


class Formatter(uvicorn.logging.DefaultFormatter):
    """The lines of uvicorn and of everybody else who logs through the standard library, as structlog writes ours.

    Of an exception: where it was raised, and its kind. What it says stays out: that may be what somebody sent."""

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
        told = {"timestamp": at, "level": record.levelname.lower(), "event": record.getMessage()}
        line = str(LINE(None, "", told))
        return f"{line}\n{self.formatException(record.exc_info)}" if record.exc_info else line

    def formatException(self, ei: Any) -> str:
        return "\n".join(_places(ei[1]))


def open_door(host: str, port: int) -> socket.socket:
    """A listening socket: who comes before the application is ready waits a moment. OSError when it is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        why = f"Port {port} on {host} cannot be opened ({error.strerror}). Use another --port."
        raise OSError(error.errno, why) from None


def serve(settings: Settings, door: socket.socket, *, workers: int = 1, more: tuple[Background, ...] = ()) -> None:
    """Until a signal ends it. `more` runs beside the requests, together with all that is done here by itself."""
    background = (
        end_streams,
        work_off_deliveries,
        send_notices,
        pass_on_questions,
        pass_on_orders,
        let_go,
        count_pace,
        count_weeks,
        write_mails,
        *more,
    )
    config = uvicorn.Config(
        functools.partial(_build, settings, background),
        factory=True,
        http=DeadlineProtocol,
        ws="none",
        workers=workers,
        access_log=False,  # it would hold tracking tokens
        log_config=_log_config(),
        log_level=settings.log_level,
        use_colors=False,
        server_header=False,
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=[str(network) for network in settings.trusted_proxies],
        timeout_graceful_shutdown=GRACE_SECONDS,
        timeout_worker_healthcheck=START_SECONDS,
    )
    # uvicorn raises the signal that ended it once more, when all is closed: that is no failure.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        if workers > 1:
            Multiprocess(config, sockets=[door]).run()
        else:
            uvicorn.Server(config).run(sockets=[door])
    except KeyboardInterrupt:
        pass
    finally:
        gc.freeze()  # the last collection of a process that served thousands takes a third of a second, for nothing


async def end_streams(app: Starlette, stop: asyncio.Event) -> None:
    """Sets `stop` with the signal itself. The server would else wait for the live streams, and they for it."""
    if threading.current_thread() is threading.main_thread():
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, functools.partial(_pass_on, signal.getsignal(number), loop, stop))
    await stop.wait()


async def work_off_deliveries(app: Starlette, stop: asyncio.Event) -> None:
    await deliveries.run(app.state.desk, stop)


async def send_notices(app: Starlette, stop: asyncio.Event) -> None:
    pushes = PushService(app.state.settings.public_url)
    try:
        await sender.run(app.state.desk, app.state.settings, stop, app.state.voice, pushes)
    finally:
        await pushes.close()


async def pass_on_questions(app: Starlette, stop: asyncio.Event) -> None:
    await questions.run(app.state.desk, stop)


async def pass_on_orders(app: Starlette, stop: asyncio.Event) -> None:
    await left_behind.run(app.state.desk, stop)


async def let_go(app: Starlette, stop: asyncio.Event) -> None:
    await retention.run(app.state.desk, stop, store=app.state.media)


async def count_pace(app: Starlette, stop: asyncio.Event) -> None:
    await pace.run(app.state.desk, stop)


async def count_weeks(app: Starlette, stop: asyncio.Event) -> None:
    await weeks.run(app.state.desk, stop)


async def write_mails(app: Starlette, stop: asyncio.Event) -> None:
    await mailing.run(app.state.desk, stop)


def set_up_logging(level: str) -> None:
    """To stderr, one line each: stdout belongs to the commands. No tracebacks: they may hold what people sent."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            LINE,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


def _log_config() -> dict[str, Any]:
    """uvicorn's own, with our formatter, and for everybody else who logs through the standard library too."""
    found = copy.deepcopy(uvicorn.config.LOGGING_CONFIG)
    found["formatters"]["default"]["()"] = f"{__name__}.Formatter"
    return {**found, "root": {"handlers": ["default"], "level": "WARNING"}}


def _places(error: BaseException | None) -> list[str]:
    """The cause first, as Python does."""
    if error is None:
        return []
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    here = "".join(traceback.format_tb(error.__traceback__))
    inside = [line for one in getattr(error, "exceptions", ()) for line in _places(one)]
    return [*_places(before), *inside, f"{here}{type(error).__module__}.{type(error).__qualname__}"]


def _build(settings: Settings, background: tuple[Background, ...]) -> Starlette:
    """In each worker. A page makes some thousand short-lived objects: collecting every 700, as Python does by itself,
    goes through all that was imported again and again, and was a tenth of a page's cost."""
    set_up_logging(settings.log_level)
    app = create_app(settings, background)
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
    sys.setswitchinterval(LOCK_SECONDS)
    return app


def _pass_on(
    before: Any, loop: asyncio.AbstractEventLoop, stop: asyncio.Event, number: int, frame: FrameType | None
) -> None:
    loop.call_soon_threadsafe(stop.set)
    if callable(before):
        before(number, frame)
