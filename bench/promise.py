"""How often do our own estimates hold? Run: `.venv/bin/python bench/promise.py [--orders N] [--seed N]`

Every finished order is told again: at each of its steps, and on every morning after, the range of days is estimated
from the orders that had come home by then, as the page would have shown it, and compared with the day on which it came.
Beside it the naive "last mean": what the orders so far took on average from that step on, added to the clock. On the
demo shop's history and on a made-up year with weekends, holidays, a summer break and a slow carrier; "with parts" has
orders in two parcels beside it, which teach how their carriers drive. Last line: JSON.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

from bench import histories
from storefront_trace.domain.calendar import Calendar
from storefront_trace.domain.estimate import SLOW, estimate
from storefront_trace.domain.moments import day_of, from_micros, from_naive_local, local_day, to_micros
from storefront_trace.domain.orders import DELIVERED, SHIPPED
from storefront_trace.domain.pace import LEAST, MOST, Finished, pace_of, way_of

NINE = time(9)


@dataclass
class Score:
    asked: int = 0
    silent: int = 0
    held: int = 0
    late: int = 0
    width: int = 0
    naive_held: int = 0
    naive_off: int = 0
    widths: list[int] = field(default_factory=list)

    def summary(self) -> dict[str, float]:
        said = max(1, self.asked - self.silent)
        widths = sorted(self.widths) or [0]
        return {
            "asked": self.asked,
            "silent": self.silent,
            "held": round(self.held / said, 3),
            "came_after": round(self.late / said, 3),
            "days_wide_mean": round(self.width / said, 2),
            "days_wide_median": widths[len(widths) // 2],
            "naive_held": round(self.naive_held / said, 3),
            "naive_days_off_mean": round(self.naive_off / said, 2),
        }


class Backtest:
    """Asks of the `asked`, from what the `known` tell."""

    def __init__(self, asked: list[Finished], known: list[Finished], calendar: Calendar) -> None:
        self.calendar = calendar
        self.asked = sorted(asked, key=_home)
        self.orders = sorted(known, key=_home)
        self.homes = [_home(one) for one in self.orders]
        self.whole = [_home(one) for one in self.orders if not one.part]
        self.ways = [way_of(one, calendar) for one in self.orders]
        self.paces: dict[int, dict[str, Any]] = {}
        self.means: dict[tuple[int, str], int] = {}

    def scores(self) -> dict[str, Score]:
        """By step, in the order of the way; "all" of them; and "mornings": on each day that follows, at nine."""
        found: dict[str, Score] = defaultdict(Score)
        for order in self.asked:
            for place, step in enumerate(order.steps):
                if step.position < DELIVERED:
                    self._ask(order, place, step.at, (found[step.step], found["all"]))
                    for morning in self._mornings(step.at, order.steps[place + 1].at):
                        self._ask(order, place, morning, (found["mornings"],))
        ways = {step.step: step.position for order in self.asked for step in order.steps}
        return dict(sorted(found.items(), key=lambda both: ways.get(both[0], DELIVERED)))

    def _mornings(self, start: int, end: int) -> Iterator[int]:
        day = local_day(from_micros(start), self.calendar.zone)
        while (morning := to_micros(from_naive_local(datetime.combine(day, NINE), self.calendar.zone).instant)) < end:
            if morning > start:
                yield morning
            day += timedelta(days=1)

    def _ask(self, order: Finished, place: int, now: int, scores: tuple[Score, ...]) -> None:
        """From the orders that had come home by `now`. The naive mean counts from the step, whenever it is asked."""
        before = bisect_left(self.homes, now)
        if bisect_left(self.whole, now) < LEAST:
            return
        step, zone = order.steps[place], self.calendar.zone
        carrier = order.carrier if step.position >= SHIPPED else None
        days = estimate(order.steps[: place + 1], carrier, self._pace(before), self.calendar, now)
        home, naive = day_of(_home(order), zone), day_of(step.at + self._mean(before, step.step), zone)
        for score in scores:
            score.asked += 1
            if days is None or days is SLOW:
                score.silent += 1
                continue
            wide = _apart(days.day_from, days.day_to) + 1
            score.held += days.day_from <= home <= days.day_to
            score.late += home > days.day_to
            score.width += wide
            score.widths.append(wide)
            score.naive_held += naive == home
            score.naive_off += abs(_apart(naive, home))

    def _pace(self, before: int) -> dict[str, Any]:
        if before not in self.paces:
            known = [way for way in self.ways[max(0, before - MOST) : before] if way is not None]
            self.paces[before] = pace_of(known, self.calendar)
        return self.paces[before]

    def _mean(self, before: int, step: str) -> int:
        key = (before, step)
        if key not in self.means:
            took = [
                _home(order) - passed.at
                for order in self.orders[max(0, before - MOST) : before]
                for passed in order.steps
                if passed.step == step
            ]
            self.means[key] = sum(took) // max(1, len(took))
        return self.means[key]


def main() -> None:
    options = _options()
    found = {
        "demo": asyncio.run(histories.demo()),
        "synthetic": histories.synthetic(options.orders, options.seed),
        "with parts": histories.with_parts(options.orders, options.seed),
    }
    answer: dict[str, Any] = {}
    for name, (orders, calendar) in found.items():
        whole, parts = [one for one in orders if not one.part], [one for one in orders if one.part]
        scores = Backtest(whole, orders, calendar).scores()
        answer[name] = {"orders": len(whole), "parts": len(parts)}
        answer[name] |= {step: score.summary() for step, score in scores.items()}
        if parts:
            alone = Backtest(whole, whole, calendar).scores()
            answer[name] |= {"all, without parts": alone["all"].summary()}
            answer[name] |= {"parts alone": Backtest(parts, orders, calendar).scores()["all"].summary()}
            answer[name] |= {"parts, untaught": Backtest(parts, whole, calendar).scores()["all"].summary()}
        print(f"{name}: {len(whole)} finished orders, {len(parts)} parcels of others", file=sys.stderr)
        for step, summary in answer[name].items():
            if isinstance(summary, dict):
                print(f"  {step:18}" + "  ".join(f"{key} {value}" for key, value in summary.items()), file=sys.stderr)
    print(json.dumps(answer))


def _home(order: Finished) -> int:
    return max(step.at for step in order.steps)


def _apart(first: str, last: str) -> int:
    return date.fromisoformat(last).toordinal() - date.fromisoformat(first).toordinal()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="How often do our own estimates hold?")
    parser.add_argument("--orders", type=int, default=500, help="of the made-up shop")
    parser.add_argument("--seed", type=int, default=7)
    return parser.parse_args()


if __name__ == "__main__":
    main()
