"""What people who work here open and send, below /staff."""

from __future__ import annotations

from starlette.middleware import Middleware
from starlette.routing import BaseRoute, Route

from storefront_trace.routes.sizes import PHOTO_FORM
from storefront_trace.web.gates import SignedIn
from storefront_trace.web.staff import (
    app,
    bulk,
    devices,
    export,
    hold,
    log,
    me,
    order,
    passkeys,
    pause,
    pin,
    row,
    scan,
    slips,
    sync,
    table,
    thanks,
    welcome,
)
from storefront_trace.web.staff import questions as asking

# Who works here.
STAFF_GATE = [Middleware(SignedIn, audience="staff")]
STAFF: list[BaseRoute] = [
    # Routes are tried one by one: first what a whole warehouse sends at once. A shop's own numbers may hold a slash.
    Route("/orders/{number:path}/log", log.post_log, methods=["POST"], max_body_size=PHOTO_FORM),
    Route("/sync", sync.post_sync, methods=["POST"], max_body_size=PHOTO_FORM),
    Route("/welcome", welcome.show_welcome),
    Route("/welcome/later", welcome.post_later, methods=["POST"]),
    Route("/worker.js", app.show_worker),
    Route("/app.webmanifest", app.show_manifest),
    Route("/offline", app.show_offline),
    Route("/row", row.show_row, methods=["GET"]),
    Route("/row", row.post_row, methods=["POST"]),
    Route("/row/undo", row.post_undo, methods=["POST"]),
    Route("/orders", table.show_orders),
    Route("/bulk", bulk.post_bulk, methods=["POST"]),
    Route("/bulk/undo", bulk.post_undo, methods=["POST"]),
    Route("/orders/{number:path}/undo", log.post_undo, methods=["POST"]),
    Route("/orders/{number:path}/pause/{step}", pause.show_pause, methods=["GET"]),
    Route("/orders/{number:path}/pause/{step}", pause.post_pause, methods=["POST"]),
    Route("/orders/{number:path}/slip", slips.show_slip),
    Route("/orders/{number:path}/slip.pdf", slips.show_slip_pdf),
    Route("/orders/{number:path}/correct", log.post_correct, methods=["POST"]),
    Route("/orders/{number:path}/take", hold.post_take, methods=["POST"], max_body_size=PHOTO_FORM),
    Route("/orders/{number:path}/back", hold.post_back, methods=["POST"], max_body_size=PHOTO_FORM),
    Route("/orders/{number:path}/hand", hold.post_hand, methods=["POST"], max_body_size=PHOTO_FORM),
    Route("/orders/{number:path}", order.show_order),
    Route("/scan", scan.show_scan),
    Route("/slips", slips.show_slips),
    Route("/slips/print", slips.show_batch),
    Route("/slips.pdf", slips.show_batch_pdf),
    Route("/me", me.show_me),
    Route("/me/visibility", me.post_visibility, methods=["POST"]),
    Route("/me/portrait", me.post_portrait, methods=["POST"], max_body_size=PHOTO_FORM),
    Route("/me/export.json", export.show_json),
    Route("/me/export.csv", export.show_csv),
    Route("/me/friday", me.post_friday, methods=["POST"]),
    Route("/me/words", me.post_words, methods=["POST"]),
    Route("/me/pin", pin.show_pin, methods=["GET"]),
    Route("/me/pin", pin.post_pin, methods=["POST"]),
    Route("/me/devices/end", devices.post_end_devices, methods=["POST"]),
    Route("/me/passkeys/start", passkeys.post_start, methods=["POST"]),
    Route("/me/passkeys", passkeys.post_passkey, methods=["POST"]),
    Route("/me/passkeys/{passkey}/end", passkeys.post_end_passkey, methods=["POST"]),
    Route("/me/devices/{session}/end", devices.post_end_device, methods=["POST"]),
    Route("/thanks", thanks.show_thanks),
    Route("/questions", asking.show_questions),
    Route("/questions/{question}/answer", asking.post_answer, methods=["POST"]),
    Route("/questions/{question}/pass", asking.post_pass, methods=["POST"]),
    Route("/thanks/{feedback}/takeaways", thanks.post_takeaways, methods=["POST"]),
    Route("/thanks/{feedback}/side", thanks.post_side, methods=["POST"]),
    Route("/thanks/{feedback}/reply", thanks.post_reply, methods=["POST"]),
    Route("/thanks/{feedback}/wall", thanks.post_wall, methods=["POST"]),
]
