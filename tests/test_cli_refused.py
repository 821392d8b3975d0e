"""What a command refuses, it says with what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.commands import opened as opened
from tests.commands import refused, run

REFUSALS = {
    ("link", "renew", "--order", "77"): (
        "We have no order with that number. Write it as it stands on /staff; with several shops give --shop, too."
    ),
    ("rebuild", "--order", "77"): (
        "We have no order with that number. Write it as it stands on /staff; with several shops give --shop, too."
    ),
    ("signin", "--person", "nobody"): (
        "There is nobody with that handle. The owner's page /owner/people shows who there is."
    ),
    ("signin", "--owner", "nobody@example.com"): "No owner has that address. Say --person and their handle.",
    ("erase", "--order", "77"): (
        "We know nothing about that customer or order. Look at the spelling; with several shops give --shop, too."
    ),
    ("erase", "--person", "nobody"): (
        "There is nobody with that handle. The owner's page /owner/people shows who there is."
    ),
    ("export", "--customer", "nobody@example.com"): (
        "We know nothing about that address. Look at the spelling; with several shops give --shop, too."
    ),
    ("token", "revoke", "nothing"): "There is no such token. `token list` says which there are.",
    ("token", "create", "--name", "x", "--shop", "Other"): (
        "There is no such shop. Give --shop the id or the name of one."
    ),
    ("init", "--shop", "Ny", "--owner", "olga"): ("That is not an e-mail address. Write it like maria@example.com."),
    ("init", "--shop", "Ny", "--owner", "o@example.com", "--locale", "xx"): (
        "We do not speak that language yet. Use en, sv, nb, da, fi or de."
    ),
    ("init", "--shop", "Ny", "--owner", "o@example.com", "--timezone", "Mars"): (
        "There is no such time zone. Use a name like Europe/Stockholm."
    ),
    ("init", "--shop", " ", "--owner", "o@example.com"): (
        "The shop needs a name of at most 80 characters. Write a name."
    ),
}


@pytest.mark.parametrize(("words", "line"), REFUSALS.items())
def test_a_refusal_says_what_to_do(opened: Path, words: tuple[str, ...], line: str) -> None:
    assert refused(run(opened, *words)) == line


@pytest.mark.parametrize("words", [("backup", "{0}/no/such/folder/b.tar"), ("restore", "{0}/none.tar")])
def test_a_path_that_is_not_there_is_named_with_what_to_do(
    opened: Path, tmp_path: Path, words: tuple[str, str]
) -> None:
    data = opened if words[0] == "backup" else tmp_path / "new"
    line = refused(run(data, words[0], words[1].format(tmp_path)))
    assert str(tmp_path) in line and line.endswith("No such file or directory. Look at the path.")
