"""The two servers that a benchmark compares, each alone in a process: `servers.py limit|product PORT FILE`."""

from __future__ import annotations

import sys
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


def product(database: Path) -> Starlette:
    from bench.data import settings
    from storefront_trace.app import create_app

    return create_app(settings(database))


def main() -> None:
    kind, port, file = sys.argv[1], int(sys.argv[2]), Path(sys.argv[3])
    app = limit(file) if kind == "limit" else product(file)
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="warning", access_log=False)


if __name__ == "__main__":
    main()
