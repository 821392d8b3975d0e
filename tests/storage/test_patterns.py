from __future__ import annotations

import random
from typing import Any

from storefront_trace.domain.ladder import PATTERN_MEMORY, pattern
from storefront_trace.storage import patterns
from storefront_trace.storage.reports import Doer
from tests.people import Shop
from tests.web.owner.answers import put_answer

NOW = 1_795_000_000_000_000


async def put(shop: Shop, person: str | None, letters: str, **values: Any) -> None:
    """An answer for each letter, oldest first: c is a concern, t a thank-you, o a concern outside their control."""
    for place, letter in enumerate(letters):
        choice, at = "thanks" if letter == "t" else "concern", NOW + place
        more: dict[str, Any] = {"outside_at": NOW} if letter == "o" else {}
        await put_answer(shop, person, choice, created_at=at, order_id=f"{place:032}", **more, **values)


async def test_the_last_answers_come_of_those_whose_concerns_lie_close_together(shop: Shop) -> None:
    await put(shop, "anders", "t" * 40 + "ccctc")
    await put(shop, "anders", "cccoc", step="picked")
    await put(shop, "lisa", "cct" + "t" * 30 + "cc")
    await put(shop, None, "tcccc")
    anders = Doer(await shop.person_id("anders"))
    async with shop.desk.db.read() as conn:
        found = await patterns.close_concerns(conn, shop.id, 0)
        only = await patterns.close_concerns(conn, shop.id, 0, Doer(None, "warehouse"))
        late = await patterns.close_concerns(conn, shop.id, NOW + 42)
    assert found.keys() == {(anders, "packed"), (anders, "picked"), (Doer(None, "warehouse"), "packed")}
    assert len(found[anders, "packed"]) == PATTERN_MEMORY
    assert found[anders, "packed"][-2:] == [(f"{43:032}", "thanks"), (f"{44:032}", "concern")]
    assert [choice for _, choice in found[anders, "picked"]] == ["concern"] * 4
    assert only == {(Doer(None, "warehouse"), "packed"): found[Doer(None, "warehouse"), "packed"]}
    assert late == {}


async def test_no_pattern_is_missed_by_looking_at_close_concerns_alone(shop: Shop) -> None:
    dice = random.Random(5)
    told: dict[str, bool] = {}
    for step in range(25):
        letters = "".join("c" if dice.random() < 0.16 else "t" for _ in range(dice.randrange(3, 60)))
        answers = [(f"{n:032}", "concern" if letter == "c" else "thanks") for n, letter in enumerate(letters)]
        told[f"step{step}"] = pattern(answers) is not None
        await put(shop, "anders", letters, step=f"step{step}")
    async with shop.desk.db.read() as conn:
        close = await patterns.close_concerns(conn, shop.id, 0)
    found = {step: pattern(answers) is not None for (_, step), answers in close.items()}
    assert told == {step: found.get(step, False) for step in told}
    assert 3 <= sum(told.values()) <= 22


async def test_each_is_held_beside_everybody_else_at_the_step_without_what_was_outside_their_control(
    shop: Shop,
) -> None:
    await put(shop, "anders", "ttco")
    await put(shop, "lisa", "tttc")
    await put(shop, None, "c")
    await put(shop, None, "tc", step="picked")
    anders, lisa, team = (
        Doer(await shop.person_id("anders")),
        Doer(await shop.person_id("lisa")),
        Doer(None, "warehouse"),
    )
    async with shop.desk.db.read() as conn:
        found = await patterns.count_others(
            conn, shop.id, 0, [(anders, "packed"), (lisa, "packed"), (team, "packed"), (team, "picked")]
        )
        later = await patterns.count_others(conn, shop.id, NOW + 1, [(lisa, "packed")])
    assert found == {
        (anders, "packed"): (3, 2),
        (lisa, "packed"): (2, 2),
        (team, "packed"): (5, 2),
        (team, "picked"): (0, 0),
    }
    assert later == {(lisa, "packed"): (1, 1)}
