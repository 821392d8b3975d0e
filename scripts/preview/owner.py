"""Sample contexts of the owner's pages: Maria's morning."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

Page = dict[str, Any]

ICONS = ("chat", "check", "truck", "out", "house", "box", "clock", "mail", "hand", "search")
TEAMS = [{"key": "warehouse", "name": "Lagret"}, {"key": "orders", "name": "Ordermottagningen"}]

ROLES = [{"field": "role.en", "lang": "en", "language": "English", "value": "", "example": "the warehouse"}]


def samples(lang: str) -> dict[str, tuple[str, Page]]:
    """Name of the picture -> (template, page)."""
    return {
        "today": ("owner/today.html", today(lang)),
        "people": ("owner/people.html", people(lang)),
        "person": ("owner/person.html", person(lang)),
        "invited": ("owner/invited.html", invited(lang)),
        "concerns": ("owner/concerns.html", concerns(lang)),
        "steps": ("owner/steps.html", steps(lang)),
        "step": ("owner/step.html", step(lang)),
        "shop": ("owner/shop.html", shop(lang)),
        "connections": ("owner/connections.html", connections(lang)),
    }


def frame(title: str, active: str, lang: str) -> Page:
    return {
        "lang": lang,
        "title": title,
        "shop": {"name": "Roliga Ting", "logo_url": None, "brand_css": "/brand/1f6b52.css"},
        "me": {"name": "Maria", "portrait": face("maria")},
        "active": active,
        "said": None,
        "errors": {},
    }


def face(name: str) -> Page:
    return {"src": f"/pics/{name}.svg", "src2x": None}


def today(lang: str) -> Page:
    return frame("Två saker att ta hand om", "today", lang) | {
        "hello": "God morgon, Maria" if lang == "sv" else "Good morning, Maria",
        "summary": Markup(
            "<strong>Två saker att ta hand om</strong>, en order som står still och elva tack den här veckan."
            if lang == "sv"
            else "<strong>Two things to take care of</strong>, one order standing still and eleven thanks this week."
        ),
        "praise": {
            "heading": "Fira veckans elva tack" if lang == "sv" else "Celebrate the week's eleven thanks",
            "items": [
                {"portrait": face("jocke"), "words": "Ni räddade julklappen!", "by": "Nils till Jocke"},
                {"portrait": face("lagerteamet"), "words": "Så fint inslaget.", "by": "Moa till lagerteamet"},
            ],
            "link": {"href": "/owner/wall", "label": "Visa på väggen" if lang == "sv" else "Show on the wall"},
        },
        "cares": [_short(care) for care in _cares(lang)],
        "more_cares": True,
        "more_still": False,
        "patterns": [],
        "still": [
            {
                "portrait": face("jocke"),
                "text": Markup(
                    'Ingen har rört <a href="#">1007</a> på 2 dagar, senast hos Jocke <time>måndag 23&nbsp;november</time>.'
                ),
                "links": [{"href": "#", "label": "Visa ordern"}],
            }
        ],
        "period": "Senaste 90 dagarna, i bokstavsordning"
        if lang == "sv"
        else "The last 90 days, in alphabetical order",
        "people": _people(),
    }


def people(lang: str) -> Page:
    rows = [row | {"state": None} for row in _people()]
    rows[1]["state"] = "Inbjuden, inte inloggad än" if lang == "sv" else "Invited, not signed in yet"
    return frame("Medarbetare", "people", lang) | {
        "people": rows,
        "groups": [row for row in rows if row["kind"] == "team"],
        "invite_action": "/owner/people",
        "teams": TEAMS,
        "roles": ROLES,
        "values": {"name": "", "role": "", "email": "", "team": "warehouse", "new_team": ""},
    }


def person(lang: str) -> Page:
    jocke = _people()[2]
    words = {
        "id": "7",
        "choice": "thanks",
        "words": jocke["words"],
        "chips": ["snabbt"],
        "by": jocke["by"],
        "reply": None,
    }
    return frame("Jocke", "people", lang) | {
        "who": jocke | {"left": None, "signed_in": "Inbjuden, inte inloggad än", "drawn": False},
        "ladder": jocke["ladder"],
        "words": [
            words,
            words
            | {"words": "Ni räddade julklappen!", "chips": [], "reply": {"words": "Så roligt!", "by": "Jocke svarade"}},
        ],
        "older": "#",
        "cares": _cares(lang)[:1],
        "pattern": "Fyra av de 20 senaste svaren om Mottagen kunde varit bättre. Tänk på introduktion eller utbildning.",
        "values": {"name": "Jocke", "role": "ordermottagningen", "team": "orders", "email": "", "new_team": ""},
        "teams": TEAMS,
        "roles": ROLES,
        "actions": {
            "save": "/owner/people/jocke",
            "portrait": "/owner/people/jocke/portrait",
            "invite": "/owner/people/jocke/link",
            "leave": "/owner/people/jocke/end",
            "role": "/owner/people/jocke/role",
        },
        "owns": False,
    }


def invited(lang: str) -> Page:
    return frame("Inbjudan", "people", lang) | {
        "name": "Elias",
        "link": "https://shop.example/signin/2xk3f9s0d7g6h5j4k3l2m1n0p9q8r7s6",
        "until": "i morgon kl. 14.00",
        "mailed": "elias@example.com",
        "back": {"href": "/owner/people", "label": "Till medarbetarna" if lang == "sv" else "To the people"},
    }


def concerns(lang: str) -> Page:
    done = _short(_cares(lang)[0]) | {
        "id": "3",
        "reply_action": None,
        "share_action": None,
        "shared": "Delad med Jocke i går",
    }
    done["reply"] = {"words": "Det har vi lagat nu.", "by": "Du svarade i går"}
    lists = {"open": _cares(lang), "done": [done], "patterns": [], "older_open": None, "older_done": "#"}
    return frame("Att ta hand om", "concerns", lang) | lists | {"share_days": 14}


def steps(lang: str) -> Page:
    def row(key: str, name: str, icon: str, sentence: str) -> Page:
        return {
            "key": key,
            "name": name,
            "url": f"/owner/steps/{key}",
            "icon": icon,
            "sentence": sentence,
            "facts": ["4 timmar"],
        }

    rows = [
        row("received", "Mottagen", "check", "Jocke på ordermottagningen tog emot din order i dag kl. 14.32."),
        row("packed", "Packad", "box", "Anders på lagret packade dina saker i dag kl. 8.55."),
    ]
    return frame("Steg", "steps", lang) | {
        "steps": rows,
        "places": [{"key": "packed", "name": "Packad"}],
        "teams": TEAMS,
        "values": {"name": "", "sentence": "", "after": "packed", "team": "warehouse"},
        "own_language": "Svenska",
        "fields": [{"key": "{name}", "meaning": "vem som gjorde det"}],
    }


def step(lang: str) -> Page:
    text = {
        "lang": "sv", "language": "Svenska", "name": "Packad", "next_name": "Packas",
        "sentence": "{name} på {role} packade dina saker {when}.", "own": True, "open": True, "mend": "",
        "readings": [{"label": "Av en person, allt känt", "text": "Anders på lagret packade dina saker i dag kl. 8.55."}],
    }  # fmt: skip
    english = text | {"lang": "en", "language": "English", "name": "Packed", "next_name": "Is packed", "open": False}
    return frame("Packad", "steps", lang) | {
        "action": "/owner/steps/packed",
        "name": "Packad",
        "texts": [text, english],
        "fields": [{"key": "{name}", "meaning": "vem som gjorde det"}, {"key": "{when}", "meaning": "när"}],
        "icons": [{"key": icon, "name": icon} for icon in ICONS],
        "teams": TEAMS,
        "chips": [{"key": "fast", "name": "snabbt", "kind": "thanks", "on": True}],
        "values": {"icon": "box", "team": "warehouse", "expected_hours": "4", "asks_feedback": True, "visible": True},
    }


def shop(lang: str) -> Page:
    said = "Sparat." if lang == "sv" else "Saved."
    return frame("Butiken", "shop", lang) | {
        "said": said,
        "values": {
            "name": "Roliga Ting",
            "colour": "#1f6b52",
            "locale": "sv",
            "timezone": "Europe/Stockholm",
            "fade_days": "30",
            "link_days": "60",
            "share_days": "14",
        },
        "changed": False,
        "colour_words": "6,4 till 1 mot pappret.",
        "share_days_most": 14,
        "languages": [{"lang": "sv", "name": "Svenska"}, {"lang": "en", "name": "English"}],
        "timezones": ["Europe/Helsinki", "Europe/Stockholm"],
        "logo_url": None,
        "hours": {
            "weekdays": [{"value": "1", "name": "måndag", "on": True}, {"value": "6", "name": "lördag", "on": False}],
            "opens": "08:00",
            "closes": "17:00",
            "closed": "2026-12-28",
            "country": "SE",
            "countries": [{"code": "NO", "name": "Norge"}, {"code": "SE", "name": "Sverige"}],
            "holiday": "Nästa är torsdag 24 december.",
            "history": "Uppskattningarna bygger på era 143 senaste färdiga beställningar.",
            "waits": [{"step": "Packad", "text": "oftast 2 tim, nio av tio inom 5 tim"}],
        },
    }


def connections(lang: str) -> Page:
    one = {
        "id": "c1", "name": "Roliga Ting på Shopify", "kind": "Shopify", "url": "https://shop.example/hooks/shopify/c1",
        "state": "Senast hörd i dag kl. 9.12", "trouble": None, "end_action": "/owner/connections/c1/end",
    }  # fmt: skip
    errors = {
        "secret": "Hemligheten ska ha minst 16 tecken." if lang == "sv" else "The secret needs at least 16 characters."
    }
    return frame("Kopplingar", "connections", lang) | {
        "errors": errors,
        "connections": [one],
        "kinds": [{"key": "shopify", "name": "Shopify"}, {"key": "woocommerce", "name": "WooCommerce"}],
        "values": {"kind": "shopify", "name": ""},
    }


def _short(care: Page) -> Page:
    return care | {"outside_action": None, "done_action": None}


def _cares(lang: str) -> list[Page]:
    sv = lang == "sv"

    def care(number: str, words: str, by: str, name: str, customer: str, day: str) -> Page:
        base = f"/owner/concerns/{number}"
        return {
            "id": number, "words": words, "chips": [], "by": by, "work": f"Packad, {name}", "shared": None, "outside": None,
            "reply": None, "reply_hint": None, "outside_label": "Utanför personens kontroll" if sv else "Outside this person's control",
            "until": Markup("Delas med {} senast <time>{}</time>" if sv else "Shared with {} by <time>{}</time>").format(name, day),
            "reply_action": f"{base}/reply", "reply_label": f"Svara {customer}" if sv else f"Answer {customer}",
            "share_action": f"{base}/share", "share_label": f"Dela med {name} nu" if sv else f"Share with {name} now",
            "outside_action": f"{base}/outside", "done_action": f"{base}/done",
        }  # fmt: skip

    return [
        care(
            "1", "Bekräftelsen kom först dagen efter.", "Per, order 994, om Jockes steg", "Jocke", "Per", "9 december"
        ),
        care("2", "Lådan var onödigt stor.", "Lena, order 987, om Anders steg", "Anders", "Lena", "7 december"),
    ]


def _people() -> list[Page]:
    steady = {"values": [0.92, 0.94, 0.92, 0.95, 0.93, 0.95, 0.94, 0.94], "words": "jämnt", "label": "Trend: jämnt"}

    def row(name: str, role: str, words: str, by: str, ladder: tuple[int, int, int], rest: Page) -> Page:
        thanks, concerns, count = ladder
        numbers = {"thanks": thanks, "concerns": concerns, "steps": count, "share": None, "low": None, "high": None}
        kind = "team" if name == "Lagerteamet" else "person"
        return {
            "name": name, "role": role, "url": f"/owner/people/{name.lower()}", "kind": kind,
            "portrait": face(name.lower()), "words": words, "by": by,
            "ladder": numbers | {"early": False, "trend": None} | rest,
        }  # fmt: skip

    return [
        row("Anders", "Lagret", "Vilket fint paket! Jag blev glad redan av bilden.", "Karin, order 1001, i dag", (60, 4, 246),
            {"share": 0.9375, "low": 0.85, "high": 0.975, "trend": steady}),
        row("Elias", "Lagret, kvällar", "Så omtänksamt att ni ringde mig.", "Jonas, order 1003, måndag", (2, 0, 9), {}),
        row("Jocke", "Ordermottagningen", "Snabbt svar och ett skratt på köpet.", "Amina, order 1006, i går", (20, 2, 131),
            {"share": 0.909, "low": 0.722, "high": 0.975, "early": True}),
        row("Lagerteamet", "Lagret", "Allt låg precis som på bilden. Tack hela gänget!", "Yusuf, order 998, torsdag", (41, 3, 208),
            {"share": 0.932, "low": 0.818, "high": 0.977, "trend": steady}),
        row("Samira", "Inköp", "Skönt att få veta dagen, inte bara slut i lager.", "Ingrid, order 989, fredag", (8, 1, 40), {}),
    ]  # fmt: skip
