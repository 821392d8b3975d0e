"""What every application makes anew when it starts, made once in a test run: thousands of tests start one of their own,
and compiling templates and statements took more time than what they ask for."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from types import CodeType
from typing import Any

import jinja2
import pytest
from jinja2.bccache import Bucket
from sqlalchemy.ext.asyncio import create_async_engine

from storefront_trace.storage import database
from storefront_trace.web.page import TEMPLATES, Pages


class Codes(jinja2.BytecodeCache):
    """By the source, with the texts of its language in it: a template that a test changes is compiled anew."""

    def __init__(self) -> None:
        self.codes: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self.codes.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        assert bucket.code is not None
        self.codes[bucket.key, bucket.checksum] = bucket.code


class Statements(dict[Any, Any]):
    """A statement reads the same for every connection to one kind of database; by itself SQLAlchemy keeps it for each
    engine alone. A key begins with the engine's dialect."""

    def get(self, key: Any, default: Any = None) -> Any:
        return super().get((type(key[0]), *key[1:]), default)

    def __setitem__(self, key: Any, value: Any) -> None:
        super().__setitem__((type(key[0]), *key[1:]), value)


@pytest.fixture(scope="session", autouse=True)
def templates_remembered() -> Iterator[None]:
    """Those of our own folder as they stand; a shop's are read for every application."""
    make = Pages._environment
    codes, environments = Codes(), dict[str, jinja2.Environment]()

    def remembering(self: Pages, language: str) -> jinja2.Environment:
        if language in environments and self._folders == [TEMPLATES]:
            return environments[language]
        environment = make(self, language)
        environment.bytecode_cache = codes
        if self._folders == [TEMPLATES]:
            environments[language] = environment
        return environment

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Pages, "_environment", remembering)
        yield


@pytest.fixture(scope="session", autouse=True)
def statements_remembered() -> Iterator[None]:
    remembering = partial(create_async_engine, execution_options={"compiled_cache": Statements()})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(database, "create_async_engine", remembering)
        yield
