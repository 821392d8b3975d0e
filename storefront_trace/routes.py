"""Every URL of the product, with the gate of its audience: start reading here."""

from __future__ import annotations

from starlette.middleware import Middleware
from starlette.routing import BaseRoute, Mount, Route

from storefront_trace.api import document as api_document
from storefront_trace.api import feedback as api_feedback
from storefront_trace.api import orders as api_orders
from storefront_trace.api import people as api_people
from storefront_trace.api import steps as api_steps
from storefront_trace.api import webhooks
from storefront_trace.api.operations import Endpoint
from storefront_trace.web import code, files, kiosk, ownmails, signin
from storefront_trace.web import passkeys as way_in
from storefront_trace.web.customer import (
    embed,
    feedback,
    find,
    follow,
    live,
    mailface,
    pictures,
    questions,
    silence,
    states,
    track,
)
from storefront_trace.web.gates import AtTablet, ByHand, SignedIn
from storefront_trace.web.owner import (
    about,
    answers,
    audit,
    authenticator,
    chips,
    concern,
    concerns,
    connections,
    friday,
    golive,
    kiosks,
    needs,
    paper,
    papers,
    people,
    person,
    privacy,
    proof,
    reports,
    safety,
    sheet,
    shop,
    step,
    steps,
    teams,
    today,
)
from storefront_trace.web.owner import questions as answering
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
    queue,
    row,
    scan,
    slips,
    sync,
    table,
    thanks,
    welcome,
)
from storefront_trace.web.staff import questions as asking

FORM = 256 * 1024
PHOTO_FORM = 9 * 1024 * 1024
WEBHOOK = 2 * 1024 * 1024

# Who holds an order's link. What they send, a person has sent.
BY_HAND = [Middleware(ByHand)]
CUSTOMER: list[BaseRoute] = [
    Route("/t/{token}.json", track.show_facts),
    Route("/t/{token}", track.show_order),
    Route("/t/{token}/live", live.show_live),
    Route("/t/{token}/embed", embed.show_embed),
    Route("/t/{token}/card.png", pictures.show_card),
    Route("/t/{token}/strip.png", pictures.show_strip),
    Route("/t/{token}/steps/{event}/face.jpg", mailface.show_step_face),
    Route("/t/{token}/thanks", feedback.post_thanks, methods=["POST"], middleware=BY_HAND),
    Route("/t/{token}/steps/{event}/feedback", feedback.show_feedback, methods=["GET"]),
    Route("/t/{token}/steps/{event}/feedback", feedback.post_feedback, methods=["POST"], middleware=BY_HAND),
    Route("/t/{token}/questions", questions.show_ask, methods=["GET"]),
    Route("/t/{token}/questions", questions.post_question, methods=["POST"], middleware=BY_HAND),
    Route("/t/{token}/questions/{question}/face.jpg", mailface.show_answer_face),
    Route("/t/{token}/follow", follow.post_follow, methods=["POST"], middleware=BY_HAND),
    Route("/t/{token}/follow/{follower}", follow.post_change, methods=["POST"], middleware=BY_HAND),
    Route("/t/{token}/follow/{follower}/stop", follow.post_stop, methods=["POST"], middleware=BY_HAND),
    Route("/t/{token}/push", follow.show_push_key, methods=["GET"]),
    Route("/t/{token}/push", follow.post_push, methods=["POST"], middleware=BY_HAND),
    Route("/push-worker.js", files.show_push_worker),
    Route("/follow/{token}", follow.show_confirm, methods=["GET"]),
    Route("/follow/{token}", follow.post_confirm, methods=["POST"], middleware=BY_HAND),
    Route("/unfollow/{token}", follow.show_unfollow, methods=["GET"]),
    Route("/unfollow/{token}", follow.post_unfollow, methods=["POST"], middleware=BY_HAND),
    Route("/mails/{mail}/{token}", ownmails.show_stop, methods=["GET"]),
    Route("/mails/{mail}/{token}", ownmails.post_stop, methods=["POST"], middleware=BY_HAND),
    Route("/mails/{mail}/{token}/face.jpg", ownmails.show_face),
    Route("/silence/{token}", silence.show_silence, methods=["GET"]),
    Route("/silence/{token}", silence.post_silence, methods=["POST"], middleware=BY_HAND),
    Route("/embed.js", embed.show_script),
    # Answers in the demo alone.
    Route("/demo/states", states.show_states),
    Route("/track", find.show_find, methods=["GET"]),
    Route("/track", find.post_find, methods=["POST"], middleware=BY_HAND),
]

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
]

