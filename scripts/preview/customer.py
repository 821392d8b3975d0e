"""Sample contexts of the customer's pages: Karin's order 1001, and the other ends an order can come to."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

Page = dict[str, Any]


def samples(lang: str) -> dict[str, tuple[str, Page]]:
    """Name of the picture -> (template, page)."""
    pages = {
        "track": ("customer/track.html", track(lang)),
        "track-early": ("customer/track.html", early(lang)),
        "track-late": ("customer/track.html", late(lang)),
        "track-home": ("customer/track.html", delivered(lang)),
        "track-cancelled": ("customer/track.html", cancelled(lang)),
        "feedback-thanks": ("customer/feedback.html", feedback(lang, "thanks")),
        "feedback-concern": ("customer/feedback.html", feedback(lang, "concern")),
        "find": ("customer/find.html", find(lang, sent=False)),
        "find-sent": ("customer/find.html", find(lang, sent=True)),
        "error-404": ("errors/error.html", error(lang, 404)),
        "error-500": ("errors/error.html", error(lang, 500)),
        "signin": ("signin.html", signin(lang, "ready")),
        "signin-gone": ("signin.html", signin(lang, "gone")),
    }
    return pages


def frame(lang: str, title: str, number: str | None = "1001") -> Page:
    def t(sv: str, en: str) -> str:
        return sv if lang == "sv" else en

    return {
        "lang": lang,
        "title": title,
        "shop": {"name": "Roliga Ting", "logo_url": None, "brand_css": "/brand/1f6b52.css"},
        "order_number": number,
        "languages": [
            {"lang": "sv", "name": "Svenska", "href": "?lang=sv", "current": lang == "sv"},
            {"lang": "en", "name": "English", "href": "?lang=en", "current": lang == "en"},
        ],
        "links": [{"href": "#", "label": t("Så hanterar vi dina uppgifter", "How we handle your data")}],
        "foot": t("Bara du som har länken kan se den här sidan.", "Only you who have the link can see this page."),
    }


def portrait(name: str, alt: str) -> Page:
    return {"src": f"/pics/{name}.svg", "src2x": None, "alt": alt}


def track(lang: str) -> Page:
    def t(sv: str, en: str) -> str:
        return sv if lang == "sv" else en

    page = frame(lang, t("Order 1001 är just nu hos Anders", "Order 1001 is with Anders"))
    page |= {
        "version": 5,
        "live_url": "/t/TOKEN/live",
        "json_url": "/t/TOKEN.json",
        "now": _now(lang),
        "plan": [
            _row(t("Härnäst", "Next"), t("torsdag 26 november", "Thursday 26 November"), "2026-11-26",
                 t("Paket 1 är hemma hos dig", "Parcel 1 is at your home")),
            _row(t("Sedan", "Then"), t("onsdag 2 december", "Wednesday 2 December"), "2026-12-02",
                 t("Lampan kommer in till lagret", "The lamp reaches our warehouse")),
        ],
        "steps_intro": t(
            "Alla som har hållit i din beställning, från första klicket till i dag.",
            "Everybody who has held your order, from the first click until today.",
        ),
        "steps": [_jocke(lang), _team(lang), _samira(lang), _anders(lang), _carrier(lang)],
        "today": t("I dag, onsdag 25 november", "Today, Wednesday 25 November"),
        "upcoming": [
            _next("house", t("Paket 1 är hemma hos dig", "Parcel 1 is at your home"), lang, "26"),
            _next("clock", t("Igelkottslampan kommer in till lagret", "The hedgehog lamp arrives"), lang, "2"),
            _next("box", t("Paket 2 packas och lämnas till PostNord", "Parcel 2 is packed and given to PostNord"), lang, "2"),
            _next("house", t("Paket 2 är hemma hos dig", "Parcel 2 is at your home"), lang, "4"),
        ],
        "chain_foot": t(
            "Alla som syns med namn och bild har valt det själva. Namnen tas bort 30 dagar efter att du fått dina paket.",
            "Everybody shown with name and picture chose it. The names go 30 days after your parcels arrived.",
        ),
        "things_heading": t("Fyra saker, två paket", "Four things, two parcels"),
        "parcels": _parcels(lang),
        "mail": None,
    }  # fmt: skip
    return page


def early(lang: str) -> Page:
    """Only received: one step, nothing packed, no day promised yet."""

    def t(sv: str, en: str) -> str:
        return sv if lang == "sv" else en

    page = track(lang)
    page["now"] |= {
        "name": "Jocke",
        "role": Markup(t("på ordermottagningen, sedan i dag kl.&nbsp;14.32", "at order reception, since 14:32 today")),
        "portrait": None,
        "line": t(
            "Jocke har tagit emot din order och lämnar den till lagret.", "Jocke has your order and passes it on."
        ),
    }
    jocke = _jocke(lang) | {"portrait": None, "voice": None}
    page |= {"plan": [], "steps": [jocke], "upcoming": page["upcoming"][2:3]}
    page["parcels"] = [page["parcels"][1] | {"keeper": None, "title": t("Att packa", "To pack")}]
    page["things_heading"] = t("En sak", "One thing")
    return page


def late(lang: str) -> Page:
    """A team holds the order, it is late, and one step was taken back."""

    def t(sv: str, en: str) -> str:
        return sv if lang == "sv" else en

    page = track(lang)
    page["now"] |= {
        "name": t("Lagerteamet", "The warehouse team"),
        "long": True,
        "portrait": portrait("lagerteamet", t("Bild för lagerteamet", "Picture of the warehouse team")),
        "kind": "team",
        "notice": t(
            "Senare än vi lovade: igelkottslampan dröjer hos tillverkaren. Ny dag är fredag 4 december.",
            "Later than we promised: the lamp is delayed at the maker. The new day is Friday 4 December.",
        ),
        "quote": t("Jag ringer dem varje morgon tills den är här.", "I call them every morning until it is here."),
        "quote_by": t("Samira på inköp skrev en rad till dig", "Samira in purchasing wrote to you"),
        "ask": None,
        "contact": {"href": "mailto:hej@example.com", "label": t("Mejla Roliga Ting", "Write to Roliga Ting")},
    }
    taken_back = _carrier(lang) | {
        "corrected": True,
        "corrected_text": t(
            "Det stämde inte: Anders tog tillbaka steget den 23 november kl. 16.20.",
            "That was wrong: Anders took the step back on 23 November at 16:20.",
        ),
        "parcel_link": None,
    }
    told = _jocke(lang) | {
        "react": None,
        "concern": {
            "head": t("Du berättade vad som kunde varit bättre", "You told us what could have been better"),
            "words": t("Bekräftelsen kom först dagen efter.", "The confirmation came only the day after."),
            "edit_url": "/t/TOKEN/steps/1/feedback?choice=concern",
            "replies": [_reply("maria", t("Tack, det har du rätt i. Vi har lagat det.", "You are right. We mended it."),
                               t("Maria svarade i går", "Maria answered yesterday"))],
        },
    }  # fmt: skip
    page["steps"] = [told, _team(lang), taken_back]
    return page


def delivered(lang: str) -> Page:
    def t(sv: str, en: str) -> str:
        return sv if lang == "sv" else en

    page = track(lang)
    page["now"] |= {
        "lead": t("Din beställning är", "Your order is"),
        "name": t("Hemma", "Home"),
        "role": Markup(t("sedan torsdag 26 november kl.&nbsp;13.20", "since Thursday 26 November, 13:20")),
        "portrait": None,
        "kind": "home",
        "line": t("Jocke, lagerteamet, Samira och Anders hjälptes åt.", "Jocke, the warehouse team, Samira and Anders did it."),
        "faces": [portrait(p, p.title()) for p in ("jocke", "lagerteamet", "samira", "anders")],
        "ask": None,
    }  # fmt: skip
    page["parcels"][0] |= {"state": t("Hemma", "Home"), "state_icon": "house", "state_kind": "done"}
    page |= {"plan": [], "upcoming": [], "today": None, "live_url": "", "parcels": page["parcels"][:1]}
    return page


def cancelled(lang: str) -> Page:
    def t(sv: str, en: str) -> str:
        return sv if lang == "sv" else en

    page = delivered(lang)
    page["now"] |= {
        "lead": t("Din beställning är", "Your order is"),
        "name": t("Avbeställd", "Cancelled"),
        "long": True,
        "role": t("sedan fredag 20 november", "since Friday 20 November"),
        "kind": "closed",
        "faces": [],
        "line": t("Pengarna är tillbaka hos dig inom tre bankdagar.", "Your money is back within three bank days."),
        "contact": {"href": "mailto:hej@example.com", "label": t("Mejla Roliga Ting", "Write to Roliga Ting")},
    }
    page |= {"steps": page["steps"][:1], "parcels": []}
    return page


def feedback(lang: str, choice: str) -> Page:
    def t(sv: str, en: str) -> str:
        return sv if lang == "sv" else en

    page = frame(lang, t("Vad vill du säga till Jocke?", "What would you like to say to Jocke?"))
    page |= {
        "back_url": "/t/TOKEN#step-1",
        "action": "/t/TOKEN/steps/1/feedback",
        "choice": choice,
        "who": {
            "name": "Jocke",
            "role": t("Ordermottagningen", "Order reception"),
            "portrait": portrait("jocke", ""),
            "kind": "person",
            "sentence": t("Jocke tog emot din order den 19 november.", "Jocke received your order on 19 November."),
        },
        "thanks_chips": [{"key": "friendly", "label": t("vänligt", "friendly"), "on": True},
                         {"key": "quick", "label": t("snabbt", "quick"), "on": False}],
        "concern_chips": [{"key": "late", "label": t("sent", "late"), "on": False},
                          {"key": "unclear", "label": t("otydligt", "unclear"), "on": False}],
        "words": "",
        "contact": False,
        "errors": {"words": t("Skriv några ord om vad som hände.", "Write a few words about what happened.")}
        if choice == "concern" else {},
        "reader": {"portrait": portrait("maria", ""), "name": "Maria"},
        "until": t("20 december", "20 December"),
    }  # fmt: skip
    return page


def find(lang: str, sent: bool) -> Page:
    title = "Var är min beställning?" if lang == "sv" else "Where is my order?"
    return frame(lang, title, None) | {"sent": sent, "values": {"number": "", "email": ""}, "errors": {}}


def error(lang: str, status: int) -> Page:
    def t(sv: str, en: str) -> str:
        return sv if lang == "sv" else en

    page = frame(lang, t("Här finns ingen sida", "There is no page here"), None)
    return page | {"status": status, "message": None, "way": {"href": "/track", "label": t("Hitta min beställning", "Find my order")},
                   "reference": "7f3a2c" if status == 500 else None}  # fmt: skip


def signin(lang: str, state: str) -> Page:
    page = frame(lang, "Logga in" if lang == "sv" else "Sign in", None)
    return page | {"state": state, "action": "/signin/ONCE", "name": "Anders", "portrait": portrait("anders", "")}


def _row(term: str, day: str, iso: str, text: str) -> Page:
    return {"term": term, "day": day, "iso": iso, "text": text}


def _next(icon: str, title: str, lang: str, day: str) -> Page:
    month = (
        ("november" if lang == "sv" else "November") if day == "26" else ("december" if lang == "sv" else "December")
    )
    words = "Väntas" if lang == "sv" else "Expected"
    return {
        "icon": icon,
        "title": title,
        "expected": Markup(f"{words} <time datetime='2026-12-02'>{day} {month}</time>"),
    }


def _now(lang: str) -> Page:
    def t(sv: str, en: str) -> str:
        return sv if lang == "sv" else en

    since = Markup('<time datetime="2026-11-19">%s</time>') % t("torsdag 19 november", "Thursday 19 November")
    return {
        "lead": t("Just nu är din beställning hos", "Right now your order is with"),
        "greeting": t("Hej Karin!", "Hello Karin!"),
        "name": "Anders",
        "long": False,
        "role": Markup(t("på lagret, sedan {}", "in the warehouse, since {}")).format(since),
        "portrait": portrait("anders", t("Porträtt av Anders", "Portrait of Anders")),
        "kind": "person",
        "line": t(
            "Anders har skickat ditt första paket med PostNord och packar resten så snart igelkottslampan har kommit in.",
            "Anders has sent your first parcel with PostNord and packs the rest as soon as the hedgehog lamp is here.",
        ),
        "quote": None,
        "quote_by": "",
        "notice": None,
        "faces": [],
        "ask": {
            "action": "/t/TOKEN/questions",
            "summary": t("Fråga Anders", "Ask Anders"),
            "label": t("Vad undrar du?", "What would you like to know?"),
            "hint": t("Anders läser och svarar själv.", "Anders reads and answers."),
            "button": t("Skicka till Anders", "Send to Anders"),
        },
        "contact": None,
    }


def _step(number: int, kind: str, name: str, role: str, sentence: str, picture: str | None, alt: str) -> Page:
    return {
        "id": str(number), "anchor": f"step-{number}", "kind": kind, "name": name, "role": role,
        "portrait": portrait(picture, alt) if picture else None, "sentence": Markup(sentence),
        "voice": None, "voice_by": "", "photo": None, "react": None, "thanked": None, "concern": None,
        "corrected": False, "corrected_text": "", "parcel_link": None,
    }  # fmt: skip


def _react(number: int, thank: str, lang: str) -> Page:
    url = f"/t/TOKEN/steps/{number}/feedback"
    better = "Något kunde varit bättre" if lang == "sv" else "Something could have been better"
    return {"thank_action": url, "thank_label": thank, "concern_url": f"{url}?choice=concern", "concern_label": better}


def _jocke(lang: str) -> Page:
    def t(sv: str, en: str) -> str:
        return sv if lang == "sv" else en

    step = _step(
        1,
        "person",
        "Jocke",
        t("Ordermottagningen", "Order reception"),
        t(
            "Jocke på ordermottagningen tog emot din order <time datetime='2026-11-19T14:32+01:00'>den&nbsp;19&nbsp;november"
            " kl.&nbsp;14.32</time> och lämnade den vidare till Anders på lagret.",
            "Jocke at order reception received your order on <time datetime='2026-11-19T14:32+01:00'>19&nbsp;November at"
            " 14:32</time> and passed it on to Anders in the warehouse.",
        ),
        "jocke",
        t("Porträtt av Jocke", "Portrait of Jocke"),
    )
    return step | {
        "voice": t("Kul att du valde pusslet! Himlen är svårare än man tror.", "Great that you chose the puzzle!"),
        "voice_by": t("Jocke skrev en rad till dig", "Jocke wrote a line to you"),
        "react": _react(1, t("Tacka Jocke", "Thank Jocke"), lang),
    }  # fmt: skip


def _team(lang: str) -> Page:
    def t(sv: str, en: str) -> str:
        return sv if lang == "sv" else en

    step = _step(
        2,
        "team",
        t("Lagerteamet", "The warehouse team"),
        t("Lagret", "Warehouse"),
        t(
            "Lagerteamet plockade tre av dina fyra saker <time datetime='2026-11-20T14:10+01:00'>den&nbsp;20&nbsp;november"
            " kl.&nbsp;14.10</time> och ställde dem hos Anders.",
            "The warehouse team picked three of your four things on 20&nbsp;November at 14:10.",
        ),
        "lagerteamet",
        t("Bild för lagerteamet", "Picture of the warehouse team"),
    )
    return step | {"react": _react(2, t("Tacka lagerteamet", "Thank the warehouse team"), lang)}  # fmt: skip


def _samira(lang: str) -> Page:
    def t(sv: str, en: str) -> str:
        return sv if lang == "sv" else en

    step = _step(
        3,
        "person",
        "Samira",
        t("Inköp", "Purchasing"),
        t(
            "Samira på inköp beställde en ny igelkottslampa till dig den&nbsp;20&nbsp;november kl.&nbsp;14.40. Den väntas in"
            " onsdag 2&nbsp;december.",
            "Samira in purchasing ordered a new hedgehog lamp for you on 20&nbsp;November.",
        ),
        "samira",
        t("Porträtt av Samira", "Portrait of Samira"),
    )
    thanked = _thanked(lang, "Samira") | {"chips": _chips(lang, 0), "words": None, "replies": []}
    return step | {
        "voice": t("Jag har pratat med tillverkaren och en lampa är undanlagd åt dig.", "One lamp is set aside for you."),
        "voice_by": t("Samira skrev en rad till dig", "Samira wrote a line to you"),
        "thanked": thanked,
    }  # fmt: skip


def _anders(lang: str) -> Page:
    def t(sv: str, en: str) -> str:
        return sv if lang == "sv" else en

    step = _step(
        4,
        "person",
        "Anders",
        t("Lagret", "Warehouse"),
        t(
            "Anders på lagret packade paket 1 den&nbsp;23&nbsp;november kl.&nbsp;8.55 och gjorde det klart för PostNord.",
            "Anders in the warehouse packed parcel 1 on 23&nbsp;November at 8:55 and made it ready for PostNord.",
        ),
        "anders",
        t("Porträtt av Anders", "Portrait of Anders"),
    )
    return step | {
        "photo": {"src": "/pics/photo.svg", "src2x": None, "width": 640, "height": 440,
                  "alt": t("Foto av det öppna paketet", "Photo of the open parcel"),
                  "by": t("Anders tog en bild innan locket gick på", "Anders took a picture before closing the lid")},
        "voice": t("Muggen ligger mitt i, inbäddad i silkespapper. Skaka gärna, den rör sig inte.",
                   "The mug is in the middle, wrapped in tissue. Shake it, it does not move."),
        "voice_by": t("Anders skrev en rad till dig", "Anders wrote a line to you"),
        "thanked": _thanked(lang, "Anders"),
    }  # fmt: skip


def _chips(lang: str, on: int) -> list[Page]:
    labels = ["väl packat", "snabbt", "vänligt"] if lang == "sv" else ["well packed", "quick", "friendly"]
    return [{"key": f"c{i}", "label": label, "on": i < on} for i, label in enumerate(labels)]


def _thanked(lang: str, name: str) -> Page:
    def t(sv: str, en: str) -> str:
        return sv if lang == "sv" else en

    return {
        "head": t(f"Du tackade {name} i dag", f"You thanked {name} today"),
        "action": "/t/TOKEN/steps/4/feedback",
        "edit_url": "/t/TOKEN/steps/4/feedback?choice=thanks",
        "chips": _chips(lang, 2),
        "chips_label": t("Vad var bra?", "What was good?"),
        "words": t("Vilket fint paket! Jag blev glad redan av bilden.", "What a lovely parcel! The picture made me happy."),
        "words_by": t(f"Du skrev till {name}.", f"You wrote to {name}."),
        "words_label": t(f"En rad till {name}", f"A line to {name}"),
        "send_label": t(f"Skicka till {name}", f"Send to {name}"),
        "replies": [_reply("anders", t("Tack Karin, det värmer! Hoppas muggen blir en favorit.", "Thank you, Karin!"),
                           t("Anders svarade kl. 10.12", "Anders answered at 10:12"))],
    }  # fmt: skip


def _reply(picture: str, words: str, by: str) -> Page:
    return {"portrait": portrait(picture, ""), "words": words, "by": by}


def _carrier(lang: str) -> Page:
    def t(sv: str, en: str) -> str:
        return sv if lang == "sv" else en

    step = _step(
        5,
        "carrier",
        "PostNord",
        t("Fraktbolag", "Carrier"),
        t(
            "PostNord hämtade paket 1 hos oss den&nbsp;23&nbsp;november kl.&nbsp;16.05. Härifrån ser vi var paketet är, men"
            " inte vem som kör.",
            "PostNord picked up parcel 1 on 23&nbsp;November at 16:05. From here we see where it is,"
            " but not who drives.",
        ),
        None,
        "",
    )
    return step | {"parcel_link": {"href": "#", "label": t("Följ paketet hos PostNord", "Follow the parcel at PostNord")}}  # fmt: skip


def _parcels(lang: str) -> list[Page]:
    def t(sv: str, en: str) -> str:
        return sv if lang == "sv" else en

    def thing(title: str, detail: str, pic: str, state: str | None = None) -> Page:
        return {"title": title, "detail": detail, "pic": f"/pics/{pic}.svg", "state": state}

    first = {
        "title": t("Paket 1", "Parcel 1"), "state": t("På väg", "On its way"), "state_icon": "truck", "state_kind": "go",
        "day": Markup(t("Hemma hos dig <time>torsdag 26 november</time>", "At your home <time>Thursday 26 November</time>")),
        "link": None, "keeper": None,
        "things": [thing(t("Oststrumpor", "Cheese socks"), t("Storlek 39–42, ett par", "Size 39–42, a pair"), "sockor"),
                   thing(t("Mugg med två öron", "Mug with two ears"), t("Röd, 1 st", "Red, 1"), "mugg"),
                   thing(t("Pussel ”Bara himmel”", "Puzzle “Only sky”"), t("500 bitar, 1 st", "500 pieces, 1"), "pussel")],
    }  # fmt: skip
    second = {
        "title": t("Paket 2", "Parcel 2"), "state": t("Väntar", "Waiting"), "state_icon": "clock", "state_kind": "wait",
        "day": Markup(t("Till lagret <time>onsdag 2 december</time>, hemma hos dig <time>fredag 4 december</time>",
                        "In the warehouse <time>Wednesday 2 December</time>")),
        "link": None,
        "things": [thing(t("Igelkottslampa", "Hedgehog lamp"), t("Varmt ljus, 1 st", "Warm light, 1"), "lampa",
                         t("Tillfälligt slut", "Out of stock for now"))],
        "keeper": {"portrait": portrait("samira", ""),
                   "text": t("Samira på inköp ser till att lampan kommer fram.", "Samira sees to it that the lamp arrives."),
                   "link": None},
    }  # fmt: skip
    return [first, second]
