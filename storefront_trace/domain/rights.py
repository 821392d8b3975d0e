"""Who may what: an owner everything, a manager what is about one team, a reader the shop's own figures."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Protocol

from storefront_trace.domain.errors import N_, Invalid
from storefront_trace.domain.shop import Cast

ROLES = ("owner", "manager", "staff", "reader")  # from most to least
NO_ROLE = N_("Choose owner, manager, staff or reader.")
NO_TEAM = N_("Choose the team that they look after.")


class About(Protocol):
    """What is asked of an answer, a question or an order: who it is about or waits for."""

    @property
    def person_id(self) -> str | None: ...
    @property
    def team(self) -> str | None: ...


@dataclass(frozen=True)
class Sight:
    """How far somebody sees who is no owner: one team, and of its people those who hold no right themselves. What is
    about an owner or a manager, oneself too, is the owners'. A reader sees nobody's."""

    team: str = ""
    people: frozenset[str] = frozenset()

    def takes_in(self, about: About) -> bool:
        return (
            bool(self.team) and about.team == self.team and (about.person_id is None or about.person_id in self.people)
        )


def sight_of(role: str, manages: str | None, cast: Cast, holding: Collection[str]) -> Sight | None:
    """None: all there is. `holding` are the persons who are owners or managers themselves."""
    if role == "owner":
        return None
    if role != "manager" or manages not in cast.teams:
        return Sight()
    theirs = (one.id for one in cast.people.values() if one.team == manages and one.id not in holding)
    return Sight(manages or "", frozenset(theirs))


def check_rights(cast: Cast, role: str, manages: str | None) -> tuple[str, str | None]:
    """(the role, the team that a manager looks after)."""
    if role not in ROLES:
        raise Invalid(NO_ROLE, errors=[("role", NO_ROLE)])
    if role == "manager" and manages not in cast.teams:
        raise Invalid(NO_TEAM, errors=[("manages", NO_TEAM)])
    return role, manages if role == "manager" else None
