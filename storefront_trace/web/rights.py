"""Who may open what below /owner: the one table of it, which the gate goes by.

An owner opens everything. What is not named here is the owners' alone, a page that is new too. Where a path names
somebody, a team, an answer or a question, the gate looks whether it is one that a manager sees (`sees`): another's
is as if it were not there. A list shows what `request.state.sight` takes in.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import lru_cache
from typing import Any

from starlette.routing import compile_path

from storefront_trace.domain.rights import Sight
from storefront_trace.domain.shop import Cast
from storefront_trace.storage import feedback, questions
from storefront_trace.storage.accounts import Session
from storefront_trace.storage.database import Connection

ALSO: tuple[tuple[str, str, str], ...] = (
    # Leads on to where they begin.
    ("GET", "/owner", "manager reader"),
    # The shop as a whole, of nobody.
    ("GET", "/owner/reports", "reader"),
    ("GET", "/owner/reports.csv", "reader"),
    # A team's own figures. A manager has its words as well, and its people.
    ("GET", "/owner/people", "manager reader"),
    ("GET", "/owner/teams/{key}", "manager reader"),
    ("GET", "/owner/teams/{key}/answers", "manager"),
    ("GET", "/owner/teams/{key}/answers.csv", "manager"),
    ("GET", "/owner/teams/{key}/answers.json", "manager"),
    ("GET", "/owner/people/{handle}", "manager"),
    ("GET", "/owner/people/{handle}/answers", "manager"),
    ("GET", "/owner/people/{handle}/answers.csv", "manager"),
    ("GET", "/owner/people/{handle}/answers.json", "manager"),
    # What a manager takes care of.
    ("GET", "/owner/needs", "manager"),
    ("GET", "/owner/concerns", "manager"),
    ("GET", "/owner/concerns/{feedback}", "manager"),
    ("POST", "/owner/concerns/{feedback}/talk", "manager"),
    ("POST", "/owner/concerns/{feedback}/looking", "manager"),
    ("POST", "/owner/concerns/{feedback}/reopen", "manager"),
    ("POST", "/owner/concerns/{feedback}/reply", "manager"),
    ("POST", "/owner/concerns/{feedback}/share", "manager"),
    ("POST", "/owner/concerns/{feedback}/done", "manager"),
    ("POST", "/owner/concerns/{feedback}/outside", "manager"),
    ("GET", "/owner/questions", "manager"),
    ("POST", "/owner/questions/{question}/answer", "manager"),
    # Before a file is taken along: that it is oneself.
    ("GET", "/owner/safety/prove", "manager"),
    ("POST", "/owner/safety/prove", "manager"),
)
# Whose own account it is: what a reader opens of the staff's pages.
READERS = ("/staff/me", "/staff/welcome")
_TABLE = tuple((method, compile_path(path)[0], roles.split()) for method, path, roles in ALSO)


@lru_cache(maxsize=4096)
def may(role: str, path: str, method: str = "GET") -> bool:
    """Whether somebody with this role may open a page at all, and so whether a menu leads there."""
    if role == "owner":
        return True
    if not path.startswith("/owner"):
        return role != "reader" or within(path, READERS)
    method = "GET" if method == "HEAD" else method
    return any(known == method and role in roles and pattern.match(path) for known, pattern, roles in _TABLE)


def within(path: str, places: tuple[str, ...]) -> bool:
    """Whether it is one of these pages, or below one."""
    return any(path == place or path.startswith(f"{place}/") for place in places)


def begins_at(session: Session) -> str:
    """The first of these pages, for who is no owner."""
    return "/owner/concerns" if session.role == "manager" else "/owner/reports"


async def sees(conn: Connection, cast: Cast, sight: Sight, path: str) -> bool:
    """Whether what the path names is theirs; a path that names nothing is."""
    for _, pattern, _ in _TABLE:
        found = pattern.match(path)
        if found is not None:
            return all([await GUARDS[name](conn, cast, sight, value) for name, value in found.groupdict().items()])
    return False


async def _persons(conn: Connection, cast: Cast, sight: Sight, handle: str) -> bool:
    person = cast.person_by_handle(handle)
    return person is not None and person.id in sight.people


async def _teams(conn: Connection, cast: Cast, sight: Sight, key: str) -> bool:
    return key == sight.team


async def _answers(conn: Connection, cast: Cast, sight: Sight, feedback_id: str) -> bool:
    return sight.takes_in(await feedback.get_feedback(conn, cast.shop.id, feedback_id))


async def _questions(conn: Connection, cast: Cast, sight: Sight, question_id: str) -> bool:
    found = await questions.get_question(conn, cast.shop.id, question_id)
    return found.to_owner_at is not None and sight.takes_in(found)


GUARDS: dict[str, Callable[[Any, Cast, Sight, str], Awaitable[bool]]] = {
    "handle": _persons,
    "key": _teams,
    "feedback": _answers,
    "question": _questions,
}
