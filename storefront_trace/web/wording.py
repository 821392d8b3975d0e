"""Dates, clocks and waits in the reader's language. Nothing here reads the present time.

Two layers of caching, because a customer's page asks for eight moments that no other page has: whole answers, and the
words of a day and of a minute, which all pages share. Babel alone costs 30 to 60 µs a call.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

from babel.core import Locale
from babel.dates import format_date
from babel.lists import format_list
from babel.units import format_unit
from markupsafe import Markup

from storefront_trace.domain.breaks import NBSP as NBSP
from storefront_trace.domain.breaks import paired as paired
from storefront_trace.domain.moments import ambiguous, from_micros, offset_text, tz
from storefront_trace.web.languages import catalogue

HOUR, DAY = 60, 24 * 60
_LONG_WORD = re.compile(r"\w{10,}")
_VOWEL, _CONSONANT = "[aeiouyåäöæøüé]", "[b-df-hj-np-tv-xz]"
_SPLIT = re.compile(f"{_VOWEL}{_CONSONANT}{{1,2}}(?<!sc)(?={_CONSONANT}{_VOWEL})(?!(?<=n)g|(?<=c)[hk])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Forms:
    """`weekday` and `date` are CLDR patterns; `on` and `at` put a date and a clock into a sentence."""

    weekday: str
    date: str
    on: str
    at: str
    clock: str


_FORMS = {
    "en": _Forms("EEEE d MMMM", "d MMMM", "on {date}", "{day} at {clock}", "{hour:02}:{minute:02}"),
    "sv": _Forms("EEEE d MMMM", "d MMMM", "den {date}", "{day} kl. {clock}", "{hour}.{minute:02}"),
    "nb": _Forms("EEEE d. MMMM", "d. MMMM", "den {date}", "{day} kl. {clock}", "{hour:02}.{minute:02}"),
    "da": _Forms("EEEE 'den' d. MMMM", "d. MMMM", "den {date}", "{day} kl. {clock}", "{hour}.{minute:02}"),
    "fi": _Forms("EEEE d. MMMM", "d. MMMM", "{date}", "{day} klo {clock}", "{hour}.{minute:02}"),
    "de": _Forms("EEEE, d. MMMM", "d. MMMM", "am {date}", "{day} um {clock} Uhr", "{hour}:{minute:02}"),
}


@lru_cache(maxsize=4096)
def day_text(iso_day: str, language: str, year: int | None = None) -> str:
    """ "torsdag 26 november" from "2026-11-26". With the reader's `year`, another year than that one is shown."""
    return _date(date.fromisoformat(iso_day), _forms(language).weekday, language, year)


def date_text(iso_day: str, language: str) -> str:
    """ "26 november", to stand alone."""
    return _date(date.fromisoformat(iso_day), _forms(language).date, language, None)


@lru_cache(maxsize=1024)
def full_date_text(iso_day: str, language: str) -> str:
    """ "26 november 2026", to stand alone on paper."""
    return format_date(date.fromisoformat(iso_day), "long", locale="en_GB" if language == "en" else language)


def since_text(iso_day: str, language: str) -> str:
    """The day as it stands with "since": Finnish alone bends it ("torstaista 26. marraskuuta")."""
    day = day_text(iso_day, language)
    if language != "fi":
        return day
    weekday, _, rest = day.partition(" ")
    stem = weekday.removesuffix("na").replace("viikko", "viiko")
    return f"{stem}sta {rest}"


@lru_cache(maxsize=1024)
def since_month_text(micros: int, zone: str, language: str, *, now: int) -> str:
    """The month as it stands with "since", with its year when that is another one than the reader's."""
    day, today = (from_micros(at).astimezone(tz(zone)).date() for at in (micros, now))
    month = format_date(day, "LLLL", locale=language if language in _FORMS else "en")
    month = f"{month}sta" if language == "fi" else month
    return month if day.year == today.year else f"{month} {day.year}"


@lru_cache(maxsize=4096)
def first_day_text(iso_day: str, iso_last: str, language: str) -> str:
    """How a range begins: "torsdag 26" when its last day, which follows, names the same month."""
    if iso_day[:7] != iso_last[:7]:
        return day_text(iso_day, language)
    return _date(date.fromisoformat(iso_day), _forms(language).weekday.removesuffix(" MMMM"), language, None)


