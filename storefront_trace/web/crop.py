"""Which part of a portrait is to be seen: a place of nine, or what static/crop.js chose."""

from __future__ import annotations

import math

from starlette.datastructures import FormData

from storefront_trace.domain.errors import N_
from storefront_trace.photos.pictures import Crop
from storefront_trace.web.forms import text_of
from storefront_trace.web.languages import Catalogue

# Where the face is, in thirds of the picture from the left and from above.
PLACES = {
    "0-0": N_("top left"),
    "1-0": N_("top middle"),
    "2-0": N_("top right"),
    "0-1": N_("middle left"),
    "1-1": N_("in the middle"),
    "2-1": N_("middle right"),
    "0-2": N_("bottom left"),
    "1-2": N_("bottom middle"),
    "2-2": N_("bottom right"),
}


def places(texts: Catalogue) -> list[dict[str, str]]:
    """For templates/_crop.html."""
    return [{"value": value, "label": texts.say(label)} for value, label in PLACES.items()]


def crop_in(form: FormData) -> Crop | None:
    """`x`, `y` and `size` from the script, else `face`, one of PLACES; None leaves it to the purpose's own middle."""
    shares = [_share(text_of(form, name)) for name in ("x", "y", "size")]
    if None not in shares:
        x, y, size = (share or 0.0 for share in shares)
        return Crop(x, y, size) if size else None
    face = text_of(form, "face")
    if face not in PLACES:
        return None
    column, _, row = face.partition("-")
    return Crop((2 * int(column) + 1) / 6, (2 * int(row) + 1) / 6, 1.0)


def _share(text: str) -> float | None:
    try:
        number = float(text[:20])
    except ValueError:
        return None
    return min(1.0, max(0.0, number)) if math.isfinite(number) else None
