"""My picture as I sent it, and which part of it I want to be seen."""

from __future__ import annotations

from starlette.datastructures import FormData, UploadFile

from storefront_trace.actions.photos import store_picture
from storefront_trace.domain.errors import N_, Invalid
from storefront_trace.web.crop import crop_in
from storefront_trace.web.staff.log import has_picture
from storefront_trace.web.staff.visit import Visit


async def read_portrait(visit: Visit, form: FormData) -> str:
    """The id of the picture in the field `photo`, kept."""
    visit.request.app.state.limits.hit("upload", visit.person.id)
    upload = form.get("photo")
    if not isinstance(upload, UploadFile) or not has_picture(form):
        message = N_("Choose a picture first.")
        raise Invalid(message, errors=[("photo", message)])
    state = visit.request.app.state
    picture = await store_picture(state.photo_worker, state.media, await upload.read(), "portrait", crop_in(form))
    return picture.photo_id
