"""Which parcel is meant, when nobody gives it a name."""

from __future__ import annotations

from dataclasses import replace

from storefront_trace.domain.orders import Event, Parcel
from storefront_trace.domain.parcels import parcel_meant, parcels_of

SENT = Parcel("PostNord", "PostNord", state="shipped", lines=(("1", 1),))
NUMBERED = Parcel("RR1", "PostNord", "RR1", "https://postnord.example/RR1", "shipped", (("1", 1),))


def meant(told: Parcel, *known: Parcel, lines: tuple[str, ...] = ()) -> str:
    return parcel_meant(known, told, lines).key


def test_a_number_that_comes_later_belongs_to_the_parcel_that_had_none() -> None:
    assert meant(Parcel("", "PostNord", "RR1"), SENT) == "PostNord"
    assert meant(Parcel("", None, "RR1"), SENT) == "PostNord"


def test_the_same_number_is_the_same_parcel_whoever_carries_it() -> None:
    assert meant(Parcel("", "DHL", "RR1"), NUMBERED, SENT) == "RR1"


def test_a_carrier_alone_means_its_parcel_that_is_still_to_arrive() -> None:
    assert meant(Parcel("", "PostNord"), NUMBERED) == "RR1"
    assert meant(Parcel("", "PostNord"), replace(NUMBERED, state="delivered")) == "PostNord"


def test_another_number_another_carrier_or_other_things_are_another_parcel() -> None:
    assert meant(Parcel("", "PostNord", "RR2"), NUMBERED) == "RR2"
    assert meant(Parcel("", "DHL"), SENT) == "DHL"
    assert meant(Parcel("", "DHL", "JD1"), SENT) == "JD1"
    assert meant(Parcel("", "PostNord", "RR2"), SENT, lines=("2",)) == "RR2"
    assert meant(Parcel("", "PostNord"), SENT, lines=("2",)) == "PostNord-2"


def test_what_could_be_one_of_two_is_a_parcel_of_its_own() -> None:
    assert meant(Parcel("", "PostNord", "RR3"), SENT, replace(SENT, key="b", lines=())) == "RR3"


def test_a_parcel_with_a_key_is_what_it_says() -> None:
    assert meant(Parcel("fulfillment:7", "PostNord", "RR1"), NUMBERED) == "fulfillment:7"


def told(place: int, parcel: Parcel) -> Event:
    return Event(f"e{place}", place, "step", place, place, step="shipped", position=40, parcel=parcel)


def test_the_link_and_the_day_of_a_carrier_go_when_the_carrier_is_corrected() -> None:
    wrong = Parcel("A", "PostNord", "RR1", "https://postnord.example/RR1", expected_from="2026-11-24")
    (found,) = parcels_of([told(1, wrong), told(2, Parcel("A", "DHL"))], ())
    assert (found.carrier, found.tracking_number, found.tracking_url) == ("DHL", "RR1", None)
    assert found.expected_from is None
    (same,) = parcels_of([told(1, wrong), told(2, Parcel("A", "PostNord"))], ())
    assert same.tracking_url == wrong.tracking_url
