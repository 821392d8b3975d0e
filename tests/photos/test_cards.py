"""Status pictures as they are drawn: small, whole, and readable whatever the words and the photo."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageFilter

from storefront_trace.domain.colours import contrast
from storefront_trace.languages import AVAILABLE, catalogue
from storefront_trace.photos.cards import _row, draw
from storefront_trace.photos.lettering import Style, clean, fit, letters, width
from storefront_trace.photos.paper import ICONS
from storefront_trace.photos.sheets import MOST_BYTES, SIZES, Row, Sheet
from storefront_trace.web.customer.sheet import colours_of

LONG = "Krzysztof-Maksymilian Wiśniewski-Łukasiewicz von Hohenstaufen"
SHEET = Sheet(
    shape="card",
    colours=colours_of("#1f6b52"),
    shop="Roliga Ting",
    lead="Just nu är din beställning hos",
    name="Anders",
    otherwise="Lagerteamet",
    role="på lagret, sedan torsdag 19 november",
    drawing="initial",
    rows=(Row("Härnäst", "Torsdag 26 november", "Paket 1 är hemma hos dig"),),
)
NAME = Style("bold", (136, 100, 60), tracking=-0.045, lines=2)
SHAPES = sorted(SIZES)


def opened(png: bytes) -> Image.Image:
    return Image.open(io.BytesIO(png)).convert("RGB")


def grainy_photo() -> bytes:
    """Worse than any camera: nothing in it repeats."""
    grey = Image.linear_gradient("L").resize((588, 714))
    bands = [Image.blend(grey, Image.effect_noise((588, 714), 60 + 20 * one), 0.5) for one in range(3)]
    out = io.BytesIO()
    Image.merge("RGB", bands).filter(ImageFilter.GaussianBlur(1)).save(out, "WEBP", quality=80)
    return out.getvalue()


def colourful_photo() -> bytes:
    out = io.BytesIO()
    bands = [Image.linear_gradient("L").rotate(turn).resize((588, 714)) for turn in (0, 90, 180)]
    Image.merge("RGB", bands).save(out, "WEBP", quality=80)
    return out.getvalue()


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("drawing", ["initial", *ICONS])
def test_every_kind_of_picture_has_its_size_and_is_small(shape: str, drawing: str) -> None:
    png = draw(replace(SHEET, shape=shape, drawing=drawing))
    assert opened(png).size == SIZES[shape]
    assert len(png) <= MOST_BYTES


@pytest.mark.parametrize("shape", SHAPES)
def test_the_worst_photo_with_the_longest_words_is_small_too(shape: str) -> None:
    photo = grainy_photo()
    rows = (Row("Därefter", "Onsdag 23 september till onsdag 30 september", "Ord " * 40),)
    pictures = (("portrait", photo), *(("face", photo) for _ in range(5)))
    sheet = replace(SHEET, shape=shape, name=LONG, role="på " + LONG, notice=LONG * 3, rows=rows, pictures=pictures)
    assert len(draw(sheet)) <= MOST_BYTES


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("top", [False, True])
@pytest.mark.parametrize("mark", ["", "hand"])
@pytest.mark.parametrize("many", range(6))
def test_however_many_had_it_they_stay_on_the_picture(shape: str, top: bool, mark: str, many: int) -> None:
    photo = colourful_photo()
    family = (("portrait", photo),) * top + (("face", photo), ("initial", "Ł".encode())) * 3
    sheet = replace(SHEET, shape=shape, mark=mark, drawing="people", pictures=family[: many + top])
    png = draw(sheet)
    image = opened(png)
    paper = Image.new("RGB", image.size, SHEET.colours["paper"])
    different = ImageChops.difference(image, paper).crop((0, 20, *image.size)).getbbox()
    assert different is not None and different[0] >= 24 and different[3] <= image.height - 20 - 12
    assert len(png) <= MOST_BYTES


def test_an_initial_that_our_fonts_lack_is_left_out() -> None:
    assert draw(replace(SHEET, pictures=(("initial", "李".encode()),))) == draw(SHEET)


def test_a_day_on_a_strip_always_says_what_happens_then() -> None:
    late = "Försenad: skulle ha varit hos dig senast 20. november. Vi är ledsna."
    sheet = replace(SHEET, shape="strip", notice=late)
    assert draw(sheet) != draw(replace(sheet, rows=(Row("Härnäst", "Torsdag 26 november", ""),)))
    assert draw(sheet) == draw(replace(sheet, notice=late.removesuffix(" Vi är ledsna.")))
    assert draw(sheet) != draw(replace(sheet, notice="Försenad: skulle ha varit hos dig senast 20."))


def test_the_same_sheet_gives_the_same_bytes() -> None:
    assert draw(SHEET) == draw(SHEET)


@pytest.mark.parametrize("shape", SHAPES)
def test_nothing_is_written_over_the_edge(shape: str) -> None:
    """The outermost pixels at the sides and below are paper, however much there is to say."""
    long = "Igelkottslampan med varmt ljus och en mycket lång sladd " * 4
    rows = (Row("Därefter", "Onsdag 23 september till onsdag 30 september", long),)
    image = opened(draw(replace(SHEET, shape=shape, shop=long, name=LONG, role=long, notice=long, rows=rows)))
    wide, high = image.size
    paper = Image.new("RGB", image.size, SHEET.colours["paper"])
    different = ImageChops.difference(image, paper).crop((0, 20, wide, high)).getbbox()
    assert different is not None
    assert different[0] >= 24 and different[2] <= wide - 24 and different[3] <= high - 20 - 12


@pytest.mark.parametrize("letter", "łőźåäöøŁŐŹÅÄÖØéüßčžșțđðþæœĳИЖяΩ’–…")
def test_the_letters_of_the_north_and_the_east_are_there(letter: str) -> None:
    assert clean(f"A{letter}") == f"A{letter}"
    bold = draw(replace(SHEET, name=f"x{letter}x"))
    assert bold != draw(replace(SHEET, name="xx"))


def test_letters_with_loose_accents_are_put_together() -> None:
    assert clean("Åsa") == "Åsa"


def test_pictures_in_a_name_are_left_out() -> None:
    assert clean("Anna 🌻 🧑🏽‍🌾 Ek") == "Anna Ek"


@pytest.mark.parametrize("name", ["李伟", "محمد", "Anna 李"])
def test_a_name_in_letters_that_we_lack_becomes_the_team_without_a_face(name: str) -> None:
    plain = draw(replace(SHEET, name="Lagerteamet", drawing="people", role=""))
    photo = (("portrait", grainy_photo()),)
    assert draw(replace(SHEET, name=name, pictures=photo)) == plain


def test_a_long_name_is_shrunk_then_broken_then_cut_at_a_word() -> None:
    assert fit("Anders", NAME, 660).size == 136
    assert 60 <= fit("Ordermottagningen", NAME, 700).size < 136
    broken = fit("Maksymilian Wiśniewski-Łukasiewicz", NAME, 800)
    assert len(broken.lines) == 2 and "…" not in "".join(broken.lines)
    cut = fit(LONG + " " + LONG, NAME, 760)
    assert cut.lines[-1].endswith("…") and cut.lines[-1][:-1].split()[-1] in LONG.split()


@given(st.text(st.sampled_from(sorted(letters())), min_size=1, max_size=300), st.integers(200, 900))
@settings(max_examples=100)
def test_no_line_is_wider_than_its_room(text: str, room: int) -> None:
    block = fit(" ".join(text.split()) or "x", NAME, room)
    assert len(block.lines) <= NAME.lines
    assert all(width(line, NAME, block.size) <= room for line in block.lines)


@given(st.integers(0, 0xFFFFFF).map(lambda value: f"#{value:06x}"))
def test_whatever_the_shops_colour_the_words_can_be_read(brand: str) -> None:
    made = colours_of(brand)
    for ink, ground in (("ink", "paper"), ("ink-2", "paper"), ("ink-brand", "wash-2"), ("on-wait", "wait")):
        assert contrast(made[ink], made[ground]) >= 4.5
    assert contrast(made["on-kraft"], made["kraft"]) >= 4.5


def test_the_shops_colour_is_seen() -> None:
    assert opened(draw(replace(SHEET, colours=colours_of("#b0303c")))).getpixel((40, 8)) != opened(
        draw(SHEET)
    ).getpixel((40, 8))


def test_no_languages_word_for_next_is_cut() -> None:
    for language in AVAILABLE:
        for word in ("Next", "Then"):
            parts, indent = _row(replace(SHEET, rows=(Row(catalogue(language).say(word), "x", ""),)), 660)
            assert "…" not in parts[0][0].lines[0] and indent < 220
