"""How many bytes a request may bring."""

from __future__ import annotations

FORM = 256 * 1024
PHOTO_FORM = 9 * 1024 * 1024
WEBHOOK = 2 * 1024 * 1024
