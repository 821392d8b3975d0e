"""Three ready-made shops: which teams there are, whose each step is, and which of them an order goes through.

A shape says nothing about words. What the owner has written stays, and so do steps of her own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from storefront_trace.domain.errors import N_, Invalid
from storefront_trace.domain.shop import Cast, Person, Shop, ShopStep, Team, Words
from storefront_trace.domain.step_texts import team_names
from storefront_trace.domain.steps import first_steps, may_be_taken_away

UNKNOWN = N_("Choose one of the three.")


@dataclass(frozen=True)
class Shape:
    """`teams` in their order; the first has whatever else is nobody's. `whose`: the steps that another team has than in
    a shop that has changed nothing. `without`: those that no order goes through."""

    key: str
    teams: tuple[str, ...]
    whose: Mapping[str, str] = field(default_factory=dict)
    without: tuple[str, ...] = ()


SHAPES: Mapping[str, Shape] = {
    one.key: one
    for one in (
        # One pair of hands, that take out and pack in one go. The team is called like the shop.
        Shape("alone", ("orders",), without=("picked",)),
        Shape("warehouse", ("orders", "warehouse")),
        # Nothing is handed to a carrier: our own people bring it to the door.
        Shape(
            "delivery",
            ("orders", "warehouse", "delivery"),
            {"out_for_delivery": "delivery", "delivered": "delivery"},
            ("shipped", "in_transit"),
        ),
    )
}


SOMETIMES = frozenset(key for shape in SHAPES.values() for key in shape.without)


@dataclass(frozen=True)
class Shaped:
    """`gone`: keys of teams that nobody is in and that no step is left to."""

    teams: tuple[Team, ...]
    steps: tuple[ShopStep, ...]
    gone: tuple[str, ...]

    def on(self, cast: Cast) -> Cast:
        """The shop as it would be."""
        teams = {key: team for key, team in cast.teams.items() if key not in self.gone}
        teams |= {team.key: team for team in self.teams}
        return replace(cast, teams=teams, steps={step.key: step for step in self.steps})


def parse_shape(text: str) -> Shape:
    if text not in SHAPES:
        raise Invalid(UNKNOWN, errors=[("shape", UNKNOWN)])
    return SHAPES[text]


def shaped(cast: Cast, shape: Shape, now: int) -> Shaped:
    """What this shop's teams and steps become at that instant (microseconds, UTC)."""
    start = {step.key: step for step in first_steps()}
    steps = tuple(_step(step, start.get(step.key), shape, now) for step in cast.steps.values())
    teams = tuple(_team(cast, shape, key, place) for place, key in enumerate(shape.teams))
    needed = {*shape.teams, *(_teams_of(cast.people))}
    return Shaped(teams, steps, tuple(key for key in cast.teams if key not in needed and _is_ours(key)))


def _step(step: ShopStep, start: ShopStep | None, shape: Shape, now: int) -> ShopStep:
    step = replace(step, logged_by=_kept(step.logged_by, shape))
    if start is None:
        return replace(step, team=_kept(step.team, shape))
    step = replace(step, team=shape.whose.get(step.key) or _kept(start.team, shape))
    if step.key not in SOMETIMES:
        return step
    if step.key not in shape.without:
        return replace(step, methods=start.methods, gone_at=None)
    # What shop systems and carriers tell of is still taken from them; nobody here is asked to do it.
    return replace(step, gone_at=now) if may_be_taken_away(step.key) else replace(step, methods=())


def _kept(team: str | None, shape: Shape) -> str | None:
    """Teams that the owner has made keep their steps."""
    return team if team is None or team in shape.teams or not _is_ours(team) else shape.teams[0]


def _team(cast: Cast, shape: Shape, key: str, place: int) -> Team:
    alone, now = len(shape.teams) == 1, cast.teams.get(key)
    if alone and (now is None or _is_unnamed(now)):
        return Team(key, _named_like(cast.shop), now.photo if now else None, place)
    if now is None or now.names == _named_like(cast.shop):
        return Team(key, dict(team_names(key)), now.photo if now else None, place)
    return replace(now, position=place)


def _named_like(shop: Shop) -> Words:
    return {shop.locale: shop.name}


def _is_unnamed(team: Team) -> bool:
    ours = team_names(team.key)
    return all(ours.get(language) == name for language, name in team.names.items())


def _is_ours(team: str) -> bool:
    return any(team in shape.teams for shape in SHAPES.values())


def _teams_of(people: Mapping[str, Person]) -> set[str]:
    """Of those who have left, too: what they did stays their team's."""
    return {person.team for person in people.values() if person.team is not None}
