"""Words on a picture: Inter, kerned, shrunk to the room there is, then broken, then cut at a word."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from PIL import ImageDraw, ImageFont

DRAWN = Path(__file__).parent / "drawn"
FILES = {"regular": "inter-regular.ttf", "bold": "inter-bold.ttf"}
MORE = "…"


class Style(NamedTuple):
    """`tracking` in shares of the size; `sizes` from the wished to the least, in pixels."""

    weight: str
    sizes: tuple[int, ...]
    tracking: float = 0.0
    leading: float = 1.25
    lines: int = 1


class Block(NamedTuple):
    """Lines that fit. `height` is from the first line's top to the last one's bottom."""

    lines: tuple[str, ...]
    style: Style
    size: int

    @property
    def height(self) -> int:
        return round(len(self.lines) * self.size * self.style.leading)


@lru_cache(maxsize=64)
def font(weight: str, size: int) -> ImageFont.FreeTypeFont:
    """The plain layout: what a machine's text libraries are must not change a picture."""
    return ImageFont.truetype(DRAWN / FILES[weight], size, layout_engine=ImageFont.Layout.BASIC)


@lru_cache(maxsize=1)
def letters() -> frozenset[str]:
    """What the fonts can write."""
    return frozenset((DRAWN / "letters.txt").read_text())


def clean(text: str) -> str | None:
    """The text as our fonts can write it: without pictures such as 🎉; None when letters of it would be missing."""
    text = unicodedata.normalize("NFC", text)
    kept = "".join(one for one in text if one in letters())
    lost = (one for one in text if one not in letters())
    if any(unicodedata.category(one)[0] in "LNM" and not 0xFE00 <= ord(one) <= 0xFE0F for one in lost):
        return None
    return " ".join(kept.split())


def width(text: str, style: Style, size: int) -> float:
    return font(style.weight, size).getlength(text) + style.tracking * size * max(0, len(text) - 1)


def fit(text: str, style: Style, room: float) -> Block:
    """As large as goes on one line; else on the lines there may be at the least size; else cut."""
    for size in style.sizes:
        if width(text, style, size) <= room:
            return Block((text,), style, size)
    size = style.sizes[-1]
    for wanted in reversed(style.sizes) if style.lines > 1 else ():
        if len(_broken(text, style, wanted, room)) <= style.lines and _whole(text, style, wanted, room):
            size = wanted
    lines = _broken(text, style, size, room)
    if len(lines) > style.lines:
        rest = " ".join(lines[style.lines - 1 :])
        lines = [*lines[: style.lines - 1], rest]
    cut = tuple(_cut(line, style, size, room) for line in lines)
    return Block(cut if len(cut) < 2 or cut != tuple(lines) else _balanced(cut, style, size, room), style, size)


def write(draw: ImageDraw.ImageDraw, at: tuple[float, float], block: Block, colour: str) -> None:
    """`at` is the first line's top left corner."""
    x, y = at
    size, style = block.size, block.style
    face = font(style.weight, size)
    for line in block.lines:
        base = y + size * (style.leading + 0.72) / 2
        if style.tracking:
            for place, one in enumerate(line):
                before = face.getlength(line[: place + 1]) - face.getlength(one) + style.tracking * size * place
                draw.text((x + before, base), one, colour, font=face, anchor="ls")
        else:
            draw.text((x, base), line, colour, font=face, anchor="ls")
        y += size * style.leading


def _broken(text: str, style: Style, size: int, room: float) -> list[str]:
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width(longer, style, size) <= room:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines or [""]


def _balanced(lines: tuple[str, ...], style: Style, size: int, room: float) -> tuple[str, ...]:
    """The same words on as many lines, as even as they go: no single word below a full line."""
    text, best = " ".join(lines), lines
    while room > size:
        room -= size / 2
        found = tuple(_broken(text, style, size, room))
        if len(found) > len(lines) or not _whole(text, style, size, room):
            break
        best = found
    return best


def _whole(text: str, style: Style, size: int, room: float) -> bool:
    return all(width(word, style, size) <= room for word in text.split())


def _cut(line: str, style: Style, size: int, room: float) -> str:
    """At a word, with an ellipsis; one word that is too long by itself, at a letter."""
    if width(line, style, size) <= room:
        return line
    words = line.split()
    while len(words) > 1:
        words.pop()
        shorter = " ".join(words).rstrip(",;:–- ") + MORE
        if width(shorter, style, size) <= room:
            return shorter
    word = words[0]
    while len(word) > 1 and width(word + MORE, style, size) > room:
        word = word[:-1]
    return word + MORE
