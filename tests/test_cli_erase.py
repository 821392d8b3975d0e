"""The commands that give out what is known of somebody, and erase it."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from tests.commands import CSV, opened, orders, refused, run, said

__all__ = ["opened"]


def test_the_pictures_of_who_is_erased_are_no_files_any_more_unless_another_order_shows_them(tmp_path: Path) -> None:
    said(run(tmp_path, "init", "--shop", "S", "--owner", "o@example.com"))
    file = tmp_path / "orders.csv"
    file.write_text(CSV.split("\n,")[0] + "\n")
    said(run(tmp_path, "import", file))
    pictures = {}
    conn = sqlite3.connect(tmp_path / "storefront-trace.db")
    for photo, numbers in (("ab" * 16, ("5001",)), ("cd" * 16, ("5001", "5002"))):
        pictures[photo] = tmp_path / "media" / "uploads" / photo[:2] / f"{photo}-640.webp"
        pictures[photo].parent.mkdir(parents=True)
        pictures[photo].write_bytes(b"picture")
        with conn:
            for number in numbers:
                seq = "SELECT max(seq) + 1 FROM event WHERE order_id = (SELECT id FROM orders WHERE number = :number)"
                conn.execute(
                    "INSERT INTO event"
                    " (shop_id, order_id, seq, id, kind, at, zone, precision, recorded_at, photo, source)"
                    f" SELECT shop_id, id, ({seq}), :id, 'answer', 1, 'UTC', 'second', 1, :photo, 'test'"
                    " FROM orders WHERE number = :number",
                    {"number": number, "photo": photo, "id": f"{number}{photo}"[:32]},
                )
    conn.close()
    said(run(tmp_path, "erase", "--order", "5001"))
    assert [path.exists() for path in pictures.values()] == [False, True]
    said(run(tmp_path, "erase", "--order", "5002"))
    assert [path.exists() for path in pictures.values()] == [False, False]


def test_an_erased_customer_is_in_no_file_any_more(tmp_path: Path) -> None:
    said(run(tmp_path, "init", "--shop", "Norrsken", "--owner", "nora@example.com"))
    file = tmp_path / "orders.csv"
    file.write_text("number,placed_at,first_name,email,line_title\n1,2026-11-19,Xantippe,xantippe@example.com,Mugg\n")
    said(run(tmp_path, "import", file))
    file.unlink()
    told = json.loads(said(run(tmp_path, "export", "--customer", "Xantippe@example.com")))
    assert told["orders"][0]["first_name"] == "Xantippe"
    assert "Forgotten in 1 order, 0 answers and 0 mails." == said(run(tmp_path, "erase", "--order", "#1"))
    for path in tmp_path.rglob("*"):
        assert not path.is_file() or b"antippe" not in path.read_bytes(), path
    assert "nothing" in refused(run(tmp_path, "erase", "--customer", "xantippe@example.com"))
    assert orders(tmp_path) == [("1", None)]


@pytest.mark.parametrize(
    "words",
    [
        ("erase", "--order", "#"),
        ("erase", "--order", " "),
        ("erase", "--order", " # "),
        ("erase", "--order", ""),
        ("erase", "--customer", ""),
        ("erase", "--customer", " "),
        ("erase", "--person", ""),
        ("erase", "--order", "1", "--customer", ""),
        ("export", "--customer", ""),
        ("export", "--customer", " "),
        ("export", "--person", ""),
    ],
)
def test_an_empty_name_is_wrong_usage_and_erases_nobody(opened: Path, words: tuple[str, ...]) -> None:
    refused(run(opened, *words), status=2)


def test_an_empty_number_leaves_every_customer_as_they_were(tmp_path: Path) -> None:
    said(run(tmp_path, "init", "--shop", "Norrsken", "--owner", "nora@example.com"))
    (tmp_path / "orders.csv").write_text(CSV.split("\n,")[0] + "\n")
    said(run(tmp_path, "import", tmp_path / "orders.csv"))
    before = orders(tmp_path)
    refused(run(tmp_path, "erase", "--order", "#"), status=2)
    assert orders(tmp_path) == before == [("5001", "Karin"), ("5002", "Bo")]