# Who runs the shop.
OWNER_GATE = [Middleware(SignedIn, audience="owner")]
OWNER: list[BaseRoute] = [
    Route("/people", people.show_people, methods=["GET"]),
    Route("/people", people.post_person, methods=["POST"]),
    Route("/people/{handle}", person.show_person, methods=["GET"]),
    Route("/people/{handle}", about.post_person, methods=["POST"]),
    Route("/people/{handle}/about", about.show_about, methods=["GET"]),
    Route("/people/{handle}/answers", answers.show_of_person),
    Route("/people/{handle}/answers.csv", answers.show_csv_of_person),
    Route("/people/{handle}/answers.json", answers.show_json_of_person),
    Route("/people/{handle}/portrait", about.post_portrait, methods=["POST"], max_body_size=PHOTO_FORM),
    Route("/people/{handle}/link", about.post_link, methods=["POST"]),
    Route("/people/{handle}/role", about.post_role, methods=["POST"]),
    Route("/people/{handle}/shown", about.post_shown, methods=["POST"]),
    Route("/people/{handle}/signout", about.post_signout, methods=["POST"]),
    Route("/people/{handle}/pin", about.post_pin, methods=["POST"]),
    Route("/people/{handle}/end", about.post_end, methods=["POST"]),
    Route("/sheet", sheet.show_sheet, methods=["GET"]),
    Route("/sheet", sheet.post_sheet, methods=["POST"]),
    Route("/kiosks", kiosks.show_kiosks, methods=["GET"]),
    Route("/kiosks", kiosks.post_kiosk, methods=["POST"]),
    Route("/kiosks/minutes", kiosks.post_minutes, methods=["POST"]),
    Route("/kiosks/{kiosk}/end", kiosks.post_end, methods=["POST"]),
    Route("/needs", needs.show_needs, methods=["GET"]),
    Route("/needs/mail", needs.post_mail, methods=["POST"]),
    Route("/friday", friday.show_friday, methods=["GET"]),
    Route("/friday/mail", friday.post_mail, methods=["POST"]),
    Route("/reports", reports.show_reports),
    Route("/reports.csv", reports.show_csv),
    Route("/privacy", privacy.show_privacy, methods=["GET"]),
    Route("/privacy/settings", privacy.post_settings, methods=["POST"]),
    Route("/privacy/look", privacy.post_look, methods=["POST"]),
    Route("/privacy/purge", privacy.post_purge, methods=["POST"]),
    Route("/privacy/export", privacy.post_export, methods=["POST"]),
    Route("/privacy/erase", privacy.post_erase, methods=["POST"]),
    Route("/privacy/link", privacy.post_link, methods=["POST"]),
    Route("/privacy/papers", papers.show_papers, methods=["GET"]),
    Route("/privacy/papers", papers.post_papers, methods=["POST"]),
    Route("/privacy/papers/{paper}.pdf", paper.show_pdf),
    Route("/privacy/papers/{paper}", paper.show_paper),
    Route("/privacy/golive", golive.show_golive, methods=["GET"]),
    Route("/privacy/golive", golive.post_golive, methods=["POST"]),
    Route("/privacy/golive.pdf", golive.show_pdf),
    Route("/teams/{key}", teams.show_team, methods=["GET"]),
    Route("/teams/{key}", teams.post_team, methods=["POST"]),
    Route("/teams/{key}/about", teams.show_about, methods=["GET"]),
    Route("/teams/{key}/answers", answers.show_of_team),
    Route("/teams/{key}/answers.csv", answers.show_csv_of_team),
    Route("/teams/{key}/answers.json", answers.show_json_of_team),
    Route("/answers.csv", answers.show_csv),
    Route("/answers.json", answers.show_json),
    Route("/concerns", concerns.show_concerns),
    Route("/concerns/{feedback}", concern.show_concern),
    Route("/concerns/{feedback}/talk", concern.post_talk, methods=["POST"]),
    Route("/concerns/{feedback}/looking", concerns.post_looking, methods=["POST"]),
    Route("/concerns/{feedback}/reopen", concerns.post_reopen, methods=["POST"]),
    Route("/concerns/{feedback}/reply", concerns.post_reply, methods=["POST"]),
    Route("/concerns/{feedback}/share", concerns.post_share, methods=["POST"]),
    Route("/concerns/{feedback}/done", concerns.post_done, methods=["POST"]),
    Route("/concerns/{feedback}/outside", concerns.post_outside, methods=["POST"]),
    Route("/questions", answering.show_questions),
    Route("/questions/{question}/answer", answering.post_answer, methods=["POST"]),
    Route("/steps", steps.show_steps, methods=["GET"]),
    Route("/steps", steps.post_new_step, methods=["POST"]),
    Route("/steps/{key}", step.show_step, methods=["GET"]),
    Route("/steps/{key}", step.post_step, methods=["POST"]),
    Route("/steps/{key}/move", steps.post_move, methods=["POST"]),
    Route("/steps/{key}/away", step.post_away, methods=["POST"]),
    Route("/steps/{key}/back", steps.post_back, methods=["POST"]),
    Route("/chips", chips.post_chip, methods=["POST"]),
    Route("/chips/{key}", chips.post_chip_change, methods=["POST"]),
    Route("/shop", shop.show_shop, methods=["GET"]),
    Route("/shop/origins", shop.post_origins, methods=["POST"]),
    Route("/shop", shop.post_shop, methods=["POST"], max_body_size=PHOTO_FORM),
    Route("/shop/hours", shop.post_hours, methods=["POST"]),
    Route("/audit", audit.show_audit),
    Route("/safety", safety.show_safety),
    Route("/safety/prove", proof.show_proof, methods=["GET"]),
    Route("/safety/prove", proof.post_proof, methods=["POST"]),
    Route("/safety/require", safety.post_require, methods=["POST"]),
    Route("/safety/devices/end", safety.post_end_devices, methods=["POST"]),
    Route("/safety/devices/{session}/end", safety.post_end_device, methods=["POST"]),
    Route("/safety/passkeys/start", safety.post_start, methods=["POST"]),
    Route("/safety/passkeys", safety.post_passkey, methods=["POST"]),
    Route("/safety/passkeys/{passkey}/end", safety.post_end_passkey, methods=["POST"]),
    Route("/safety/app/start", authenticator.post_start, methods=["POST"]),
    Route("/safety/app", authenticator.show_setup, methods=["GET"]),
    Route("/safety/app", authenticator.post_setup, methods=["POST"]),
    Route("/safety/app/end", authenticator.post_end, methods=["POST"]),
    Route("/safety/codes", authenticator.post_codes, methods=["POST"]),
    Route("/connections", connections.show_connections, methods=["GET"]),
    Route("/connections", connections.post_connection, methods=["POST"]),
    Route("/connections/{connection}/end", connections.post_end, methods=["POST"]),
]

