"""How many steps can be logged at once? Run: `.venv/bin/python bench/logging.py [--orders N] [--seconds S]`

The benchmark is in steps.py. A script that is run by its path finds the files beside it before the standard library's,
and this one is called like one of those.
"""

from __future__ import annotations

import sys
from importlib.machinery import PathFinder
from importlib.util import module_from_spec
from pathlib import Path

HERE = Path(__file__).parent

if __name__ == "logging":
    spec = PathFinder.find_spec("logging", [path for path in sys.path if Path(path).resolve() != HERE.resolve()])
    assert spec is not None and spec.loader is not None
    sys.modules["logging"] = module_from_spec(spec)
    spec.loader.exec_module(sys.modules["logging"])
elif __name__ == "__main__":
    sys.path[0] = str(HERE.parent)
    from bench.steps import main

    main()
