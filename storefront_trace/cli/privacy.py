"""erase, export and purge."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click

from storefront_trace.actions import privacy, purging
from storefront_trace.actions.desk import Desk
from storefront_trace.actions.privacy import Erased
from storefront_trace.cli.common import counted, data_option, find_shop, load, one_of, run, shop_option
from storefront_trace.photos.files import MediaStore


@click.command()
@click.option("--order", "order", help="The order's number: forgets its customer.")
@click.option("--customer", help="The customer's e-mail address: forgets them in all of their orders.")
@click.option("--person", help="The handle of somebody who worked here: they leave, and are forgotten.")
@shop_option
@data_option
def erase(order: str | None, customer: str | None, person: str | None, shop: str | None, data: Path) -> None:
    """Forgets a customer or a person for good. Orders keep their number, steps and how many things."""
    number = order.strip().lstrip("#").strip() if order is not None else None
    one_of(order=number, customer=customer, person=person)
    settings = load(data)

    async def work(desk: Desk) -> Erased:
        found = await find_shop(desk, shop)
        if person is not None:
            done = await privacy.erase_person(desk, found.id, person)
        else:
            done = await privacy.erase_customer(desk, found.id, number=number, email=customer and customer.strip())
        await privacy.clear_disk(desk, MediaStore(settings.media_dir), done.photos)
        return done

    done = run(settings, work)
    if person is not None:
        click.echo(f"{person} is forgotten: name, portrait, address and notes. Their steps are the team's now.")
    else:
        orders, answers = counted(done.orders, "order", "orders"), counted(done.answers, "answer", "answers")
        click.echo(f"Forgotten in {orders}, {answers} and {counted(done.notices, 'mail', 'mails')}.")
    click.echo("Older backups still hold it: keep them for 30 days at most.", err=True)


@click.command()
@click.option("--customer", help="A customer's e-mail address.")
@click.option("--person", help="The handle of somebody who works or worked here.")
@shop_option
@data_option
def export(customer: str | None, person: str | None, shop: str | None, data: Path) -> None:
    """Prints what is kept about someone, as JSON. Times are microseconds since 1970, UTC."""
    one_of(customer=customer, person=person)

    async def work(desk: Desk) -> dict[str, object]:
        found = await find_shop(desk, shop)
        if person is not None:
            return await privacy.export_person(desk, found.id, person)
        return await privacy.export_customer(desk, found.id, (customer or "").strip())

    click.echo(json.dumps(run(load(data), work), ensure_ascii=False, indent=2))


@click.command()
@click.option("--dry-run", is_flag=True, help="Only counts.")
@shop_option
@data_option
def purge(dry_run: bool, shop: str | None, data: Path) -> None:
    """Removes what is past its time. The server does it once a day by itself."""

    async def work(desk: Desk) -> purging.Purged:
        found = await find_shop(desk, shop)
        return await purging.purge(desk, found.id, dry_run=dry_run)

    for name, count in asdict(run(load(data), work)).items():
        click.echo(f"{name.replace('_', ' ')}\t{count}{' would go' if dry_run else ''}")
