"""The two servers that a benchmark compares, each alone in a process: `servers.py limit|product PORT FILE`."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

sys.path.insert(0, str(Path(__file__).parent.parent))


def limit(page: Path) -> Starlette:
    """Starlette answering the same bytes: nothing can be faster with these parts."""
    body = page.read_bytes()

    async def answer(request: Request) -> Response:
        return Response(body, media_type="text/html")

    return Starlette(routes=[Route("/t/{token}", answer)])


def product(database: Path, port: int) -> None:
    """Served as `storefront-trace serve` does, deadlines and background work included."""
    from bench.data import settings
    from storefront_trace.serve import open_door, serve

    serve(replace(settings(database), log_level="warning"), open_door("127.0.0.1", port))


def main() -> None:
    kind, port, file = sys.argv[1], int(sys.argv[2]), Path(sys.argv[3])
    if kind == "limit":
        uvicorn.run(limit(file), host="127.0.0.1", port=port, log_level="warning", access_log=False)
    else:
        product(file, port)


if __name__ == "__main__":
    main()