# A tablet that several people share, whoever is at it.
TABLET_GATE = [Middleware(AtTablet)]
TABLET: list[BaseRoute] = [
    Route("/people/{person}", kiosk.show_pin, methods=["GET"]),
    Route("/people/{person}", kiosk.post_pin, methods=["POST"]),
    Route("/here", kiosk.show_here),
]

# Machines with a bearer token.
API: list[BaseRoute] = [
    Route("/openapi.json", api_document.show_openapi),
    Endpoint("/orders", GET=("orders:read", api_orders.list_orders)),
    Endpoint(
        "/orders/{number:number}",
        GET=("orders:read", api_orders.show_order),
        PUT=("orders:write", api_orders.put_order),
    ),
    Endpoint("/orders/{number:number}/events", POST=("orders:write", api_orders.post_event)),
    Endpoint("/orders/{number:number}/events/{id}/correction", POST=("orders:write", api_orders.post_correction)),
    Endpoint("/people", GET=("people:read", api_people.list_people)),
    Endpoint(
        "/people/{handle}",
        PUT=("people:write", api_people.put_person),
        DELETE=("people:write", api_people.delete_person),
    ),
    Endpoint("/people/{handle}/photo", PUT=("people:write", api_people.put_photo), max_body_size=PHOTO_FORM),
    Endpoint("/people/{handle}/report", GET=("any:read", api_feedback.show_report)),
    Endpoint("/steps", GET=("any", api_steps.list_steps)),
    Endpoint("/steps/{key}", PUT=("steps:write", api_steps.put_step)),
    Endpoint("/feedback", GET=("any:read", api_feedback.list_feedback)),
]

# Machines with a signature.
HOOKS: list[BaseRoute] = [
    Route("/shopify/{connection}", webhooks.post_shopify, methods=["POST"]),
    Route("/woocommerce/{connection}", webhooks.post_woocommerce, methods=["POST"]),
]

# Everybody.
OPEN: list[BaseRoute] = [
    Route("/", files.show_home),
    Route("/signin", signin.show_signin),
    Route("/signin/passkey/start", way_in.post_start, methods=["POST"]),
    Route("/signin/passkey", way_in.post_signin, methods=["POST"]),
    Route("/signin/code", code.show_code, methods=["GET"]),
    Route("/signin/code", code.post_code, methods=["POST"]),
    Route("/signin/{token}", signin.show_signin, methods=["GET"]),
    Route("/signin/{token}", signin.post_signin, methods=["POST"]),
    Route("/signout", signin.post_signout, methods=["POST"]),
    Route("/kiosk/open/{token}", kiosk.show_open, methods=["GET"]),
    Route("/kiosk/open/{token}", kiosk.post_open, methods=["POST"]),
    Route("/static/{build}/app-{colour}.css", files.show_look),
    Route("/static/{build}/{path:path}", files.show_static),
    Route("/media/{name}", files.show_photo),
    Route("/stamp/{key}/{letters}.svg", files.show_stamp),
    Route("/icon/{colour}/{kind}/{letter}.png", files.show_icon),
    Route("/healthz", files.show_health),
    Route("/readyz", files.show_ready),
]

ROUTES: list[BaseRoute] = [
    # A mount answers only below its path: "/staff" itself stands beside it.
    Route("/staff", queue.show_queue, middleware=STAFF_GATE),
    Mount("/staff", routes=STAFF, middleware=STAFF_GATE),
    *CUSTOMER,
    Route("/owner", today.show_today, middleware=OWNER_GATE),
    Mount("/owner", routes=OWNER, middleware=OWNER_GATE),
    Mount("/api/v1", routes=API),
    Mount("/hooks", routes=HOOKS, max_body_size=WEBHOOK),
    *OPEN,
    Route("/kiosk", kiosk.show_people, middleware=TABLET_GATE),
    Mount("/kiosk", routes=TABLET, middleware=TABLET_GATE),
]