@lru_cache(maxsize=16384)
def moment_text(micros: int, zone: str, precision: str, language: str, year: int | None = None) -> str:
    """ "den 20 november kl. 14.10"; with precision "day" the date alone, since nobody knows the clock.

    An hour that the clocks showed twice has its offset behind it. `year` as in `day_text`.
    """
    wall = from_micros(micros).astimezone(tz(zone))
    day = _on(wall.date(), language, year)
    if precision == "day":
        return day
    return _forms(language).at.format(day=day, clock=_clock(wall.hour, wall.minute, language)) + _which(wall, zone)


_NUMBERS = {
    "en": "two three four five six seven eight nine ten eleven twelve",
    "sv": "två tre fyra fem sex sju åtta nio tio elva tolv",
    "nb": "to tre fire fem seks sju åtte ni ti elleve tolv",
    "da": "to tre fire fem seks syv otte ni ti elleve tolv",
    "fi": "kaksi kolme neljä viisi kuusi seitsemän kahdeksan yhdeksän kymmenen yksitoista kaksitoista",
    "de": "zwei drei vier fünf sechs sieben acht neun zehn elf zwölf",
}


def number_text(number: int, language: str) -> str:
    """In words from two to twelve, which in our languages do not bend with what they count; else in digits."""
    words = _NUMBERS.get(language, _NUMBERS["en"]).split()
    return words[number - 2] if 2 <= number < len(words) + 2 else str(number)


def day_html(iso_day: str | None, text: str) -> Markup:
    """A day's text from here, in a <time>."""
    return Markup(f'<time datetime="{iso_day}">{paired(text)}</time>')  # noqa: S704 - dates as Babel writes them


