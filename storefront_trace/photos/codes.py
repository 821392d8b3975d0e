"""QR codes of our own addresses, as squares: black on white, whatever colours are around them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

# Light modules that a reader needs on every side.
QUIET = 4


@lru_cache(maxsize=512)
def squares(text: str) -> tuple[bytes, ...]:
    """Row by row, 1 is dark, without the quiet zone. A few milliseconds: many of them belong in a thread."""
    import segno  # where codes are drawn, not where pages are shown

    return tuple(bytes(row) for row in segno.make_qr(text, error="m", boost_error=False).matrix)


def svg(text: str, quiet: int = QUIET) -> str:
    """One picture with its quiet zone, to stand in a page; the size comes from the style sheet. With less of it there
    has to be white around the picture."""
    rows = squares(text)
    side = len(rows) + 2 * quiet
    dark = "".join(f"M{x + quiet} {y + quiet}h{wide}v1h-{wide}z" for y, row in enumerate(rows) for x, wide in runs(row))
    return (
        f'<svg class="qr" viewBox="0 0 {side} {side}" shape-rendering="crispEdges" aria-hidden="true">'
        f'<path fill="#fff" d="M0 0h{side}v{side}H0z"/><path fill="#000" d="{dark}"/></svg>'
    )


def runs(row: bytes) -> Iterator[tuple[int, int]]:
    """(where it begins, how long) of every stretch of dark."""
    start = None
    for x, dark in enumerate((*row, 0)):
        if dark and start is None:
            start = x
        elif not dark and start is not None:
            yield start, x - start
            start = None
