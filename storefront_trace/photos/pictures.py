"""What a processed picture is. No Pillow here: the server imports this, only the worker process imports Pillow."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

MAX_BYTES = 8 * 1024 * 1024
MAX_PIXELS = 40_000_000
MAX_SIDE = 12_000
SMALLEST_CROP = 0.2


@dataclass(frozen=True, slots=True)
class Size:
    """`width` names the file. A cropped picture has exactly these pixels, an uncropped one at most these."""

    width: int
    height: int
    webp_bytes: int | None = None
    """What the WebP stays under: quality gives way for it, and then the grain; of noise alone it is an aim only."""


@dataclass(frozen=True, slots=True)
class Purpose:
    sizes: tuple[Size, ...]
    centre: tuple[float, float] | None = None
    """Where a crop looks, as shares of width and height; None keeps the whole picture and never enlarges it."""
    transparent: bool = False

    @property
    def extensions(self) -> tuple[str, str]:
        return ("webp", "png" if self.transparent else "jpg")

    @property
    def files(self) -> tuple[tuple[int, str], ...]:
        return tuple((size.width, ext) for size in self.sizes for ext in self.extensions)


PURPOSES = {
    # Faces sit in the upper half of almost every picture people send of themselves.
    # The largest is for what is drawn on our side: on a page a portrait weighs six kilobytes at most.
    "portrait": Purpose((Size(196, 238, 6_000), Size(392, 476, 6_000), Size(588, 714, 20_000)), centre=(0.5, 0.3)),
    "parcel": Purpose((Size(640, 1_280, 80_000), Size(1_600, 3_200, 400_000))),
    "line": Purpose((Size(96, 96, 4_000), Size(192, 192, 10_000)), centre=(0.5, 0.5)),
    "logo": Purpose((Size(320, 120),), transparent=True),
}


@dataclass(frozen=True, slots=True)
class Crop:
    """What somebody chose to show. `x` and `y`: where its middle is, as shares of the upright picture; `size`: its
    share of the largest that fits. What would reach over an edge is moved inside."""

    x: float
    y: float
    size: float

    def box(self, picture: tuple[int, int], shape: tuple[int, int]) -> tuple[float, float, float, float]:
        """Left, top, right and bottom in pixels, of the same shape as `shape`."""
        largest = min(picture[0], picture[1] * shape[0] / shape[1])
        width = max(1.0, largest * min(1.0, max(SMALLEST_CROP, self.size)))
        height = width * shape[1] / shape[0]
        left = min(max(0.0, self.x * picture[0] - width / 2), picture[0] - width)
        top = min(max(0.0, self.y * picture[1] - height / 2), picture[1] - height)
        return max(0.0, left), max(0.0, top), left + width, min(top + height, picture[1])


@dataclass(frozen=True, slots=True)
class Rendition:
    """One file. `width` is the name's width (one of the purpose's); `pixels` is what is really inside."""

    width: int
    ext: str
    pixels: tuple[int, int]
    data: bytes


@dataclass(frozen=True, slots=True)
class Processed:
    purpose: str
    renditions: tuple[Rendition, ...]

    @property
    def photo_id(self) -> str:
        """Made of what is seen, so the same picture for the same purpose has the same id: delete with that in mind."""
        widest = max((r for r in self.renditions if r.ext != "webp"), key=lambda r: r.width)
        return hashlib.sha256(widest.data).hexdigest()[:32]
