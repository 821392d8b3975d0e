"""The shop's steps are changed while orders are under way: added, moved, taken away and brought back.

What has been logged keeps the place and the meaning that the step had then. Every page is new at once; whose turn it is
with the orders under way is counted anew after it, some orders at a time, so that whoever logs a step need not wait.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from storefront_trace.actions import trail
from storefront_trace.actions.audit import note
from storefront_trace.actions.desk import Desk
from storefront_trace.domain.clock import now_micros
from storefront_trace.domain.errors import N_, Conflict, Invalid, NotFound
from storefront_trace.domain.replay import replay
from storefront_trace.domain.sentences import parse
from storefront_trace.domain.shop import LANGUAGES, Cast, ShopStep
from storefront_trace.domain.step_places import place_after, place_back
from storefront_trace.domain.steps import may_be_taken_away
from storefront_trace.storage import derived, orders, shops
from storefront_trace.storage.database import Connection

TOGETHER = 50
MOST_STEPS = 100
FULL = N_("A shop can have %(most)s steps. Change one that is there.")
NEEDED = N_("Every shop has this step: shop systems and carriers tell of it. It can be hidden from customers.")


async def put_step(desk: Desk, shop_id: str, step: ShopStep) -> bool:
    """Whether it is new. Events that have been logged keep the meaning that the step had then."""
    return (await make_step(desk, shop_id, step.key, lambda _: step))[1]


async def make_step(
    desk: Desk, shop_id: str, key: str, make: Callable[[ShopStep | None], ShopStep]
) -> tuple[ShopStep, bool]:
    """`put_step` of what `make` makes of the step as it stands, once nobody else changes it: what is not said anew is
    then what the other one has just said. Returns it, and whether it is new."""
    async with desk.db.write() as conn:
        cast = await _locked(conn, shop_id)
        old = cast.steps.get(key)
        step = make(old)
        _check_words(step)
        _check(cast, step)
        below = await _save(conn, cast, step)
        await note(conn, shop_id, "steps.changed" if old else "steps.added", "step", key, before=old, after=step)
    await recount(desk, shop_id, below)
    return step, old is None


async def add_step(desk: Desk, shop_id: str, step: ShopStep, after: str | None) -> None:
    """A new one behind the step `after`, where its own position does not count; None: beside the way."""
    _check_words(step)
    async with desk.db.write() as conn:
        cast = await _locked(conn, shop_id)
        if step.key in cast.steps:
            raise Conflict("There is such a step already. Choose another name.")
        _check(cast, step)
        placed = place_after(cast, step.key, after) if after is not None else {}
        new = replace(step, position=placed.pop(step.key, 0))
        below = max(await _place(conn, cast, placed), await _save(conn, cast, new))
        await note(conn, shop_id, "steps.added", "step", step.key, after=new)
    await recount(desk, shop_id, below)


async def move_step(desk: Desk, shop_id: str, key: str, after: str) -> None:
    """Behind the step `after`. Where it stands already it stays."""
    async with desk.db.write() as conn:
        cast = await _locked(conn, shop_id)
        step = _step(cast, key)
        placed = place_after(cast, key, after)
        below = await _place(conn, cast, placed)
        moved = replace(step, position=placed.get(key, step.position))
        await note(conn, shop_id, "steps.moved", "step", key, before=step, after=moved)
    await recount(desk, shop_id, below)


async def take_step_away(desk: Desk, shop_id: str, key: str) -> None:
    """Nothing more is logged with it. Orders that are at it go on from there, and every page keeps what it says of it.
    Twice is once."""
    async with desk.db.write() as conn:
        cast = await _locked(conn, shop_id)
        step = cast.steps.get(key)
        if step is None:
            raise NotFound("There is no such step.")
        if not may_be_taken_away(key):
            raise Conflict(NEEDED)
        if step.gone:
            return
        below = await _save(conn, cast, replace(step, gone_at=now_micros()))
        await note(conn, shop_id, "steps.taken_away", "step", key)
    await recount(desk, shop_id, below)


async def bring_step_back(desk: Desk, shop_id: str, key: str) -> None:
    """To where it stood. Twice is once."""
    async with desk.db.write() as conn:
        cast = await _locked(conn, shop_id)
        step = cast.steps.get(key)
        if step is None:
            raise NotFound("There is no such step.")
        if not step.gone:
            return
        back = replace(step, gone_at=None)
        placed = place_back(cast, back)
        below = await _save(conn, cast, replace(back, position=placed.pop(key, step.position)))
        below = max(below, await _place(conn, cast, placed))
        await note(conn, shop_id, "steps.brought_back", "step", key)
    await recount(desk, shop_id, below)


async def recount(desk: Desk, shop_id: str, below: int) -> None:
    """Whose turn it is with the orders that have not come as far as the position `below`."""
    if not below:
        return
    async with desk.db.read() as conn:
        numbers = await orders.list_open_before(conn, shop_id, below)
    together = [numbers[at : at + TOGETHER] for at in range(0, len(numbers), TOGETHER)]
    changed = [await _recount(desk, shop_id, some) for some in together]
    if any(changed):
        async with desk.db.write() as conn:  # a page made in between told the former step as the next one
            await shops.update_generation(conn, shop_id)


async def _recount(desk: Desk, shop_id: str, numbers: Sequence[str]) -> bool:
    changed = False
    async with desk.db.write() as conn:
        for number in numbers:
            cast, found = await trail.lock_whole(desk, conn, shop_id, number)
            state = replay(found.events, cast.rules)
            row = found.row
            if trail.order_after(row, state, row.updated_at) != row:
                await derived.update_derived(conn, shop_id, row.id, state, row.updated_at, known=found)
                changed = True
    return changed


async def _locked(conn: Connection, shop_id: str) -> Cast:
    """Two owners who move steps at once move them one after the other."""
    await shops.get_shop(conn, shop_id, lock=True)
    return await shops.get_cast(conn, shop_id)


def _check_words(step: ShopStep) -> None:
    for language, sentence in step.sentences.items():
        if language not in LANGUAGES:
            raise Invalid("We do not speak that language yet.", errors=[("locale", "Use en, sv, nb, da, fi or de.")])
        parse(sentence)


def _check(cast: Cast, step: ShopStep) -> None:
    if step.team is not None and step.team not in cast.teams:
        raise Invalid("There is no such team.", errors=[("team", "Use the key of one of the shop's teams.")])
    if step.logged_by is not None and step.logged_by not in cast.teams:
        raise Invalid("There is no such team.", errors=[("logged_by", "Use the key of one of the shop's teams.")])
    if step.key not in cast.steps and len(cast.steps) >= MOST_STEPS:
        raise Conflict(FULL, params={"most": MOST_STEPS})


def _step(cast: Cast, key: str) -> ShopStep:
    found = cast.steps.get(key)
    if found is None or found.gone:
        raise NotFound("There is no such step.")
    return found


async def _place(conn: Connection, cast: Cast, positions: Mapping[str, int]) -> int:
    moved = [replace(cast.steps[key], position=position) for key, position in positions.items()]
    return max([await _save(conn, cast, step) for step in moved], default=0)


async def _save(conn: Connection, cast: Cast, step: ShopStep) -> int:
    """Up to which position orders have another turn with it; 0 when no order has."""
    await shops.upsert_step(conn, cast.shop.id, step)
    await shops.update_generation(conn, cast.shop.id)
    old = cast.steps.get(step.key)
    if old is not None and _turn(old) == _turn(step):
        return 0
    return max(step.position, old.position if old else 0)


def _turn(step: ShopStep) -> tuple[object, ...]:
    """What of it `replay` looks at."""
    return step.position, step.effect, step.team, step.methods, step.gone
