from __future__ import annotations

from storefront_trace.cli import main

if __name__ == "__main__":
    main()
