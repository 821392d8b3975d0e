"""The recipe: a stranger's bytes in, new pictures out. Pure, but only the worker process may run it.

Decoders of pictures have had heap overflows this very year, so nothing here is called in the server's own process.
Nothing of the file survives but its pixels: they are pasted into a new image, because saving the decoded one keeps
JPEG comments, EXIF with its position, ICC profiles and whatever else a file can carry.
"""

from __future__ import annotations

import io
import warnings

from PIL import Image, ImageFilter, ImageOps, JpegImagePlugin

from storefront_trace.photos.pictures import (
    MAX_BYTES,
    MAX_PIXELS,
    MAX_SIDE,
    PURPOSES,
    SMALLEST_CROP,
    Crop,
    Processed,
    Purpose,
    Rendition,
    Size,
)
from storefront_trace.photos.refusals import Refused

QUALITIES = (84, 74, 64, 52, 40, 28)
# Grain is what costs most and shows least: where quality alone does not do, it goes.
SOFTER = (0.0, 1.0, 2.0, 4.0)
ORIENTATION = 0x0112
UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
HEIF_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}


def process(data: bytes, purpose: str, crop: Crop | None = None) -> Processed:
    """`crop` is for what the purpose crops. Raises Refused, or MemoryError where the process is limited; nothing else,
    whatever the bytes."""
    wanted = PURPOSES[purpose]
    kind = _kind(data)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            return Processed(purpose, _renditions(_opened(data, kind), wanted, crop))
    except (Refused, MemoryError):
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Refused("pixels") from None
    except Exception:  # decoders raise anything: SyntaxError, struct.error, zlib.error, KeyError …
        raise Refused("broken") from None


def _kind(data: bytes) -> str:
    if not data:
        raise Refused("empty")
    if len(data) > MAX_BYTES:
        raise Refused("bytes")
    if data.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return "WEBP"
    raise Refused("heic" if data[4:8] == b"ftyp" and data[8:12] in HEIF_BRANDS else "kind")


def _opened(data: bytes, kind: str) -> Image.Image:
    image: Image.Image
    if kind == "JPEG":
        # Not Image.open: it hands a phone's multi-picture file (depth map, gain map) to another decoder. This one
        # reads the first picture, the one people see, and stops at its end.
        image = JpegImagePlugin.JpegImageFile(io.BytesIO(data))
    else:
        image = Image.open(io.BytesIO(data), formats=(kind,))
    width, height = image.size
    if width * height > MAX_PIXELS or max(width, height) > MAX_SIDE:
        raise Refused("pixels")
    if getattr(image, "n_frames", 1) > 1:
        raise Refused("animated")
    return image


def _renditions(image: Image.Image, purpose: Purpose, crop: Crop | None) -> tuple[Rendition, ...]:
    clean = _clean(image, purpose, max(SMALLEST_CROP, crop.size) if crop else 1.0)
    made: list[Rendition] = []
    for size in purpose.sizes:
        resized = _resized(clean, size, purpose.centre, crop)
        for ext in purpose.extensions:
            made.append(Rendition(size.width, ext, resized.size, _encoded(resized, ext, size)))
    return tuple(made)


def _clean(image: Image.Image, purpose: Purpose, share: float) -> Image.Image:
    """`share` of it is what will be seen."""
    side = round(2 * max(max(size.width, size.height) for size in purpose.sizes) / share)
    # A JPEG can be decoded at an eighth, a quarter or half of its size: a 40 MP picture then costs 5 MB, not 120.
    image.draft(None, (side, side))
    turned = UPRIGHT.get(_orientation(image))
    flat = _flat(image, purpose.transparent)
    return flat if turned is None else flat.transpose(turned)


def _orientation(image: Image.Image) -> int:
    try:
        return int(image.getexif().get(ORIENTATION, 1))
    except Exception:  # a broken EXIF block is no reason to refuse a good picture
        return 1


def _flat(image: Image.Image, transparent: bool) -> Image.Image:
    if image.mode.startswith("I;16"):
        image = image.point(lambda value: value / 256).convert("L")  # convert() alone would clip it to white
    if not image.has_transparency_data:
        return _pasted(image.convert("RGB"), "RGB", None)
    image = image.convert("RGBA")
    return _pasted(image, "RGBA", None) if transparent else _pasted(image, "RGB", image)


def _pasted(image: Image.Image, mode: str, mask: Image.Image | None) -> Image.Image:
    fresh = Image.new(mode, image.size, (255, 255, 255) if mode == "RGB" else (0, 0, 0, 0))
    fresh.paste(image, (0, 0), mask)
    return fresh


def _resized(image: Image.Image, size: Size, centre: tuple[float, float] | None, crop: Crop | None) -> Image.Image:
    if centre is not None and crop is not None:
        shape = (size.width, size.height)
        return image.resize(shape, Image.Resampling.LANCZOS, box=crop.box(image.size, shape), reducing_gap=2.0)
    if centre is not None:
        return ImageOps.fit(image, (size.width, size.height), Image.Resampling.LANCZOS, centering=centre)
    scale = min(1.0, size.width / image.width, size.height / image.height)
    fitted = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    return image.resize(fitted, Image.Resampling.LANCZOS, reducing_gap=2.0)


def _encoded(image: Image.Image, ext: str, size: Size) -> bytes:
    if ext == "png":
        return _saved(image, "PNG", optimize=True)
    if ext == "jpg":
        return _saved(image, "JPEG", quality=86, optimize=True, progressive=True)
    for softer in SOFTER:
        soft = image.filter(ImageFilter.GaussianBlur(softer)) if softer else image
        for quality in QUALITIES:
            data = _saved(soft, "WEBP", quality=quality, method=4)
            if size.webp_bytes is None or len(data) <= size.webp_bytes:
                return data
    return data


def _saved(image: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, exif=b"", icc_profile=None, **options)
    return out.getvalue()
