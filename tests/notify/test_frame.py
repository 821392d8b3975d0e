"""The frame around every mail."""

from __future__ import annotations

from dataclasses import replace
from html.parser import HTMLParser

import pytest

from storefront_trace.config import Settings
from storefront_trace.domain.shop import Shop
from storefront_trace.languages import catalogue
from storefront_trace.notify.frame import framed
from storefront_trace.notify.letters import Item, Letter, Office, Part, Somebody
from storefront_trace.notify.mails import COMPOSERS

LETTER = Letter(
    subject="Anders packade",
    heading="Anders har packat din beställning",
    lines=("Anders på lagret packade din beställning den 20 november kl. 9.14.",),
    button="Se din beställning",
    link="https://orders.example.com/t/x",
    somebody=Somebody("Anders", "Lagret", "https://orders.example.com/t/x/steps/y/face.jpg", "person"),
    quote="Dubbelt bubbelplast.\nFör säkerhets skull.",
    quote_by="Anders skrev en rad till dig",
    plan=(("Härnäst", "torsdag 26 november", "Paket 1 är hemma hos dig"), ("Sedan", "Skickas", "")),
    parts=(
        Part("Det vi lärde oss", (Item("Packad: lådan", "Jag frågar först.", "Togs med"),)),
        Part("", (Item(text="1002 står still.", label="Öppna den", link="https://orders.example.com/staff/1002"),)),
    ),
    after=("Något litet.",),
    why="Därför.",
    stop="Sluta få mejl",
    stop_link="https://orders.example.com/unfollow/z",
    about={"@type": "ParcelDelivery", "name": "</script><b>"},
)
SAID = ("Anders", "Lagret", "9.14", "Dubbelt bubbelplast.", "skrev en rad", "torsdag 26 november", "hemma hos dig",
        "Det vi lärde oss", "Packad: lådan", "”Jag frågar först.”", "Togs med", "1002 står still.", "Öppna den",
        "/staff/1002", "Skickas", "Se din beställning", "/t/x", "Något litet.", "Därför.", "/unfollow/z",
        "Roliga Ting")  # fmt: skip


class Tags(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def all(self, name: str) -> list[dict[str, str | None]]:
        return [attrs for tag, attrs in self.found if tag == name]


@pytest.fixture
def office(settings: Settings) -> Office:
    shop = Shop("s", "Roliga Ting", "sv", logo="a" * 32)
    texts = catalogue("sv")
    return Office(None, replace(settings, public_url="https://orders.example.com"), shop, "sv", texts.say)  # type: ignore[arg-type]


@pytest.mark.parametrize("form", [0, 1])
def test_the_plain_twin_says_all_that_the_html_says(office: Office, form: int) -> None:
    text = framed(office, "any", LETTER)[form].replace("\u00a0", " ")
    assert [said for said in SAID if said not in text] == []


def test_a_bare_letter_has_no_empty_places(office: Office) -> None:
    plain, html = framed(office, "any", Letter("s", "Hej", ("En rad.",)))
    assert "\n\n\n" not in plain
    assert "None" not in plain + html and "<h1" in html and "<a " not in html


def test_no_line_breaks_within_a_date_or_before_a_short_last_word(office: Office) -> None:
    letter = replace(LETTER, heading="Anders har svarat dig", quote="Den 20 november kl. 9.14")
    for text in framed(office, "any", letter):
        assert "den 20\u00a0november kl.\u00a09.14." in text and "torsdag 26\u00a0november" in text
        assert "har svarat\u00a0dig" in text and "Den 20 november kl. 9.14" in text  # as Anders wrote it


def test_what_has_no_face_may_have_the_order_or_the_shop_drawn(office: Office) -> None:
    letter = replace(LETTER, somebody=None, picture=("https://orders.example.com/t/x/strip.png", "Så är det"))
    (strip,) = (one for one in Tags(framed(office, "any", letter)[1]).all("img") if "strip" in str(one["src"]))
    assert strip["alt"] == "Så är det"
    assert ">R</td>" in framed(office, "any", replace(letter, stamped=True))[1]


def test_with_pictures_off_each_has_words_in_its_place(office: Office) -> None:
    pictures = Tags(framed(office, "any", LETTER)[1]).all("img")
    assert [one["alt"] for one in pictures] == ["Roliga Ting", "Porträtt av Anders"]
    assert all(str(one["src"]).endswith((".png", ".jpg")) for one in pictures)


def test_nothing_comes_from_another_host(office: Office) -> None:
    html = framed(office, "any", LETTER)[1]
    addresses = [v for _, attrs in Tags(html).found for k, v in attrs.items() if k in ("src", "href", "background")]
    assert addresses and all(str(one).startswith("https://orders.example.com/") for one in addresses)
    assert "url(" not in html and "@import" not in html


def test_what_is_told_to_machines_cannot_end_its_script(office: Office) -> None:
    html = framed(office, "any", LETTER)[1]
    assert html.count("</script>") == 1 and '<b>"' not in html


def test_tables_are_for_the_eye_only(office: Office) -> None:
    assert {one.get("role") for one in Tags(framed(office, "any", LETTER)[1]).all("table")} == {"presentation"}


def test_it_is_dark_where_the_reader_wants_it_dark(office: Office) -> None:
    html = framed(office, "any", LETTER)[1]
    assert "prefers-color-scheme: dark" in html and 'name="color-scheme" content="light dark"' in html


def test_markup_in_a_name_is_text(office: Office) -> None:
    letter = replace(LETTER, heading="<i>hej</i>", quote="<script>", somebody=Somebody("<b>B</b>"))
    html = framed(office, "any", letter)[1]
    assert "<i>" not in html and "<b>B" not in html and html.count("<script") == 1


def test_every_kind_of_notice_has_a_composer() -> None:
    assert {"concern", "tracking_link"} <= set(COMPOSERS)
