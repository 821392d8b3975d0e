"""link and rebuild: an order's key is given anew or taken back, its rows are made again."""

from __future__ import annotations

from pathlib import Path

import click

from storefront_trace.actions import orders
from storefront_trace.actions.desk import Desk
from storefront_trace.cli.common import data_option, find_shop, load, order_option, run, shop_option


@click.group()
def link() -> None:
    """Tracking links."""


@link.command()
@order_option
@shop_option
@data_option
def renew(order: str, shop: str | None, data: Path) -> None:
    """Prints a new link to the order's page; every earlier one is dead from now."""
    settings = load(data)

    async def work(desk: Desk) -> str:
        return await orders.rotate_link(desk, (await find_shop(desk, shop)).id, order)

    click.echo(f"{settings.public_url}/t/{run(settings, work)}")


@link.command()
@order_option
@shop_option
@data_option
def revoke(order: str, shop: str | None, data: Path) -> None:
    """Nobody gets at the order's page any more, until its link is renewed."""

    async def work(desk: Desk) -> None:
        await orders.revoke_links(desk, (await find_shop(desk, shop)).id, order)

    run(load(data), work)
    click.echo(f"Every link of order {order} is dead. `link renew` makes a new one.")


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
