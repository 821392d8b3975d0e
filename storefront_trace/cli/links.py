"""link and rebuild: an order's key is given anew or taken back, its rows are made again."""

from __future__ import annotations

from pathlib import Path

import click

from storefront_trace.actions import orders
from storefront_trace.actions.desk import Desk
from storefront_trace.cli.common import data_option, find_shop, load, order_option, run, shop_option

# On stderr: of `link renew` a script reads the link alone.
UNFOLLOWED = "Nobody follows the order by mail or push any more, but for its own address."


@click.group()
def link() -> None:
    """Tracking links."""


@link.command()
@order_option
@shop_option
@data_option
def renew(order: str, shop: str | None, data: Path) -> None:
    """Prints a new link to the order's page; every earlier one is dead from now.

    Who followed the order by mail or push follows no more, or the next mail would bring them the new link: all but the
    order's own address.
    """
    settings = load(data)

    async def work(desk: Desk) -> str:
        return await orders.rotate_link(desk, (await find_shop(desk, shop)).id, order)

    click.echo(f"{settings.public_url}/t/{run(settings, work)}")
    click.echo(UNFOLLOWED, err=True)


@link.command()
@order_option
@shop_option
@data_option
def revoke(order: str, shop: str | None, data: Path) -> None:
    """Nobody gets at the order's page any more, until its link is renewed.

    Nor does anybody follow it by mail or push any more, but for the order's own address.
    """

    async def work(desk: Desk) -> None:
        await orders.revoke_links(desk, (await find_shop(desk, shop)).id, order)

    run(load(data), work)
    click.echo(f"Every link of order {order} is dead. `link renew` makes a new one.")
    click.echo(UNFOLLOWED, err=True)


@click.command()
@order_option
@shop_option
@data_option
def rebuild(order: str, shop: str | None, data: Path) -> None:
    """Makes what the pages show of an order again from its events. It changes nothing that happened."""

    async def work(desk: Desk) -> None:
        await orders.rebuild_order(desk, (await find_shop(desk, shop)).id, order)

    run(load(data), work)
    click.echo(f"Order {order} is made again from its events.")
