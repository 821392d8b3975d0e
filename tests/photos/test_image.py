"""The bad-image table of the reliability notes, row by row, and what a good picture becomes."""

from __future__ import annotations

import io
import time
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops, PngImagePlugin

from storefront_trace.photos import image as recipe
from storefront_trace.photos.image import process
from storefront_trace.photos.pictures import MAX_BYTES, PURPOSES, Processed
from storefront_trace.photos.refusals import MESSAGES, Refused, refusal
from tests.photos import pictures as made


def refused(data: bytes, purpose: str = "portrait") -> str:
    with pytest.raises(Refused) as caught:
        process(data, purpose)
    return caught.value.code


def widest(processed: Processed) -> Image.Image:
    return made.decoded(processed.renditions[-1].data)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"hello", "kind"),
        (b"<!doctype html><script>alert(1)</script>", "kind"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "kind"),
        (b"\xff\xd8\xff" + b"\0" * 100, "broken"),
        (b"%PDF-1.7\n", "kind"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "heic"),
        (b"\0\0\0\x18ftypavif\0\0\0\0mif1avif", "kind"),
        (b"SIMPLE  =                    T", "kind"),
        (b"8BPS\0\x01", "kind"),
        (b"%!PS-Adobe-3.0 EPSF-3.0", "kind"),
        (b"\xff\xd8\xff" + b"\0" * MAX_BYTES, "bytes"),
    ],
)
def test_what_is_no_picture_of_ours_is_refused_with_a_reason(data: bytes, code: str) -> None:
    assert refused(data) == code


