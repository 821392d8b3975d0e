"""What people here have said of an order beside its steps: which goods have yet to come, and another promised day.

The shop's system says how many pieces are out of stock and what is promised, too, and says the same again whenever
something else has changed. So our own word holds until that system says something else than it did when our word was
said, until the step that it came with is taken back, and, of goods, until somebody goes on with them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from storefront_trace.domain.orders import RECEIVED, Event, Facts, Line


def told_since(events: Sequence[Event], live: Sequence[Event]) -> tuple[Facts, list[Event]]:
    """(the facts with our own words in them, those words on goods that still hold). `live` are the steps that count, by
    when they happened."""
    told = sorted((e for e in events if e.facts is not None), key=lambda e: e.seq)
    facts = told[-1].facts
    assert facts is not None
    words = [e for e in live if e.effect == "pause" and (e.until or e.promise)]
    if not words:
        return facts, []
    lines, missing = _lines(facts, told, words, live)
    first, last = _promise(facts, told, words)
    return replace(facts, lines=lines, promise_from=first, promise_to=last), missing


def _promise(facts: Facts, told: Sequence[Event], words: Sequence[Event]) -> tuple[str | None, str | None]:
    said = max((e for e in words if e.promise), key=lambda e: e.seq, default=None)
    known = facts.promise_from, facts.promise_to
    if said is None or said.promise is None:
        return known
    before = _facts_at(told, said)
    return known if facts.promise_to is not None and before.promise_to != facts.promise_to else said.promise


def _lines(
    facts: Facts, told: Sequence[Event], words: Sequence[Event], live: Sequence[Event]
) -> tuple[tuple[Line, ...], list[Event]]:
    latest: dict[str, tuple[Event, int]] = {}
    for word in words:
        for key, count in word.lines if word.until else ():
            line = next((one for one in facts.lines if one.key == key), None)
            if line is not None and _said_before(_facts_at(told, word), line):
                latest[key] = word, min(line.open_quantity, line.open_quantity if count is None else count)
    holding = {key: one for key, one in latest.items() if not _went_on(key, one, latest, facts, live)}
    lines = tuple(
        replace(line, backordered=holding[line.key][1], expected=holding[line.key][0].until)
        if line.key in holding
        else line
        for line in facts.lines
    )
    return lines, [word for word in words if any(one is word for one, _ in holding.values())]


def _went_on(
    key: str,
    word: tuple[Event, int],
    latest: dict[str, tuple[Event, int]],
    facts: Facts,
    live: Sequence[Event],
) -> bool:
    """Whether somebody has had the missing pieces in their hands since: more pieces than were there, or the whole order
    when nothing of it was."""
    wanted = {line.key: line.open_quantity for line in facts.lines if line.shippable and line.open_quantity}
    nothing = all(key in latest and latest[key][1] >= n for key, n in wanted.items())
    there = wanted.get(key, 0) - word[1]
    for event in live:
        if event.at <= word[0].at or event.effect != "advance" or event.position <= RECEIVED:
            continue
        named = {**dict(event.lines), **dict(event.parcel.lines if event.parcel else ())}
        if (key in named and (named[key] or wanted.get(key, 0)) > there) or (nothing and not named):
            return True
    return False


def _said_before(before: Facts, line: Line) -> bool:
    known = next((one for one in before.lines if one.key == line.key), None)
    return known is None or (known.backordered, known.expected) == (line.backordered, line.expected)


def _facts_at(told: Sequence[Event], event: Event) -> Facts:
    facts = max((e for e in told if e.seq < event.seq), key=lambda e: e.seq, default=told[0]).facts
    assert facts is not None
    return facts
