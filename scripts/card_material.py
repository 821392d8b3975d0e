"""Makes what the status pictures are drawn with: two fonts and seven icons. For developers only.

    npm pack inter-ui && tar xzf inter-ui-*.tgz
    python -m venv /tmp/fonts && /tmp/fonts/bin/pip install fonttools brotli pillow
    /tmp/fonts/bin/python scripts/card_material.py package/

Pillow reads TrueType only, and kerns only by the old table, so Inter's own kerning is written into one. Latin with all
its accents, Greek and Cyrillic: names come from everywhere. Look at what came out, and commit it.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from fontTools import subset
from fontTools.ttLib import TTFont, newTable
from fontTools.ttLib.tables._k_e_r_n import KernTable_format_0
from PIL import Image

ROOT = Path(__file__).resolve().parents[1]
TARGET = ROOT / "storefront_trace" / "photos" / "drawn"
ICONS = ROOT / "templates" / "icons" / "drawings.html"
WEIGHTS = {"Regular": "inter-regular.ttf", "Bold": "inter-bold.ttf"}
RANGES = (
    (0x20, 0x7E),
    (0xA0, 0x17F),
    (0x18F, 0x18F),
    (0x192, 0x192),
    (0x1CD, 0x1DC),
    (0x1E6, 0x1E7),
    (0x1FA, 0x21B),
    (0x259, 0x259),
    (0x386, 0x3CE),
    (0x400, 0x45F),
    (0x490, 0x491),
    (0x1E80, 0x1E85),
    (0x1E9E, 0x1E9E),
    (0x1EA0, 0x1EF9),
    (0x2010, 0x2026),
    (0x2032, 0x203A),
    (0x20AC, 0x20AC),
    (0x2212, 0x2212),
)
# Pairs between scripts never stand side by side; closer than this nobody sees.
LEAST = 20
NAMES = ("people", "truck", "house", "undo", "cross", "mail", "hand")
SIDE = 256


def main(package: Path) -> None:
    TARGET.mkdir(exist_ok=True)
    for weight, name in WEIGHTS.items():
        made = smaller(package / "web" / f"Inter-{weight}.woff2")
        made.save(TARGET / name)
        (TARGET / "letters.txt").write_text("".join(map(chr, sorted(made.getBestCmap()))))
        print(f"{name}\t{(TARGET / name).stat().st_size} bytes")
    shutil.copy(package / "LICENSE.txt", TARGET / "LICENSE-inter.txt")
    for name in NAMES:
        draw(name)
        print(f"{name}.png\t{(TARGET / name).with_suffix('.png').stat().st_size} bytes")


def smaller(source: Path) -> TTFont:
    options = subset.Options(layout_features=["kern"], hinting=False, notdef_outline=True, name_IDs=[0, 1, 2, 13, 14])
    font = TTFont(source)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=[code for first, last in RANGES for code in range(first, last + 1)])
    cutter.subset(font)
    kern = newTable("kern")
    kern.version = 0
    table = KernTable_format_0()
    table.version, table.format, table.coverage, table.tupleIndex, table.apple = 0, 0, 1, None, False
    table.kernTable = dict(sorted(pairs(font)))
    kern.kernTables = [table]
    font["kern"] = kern
    for gone in ("GPOS", "GDEF", "GSUB"):
        if gone in font:
            del font[gone]
    font.flavor = None
    return font


def pairs(font: TTFont) -> Iterator[tuple[tuple[str, str], int]]:
    """Of Latin letters without accents, and with those of our languages: more would not fit a table of 64 KB."""
    kept = "ABCDEFGHIJKLMNOPQRSTUVWXYZÅÄÖÆØÉŁabcdefghijklmnopqrstuvwxyzåäöæøéłőź.,-’"
    cmap = font.getBestCmap()
    letters = {cmap[ord(letter)] for letter in kept}
    for left in sorted(letters):
        for right in sorted(letters):
            value = kerning(font, left, right)
            if abs(value) >= LEAST:
                yield (left, right), value


def kerning(font: TTFont, left: str, right: str) -> int:
    for lookup in font["GPOS"].table.LookupList.Lookup:
        for table in lookup.SubTable:
            table = getattr(table, "ExtSubTable", table)
            if table.LookupType != 2 or left not in table.Coverage.glyphs:
                continue
            found = _pair(table, left, right)
            if found is not None:
                return found
    return 0


def _pair(table: Any, left: str, right: str) -> int | None:
    if table.Format == 1:
        for record in table.PairSet[table.Coverage.glyphs.index(left)].PairValueRecord:
            if record.SecondGlyph == right:
                return _advance(record.Value1)
        return None
    one = table.ClassDef1.classDefs.get(left, 0)
    two = table.ClassDef2.classDefs.get(right, 0)
    return _advance(table.Class1Record[one].Class2Record[two].Value1)


def _advance(value: Any) -> int:
    return int(getattr(value, "XAdvance", 0) or 0)


def draw(name: str) -> None:
    """The icon of the page, in black on nothing; the picture takes it as a mask."""
    found = re.search(rf'^ *(<\w+ id="i-{name}".*)$', ICONS.read_text(), re.MULTILINE)
    assert found is not None
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" width="{SIDE}" height="{SIDE}" fill="none" '
        f'stroke="#000" stroke-width="1.5" stroke-linecap="round" stroke-linejoin="round">{found[1]}</svg>'
    )
    browser = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))
    with tempfile.TemporaryDirectory() as folder:
        page, shot = Path(folder, "page.html"), Path(folder, "shot.png")
        page.write_text(f"<!doctype html><style>html,body{{margin:0}}svg{{display:block}}</style>{svg}")
        flags = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        flags += [f"--window-size={SIDE},{SIDE + 200}", f"--screenshot={shot}", "--hide-scrollbars"]
        subprocess.run([browser, *flags, page.as_uri()], check=True, capture_output=True, timeout=60)
        with Image.open(shot) as whole:
            mask = whole.convert("L").crop((0, 0, SIDE, SIDE)).point(lambda value: 255 - value)
    mask.quantize(16).convert("L").save(TARGET / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
