"""The pictures of the demo shop: they come in through the same door as everybody's."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest
from PIL import Image

from storefront_trace.photos.image import process

DEMO = Path(__file__).resolve().parents[2] / "media" / "demo"
SOURCES = sorted((DEMO / "src").glob("*.svg"))
SIZES = {"portrait": (840, 1_020), "parcel": (1_280, 880), "product": (384, 384)}
PURPOSES = {"portrait": "portrait", "parcel": "parcel", "product": "line"}


def test_every_drawing_has_its_picture_and_every_picture_its_drawing() -> None:
    assert len(SOURCES) >= 20
    assert [path.stem for path in SOURCES] == sorted(path.stem for path in DEMO.glob("*.png"))
    assert sum(path.stat().st_size for path in DEMO.glob("*.png")) < 3_000_000


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)
def test_a_drawing_is_light_and_passes_the_door(source: Path) -> None:
    kind = source.stem.split("-")[0]
    data = (DEMO / f"{source.stem}.png").read_bytes()
    with Image.open(DEMO / f"{source.stem}.png") as picture:
        assert picture.size == SIZES[kind]
    for rendition in process(data, PURPOSES[kind]).renditions:
        if rendition.width == 196 and rendition.ext == "webp":
            assert len(rendition.data) <= 6_000


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)
def test_a_drawing_fetches_and_runs_nothing(source: Path) -> None:
    for element in ElementTree.parse(source).iter():
        assert element.tag.split("}")[1] in {"svg", "g", "path", "circle", "ellipse", "rect"}
        assert not {name for name in element.attrib if "href" in name or name.startswith("on")}
