from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storefront_trace.photos.image import process
from storefront_trace.photos.pictures import Crop
from storefront_trace.photos.worker import PhotoWorker
from tests.photos.pictures import corners, decoded, encoded

PICTURE = encoded(corners(1200, 900), "PNG")
RED, LIME, BLUE, WHITE = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255)


@pytest.mark.parametrize(
    ("crop", "colour"),
    [
        (Crop(0.1, 0.1, 0.3), RED),
        (Crop(0.9, 0.1, 0.3), LIME),
        (Crop(0.1, 0.9, 0.3), BLUE),
        (Crop(0.9, 0.9, 0.3), WHITE),
        (Crop(5.0, -3.0, 0.3), LIME),
    ],
)
def test_what_was_chosen_is_what_is_seen(crop: Crop, colour: tuple[int, int, int]) -> None:
    made = process(PICTURE, "portrait", crop).renditions
    assert [one.pixels for one in made] == [(w, h) for w, h in ((196, 238), (392, 476), (588, 714)) for _ in range(2)]
    shown = decoded(made[-1].data)
    for corner in ((5, 5), (580, 5), (5, 700), (580, 700)):
        pixel = shown.getpixel(corner)
        assert isinstance(pixel, tuple)
        assert all(abs(a - b) < 12 for a, b in zip(pixel, colour, strict=True))


def test_the_picture_is_turned_upright_before_it_is_cropped() -> None:
    turned = corners(1200, 900)
    exif = turned.getexif()
    exif[0x0112] = 3  # upside down
    shown = decoded(process(encoded(turned, "JPEG", exif=exif), "portrait", Crop(0.1, 0.1, 0.3)).renditions[-1].data)
    pixel = shown.getpixel((300, 300))
    assert isinstance(pixel, tuple) and min(pixel) > 240


@settings(max_examples=100)
@given(
    x=st.floats(-2, 3),
    y=st.floats(-2, 3),
    size=st.floats(-1, 3),
    width=st.integers(1, 5000),
    height=st.integers(1, 5000),
)
def test_a_crop_never_reaches_over_an_edge(x: float, y: float, size: float, width: int, height: int) -> None:
    left, top, right, bottom = Crop(x, y, size).box((width, height), (196, 238))
    assert 0 <= left < right <= width + 1e-6 and 0 <= top < bottom <= height


async def test_the_worker_crops_as_it_is_asked() -> None:
    worker = PhotoWorker()
    try:
        crop = Crop(0.9, 0.9, 0.4)
        assert await worker.process(PICTURE, "portrait", crop) == process(PICTURE, "portrait", crop)
        assert await worker.process(PICTURE, "portrait") == process(PICTURE, "portrait")
    finally:
        await worker.close()
