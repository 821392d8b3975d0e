"""Drawings that stand where there is no portrait, as JPEG: the only picture that every mail program shows.

Pillow in the server's own process, which is right here alone: it draws, and decodes nothing that anybody sent.
"""

from __future__ import annotations

import io
from functools import lru_cache

from PIL import Image, ImageDraw

from storefront_trace.photos.initials import INK, UNKNOWN, ground_of, initials
from storefront_trace.photos.lettering import clean, font
from storefront_trace.photos.paper import icon, round_mask

WIDE, HIGH = 196, 238
KRAFT, KRAFT_LIGHT = "#dccdb0", "#e8dcc4"


@lru_cache(maxsize=500)
def drawing(kind: str, name: str, key: str) -> bytes:
    """`kind` "person" gives initials, "carrier" a van, any other some people. The colour hangs on `key`."""
    ground, disc = (KRAFT, KRAFT_LIGHT) if kind == "carrier" else ground_of(key)
    image = Image.new("RGB", (WIDE, HIGH), ground)
    image.paste(disc, (14, 39), round_mask(168))
    letters = clean(initials(name)) if kind == "person" else None
    if letters and letters != UNKNOWN:
        face = font("bold", 82 if len(letters) == 1 else 66)
        ImageDraw.Draw(image).text((WIDE / 2, 123), letters, fill=INK, font=face, anchor="mm")
    else:
        shape = icon("truck" if kind == "carrier" else "people").resize((96, 96), Image.Resampling.LANCZOS)
        image.paste(INK, ((WIDE - 96) // 2, 123 - 48), shape)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=84, optimize=True)
    return out.getvalue()
