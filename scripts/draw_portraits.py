"""Draws media/demo/src/*.svg into the demo's pictures, with the Chromium that is installed. For developers only.

    .venv/bin/python scripts/draw_portraits.py [NAME …]

The SVGs are the originals, the PNGs what the demo uploads through the same door as everybody's photos. Run it after
changing a drawing, look at what came out, and commit both.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image

DEMO = Path(__file__).resolve().parents[1] / "media" / "demo"
SIZES = {"portrait": (840, 1_020), "parcel": (1_280, 880), "product": (384, 384)}
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
# A headless window is lower than asked by the height of its missing frame; what is too much is cut off.
SPARE = 200


def main(names: list[str]) -> None:
    browser = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    if browser is None:
        sys.exit("Install Chromium first: apt-get install chromium")
    for source in sorted((DEMO / "src").glob("*.svg")):
        if not names or source.stem in names:
            target = DEMO / f"{source.stem}.png"
            draw(browser, source, target, SIZES[source.stem.split("-")[0]])
            print(f"{target.name}\t{target.stat().st_size} bytes")


def draw(browser: str, source: Path, target: Path, size: tuple[int, int]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        page, shot = Path(folder, "page.html"), Path(folder, "shot.png")
        page.write_text(_page(source.read_text(), size))
        subprocess.run(_command(browser, page, shot, size), check=True, capture_output=True, timeout=60)
        with Image.open(shot) as whole:
            cut = whole.convert("RGB").crop((0, 0, *size))
    # Flat colours: a palette of 256 keeps every edge smooth at a third of the bytes.
    cut.quantize(256, dither=Image.Dither.NONE).save(target, optimize=True)


def _page(svg: str, size: tuple[int, int]) -> str:
    width, height = size
    style = f"html,body{{margin:0;background:white}}svg{{display:block;width:{width}px;height:{height}px}}"
    return f"<!doctype html><meta charset=utf-8><style>{style}</style>{svg}"


def _command(browser: str, page: Path, shot: Path, size: tuple[int, int]) -> list[str]:
    width, height = size
    flags = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--hide-scrollbars"]
    flags += ["--force-device-scale-factor=1"]
    return [browser, *flags, f"--window-size={width},{height + SPARE}", f"--screenshot={shot}", page.as_uri()]


if __name__ == "__main__":
    main(sys.argv[1:])
