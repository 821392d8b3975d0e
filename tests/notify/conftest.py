from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from storefront_trace.config import Settings
from tests.notify.postman import Postman, post_office


@pytest.fixture
def postman() -> Postman:
    return Postman()


@pytest.fixture
def mail_settings(postman: Postman, settings: Settings) -> Iterator[Settings]:
    with post_office(postman) as server:
        yield replace(settings, smtp=server, public_url="https://orders.example.com")
