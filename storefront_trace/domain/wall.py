"""The wall of thanks: customers' words that both the customer and the person let the shop show.

A selection and nothing else: no averages, and no counts of anybody. A new word from the customer is a new question to
both. When the customer's page ends the words come down: nobody's hang where they can no longer take them away.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeVar

Item = TypeVar("Item")

# Which texts both agree to; change them with those in web/customer/walled.py and web/staff/walled.py.
CUSTOMERS_WORDING = "2026-11 customer"
PERSONS_WORDING = "2026-11.2 person"
CUSTOMER_SAYS = ("name", "nameless", "no")
PERSON_SAYS = ("yes", "no")
# What an answer loses when its words are others, or nobody's.
NOT_ASKED: dict[str, None] = {"wall": None, "wall_person": None, "wall_put_at": None}
MOST_CHANGES = 50
MOST = 100

Size = Literal["short", "medium", "long", "page"]
# A screen is read from some metres away: words up to so many characters stand there, three, two or one at a time.
SIZES: tuple[tuple[int, Size, int], ...] = ((90, "short", 2), (200, "medium", 3), (420, "long", 6))
ROOM = 6
SLIDES = 5
# How long a slide stands; static/wall.css turns by it. All of them take less than a minute, and then the screen asks
# again what hangs there.
SECONDS = 11

# Of static/wall.css on a sheet of A4, two beside each other: how many letters of a size stand on a line at most when it
# breaks badly, how high that line is, and how high a portrait, what is around it, and all of the sheet.
LINES: dict[Size, tuple[int, float]] = {
    "short": (13, 26.4),
    "medium": (14, 23.4),
    "long": (20, 20.3),
    "page": (20, 20.3),
}
PORTRAIT, AROUND, SHEET = 119.0, 56.0, 880.0

MILESTONES = (100, 500, 1_000, 5_000, 10_000)
NEWS_DAYS = 14


def size_of(words: str) -> Size:
    """ "page" is too long for a screen: it stands on paper and on the owner's page, for a quote is never trimmed."""
    return next((size for most, size, _ in SIZES if len(words) <= most), "page")


def mixed(items: Sequence[Item], whose: Callable[[Item], object]) -> list[Item]:
    """Everybody's first before anybody's second: nobody fills the wall because more was written to them."""
    seen: Counter[object] = Counter()
    turns = []
    for item in items:
        turns.append(seen[whose(item)])
        seen[whose(item)] += 1
    return [item for _, item in sorted(zip(turns, items, strict=True), key=lambda pair: pair[0])]


def slides(items: Sequence[Item], words_of: Callable[[Item], str]) -> list[list[Item]]:
    """In their order, as many together as can be read; what finds no room on the last one waits for another day."""
    rooms = {size: room for _, size, room in SIZES}
    found: list[list[Item]] = []
    left = 0
    for item in items:
        needs = rooms.get(size_of(words_of(item)))
        if needs is None:
            continue
        if needs > left:
            if len(found) == SLIDES:
                continue
            found.append([])
            left = ROOM
        found[-1].append(item)
        left -= needs
    return found


def sheets(items: Sequence[Item], words_of: Callable[[Item], str]) -> list[list[Item]]:
    """In their order, on as few sheets of paper as it takes, and none left with the last two alone."""
    rows = [list(items[place : place + 2]) for place in range(0, len(items), 2)]
    heights = [max(_height(words_of(item)) for item in row) for row in rows]
    fewest = len(_packed(heights, SHEET))
    most = next(
        (m for m in range(int(sum(heights) / max(1, fewest)), int(SHEET)) if len(_packed(heights, m)) == fewest), SHEET
    )
    return [[item for row in sheet for item in rows[row]] for sheet in _packed(heights, most)]


def _height(words: str) -> float:
    letters, line = LINES[size_of(words)]
    return max(PORTRAIT, -(-len(words) // letters) * line) + AROUND


def _packed(heights: Sequence[float], most: float) -> list[list[int]]:
    found: list[list[int]] = []
    left = 0.0
    for row, height in enumerate(heights):
        if not found or height > left:
            found.append([])
            left = most
        found[-1].append(row)
        left -= height
    return found


@dataclass(frozen=True)
class Milestone:
    """Of the shop's all together: the so-manieth thanks, or so many years since the first."""

    kind: Literal["thanks", "years"]
    number: int


def reached(count: int) -> int | None:
    """The largest milestone among so many thanks."""
    return next((one for one in reversed(MILESTONES) if one <= count), None)


def years_since(first: date, today: date) -> int | None:
    """How many whole years, when they were full within the last days; None on other days."""
    years = today.year - first.year
    for full in (years, years - 1):
        if full > 0 and 0 <= (today - _same_day(first, first.year + full)).days < NEWS_DAYS:
            return full
    return None


def _same_day(day: date, year: int) -> date:
    """29 February is full on 1 March."""
    try:
        return day.replace(year=year)
    except ValueError:
        return date(year, 3, 1)
