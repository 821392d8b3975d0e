"""Pictures that people and attackers send, made here so that none has to be kept."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

from PIL import Image


def encoded(image: Image.Image, kind: str, **options: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def decoded(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def gradient(width: int = 300, height: int = 200, mode: str = "RGB") -> Image.Image:
    image = Image.merge("RGB", [Image.linear_gradient("L").rotate(turn) for turn in (0, 90, 180)])
    return image.resize((width, height)).convert(mode)


def corners(width: int = 300, height: int = 200) -> Image.Image:
    """Red above left, green above right, blue below left, white below right."""
    image = Image.new("RGB", (width, height), "white")
    half = (width // 2, height // 2)
    image.paste("red", (0, 0, *half))
    image.paste("lime", (half[0], 0, width, half[1]))
    image.paste("blue", (0, half[1], half[0], height))
    return image


def jpeg_with(marker: int, content: bytes, after: bytes = b"") -> bytes:
    plain = encoded(gradient(), "JPEG")
    segment = bytes((0xFF, marker)) + struct.pack(">H", len(content) + 2) + content
    return plain[:2] + segment + plain[2:] + after


def png_chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def png_header(width: int, height: int, depth: int = 8, colour: int = 2, interlaced: int = 0) -> bytes:
    fields = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, interlaced)
    return b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", fields)


def png_with(kind: bytes, content: bytes) -> bytes:
    plain = encoded(gradient(), "PNG")
    return plain[:33] + png_chunk(kind, content) + plain[33:]


def bomb(width: int, height: int) -> bytes:
    """A one-bit PNG: many pixels, few bytes."""
    rows = zlib.compress(b"\0" * ((width // 8 + 1) * height), 9)
    return png_header(width, height, 1, 0) + png_chunk(b"IDAT", rows) + png_chunk(b"IEND", b"")


def one_colour_webp(width: int, height: int) -> bytes:
    """Half-transparent and lossless: every code has one symbol, so no pixel costs a bit."""
    bits = [(0x2F, 8), (width - 1, 14), (height - 1, 14), (1, 1), (0, 3), (0, 1), (0, 1), (0, 1)]
    for symbol in (90, 180, 60, 120, 0):  # green, red, blue, alpha, distance
        bits += [(1, 1), (0, 1), (1, 1), (symbol, 8)]
    value, length = 0, 0
    for part, count in bits:
        value, length = value | part << length, length + count
    data = value.to_bytes((length + 15) // 16 * 2, "little")
    chunk = b"VP8L" + struct.pack("<I", len(data)) + data
    return b"RIFF" + struct.pack("<I", 4 + len(chunk)) + b"WEBP" + chunk


def exif_loop() -> bytes:
    """An Exif directory whose next directory is itself, with an Exif pointer to itself too."""
    entry = struct.pack("<HHII", 0x8769, 4, 1, 8)
    return b"Exif\0\0II*\0" + struct.pack("<I", 8) + struct.pack("<H", 1) + entry + struct.pack("<I", 8)
