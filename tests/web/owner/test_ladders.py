from __future__ import annotations

from storefront_trace.web.languages import Catalogue
from storefront_trace.web.owner.ladders import ladder_view

TEXTS = Catalogue("en")
NONE: list[tuple[int, int]] = []


def test_under_five_answers_no_number_reaches_the_page() -> None:
    view = ladder_view((4, 0), 77, NONE, TEXTS)
    assert [view[key] for key in ("thanks", "concerns", "steps")] == [0, 0, 0]
    assert view["share"] is view["low"] is view["high"] is view["trend"] is None


def test_from_thirty_answers_there_is_a_trend_in_words_and_as_a_drawing() -> None:
    weeks = [(5, 0)] * 12
    trend = ladder_view((60, 0), 99, weeks, TEXTS)["trend"]
    assert trend["words"] == "even"
    assert trend["values"] == [1.0] * 9
    assert trend["label"] == "Trend over twelve weeks: even, between 100 and 100 percent"


def test_the_drawing_leaves_out_spans_with_under_five_answers() -> None:
    weeks = [(1, 0)] * 6 + [(10, 2)] * 6
    trend = ladder_view((66, 12), 99, weeks, TEXTS)["trend"]
    assert trend is None or all(0 <= value <= 1 for value in trend["values"])


def test_there_is_no_trend_while_a_half_is_too_thin() -> None:
    assert ladder_view((30, 0), 99, [(0, 0)] * 6 + [(5, 0)] * 6, TEXTS)["trend"] is None
    assert ladder_view((20, 2), 99, [(2, 0)] * 12, TEXTS)["trend"] is None
