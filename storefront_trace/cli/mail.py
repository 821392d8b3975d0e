"""bounce: what the mail server gives back."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from storefront_trace.actions.desk import Desk
from storefront_trace.cli.common import data_option, load, run
from storefront_trace.notify.bounces import take_bounce

MOST = 10_000_000


@click.command()
@data_option
def bounce(data: Path) -> None:
    """Reads a mail that came back from standard input, and ends every mail about an order to that address.

    What the page offers can be asked for again. Not even the question after delivery goes there in the meantime; the
    link asked for at /track and the answer to a question do.

    For a pipe from the mail server: a report that is none of ours ends with 0 too, or it would come back in turn.
    """
    raw = sys.stdin.buffer.read(MOST)

    async def work(desk: Desk) -> bool:
        return await take_bounce(desk, raw)

    stopped = run(load(data), work)
    click.echo(
        "That address gets no more mails about an order, until somebody follows with it again."
        if stopped
        else "Nothing changes by that mail."
    )
