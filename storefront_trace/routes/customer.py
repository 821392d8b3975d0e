"""What the holder of an order's link opens and sends."""

from __future__ import annotations

from starlette.middleware import Middleware
from starlette.routing import BaseRoute, Route

from storefront_trace.web import files
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
from storefront_trace.web.gates import ByHand

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
    Route("/t/{token}/steps/{event}/wall", feedback.post_wall, methods=["POST"], middleware=BY_HAND),
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
    Route("/silence/{token}", silence.show_silence, methods=["GET"]),
    Route("/silence/{token}", silence.post_silence, methods=["POST"], middleware=BY_HAND),
    Route("/embed.js", embed.show_script),
    # Answers in the demo alone.
    Route("/demo/states", states.show_states),
    Route("/track", find.show_find, methods=["GET"]),
    Route("/track", find.post_find, methods=["POST"], middleware=BY_HAND),
]
