from __future__ import annotations

import pytest

from storefront_trace.storage.manyrows import many_rows, portions

INSERT = "INSERT INTO event (shop_id, note) VALUES (?, ?) ON CONFLICT (shop_id) DO NOTHING"


def test_as_few_statements_as_there_are_powers_of_two_in_their_number() -> None:
    assert [len(some) for some in portions(range(43))] == [32, 8, 2, 1]
    assert [len(some) for some in portions(range(150))] == [64, 64, 16, 4, 2]
    assert [n for some in portions(range(150)) for n in some] == list(range(150))
    assert list(portions([])) == []


def test_an_insert_takes_many_rows_and_keeps_what_comes_after_them() -> None:
    assert many_rows(INSERT, 1) == INSERT
    assert many_rows(INSERT, 2) == INSERT.replace("(?, ?)", "(?, ?), (?, ?)")


def test_an_update_takes_its_values_from_many_rows_by_their_place() -> None:
    found = many_rows("UPDATE orders SET version=?, state=? WHERE orders.shop_id = ? AND orders.id = ?", 2)
    assert found == (
        "UPDATE orders SET version=many.column1, state=many.column2 FROM (VALUES (?, ?, ?, ?), (?, ?, ?, ?)) AS many "
        "WHERE orders.shop_id = many.column3 AND orders.id = many.column4"
    )


def test_another_statement_is_refused() -> None:
    with pytest.raises(ValueError, match="neither"):
        many_rows("DELETE FROM orders WHERE id = ?", 2)
