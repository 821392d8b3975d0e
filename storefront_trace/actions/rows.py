"""Logging one step on many orders, one after the other: each in its own transaction, each refused on its own."""

from __future__ import annotations

from storefront_trace.actions import steps, trail
from storefront_trace.actions.desk import Desk
from storefront_trace.actions.steps import LoggedStep, StepToLog
from storefront_trace.domain.errors import Invalid
from storefront_trace.domain.fitting import IN_A_ROW, check_fit
from storefront_trace.domain.replay import replay
from storefront_trace.storage import locked
from storefront_trace.storage.database import Connection


async def log_fitting(desk: Desk, shop_id: str, number: str, told: StepToLog) -> LoggedStep:
    """As `log_step`, but only when the order can take the step now: else it raises `fitting.Unfit` and logs nothing.

    `told.source_key` makes the same again safe: it answers with what was logged then (`again`), fitting or not.
    """

    async def job(conn: Connection) -> LoggedStep:
        cast, found = await trail.lock_whole(desk, conn, shop_id, number)
        step, past = cast.steps.get(told.step), found.events
        if step is None or step.effect not in IN_A_ROW:
            raise Invalid("Choose a step that fits many orders.")
        if not any(told.source_key and (e.source, e.source_key) == (told.source, told.source_key) for e in past):
            before = replay(past, cast.rules)
            after = replay([*past, steps.new_event(cast, past, told)], cast.rules)
            check_fit(step, before, after, past, any_order=cast.shop.any_order)
        return await steps.log_step_in(conn, cast, found.row, told, known=found)

    return await desk.db.write_together(job, locked.ahead(shop_id, number))
