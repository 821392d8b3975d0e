"""Sample contexts of the staff's pages: Anders, with Leila's order first in the queue."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

Page = dict[str, Any]


def samples(lang: str) -> dict[str, tuple[str, Page]]:
    """Name of the picture -> (template, page)."""
    return {
        "queue": ("staff/queue.html", queue(lang)),
        "queue-empty": ("staff/queue.html", queue(lang) | {"orders": [], "undo": None}),
        "order": ("staff/order.html", order(lang)),
        "me": ("staff/me.html", me(lang)),
        "welcome": ("staff/welcome.html", me(lang) | {"seen": [way | {"chosen": False} for way in _seen(lang)]}),
        "thanks": ("staff/thanks.html", thanks(lang)),
    }


def frame(title: str, lang: str) -> Page:
    return {
        "lang": lang,
        "title": title,
        "shop": {"name": "Roliga Ting", "logo_url": None, "brand_css": "/brand/1f6b52.css"},
        "me": {"name": "Anders", "portrait": face("anders")},
        "owner": False,
        "said": None,
        "errors": {},
    }


def face(name: str) -> Page:
    return {"src": f"/pics/{name}.svg", "src2x": None}


def queue(lang: str) -> Page:
    sv = lang == "sv"
    people = (("1012", "Leila", "1 tim 40 min"), ("1014", "Oskar", "55 min"), ("1015", "Birgit", "40 min"))
    return frame("Väntar på dig: 3 ordrar" if sv else "Waiting for you: 3 orders", lang) | {
        "thanks": {
            "hello": "Hej Anders!" if sv else "Hello Anders!",
            "lead": "Dagens tack, från Karin:" if sv else "Today's thanks, from Karin:",
            "words": "Vilket fint paket! Jag blev glad redan av bilden.",
        },
        "heading": "Väntar på dig" if sv else "Waiting for you",
        "count": "3 ordrar" if sv else "3 orders",
        "orders": [
            {"number": n, "name": name, "wait": wait, "url": f"/staff/orders/{n}", "log": _log(n, name, lang)}
            for n, name, wait in people
        ],
        "empty": "Inget väntar på dig just nu." if sv else "Nothing is waiting for you right now.",
        "undo": {
            "action": "/staff/orders/1011/undo",
            "event": "8841",
            "text": "1011 är packad" if sv else "1011 is packed",
            "sub": "Sara kan se det nu" if sv else "Sara can see it now",
        },
        "query": "",
        "newer": None,
        "older": "/staff?page=2",
    }


def order(lang: str) -> Page:
    sv = lang == "sv"
    others = [
        ("delayed", "Försenad" if sv else "Delayed", "clock"),
        ("cancelled", "Avbeställd" if sv else "Cancelled", "hand"),
    ]
    log = _log("1012", "Leila", lang)
    log["others"] = [{"step": key, "label": label, "icon": icon} for key, label, icon in others]
    first = {
        "portrait": face("jocke"), "kind": "person", "event": "1", "undo_action": None, "mine": False,
        "sentence": Markup("Jocke tog emot ordern i dag kl.&nbsp;9.02"), "note": "Det är en present. Lägg inte med kvittot.",
        "photo": None, "corrected": False, "corrected_text": "",
    }  # fmt: skip
    mine = first | {
        "portrait": None, "kind": "team", "note": None, "undo_action": "/staff/orders/1012/undo", "event": "2",
        "sentence": "Lagerteamet plockade tre saker i dag kl. 9.30", "mine": True,
    }  # fmt: skip
    wrong = mine | {"corrected": True, "corrected_text": "Tillbakataget av Anders kl. 9.31", "undo_action": None}
    return frame("Order 1012", lang) | {
        "number": "1012",
        "name": "Leila",
        "state": "Packas hos dig, utlovad torsdag 26 november"
        if sv
        else "Being packed by you, promised for 26 November",
        "log": log,
        "track_url": "/t/TOKEN",
        "parcels": [],
        "older": None,
        "story": [mine, wrong, first],
        "undo": None,
        "query": "",
    }


def me(lang: str) -> Page:
    sv = lang == "sv"
    return frame("Så ser kunderna dig" if sv else "How customers see you", lang) | {
        "seen": _seen(lang),
        "seen_action": "/staff/me/visibility",
        "later_action": "/staff/welcome/later",
        "portrait_action": "/staff/me/portrait",
        "end_action": "/staff/me/devices/end",
        "has_photo": True,
        "choices": ["Förnamn och bild, i dag kl. 9.12"],
        "devices": [
            {"name": "Chrome på Android", "last": "", "current": True, "end_action": None},
            {
                "name": "Firefox på Linux",
                "last": "i går kl. 16.40",
                "current": False,
                "end_action": "/staff/me/devices/2/end",
            },
        ],
    }


def thanks(lang: str) -> Page:
    sv = lang == "sv"
    item = {
        "id": "1", "choice": "thanks", "by": "Karin, order 1001, i dag", "about": "Anders packade paket 1",
        "chips": ["väl packat", "snabbt"], "words": "Vilket fint paket! Jag blev glad redan av bilden.",
        "replies": [{"words": "Tack Karin, det värmer!", "by": "Du svarade kl. 10.12", "portrait": face("anders")}],
        "reply_action": None, "reply_words": "", "order_url": "/staff/orders/1001",
    }  # fmt: skip
    other = item | {
        "id": "2",
        "replies": [],
        "reply_action": "/staff/thanks/2/reply",
        "by": "Nils, order 996, i går",
        "words": None,
    }
    shared = other | {
        "id": "3",
        "choice": "concern",
        "chips": [],
        "words": "Lådan var onödigt stor.",
        "reply_action": None,
    }
    return frame("Tack" if sv else "Thanks", lang) | {"items": [item, other, shared], "empty": "", "older": None}


def _log(number: str, name: str, lang: str) -> Page:
    sv = lang == "sv"
    people = [(p, p.title(), face(p), "person") for p in ("elias", "jocke", "samira")]
    things = (("1", "Soltavla", "tavla"), ("2", "Två ljus", "ljus"), ("3", "Kort", "kort"))
    tiles = [("", "PostNord", None, "truck"), *people]
    note = {"portrait": face("jocke"), "by": "Jocke skrev:", "words": "Det är en present. Lägg inte med kvittot."}
    return {
        "number": number,
        "action": f"/staff/orders/{number}/log",
        "once": "m4w7",
        "notes": [note] if number == "1012" else [],
        "button": {
            "step": "packed",
            "label": "Packad" if sv else "Packed",
            "sub": "och vidare till PostNord" if sv else "and on to PostNord",
        },
        "hand_to": [
            {"value": value, "label": label, "portrait": portrait, "icon": icon, "checked": not value}
            for value, label, portrait, icon in tiles
        ],
        "lines": [{"key": k, "label": label, "pic": f"/pics/{pic}.svg", "checked": True} for k, label, pic in things],
        "lines_label": "3 saker" if sv else "3 things",
        "note": "",
        "parcel": {"carrier": "PostNord", "tracking_number": ""},
        "note_label": f"En rad till {name}" if sv else f"A line to {name}",
        "preview": f"{name} ser ditt namn och din bild." if sv else f"{name} sees your name and your picture.",
        "others": [],
    }


def _seen(lang: str) -> list[Page]:
    sv = lang == "sv"
    role = "på lagret" if sv else "in the warehouse"
    team = {
        "name": "Lagerteamet" if sv else "The warehouse team",
        "role": role,
        "portrait": face("lagerteamet"),
        "kind": "team",
    }
    name = {"name": "Anders", "role": role, "portrait": None, "kind": "person"}
    titles = (
        ("Bara laget", "Ditt förnamn", "Förnamn och bild")
        if sv
        else ("Only the team", "Your first name", "Name and picture")
    )
    ways = zip(("team", "name", "photo"), titles, (team, name, name | {"portrait": face("anders")}), strict=True)
    return [{"value": v, "title": t, "detail": "", "chosen": v == "photo", "shown": shown} for v, t, shown in ways]
