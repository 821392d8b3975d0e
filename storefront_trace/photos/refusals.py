"""Why a picture is refused, said so that the person knows what to do instead."""

from __future__ import annotations

from storefront_trace.domain.errors import N_, DomainError, Invalid, TooLarge


class Refused(Exception):
    """Only the code crosses the pipe from the worker: a broken-into worker must not write words on our pages."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


MESSAGES = {
    "empty": N_("This file is empty. Choose a picture and try again."),
    "bytes": N_("This file is larger than 8 MB. Choose a smaller version, or take a screenshot of the picture."),
    "pixels": N_(
        "This picture has more pixels than we can take. Choose a smaller version, or take a screenshot of it."
    ),
    "kind": N_("We can read JPEG, PNG and WebP. Save the picture as one of these, or take a screenshot of it."),
    "heic": N_(
        "This is a HEIC picture, which browsers cannot show. On the phone, choose Settings, Camera, Formats, Most "
        "compatible, or take a screenshot of the picture and send that."
    ),
    "animated": N_("This picture moves. Choose one that stands still."),
    "broken": N_("We could not read this picture; it may be damaged. Choose it once more, or take a new one."),
    "heavy": N_("This picture takes too long to read. Take a screenshot of it and send that instead."),
}


def refusal(code: str) -> DomainError:
    message = MESSAGES.get(code, MESSAGES["broken"])
    kind = TooLarge if code == "bytes" else Invalid
    return kind(message, errors=[("photo", message)])
