from __future__ import annotations

from tests.web.tour import built_demo

# Named here alone: a module that imports it would have one of its own, and each takes three seconds to make.
__all__ = ["built_demo"]
