"""The texts of pages and mails in each language we speak, read from the .po files once."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po

HERE = Path(__file__).parent / "locale"
# Shown in the switch at the foot of the customer's page; English is the source and needs no file.
NAMES = {"en": "English", "sv": "Svenska", "nb": "Norsk", "da": "Dansk", "fi": "Suomi", "de": "Deutsch"}
AVAILABLE = tuple(NAMES)
# Norwegian by its general name, and who prefers nynorsk reads bokmål rather than another language.
_KIN = {"no": "nb", "nn": "nb"}


class Catalogue:
    """gettext and ngettext of one language; a missing text is shown in English."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._texts: dict[str, tuple[str, ...]] = {}
        self._plural: Callable[[int], int] = lambda n: int(n != 1)
        path = HERE / language / "LC_MESSAGES" / "messages.po"
        if language != "en" and path.exists():
            self._read(path)

    def _read(self, path: Path) -> None:
        with path.open("rb") as file:
            found = read_po(file, locale=self.language)
        for message in found:
            if not message.id or message.fuzzy:
                continue
            key = message.id if isinstance(message.id, str) else message.id[0]
            said = message.string or ""
            texts = (said,) if isinstance(said, str) else tuple(said)
            if all(texts):
                self._texts[key] = texts

    def gettext(self, text: str) -> str:
        found = self._texts.get(text)
        return found[0] if found else text

    def ngettext(self, one: str, many: str, n: int) -> str:
        found = self._texts.get(one)
        if found is None:
            return one if n == 1 else many
        return found[min(self._plural(n), len(found) - 1)]

    def say(self, text: str, **params: object) -> str:
        """The translation with its named parameters filled in."""
        found = self.gettext(text)
        return found % params if params else found


@cache
def catalogue(language: str) -> Catalogue:
    return Catalogue(language if language in AVAILABLE else "en")


def spoken(tag: str | None) -> str | None:
    """The language of a tag such as "sv-SE", "de_AT" or "no" when it is one of ours."""
    language = (tag or "")[:20].replace("_", "-").split("-")[0].lower()
    language = _KIN.get(language, language)
    return language if language in AVAILABLE else None
