"""Templates compiled once in a test run: every test starts an application of its own, which reads the largest of them
in six languages, and compiling those took most of the time that the tests took."""

from __future__ import annotations

from collections.abc import Iterator
from types import CodeType

import jinja2
import pytest
from jinja2.bccache import Bucket

from storefront_trace.web.page import Pages


class Remembered(jinja2.BytecodeCache):
    """By the source, with the texts of its language in it: a template that a test changes is compiled anew."""

    def __init__(self) -> None:
        self.codes: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self.codes.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        assert bucket.code is not None
        self.codes[bucket.key, bucket.checksum] = bucket.code


@pytest.fixture(scope="session", autouse=True)
def templates_remembered() -> Iterator[None]:
    make = Pages._environment
    remembered = Remembered()

    def remembering(self: Pages, language: str) -> jinja2.Environment:
        environment = make(self, language)
        environment.bytecode_cache = remembered
        return environment

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Pages, "_environment", remembering)
        yield
