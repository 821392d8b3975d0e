"""A picture is looked at, and a step out of its turn is asked about, in a real browser before anything is sent."""

from __future__ import annotations

import base64
import io
import re

from PIL import Image
from playwright.async_api import Browser, Page

from storefront_trace.photos.pictures import PURPOSES
from storefront_trace.web.page import STATIC, static
from tests.patience import until
from tests.people import Shop
from tests.photos.pictures import corners, decoded, encoded
from tests.web.staff.phone import phone, served, with_and_without_scripts

__all__ = ["served"]


def sideways() -> bytes:
    """As a phone writes it: 300 wide and 200 high, to be turned by a quarter."""
    file, exif = io.BytesIO(), Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (300, 200), (200, 120, 40)).save(file, "JPEG", exif=exif)
    return file.getvalue()


def from_a_phone() -> bytes:
    """Large and grainy, to be turned by a quarter, and with the place where it was taken: red is above left then."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif.get_ifd(0x8825)[2] = (59.0, 20.0, 0.0)
    grain = Image.effect_noise((2400, 1800), 60).convert("RGB")
    whole = Image.blend(corners(2400, 1800).transpose(Image.Transpose.ROTATE_90).resize((2400, 1800)), grain, 0.03)
    return encoded(whole, "JPEG", quality=95, exif=exif)


# Whether a picture of a few bytes is left alone.
STAYS = """async (script) => {
  const drawn = new OffscreenCanvas(40, 40);
  drawn.getContext("2d").fillRect(0, 0, 9, 9);
  const file = new File([await drawn.convertToBlob({ type: "image/jpeg", quality: 0.1 })], "p.jpg");
  const { shrunk } = await import(script);
  return (await shrunk(file, await createImageBitmap(file))) === file;
}"""
CHOSEN = """(field) => new Promise((done) => {
  const reader = Object.assign(new FileReader(), { onload: () => done(reader.result.split(",")[1]) });
  reader.readAsDataURL(field.files[0]);
})"""


async def choose(page: Page, picture: bytes) -> None:
    await page.locator("#order-1001 input[name=photo]").set_input_files(
        {"name": "p.jpg", "mimeType": "image/jpeg", "buffer": picture}
    )


async def test_the_picture_is_shown_upright_and_goes_with_the_step_once_it_is_good(
    browser: Browser, served: tuple[Shop, str]
) -> None:
    shop, _ = served
    async with phone(browser, served) as page:
        await choose(page, sideways())
        look = page.locator("#photo-look")
        await look.get_by_text("Är bilden bra?").wait_for()
        assert await look.locator("canvas").evaluate("one => [one.width, one.height]") == [200, 300]
        await look.get_by_role("button", name="Använd den").tap()
        await page.get_by_role("button", name="Packad").first.tap()
        await page.get_by_text("1001: Packad").wait_for()
    last = (await shop.events("1001"))[-1]
    assert last.photo is not None and last.photo_size == (200, 300)


async def test_a_large_picture_is_made_as_small_as_it_is_kept_before_it_goes(
    browser: Browser, served: tuple[Shop, str]
) -> None:
    """Upright, without the place where it was taken; what would not get smaller goes as it is."""
    shop, _ = served
    large = from_a_phone()
    async with phone(browser, served) as page:
        field = page.locator("#order-1001 input[name=photo]")
        assert await page.evaluate(STAYS, static("shrink.js"))
        await choose(page, large)

        async def lighter() -> bool:
            return int(await field.evaluate("({ files }) => files[0].size")) < len(large)

        await until(lighter)
        small = base64.b64decode(await field.evaluate(CHOSEN))
        await page.locator("#photo-look").get_by_role("button", name="Använd den").tap()
        await page.get_by_role("button", name="Packad").first.tap()

        async def packed() -> bool:  # on a busy machine it waits, and goes a moment later
            return (await shop.events("1001"))[-1].step == "packed"

        await until(packed)
    last = (await shop.events("1001"))[-1]
    picture = decoded(small)
    assert (picture.size, picture.format, len(picture.getexif())) == ((1600, 2133), "JPEG", 0)
    red, green, _ = picture.convert("RGB").getpixel((300, 300))  # type: ignore[misc]
    assert red > 150 > 100 > green
    assert last.photo_size == (1600, 2133)


def test_the_phone_shrinks_to_what_the_server_keeps() -> None:
    largest = PURPOSES["parcel"].sizes[-1]
    told = re.findall(r"^const (?:WIDE|TALL) = (\d+)", (STATIC / "shrink.js").read_text(), re.MULTILINE)
    assert [int(length) for length in told] == [largest.width, largest.height]


async def test_a_picture_that_is_not_good_is_taken_again_or_left_out(
    browser: Browser, served: tuple[Shop, str]
) -> None:
    shop, _ = served
    async with phone(browser, served) as page:
        await choose(page, sideways())
        async with page.expect_file_chooser():
            await page.locator("#photo-look").get_by_role("button", name="Ta en ny").tap()
        await choose(page, sideways())
        await page.locator("#photo-look").get_by_role("button", name="Ingen bild").tap()
        await page.get_by_role("button", name="Packad").first.tap()
        await page.get_by_text("1001: Packad").wait_for()
    assert (await shop.events("1001"))[-1].photo is None


@with_and_without_scripts
async def test_a_step_out_of_its_turn_is_one_question_more(
    browser: Browser, served: tuple[Shop, str], scripts: bool
) -> None:
    shop, url = served
    async with phone(browser, served, scripts=scripts) as page:
        for answer in ("Nej, tillbaka till ordern", "Logga Skickad ändå"):
            await page.goto(f"{url}/staff/orders/1001")
            await page.get_by_text("Något annat hände").tap()
            await page.locator("button[name=step][value=shipped]").tap()
            await page.get_by_text("Packad är inte loggat än. Logga Skickad ändå?").wait_for()
            assert len(await shop.events("1001")) == 2
            await page.get_by_role("button", name=answer).tap()
            await page.locator(".dock").wait_for()
        await page.get_by_text("1001: Skickad").wait_for()
    assert (await shop.events("1001"))[-1].step == "shipped"


async def test_an_order_is_taken_with_scripts_too(browser: Browser, served: tuple[Shop, str]) -> None:
    shop, _ = served
    async with phone(browser, served) as page:
        await page.get_by_role("button", name="Lämna tillbaka").first.tap()
        await page.locator("#main").get_by_text("Den väntar på de andra igen").wait_for()
        await page.locator("#order-1001 summary").first.tap()
        await page.locator("#order-1001").get_by_role("button", name="Jag tar den").tap()
        await page.locator("#main").get_by_text("Den är din nu").wait_for()
    assert [event.kind for event in await shop.events("1001")][-2:] == ["hand", "hand"]


async def test_a_phrase_that_is_tapped_stands_in_the_note(browser: Browser, served: tuple[Shop, str]) -> None:
    shop, url = served
    async with phone(browser, served) as page:
        await page.goto(f"{url}/staff/orders/1001/pause/delayed")
        await page.get_by_role("checkbox", name="Vår leverantör").tap()
        await page.get_by_label("Med dina egna ord").press_sequentially(" Förlåt!")
        await page.locator("button.btn--go").tap()
        await page.get_by_text("1001: Försenad").wait_for()
    assert (await shop.events("1001"))[-1].note == "Vår leverantör är sen med den. Vi ligger på dem. Förlåt!"