def moment_html(micros: int, zone: str, precision: str, language: str) -> str:
    """`moment_text` in a <time>; a line may break between day and clock."""
    if precision == "day":
        wall = from_micros(micros).astimezone(tz(zone)).date()
        return f'<time datetime="{wall.isoformat()}">{paired(_on(wall, language, None))}</time>'
    minute = micros // 60_000_000
    quarter = _quarter(minute // 15, zone, language)
    if quarter is None:
        return _minute_html(minute, zone, language)
    first, machine, between, end = quarter
    shown = first + minute % 15
    return f"{machine}{shown:02}{between}{shown:02}{end}"


@lru_cache(maxsize=16384)
def _quarter(quarter: int, zone: str, language: str) -> tuple[int, str, str, str] | None:
    """All but the minute of `moment_html`, the same for a quarter of an hour counted since 1970: (its first minute,
    what comes before the minute, between its two places, and behind). None for a quarter in which the clocks turn, that
    is shown twice or whose zone was not yet counted in quarters."""
    start, end = (from_micros(minute * 60_000_000).astimezone(tz(zone)) for minute in (quarter * 15, quarter * 15 + 14))
    if end.utcoffset() != start.utcoffset() or start.minute % 15 or _which(start, zone) or _which(end, zone):
        return None
    html = _minute_html(quarter * 15, zone, language)
    minute = f"{start.minute:02}"
    machine, _, rest = html.partition(f"T{start.hour:02}:{minute}")
    between, _, behind = rest.rpartition(minute)
    return start.minute, f"{machine}T{start.hour:02}:", between, behind


@lru_cache(maxsize=4096)
def _minute_html(minute: int, zone: str, language: str) -> str:
    wall = from_micros(minute * 60_000_000).astimezone(tz(zone))
    day = _on(wall.date(), language, None)
    clock = _clock(wall.hour, wall.minute, language)
    text = _forms(language).at.format(day=day, clock=clock) + _which(wall, zone)
    return f'<time datetime="{wall.isoformat(timespec="minutes")}">{paired(text)}</time>'


@lru_cache(maxsize=16384)
def clock_text(micros: int, zone: str, language: str) -> str:
    """ "14.10". Only for moments known to the minute."""
    wall = from_micros(micros).astimezone(tz(zone))
    return _clock(wall.hour, wall.minute, language) + _which(wall, zone)


def clock_form(language: str) -> str:
    """How a clock is written, for a script to fill in: "{hour}.{minute:02}"."""
    return _forms(language).clock


def recent_text(micros: int, zone: str, precision: str, language: str, *, now: int) -> str:
    """ "i dag kl. 9.12", "i går kl. 16.40", else as in `moment_text`: for staff, on pages that nothing keeps."""
    wall, today = from_micros(micros).astimezone(tz(zone)), from_micros(now).astimezone(tz(zone)).date()
    say = catalogue(language).gettext
    named = {today: say("today"), today - timedelta(days=1): say("yesterday")}.get(wall.date())
    if named is None:
        return moment_text(micros, zone, precision, language, today.year)
    if precision == "day":
        return named
    return _forms(language).at.format(day=named, clock=clock_text(micros, zone, language))


@lru_cache(maxsize=4096)
def wait_text(minutes: int, language: str) -> str:
    """ "55 min", "1 tim 40 min", "1 dygn 3 tim", "3 dygn": two units at most, rounded down."""
    if minutes < 1:
        return catalogue(language).gettext("just now")
    if minutes < HOUR:
        return _unit(minutes, "minute", language)
    if minutes < DAY:
        hours, rest = divmod(minutes, HOUR)
        return " ".join([_unit(hours, "hour", language)] + [_unit(rest, "minute", language)] * bool(rest))
    days, rest = divmod(minutes // HOUR, 24)
    return " ".join([_unit(days, "day", language)] + [_unit(rest, "hour", language)] * (days == 1 and rest > 0))


def span_text(amount: int, unit: str, language: str) -> str:
    """ "60 dagar", "1 dag", "12 månader": `unit` is "hour", "day" or "month"."""
    return tied(format_unit(amount, f"duration-{unit}", "long", locale=language))


def listed(items: Sequence[str], language: str) -> str:
    """ "Jocke, Anders och Lagerteamet". What is markup has to be escaped before and marked again."""
    return format_list(list(items), locale="en_GB" if language not in _FORMS or language == "en" else language)


@lru_cache(maxsize=100)
def language_text(key: str, language: str) -> str:
    """What a language is called in another: "finska"."""
    return str(Locale(language).languages["no" if key == "nb" else key])  # nobody says "norskt bokmål"


def capital(text: str) -> str:
    """Of a day or a role that stands alone."""
    return text[:1].upper() + text[1:]


def tied(text: str) -> str:
    """The same text, kept on one line. For short ones: it cannot break at twice the text size either."""
    return text.replace(" ", NBSP)


def soft(text: str) -> str:
    """With places in its long words where a narrow column may break them: browsers know few languages' own. After the
    last but one of the consonants between two vowels, never beside a word's beginning or end."""
    return _LONG_WORD.sub(lambda word: _SPLIT.sub(_split, word[0]), text)


def _split(found: re.Match[str]) -> str:
    inside = found.start() >= 2 and len(found.string) - found.end() >= 4
    return f"{found[0]}\u00ad" if inside else found[0]


def _forms(language: str) -> _Forms:
    return _FORMS.get(language) or _FORMS["en"]


@lru_cache(maxsize=4096)
def _on(day: date, language: str, year: int | None) -> str:
    forms = _forms(language)
    return forms.on.format(date=_date(day, forms.date, language, year))


def _date(day: date, pattern: str, language: str, year: int | None) -> str:
    shown = pattern if year is None or year == day.year else f"{pattern} y"
    text = format_date(day, shown, locale=language if language in _FORMS else "en")
    # CLDR 47 bends six Finnish weekdays in a date and forgets the seventh.
    return text.replace("sunnuntai ", "sunnuntaina ") if language == "fi" else text


@lru_cache(maxsize=10000)
def _clock(hour: int, minute: int, language: str) -> str:
    return _forms(language).clock.format(hour=hour, minute=minute)


def _which(wall: datetime, zone: str) -> str:
    if wall.utcoffset() == wall.replace(fold=1 - wall.fold).utcoffset() or not ambiguous(wall, zone):
        return ""
    return f" (UTC{offset_text(wall, zone)})"


def _unit(amount: int, unit: str, language: str) -> str:
    return format_unit(amount, f"duration-{unit}", "long" if unit == "day" else "short", locale=language)