@pytest.mark.parametrize("kind", ["TIFF", "BMP", "GIF", "ICO", "JPEG2000", "PPM", "TGA", "PCX", "SGI", "DDS"])
def test_another_format_is_refused_whatever_it_is_called(kind: str) -> None:
    assert refused(made.encoded(made.gradient(64, 64), kind)) == "kind"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_that_was_cut_off_on_the_way_is_refused(kind: str) -> None:
    whole = made.encoded(made.gradient(600, 600), kind)
    assert refused(whole[: len(whole) // 2]) == "broken"


@pytest.mark.parametrize(("width", "height"), [(20_000, 20_000), (9_500, 9_500), (6_400, 6_400), (1, 12_001)])
def test_more_pixels_than_we_take_are_refused_before_they_are_decoded(width: int, height: int) -> None:
    data = made.bomb(width, height)
    spent = []
    for _ in range(3):  # collecting the garbage of other tests takes as long
        before = time.process_time()
        assert refused(data) == "pixels"
        spent.append(time.process_time() - before)
    assert min(spent) < 0.05


@pytest.mark.parametrize("size", [(2**31 - 1, 1), (1, 65_000), (2**31 - 1, 2**31 - 1)])
def test_a_header_that_boasts_is_refused(size: tuple[int, int]) -> None:
    data = made.png_header(*size) + made.png_chunk(b"IDAT", zlib.compress(b"\0")) + made.png_chunk(b"IEND", b"")
    assert refused(data) == "pixels"


def test_a_png_without_width_is_refused() -> None:
    assert refused(made.png_header(0, 100) + made.png_chunk(b"IEND", b"")) == "broken"


@pytest.mark.parametrize("kind", ["WEBP", "PNG"])
def test_a_moving_picture_is_refused(kind: str) -> None:
    frames = [made.gradient(64, 64), made.gradient(64, 64).rotate(90)]
    assert refused(made.encoded(frames[0], kind, save_all=True, append_images=frames[1:])) == "animated"


@pytest.mark.parametrize("mode", ["CMYK", "L"])
def test_jpegs_of_other_colours_become_ordinary_ones(mode: str) -> None:
    assert widest(process(made.encoded(made.gradient(mode=mode), "JPEG"), "parcel")).mode == "RGB"


@pytest.mark.parametrize("mode", ["P", "1", "L", "LA", "RGBA"])
def test_pngs_of_every_kind_become_ordinary_pictures(mode: str) -> None:
    assert widest(process(made.encoded(made.gradient(mode=mode), "PNG"), "parcel")).mode == "RGB"


def test_a_grey_png_of_16_bits_keeps_its_greys() -> None:
    grey = Image.frombytes("I;16", (200, 200), (30_000).to_bytes(2, "little") * 40_000)
    result = widest(process(made.encoded(grey, "PNG"), "parcel"))
    assert result.getpixel((100, 100)) == pytest.approx((117, 117, 117), abs=2)


def test_an_interlaced_png_is_read() -> None:
    passes = [(1, 1), (1, 1), (2, 1), (2, 2), (4, 2), (4, 4), (8, 4)]  # Adam7, for 8 x 8 pixels
    rows = b"".join((b"\0" + b"\x80" * (3 * width)) * height for width, height in passes)
    data = made.png_header(8, 8, interlaced=1) + made.png_chunk(b"IDAT", zlib.compress(rows))
    result = widest(process(data + made.png_chunk(b"IEND", b""), "parcel"))
    assert result.getpixel((4, 4)) == pytest.approx((128, 128, 128), abs=2)


def test_what_was_transparent_is_white() -> None:
    clear = Image.new("RGBA", (200, 200), (200, 0, 0, 0))
    assert widest(process(made.encoded(clear, "PNG"), "parcel")).getpixel((100, 100)) == (255, 255, 255)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_taken_with_the_phone_on_its_side_stands_upright(orientation: int, kind: str) -> None:
    undo = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    upright = made.corners()
    stored = upright.transpose(undo[orientation]) if orientation in undo else upright
    exif = Image.Exif()
    exif[recipe.ORIENTATION] = orientation
    result = widest(process(made.encoded(stored, kind, exif=exif), "parcel"))
    assert result.size == (300, 200)
    assert result.getpixel((30, 30)) == pytest.approx((255, 0, 0), abs=12)
    assert result.getpixel((270, 30)) == pytest.approx((0, 255, 0), abs=12)
    assert result.getpixel((30, 170)) == pytest.approx((0, 0, 255), abs=12)
    assert not result.getexif()


def full_of_secrets(kind: str) -> bytes:
    exif = Image.Exif()
    exif[0x010E] = "<?php SECRET ?>"
    exif.get_ifd(0x8825).update({1: "N", 2: (59.0, 20.0, 1.0), 29: "SECRET"})
    extra: dict[str, object] = {"exif": exif, "icc_profile": b"SECRET" * 30, "xmp": b"<x:xmpmeta>SECRET</x:xmpmeta>"}
    if kind == "PNG":
        text = PngImagePlugin.PngInfo()
        text.add_text("Comment", "SECRET")
        extra |= {"pnginfo": text}
    if kind == "JPEG":
        extra |= {"comment": b"<script>SECRET</script>"}
    return made.encoded(made.gradient(), kind, **extra)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("purpose", PURPOSES)
def test_position_comment_profile_and_everything_beside_the_pixels_is_gone(kind: str, purpose: str) -> None:
    data = full_of_secrets(kind)
    assert data.count(b"SECRET") > 1
    for rendition in process(data, purpose).renditions:
        assert b"SECRET" not in rendition.data
        assert not {"exif", "icc_profile", "xmp", "comment"} & made.decoded(rendition.data).info.keys()


@pytest.mark.parametrize(
    "data",
    [
        made.jpeg_with(0xFE, b"<html><script>EVIL</script>"),
        made.jpeg_with(0xE1, b"EVIL<?php system($_GET[0]); ?>"),
        made.jpeg_with(0xE0, b"JFIF\0\1\1\0\0\1\0\1\0\0", after=b"PK\x03\x04EVIL.class"),
        made.jpeg_with(0xFE, b"%PDF-1.4 EVIL"),
        made.encoded(made.gradient(), "PNG") + b"PK\x03\x04EVIL",
    ],
    ids=["html in a comment", "php in exif", "zip behind", "pdf in a comment", "zip behind a png"],
)
def test_a_file_that_is_two_things_at_once_is_only_a_picture_afterwards(data: bytes) -> None:
    assert b"EVIL" in data
    assert all(b"EVIL" not in rendition.data for rendition in process(data, "portrait").renditions)


def test_a_compressed_text_that_swells_is_refused() -> None:
    swelling = made.png_with(b"zTXt", b"k\0\0" + zlib.compress(b"a" * 3_000_000, 9))
    assert len(swelling) < 40_000
    assert refused(swelling) == "broken"


def test_exif_that_runs_in_circles_neither_hangs_nor_costs_the_picture() -> None:
    before = time.process_time()
    assert process(made.jpeg_with(0xE1, made.exif_loop()), "portrait").renditions
    assert time.process_time() - before < 2


def test_of_a_phones_double_picture_the_first_is_taken() -> None:
    double = made.encoded(made.corners(), "MPO", save_all=True, append_images=[Image.new("RGB", (300, 200), "black")])
    assert made.decoded(double).format == "MPO"
    assert widest(process(double, "parcel")).getpixel((30, 30)) == pytest.approx((255, 0, 0), abs=12)


def test_a_portrait_is_cut_to_the_stamps_shape_from_the_upper_middle() -> None:
    tall = Image.new("RGB", (1_400, 3_400), "blue")
    tall.paste("red", (0, 510, 1_400, 2_210))
    result = process(made.encoded(tall, "JPEG"), "portrait")
    assert [(r.width, r.ext, r.pixels) for r in result.renditions] == [
        (196, "webp", (196, 238)),
        (196, "jpg", (196, 238)),
        (392, "webp", (392, 476)),
        (392, "jpg", (392, 476)),
        (588, "webp", (588, 714)),
        (588, "jpg", (588, 714)),
    ]
    for y in (20, 357, 690):
        assert widest(result).getpixel((294, y)) == pytest.approx((254, 0, 0), abs=8)


def test_a_parcels_picture_is_never_cut_and_never_enlarged() -> None:
    small = process(made.encoded(made.gradient(800, 300), "JPEG"), "parcel")
    assert [(r.width, r.pixels) for r in small.renditions[::2]] == [(640, (640, 240)), (1_600, (800, 300))]
    large = process(made.encoded(made.gradient(4_000, 3_000), "JPEG"), "parcel")
    assert [r.pixels for r in large.renditions[::2]] == [(640, 480), (1_600, 1_200)]


@pytest.mark.parametrize("grain", [0, 40, 120])
def test_a_portrait_is_light_however_grainy_the_photo_is(grain: int) -> None:
    """Six kilobytes on a page, twenty for what is drawn on our side."""
    drawn = Image.radial_gradient("L").resize((840, 1_020)).convert("RGB")
    noise = Image.effect_noise(drawn.size, grain).convert("RGB")
    photo = ImageChops.add(drawn, noise, scale=1, offset=-128)
    light = process(made.encoded(photo, "JPEG"), "portrait").renditions[::2]
    found = {one.width: len(one.data) for one in light}
    assert found[196] <= 6_000
    assert found[392] <= 6_000
    assert found[588] <= 20_000


def test_a_logo_keeps_its_holes() -> None:
    ring = Image.new("RGBA", (900, 300), (0, 0, 0, 0))
    ring.paste((10, 120, 80, 255), (300, 100, 600, 200))
    for rendition in process(made.encoded(ring, "PNG"), "logo").renditions:
        logo = made.decoded(rendition.data).convert("RGBA")
        assert logo.size == (320, 107)
        assert logo.getchannel("A").getpixel((3, 3)) == 0
        assert logo.getchannel("A").getpixel((160, 53)) == 255


@pytest.mark.parametrize("size", [(1, 1), (1, 900), (12_000, 1)])
@pytest.mark.parametrize("purpose", PURPOSES)
def test_the_smallest_and_thinnest_pictures_have_all_their_files(size: tuple[int, int], purpose: str) -> None:
    result = process(made.encoded(Image.new("RGB", size, "red"), "PNG"), purpose)
    assert tuple((r.width, r.ext) for r in result.renditions) == PURPOSES[purpose].files


def test_the_same_bytes_give_the_same_id_and_another_purpose_another() -> None:
    data = made.encoded(made.gradient(), "JPEG")
    assert process(data, "portrait").photo_id == process(data, "portrait").photo_id
    assert process(data, "portrait").photo_id != process(data, "parcel").photo_id


def test_every_reason_is_told_with_what_to_do() -> None:
    for code, message in MESSAGES.items():
        error = refusal(code)
        assert str(error) == message
        assert error.errors == (("photo", message),)
    assert str(refusal("<script>")) == MESSAGES["broken"]


BEGINNINGS = [
    made.encoded(made.gradient(40, 40), kind, **options)
    for kind, options in [("JPEG", {}), ("PNG", {}), ("WEBP", {}), ("WEBP", {"lossless": True})]
]


@settings(max_examples=150)
@given(st.sampled_from(BEGINNINGS), st.lists(st.tuples(st.integers(0, 4_000), st.binary(max_size=6)), max_size=8))
def test_a_damaged_picture_is_processed_or_refused_never_else(whole: bytes, hits: list[tuple[int, bytes]]) -> None:
    damaged = io.BytesIO(whole)
    for place, junk in hits:
        damaged.seek(place % len(whole))
        damaged.write(junk)
    try:
        assert len(process(damaged.getvalue(), "line").renditions) == 4
    except Refused as error:
        assert error.code in MESSAGES
