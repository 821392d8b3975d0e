"""Why a picture is refused, said so that the person knows what to do instead."""

from __future__ import annotations

from storefront_trace.domain.errors import DomainError, Invalid, TooLarge


class Refused(Exception):
    """Only the code crosses the pipe from the worker: a broken-into worker must not write words on our pages."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def _(msgid: str) -> str:
    # Marks a message for the catalogue; who shows it translates it.
    return msgid


MESSAGES = {
    "empty": _("This file is empty. Choose a picture and try again."),
    "bytes": _("This file is larger than 8 MB. Choose a smaller version, or take a screenshot of the picture."),
    "pixels": _("This picture has more pixels than we can take. Choose a smaller version, or take a screenshot of it."),
    "kind": _("We can read JPEG, PNG and WebP. Save the picture as one of these, or take a screenshot of it."),
    "heic": _(
        "This is a HEIC picture, which browsers cannot show. On the phone, choose Settings, Camera, Formats, Most "
        "compatible, or take a screenshot of the picture and send that."
    ),
    "animated": _("This picture moves. Choose one that stands still."),
    "broken": _("We could not read this picture; it may be damaged. Choose it once more, or take a new one."),
    "heavy": _("This picture takes too long to read. Take a screenshot of it and send that instead."),
}


def refusal(code: str) -> DomainError:
    message = MESSAGES.get(code, MESSAGES["broken"])
    kind = TooLarge if code == "bytes" else Invalid
    return kind(message, errors=[("photo", message)])
