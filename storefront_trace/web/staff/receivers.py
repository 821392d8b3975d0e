"""Who an order can be passed on to, and who has it next when it is passed to nobody by name."""

from __future__ import annotations

from collections.abc import Sequence

from storefront_trace.domain.orders import Parcel
from storefront_trace.domain.shop import ShopStep
from storefront_trace.web.faces import carrier_name, person_face, team_face, team_name
from storefront_trace.web.staff.visit import Context, Visit

MOST_PEOPLE = 60


def receivers(
    visit: Visit, coming: ShopStep | None, method: str, parcels: Sequence[Parcel], chosen: str
) -> list[Context]:
    """First whoever is next anyway, then those who work with them, then one's own team and the others, then teams.
    `chosen` is the value that was chosen before, "" for whoever is next."""
    if coming is None:
        return []
    after = follower(visit, coming, method)
    ours = after is not None and (after.team is not None or method != "local")
    name = receiver(visit, after, parcels) if after and ours else visit.say("Nobody")
    team = visit.cast.teams.get(after.team or "") if after else None
    picture = team_face(visit.cast, team, visit.language)["portrait"] if team and team.photo else None
    icon = "truck" if after and after.team is None else "people"
    first = {"value": "", "label": name, "portrait": picture, "icon": icon}
    offered = [first, *_likeliest_first(visit, after), *teams(visit, after)]
    known = any(to["value"] == chosen for to in offered)
    return [{**to, "checked": to["value"] == (chosen if known else "")} for to in offered]


def receiver(visit: Visit, step: ShopStep, parcels: Sequence[Parcel]) -> str:
    """Whose turn it then is: the team of that step, or the carrier by its name if it is known."""
    if step.team is not None:
        return team_name(visit.cast, step.team, visit.language)
    known = {parcel.carrier for parcel in parcels if parcel.carrier}
    return known.pop() if len(known) == 1 else carrier_name(visit.cast, visit.language)


def follower(visit: Visit, step: ShopStep, method: str) -> ShopStep | None:
    """What comes after this step when it is handed to nobody by name."""
    steps = [s for s in visit.cast.standing if s.effect == "advance" and s.is_on(method)]
    ahead = [s for s in steps if s.position > step.position]
    return ahead[0] if step.effect == "advance" and ahead else None


def _likeliest_first(visit: Visit, after: ShopStep | None) -> list[Context]:
    """Only a few stand beside the button; within each team by the alphabet."""
    near = [after.team if after else None, visit.person.team]
    team = {person.handle: person.team for person in visit.cast.people.values()}
    return sorted(colleagues(visit), key=lambda one: _place(near, team.get(one["value"])))


def _place(near: Sequence[str | None], team: str | None) -> int:
    return near.index(team) if team is not None and team in near else len(near)


def colleagues(visit: Visit) -> list[Context]:
    but = visit.cast.readers | {visit.person.id}
    here = [p for p in visit.cast.people.values() if p.left_at is None and p.id not in but]
    here.sort(key=lambda person: (person.display_name.casefold(), person.id))
    faces = [(p.handle, person_face(visit.cast, p, visit.language)) for p in here[:MOST_PEOPLE]]
    return [{"value": h, "label": f["name"], "portrait": f["portrait"], "icon": "person"} for h, f in faces]


def teams(visit: Visit, after: ShopStep | None) -> list[Context]:
    others = [team for team in visit.cast.teams.values() if after is None or team.key != after.team]
    faces = [(team, team_face(visit.cast, team, visit.language)) for team in others]
    return [
        {"value": t.key, "label": f["name"], "portrait": f["portrait"] if t.photo else None, "icon": "people"}
        for t, f in faces
    ]
